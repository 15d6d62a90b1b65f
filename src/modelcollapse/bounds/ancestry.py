"""Bounds derived here from the ancestry of draws; their proofs stand in docs/bounds.md.

n draws, or n_1, n_2, ... where sizes vary; x is a symbol's probability, g_k the branching numbers, A_k the number of
draws of generation 1 that generation k descends from: Pr(absent at k) = E (1 - x)^{A_k}.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import branching
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.symbols import is_replaced, masses, replaced_size
from modelcollapse.families.poisson import Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Basis, Reference
from modelcollapse.start import DiscreteStart, Parameters
from modelcollapse.statistics import NonZero, NotFixed, Statistic, Survival, Vocabulary
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

LONGEST = 200_000  # generations of the bounds whose coefficients are iterated


class AncestryBracket(Bound):
    """max(1 - (1 - x g_k)^n, x) <= Pr(present) <= 1 - (1 - x)^{a_k}, a_1 = n, a_{k+1} = n (1 - (1 - 1/n)^{a_k})."""

    name: ClassVar[str] = "modelcollapse.ancestry_bracket"
    statement: ClassVar[str] = "max(1 - (1 - x g_k)^n, x) <= Pr(present at k) <= 1 - (1 - x)^{a_k}, by Jensen"
    validity: ClassVar[str] = "every sequence of sample sizes, every x, k to 200,000; never vacuous"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `Survival`, `NotFixed` (both absorbing states) and `Vocabulary` (summed)."""
        if not is_replaced(recursion) or generations[-1] > LONGEST:
            return None
        if not isinstance(statistic, Survival | NotFixed | Vocabulary):
            return None
        first, share, most = _ancestors(recursion, generations)

        def lower(x: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                return np.maximum(-np.expm1(first * np.log1p(-x * share)), x)

        def upper(x: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                return -np.expm1(most * np.log1p(-x))

        if not isinstance(statistic, NotFixed):
            return Bracket(_applied(recursion, statistic, lower), _applied(recursion, statistic, upper))
        p = statistic.rarer(recursion)  # 1 - p may be next to 1: its absence is computed from p
        return Bracket(lower(p) - np.minimum(_absence(p, share, first), p), upper(p) - p**most)


class SharpTheorem1(Bound):
    """Theorem 1 with its constants replaced by sequences: A_k falls like 4/(3k) and B_k nears 2/3 while k << n.

    Pr(present) <= 1 - e^{-npg_k} max(1 - n A_k p^2 - B_k p, 0).
    """

    name: ClassVar[str] = "modelcollapse.sharp_theorem_1"
    statement: ClassVar[str] = "Pr(present at k) <= 1 - e^{-npg_k} max(1 - n A_k p^2 - B_k p, 0), A_1 = 1, B_1 = 0"
    validity: ClassVar[str] = "n of at least 3, every p, k to 200,000; useful while k is well below n"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `Survival` and `Vocabulary`."""
        n = replaced_size(recursion, least=3)
        if n is None or generations[-1] > LONGEST:
            return None
        if not isinstance(statistic, Survival | Vocabulary):
            return None
        g, a, b = (column[generations - 1][:, None] for column in sharp_coefficients(n, int(generations[-1])))

        def upper(p: Floats) -> Floats:
            return branching.presence(n * p * g, np.minimum(n * a * p**2 + b * p, 1.0))

        return Bracket(upper=_applied(recursion, statistic, upper))


class Diversity(Bound):
    """What the expected diversity p q (1 - 1/n)^k and the martingale leave possible, q = 1 - p.

    4 p q (1 - 1/n)^k <= Pr(not fixed) <= n p q (1 - 1/n)^{k-1}, and p <= Pr(present) <= p + n p q (1 - 1/n)^{k-1}.
    """

    name: ClassVar[str] = "modelcollapse.diversity"
    statement: ClassVar[str] = "Pr(not fixed at k) <= n p q (1 - 1/n)^{k-1}; Pr(present at k) is at most p more"
    validity: ClassVar[str] = "every n, p and k; useful once k is above n ln n"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `NotFixed`, `Survival` and `Vocabulary`."""
        n = replaced_size(recursion, least=2)
        if n is None or not isinstance(statistic, Survival | NotFixed | Vocabulary):
            return None
        decay = np.exp(generations * np.log1p(-1.0 / n))[:, None]
        least, most = 4.0 * decay, n * decay / (1.0 - 1.0 / n)
        if isinstance(statistic, NotFixed):
            p = statistic.rarer(recursion)
            pq = p * (1.0 - p)
            return Bracket(least * pq, most * pq)
        lower = _applied(recursion, statistic, lambda p: p + 0.0 * most)
        return Bracket(lower, _applied(recursion, statistic, lambda p: p + most * (p * (1.0 - p))))


class TightGBracket(Bound):
    """2 / (k + ln(k)/3 + 1) <= g_k <= 2 / (k + 1), with equality at k = 1, as applied to presence.

    Poisson: both sides. Symbols: Pr(present at k) >= 1 - (1 - 2x / (k + ln(k)/3 + 1))^n.
    """

    name: ClassVar[str] = "modelcollapse.g_bracket"
    statement: ClassVar[str] = "2 / (k + ln(k)/3 + 1) <= g_k <= 2 / (k + 1)"
    validity: ClassVar[str] = "every n and k; the upper side for Poisson only"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `NonZero`, the lower one for `Survival` and `Vocabulary`."""
        n = recursion.constant_size
        if n is None or not isinstance(recursion.workflow, Replace):
            return None
        low, high = g_bracket(generations)
        if isinstance(recursion.family, Poisson) and isinstance(statistic, NonZero):
            assert isinstance(recursion.start, Parameters)
            count = n * recursion.start.values["rate"]
            return Bracket(-np.expm1(-count * low), -np.expm1(-count * high))
        if not is_replaced(recursion) or not isinstance(statistic, Survival | Vocabulary):
            return None

        def lower(x: Floats) -> Floats:
            with np.errstate(divide="ignore"):
                return -np.expm1(n * np.log1p(-x * low[:, None]))

        return Bracket(lower=_applied(recursion, statistic, lower))


def g_bracket(generations: Generations) -> tuple[Floats, Floats]:
    """Return 2 / (k + ln(k)/3 + 1) and 2 / (k + 1)."""
    k = generations.astype(np.float64)
    return 2.0 / (k + np.log(k) / 3.0 + 1.0), 2.0 / (k + 1.0)


def sharp_coefficients(n: int, horizon: int) -> tuple[Floats, Floats, Floats]:
    """Return g_k, A_k and B_k for k = 1..horizon; A and B end at 1e300.

    A_{k+1} = g_{k+1}^2 + K2 A_k e^{-2 g_k} and B_{k+1} = K1 e^{-g_k} (A_k + B_k) with K1 = e (1 - 1/n)^{n-1} and
    K2 = e^2 (1 - 1/n) (1 - 2/n)^{n-2}.
    """
    k1 = float(np.exp(1.0 + (n - 1) * np.log1p(-1.0 / n)))
    k2 = float(np.exp(2.0 + np.log1p(-1.0 / n) + (n - 2) * np.log1p(-2.0 / n)))
    branches, first, second = [1.0] * horizon, [1.0] * horizon, [0.0] * horizon
    g, a, b = 1.0, 1.0, 0.0
    for k in range(1, horizon):
        lost = math.exp(-g)
        g = -math.expm1(-g)
        a, b = min(g * g + k2 * a * lost * lost, 1e300), min(k1 * lost * (a + b), 1e300)
        branches[k], first[k], second[k] = g, a, b
    return np.array(branches), np.array(first), np.array(second)


def _ancestors(recursion: Recursion, generations: Generations) -> tuple[Floats | int, Floats, Floats]:
    """n_1, u_1 / n_1 (g_k if the size is constant) and the upper bound a on E A_k; each of shape (generation, 1)."""
    n = recursion.constant_size
    if n is None:
        sizes = recursion.sizes(int(generations[-1]))
        first = int(sizes[0])
        share = branching.backward_sizes(sizes, generations) / first
        return first, share[:, None], _most_ancestors(sizes, generations)[:, None]
    most = [float(n)] * int(generations[-1])
    log = math.log1p(-1.0 / n) if n > 1 else -math.inf
    for k in range(1, len(most)):
        most[k] = -n * math.expm1(most[k - 1] * log)
    return n, branching.branching_numbers(generations)[:, None], np.array(most)[generations - 1][:, None]


def _most_ancestors(sizes: NDArray[np.int64], generations: Generations) -> Floats:
    """Carry a back from each horizon's own last generation: a = n_k, then a <- n_j (1 - (1 - 1/n_j)^a)."""
    a = np.asarray(sizes, dtype=np.float64)[generations - 1]
    later = np.searchsorted(generations, np.arange(1, int(generations[-1]) + 1), side="right")
    for n, first in zip(sizes[: len(later)][::-1].tolist(), later[::-1].tolist(), strict=True):
        active = a[first:]
        active *= math.log1p(-1.0 / n) if n > 1 else -math.inf  # a is never 0
        np.multiply(np.expm1(active, out=active), -n, out=active)
    return a


def _absence(p: Floats, share: Floats, draws: Floats | int) -> Floats:
    """(1 - (1 - p) share)^draws, of whichever form keeps its digits."""
    far = (1.0 - p) * share
    small = np.exp(draws * np.log1p(-np.minimum(far, 0.5)))
    return np.where(far < 0.5, small, ((1.0 - share) + p * share) ** draws)


def _applied(recursion: Recursion, statistic: Survival | Vocabulary, side: Callable[[Floats], Floats]) -> Floats:
    """One side of a bound on survival, as the statistic needs it: per symbol, or summed."""
    if isinstance(statistic, Vocabulary):
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        parts = [slice(first, first + 4096) for first in range(0, len(p), 4096)]
        return np.asarray(sum(side(p[part]) @ symbols[part] for part in parts))
    return side(masses(recursion, statistic))
