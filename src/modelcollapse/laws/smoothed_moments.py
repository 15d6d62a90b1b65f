"""Diversity and squared error under add-a smoothing: second moments of frequencies, which follow from one another.

With w = a m / (n + a m) the smoothed model is P_k = (1 - w) Y/n + w/m, m the size of the alphabet, and a batch of n
draws has E sum (Y/n)^2 = 1 - (1 - 1/n) H_{k-1}, where H_k = E [1 - sum P_k^2]. Hence, all terms positive,

    H_k = (1 - w)^2 (1 - 1/n) H_{k-1} + w (2 - w) (1 - 1/m).

The mean of each frequency has kept the part c_k of its distance from 1/m, c_k = (1 - w) c_{k-1}. With V_k the sum of
variances and D = sum (P_0 - 1/m)^2, the squared error is (1 - c_k)^2 D + V_k, and

    V_k = (1 - w)^2 [(1 - 1/n) V_{k-1} + (1 - 1/m - c_{k-1}^2 D)/n].
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Additive, Smoothed
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import EWENS_2004, MODELCOLLAPSE, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import Diversity, SquaredError, Statistic
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

LONGEST = 10**6  # generations, followed one by one
_RELATIVE_ERROR = 1e-12


class SmoothedMomentsLaw(Law):
    """Expected diversity and squared error of additively smoothed models under replace, for sizes that may vary."""

    name: ClassVar[str] = "smoothed_moments"
    statement: ClassVar[str] = "E [1 - sum P_k^2] = (1 - w)^2 (1 - 1/n) E [1 - sum P_{k-1}^2] + w (2 - w) (1 - 1/m)"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, EWENS_2004)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for additive smoothing with a known alphabet."""
        family, horizon = recursion.family, int(generations[-1])
        smoothing = family.smoothing if isinstance(family, Smoothed) else None
        if not isinstance(smoothing, Additive) or smoothing.alphabet != "known" or horizon > LONGEST:
            return None
        if not isinstance(recursion.workflow, Replace) or not isinstance(statistic, Diversity | SquaredError):
            return None
        recursion.require(horizon)
        diversity, error = _moments(recursion, smoothing.amount, horizon)
        return Answer((diversity if isinstance(statistic, Diversity) else error)[generations - 1], _RELATIVE_ERROR)


def _moments(recursion: Recursion, amount: float, horizon: int) -> tuple[Floats, Floats]:
    """Return diversity and squared error of generations 1 to the horizon."""
    assert isinstance(recursion.start, DiscreteStart)
    p = recursion.start.probabilities
    m = len(p)
    apart, even = float(np.sum((p - 1.0 / m) ** 2)), 1.0 - 1.0 / m
    first = float(p @ (1.0 - p))
    diversity, variance, gone = first, 0.0, 0.0  # gone: the part 1 - c of the distance from 1/m
    found = []
    for n in recursion.sizes(horizon).tolist():
        fresh = amount * m / (n + amount * m)
        kept, renewed = (1.0 - fresh) ** 2, fresh * (2.0 - fresh)
        # What a mean model would have of diversity: that of P_0, and what its way towards 1/m adds.
        spread = first + gone * (2.0 - gone) * apart
        variance = kept * ((1.0 - 1.0 / n) * variance + spread / n)
        diversity = kept * (1.0 - 1.0 / n) * diversity + renewed * even
        gone = fresh + (1.0 - fresh) * gone
        found.append((diversity, gone * gone * apart + variance))
    of_models, from_truth = np.array(found).T
    return of_models, from_truth
