"""Where absence is for ever: what times to forget need."""

from __future__ import annotations

from typing import Any

from modelcollapse.errors import NoAnswerError
from modelcollapse.families.base import SymbolFamily
from modelcollapse.recursion import Recursion
from modelcollapse.workflows.replace import Replace


def require_absorbing(recursion: Recursion, statistic: str) -> None:
    """Raise `NoAnswerError` if what is absent at one generation may be back at a later one."""
    family: Any = recursion.family
    returns = isinstance(family, SymbolFamily) and not family.absorbing
    if returns or not isinstance(recursion.workflow, Replace):
        what = f"the {family.name} family's estimator" if returns else f"the workflow {recursion.workflow.name}"
        raise NoAnswerError(
            f"The statistic {statistic} needs absence to be for ever, and under {what} it is not: what is absent may "
            "come back. Ask for what is present at a generation instead, as `Survival()` or `Vocabulary()` do."
        )
