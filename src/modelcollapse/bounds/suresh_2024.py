"""Bounds of Suresh, Thangaraj and Khandavally for counts, as in their abstract and their notebook."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import branching
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.symbols import masses, replaced_size
from modelcollapse.families.poisson import Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SURESH_2024, Basis, Reference
from modelcollapse.start import DiscreteStart, Parameters
from modelcollapse.statistics import NonZero, NotFixed, Statistic, Survival, Vocabulary
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]


class Theorem1(Bound):
    """Survival of a symbol: 1 - e^{-npg} <= Pr(present) <= 1 - (1 - 3np^2 - 3kp) e^{-npg}, g = g_k."""

    name: ClassVar[str] = "suresh_2024.theorem_1"
    statement: ClassVar[str] = "Theorem 1"
    formula: ClassVar[str] = "1 - e^{-npg_k} <= Pr(present at k) <= 1 - (1 - 3 n p^2 - 3 k p) e^{-npg_k}"
    validity: ClassVar[str] = (
        "every n, p and k; the upper side is informative only while 3 n p^2 + 3 k p < 1, and exceeds 1 beyond"
    )
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `Survival` of single symbols and sets (a set is one merged symbol)."""
        n = replaced_size(recursion)
        if n is None or not isinstance(statistic, Survival):
            return None
        return Bracket(*survival_bracket(n, masses(recursion, statistic), generations))


class Theorem1Printed(Bound):
    """Theorem 1 with g_k replaced by the printed 1/k <= g_k <= 3/k, each side by what keeps it true."""

    name: ClassVar[str] = "suresh_2024.theorem_1_printed"
    statement: ClassVar[str] = "Theorem 1 with 1/k <= g_k <= 3/k"
    formula: ClassVar[str] = (
        "1 - e^{-np/k} <= Pr(present at k) <= 1 - (1 - 3 n p^2 - 3 k p) e^{-3np/k}, and e^{-np/k} where the factor is "
        "below 0"
    )
    validity: ClassVar[str] = Theorem1.validity
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `Survival`."""
        n = replaced_size(recursion)
        if n is None or not isinstance(statistic, Survival):
            return None
        p = masses(recursion, statistic)
        excess = _excess(n, p, generations)
        g = np.where(excess < 1, 3.0, 1.0) / generations[:, None]
        return Bracket(-np.expm1(-n * p / generations[:, None]), branching.presence(n * p * g, excess))


class Theorem1TwoSided(Bound):
    """Theorem 1 for a symbol that may also fix: both ways to leave the game, p and q = 1 - p.

    1 - e^{-npg} - e^{-nqg} <= Pr(not fixed) <= 1 - (sum over x = p, q of max(1 - 3nx^2 - 3kx, 0) e^{-nxg}).
    """

    name: ClassVar[str] = "suresh_2024.theorem_1_two_sided"
    statement: ClassVar[str] = "Theorem 1, extended to both absorbing states"
    formula: ClassVar[str] = (
        "1 - e^{-npg_k} - e^{-nqg_k} <= Pr(not fixed at k) <= 1 - sum over x = p, q of max(1 - 3 n x^2 - 3 k x, 0) "
        "e^{-nxg_k}, q = 1 - p"
    )
    validity: ClassVar[str] = "every n, p and k; the lower side falls below 0 from k of the order of n on"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `NotFixed`; the factor of the upper side is not below 0, as stated."""
        n = replaced_size(recursion)
        if n is None or not isinstance(statistic, NotFixed):
            return None
        p = statistic.rarer(recursion)  # the rarer side comes first, so that what is next to 1 loses no digits
        g = branching.branching_numbers(generations)[:, None]
        alone = np.exp(-n * (1.0 - p) * g)
        lower, upper = survival_bracket(n, p, generations, clipped=True)
        return Bracket(lower - alone, upper - np.maximum(1.0 - _excess(n, 1.0 - p, generations), 0.0) * alone)


class Theorem2(Bound):
    """Poisson: 1 - e^{-n lambda_0 / k} <= Pr(rate is not 0 at k) <= 1 - e^{-3 n lambda_0 / k}."""

    name: ClassVar[str] = "suresh_2024.theorem_2"
    statement: ClassVar[str] = "Theorem 2, range by 1/k <= g_k <= 3/k; with g_k itself it is exact"
    formula: ClassVar[str] = "1 - e^{-n lambda_0 / k} <= Pr(rate > 0 at k) <= 1 - e^{-3 n lambda_0 / k}"
    validity: ClassVar[str] = "every n, lambda_0 and k"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `NonZero`."""
        covered = isinstance(recursion.family, Poisson) and isinstance(recursion.workflow, Replace)
        n = recursion.constant_size
        if not covered or n is None or not isinstance(statistic, NonZero):
            return None
        assert isinstance(recursion.start, Parameters)
        count = n * recursion.start.values["rate"]
        return Bracket(-np.expm1(-count / generations), -np.expm1(-3.0 * count / generations))


class Corollary1(Bound):
    """Expected vocabulary: Theorem 1 summed over the symbols, its upper factor not below 0."""

    name: ClassVar[str] = "suresh_2024.corollary_1"
    statement: ClassVar[str] = "Corollary 1"
    formula: ClassVar[str] = (
        "sum (1 - e^{-np_ig_k}) <= E vocabulary at k <= sum (1 - max(1 - 3 n p_i^2 - 3 k p_i, 0) e^{-np_ig_k})"
    )
    validity: ClassVar[str] = "every n, P_0 and k"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `Vocabulary`."""
        n = replaced_size(recursion)
        if n is None or not isinstance(statistic, Vocabulary):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        lower, upper = np.zeros(len(generations)), np.zeros(len(generations))
        for first in range(0, len(p), 4096):
            part = slice(first, first + 4096)
            low, high = survival_bracket(n, p[part], generations, clipped=True)
            lower += low @ symbols[part]
            upper += high @ symbols[part]
        return Bracket(lower, upper)


def survival_bracket(n: int, p: Floats, generations: Generations, *, clipped: bool = False) -> tuple[Floats, Floats]:
    """Return Theorem 1's two sides, shape (generation, symbol); `clipped` keeps the upper one to 1."""
    count = n * p * branching.branching_numbers(generations)[:, None]
    excess = _excess(n, p, generations)
    return -np.expm1(-count), branching.presence(count, np.minimum(excess, 1.0) if clipped else excess)


def _excess(n: int, p: Floats, generations: Generations) -> Floats:
    return 3.0 * n * p**2 + 3.0 * generations[:, None] * p
