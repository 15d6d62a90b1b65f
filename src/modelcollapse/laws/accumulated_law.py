"""The law of presence where all data are kept, some of them fresh: categorical models under accumulate with `fresh`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.frequency_variance import corpus_tokens
from modelcollapse.laws.presence.accumulated_equation import RELATIVE_ERROR, accumulated_equation
from modelcollapse.laws.presence.answers import SOLVERS
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.statistics import Statistic
from modelcollapse.workflows.accumulate import Accumulate

Generations = NDArray[np.int64]

LONGEST = 5000  # generations, followed one by one


class AccumulatedFreshLaw(Law):
    """Exact presence where all data are kept and a part of all draws is fresh, for sizes to 10^13 that may vary."""

    name: ClassVar[str] = "accumulated_fresh"
    statement: ClassVar[str] = "Pr(absent at k) = E (1 - a x - (1 - a) P_{k-1})^{n_k}, P the frequency in the pool"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models under accumulate with fresh data."""
        solver, horizon, workflow = SOLVERS.get(type(statistic)), int(generations[-1]), recursion.workflow
        covered = isinstance(recursion.family, Categorical) and isinstance(workflow, Accumulate) and workflow.fresh > 0
        if not covered or solver is None or horizon > LONGEST:
            return None
        assert isinstance(workflow, Accumulate)
        sizes = tuple(recursion.sizes(horizon).tolist())
        equation = accumulated_equation(sizes, workflow.fresh, corpus_tokens(recursion))
        return solver(equation, recursion, statistic, generations, RELATIVE_ERROR)
