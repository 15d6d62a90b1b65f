"""Survival in the first k << n generations: the Poisson limit 1 - exp(-n p g_k) with its second-order correction.

With (1 - x)^n ~ e^{-nx} (1 - n x^2 / 2) at every generation, the loss stays of the form
e^{-n p g_k} (1 - n A_k p^2 - B_k p); the coefficients follow a recursion of their own, A_k ~ 2/(3k), B_k -> 1/3.
"""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import branching
from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import Statistic, Survival
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

LONGEST = 200_000  # generations; the coefficients are iterated


class SecondOrderLaw(Law):
    """Survival for k << n under replace; asymptotic."""

    name: ClassVar[str] = "second_order"
    statement: ClassVar[str] = "Pr(absent at k) ~ e^{-n p g_k} (1 - n A_k p^2 - B_k p) as n -> infinity, n p, k fixed"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return survival for categorical models under replace, to generation n or 200,000."""
        covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
        n = recursion.constant_size
        if not covered or n is None or not isinstance(statistic, Survival) or generations[-1] > min(n, LONGEST):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p = statistic.sets(recursion).total(recursion.start.probabilities)
        g, a, b = (series[generations - 1][:, None] for series in coefficients(int(generations[-1])))
        # Where its terms are not small it says nothing, but no chance is above 1.
        return Answer(np.minimum(branching.presence(n * p * g, n * a * p**2 + b * p), 1.0), None)


def coefficients(horizon: int) -> tuple[Floats, Floats, Floats]:
    """Return g_k, A_k and B_k for k = 1..horizon."""
    branches, first, second = [1.0] * horizon, [0.5] * horizon, [0.0] * horizon
    g, a, b = 1.0, 0.5, 0.0
    for k in range(1, horizon):
        lost = math.exp(-g)
        g = -math.expm1(-g)
        a, b = g * g / 2.0 + a * lost * lost, lost * (a + b)
        branches[k], first[k], second[k] = g, a, b
    return np.array(branches), np.array(first), np.array(second)
