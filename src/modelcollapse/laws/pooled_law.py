"""The law of presence where all data are kept: categorical models under accumulate."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.accumulated_equation import accumulated_equation
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.frequency_variance import corpus_tokens
from modelcollapse.laws.pooled_equation import RELATIVE_ERROR, PooledEquation
from modelcollapse.laws.presence import distinct_masses
from modelcollapse.laws.presence_answers import SOLVERS
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MODELCOLLAPSE, Reference
from modelcollapse.statistics import NotFixed, Statistic, Survival
from modelcollapse.workflows.accumulate import Accumulate

Generations = NDArray[np.int64]

LONGEST = 5000  # generations, each with an operator of its own
MOST_CARRIED = 1000  # generations
FEW = 8  # probabilities


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
        if _few(recursion, statistic) and horizon <= MOST_CARRIED:
            alone = accumulated_equation(tuple(sizes.tolist()), 0.0, tokens)
            return solver(alone, recursion, statistic, generations, RELATIVE_ERROR)
        return solver(PooledEquation(sizes, tokens), recursion, statistic, generations, RELATIVE_ERROR)


def _few(recursion: Recursion, statistic: Statistic) -> bool:
    """Whether so few symbols are asked about that each of their counts is carried faster than all functions of it."""
    if not isinstance(statistic, Survival | NotFixed):
        return False
    mass, _ = distinct_masses(recursion, statistic)
    return len(mass) <= FEW
