"""The law of presence where all data are kept: categorical models under accumulate."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.frequency_variance import corpus_tokens
from modelcollapse.laws.presence.answers import SOLVERS
from modelcollapse.laws.presence.subsampled_equation import RELATIVE_ERROR, subsampled_equation
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MODELCOLLAPSE, Reference
from modelcollapse.statistics import Statistic
from modelcollapse.workflows.accumulate import Accumulate

Generations = NDArray[np.int64]

LONGEST = 5000  # generations, followed one by one


class PooledAncestryLaw(Law):
    """Exact presence among the new draws where all data are kept, for sample sizes from 1 to 10^13 that may vary."""

    name: ClassVar[str] = "pooled_ancestry"
    statement: ClassVar[str] = "Pr(absent at k) = E (1 - P_{k-1})^{n_k}, P the frequency in the pool"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, DE_BOOR_SWARTZ_1973)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models under accumulate without fresh data."""
        solver, horizon, workflow = SOLVERS.get(type(statistic)), int(generations[-1]), recursion.workflow
        covered = isinstance(recursion.family, Categorical) and workflow == Accumulate(fresh=0.0)
        if not covered or solver is None or horizon > LONGEST:
            return None
        sizes, tokens = recursion.sizes(horizon), corpus_tokens(recursion)
        # The part that a model is fitted to is all there is.
        equation = subsampled_equation(tuple(sizes.tolist()), tuple((tokens + np.cumsum(sizes)).tolist()), tokens)
        return solver(equation, recursion, statistic, generations, RELATIVE_ERROR)
