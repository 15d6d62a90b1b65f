"""Bounds of Suresh, Thangaraj and Khandavally, as in their abstract and their notebook."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.families.categorical import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SURESH_2024, Basis, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import Statistic, Survival, Vocabulary
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]


def iterated_g(horizon: int) -> Floats:
    """Return g_1, ..., g_horizon: g_1 = 1, g_{k+1} = 1 - exp(-g_k), which falls like 2/k.

    Examples
    --------
    >>> iterated_g(3).round(8)
    array([1.        , 0.63212056, 0.46853639])
    """
    values = np.empty(horizon)
    g = 1.0
    for k in range(horizon):
        values[k] = g
        g = -np.expm1(-g)
    return values


class Theorem1(Bound):
    """Survival of a symbol: 1 - e^{-npg} <= Pr(present) <= 1 - (1 - 3np^2 - 3kp) e^{-npg}, g = g_k."""

    name: ClassVar[str] = "suresh_2024.theorem_1"
    statement: ClassVar[str] = "Theorem 1"
    validity: ClassVar[str] = (
        "every n, p and k; the upper side is informative only while 3 n p^2 + 3 k p < 1, and exceeds 1 beyond"
    )
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Bracket | None:
        """Return both curves for `Survival` of single symbols and sets (a set is one merged symbol)."""
        n = _covered_size(recursion)
        if n is None or not isinstance(statistic, Survival):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p = statistic.sets(recursion).total(recursion.start.probabilities)
        return Bracket(*survival_bracket(n, p, generations))


class Corollary1(Bound):
    """Expected vocabulary: Theorem 1 summed over the symbols, its upper factor not below 0."""

    name: ClassVar[str] = "suresh_2024.corollary_1"
    statement: ClassVar[str] = "Corollary 1"
    validity: ClassVar[str] = "every n, P_0 and k"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Bracket | None:
        """Return both curves for `Vocabulary`."""
        n = _covered_size(recursion)
        if n is None or not isinstance(statistic, Vocabulary):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        lower, upper = np.zeros(len(generations)), np.zeros(len(generations))
        for first in range(0, len(p), 4096):
            part = slice(first, first + 4096)
            low, high = survival_bracket(n, p[part], generations)
            lower += low @ symbols[part]
            upper += np.minimum(high, 1.0) @ symbols[part]
        return Bracket(lower, upper)


def survival_bracket(n: int, p: Floats, generations: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return Theorem 1's two sides, shape (generation, symbol)."""
    g = iterated_g(int(generations[-1]))[generations - 1][:, None]
    lost = np.exp(-n * p * g)
    slack = 1.0 - 3.0 * n * p**2 - 3.0 * generations[:, None] * p
    return -np.expm1(-n * p * g), 1.0 - slack * lost


def _covered_size(recursion: Recursion) -> int | None:
    covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
    return recursion.constant_size if covered else None
