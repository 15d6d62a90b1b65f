"""Replace: every generation is trained on the newest synthetic data alone. The paper's setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.workflows.base import Recipe, Workflow


@dataclass(frozen=True)
class Replace(Workflow):
    """Train generation k on n_k draws of model k - 1 and on nothing else.

    Examples
    --------
    >>> from modelcollapse import Replace
    >>> Replace().recipe(5)
    Recipe(sources={4: 1.0}, batches={5: 1.0}, subsample=None, pool=0.0, fresh=0.0, fresh_count=0, fresh_weight=None)
    """

    name: ClassVar[str] = "replace"

    def recipe(self, generation: int) -> Recipe:
        """All draws from the model before, all training data new."""
        return Recipe(sources={generation - 1: 1.0}, batches={generation: 1.0})
