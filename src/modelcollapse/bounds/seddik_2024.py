"""Bounds of Seddik and others: the diversity that is left, against the least and the most that it can be.

The expected diversity E[1 - sum P_k^2] is (1 - 1/n)^k times that of the start, and a model that still has two symbols
has a diversity from 2 (n - 1)/n^2 to 1 - 1/(number of symbols): so the chance of two symbols is caught in between.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.symbols import replaced_size
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SEDDIK_2024, Basis, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import NotFixed, Statistic, TotalCollapse

Generations = NDArray[np.int64]

_LEAST = 2  # draws: one leaves nothing to bound


class Binary(Bound):
    """A symbol against all others: 4 p q (1 - 1/n)^k <= Pr(not fixed) <= 2 n p q (1 - 1/n)^k, q = 1 - p."""

    name: ClassVar[str] = "seddik_2024.binary"
    statement: ClassVar[str] = "two symbols, fully synthetic: 4 p q (1 - 1/n)^k and 2 n p q (1 - 1/n)^k"
    formula: ClassVar[str] = "below and above Pr(not fixed at k), q = 1 - p"
    validity: ClassVar[str] = (
        "every p and k, n of at least 2; the upper side exceeds 1 until k is of the order of n ln n"
    )
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SEDDIK_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `NotFixed`."""
        n = replaced_size(recursion, least=_LEAST)
        if n is None or not isinstance(statistic, NotFixed):
            return None
        p = statistic.rarer(recursion)
        left = np.exp(generations * np.log1p(-1.0 / n))[:, None] * (p * (1.0 - p))
        return Bracket(4.0 * left, 2.0 * n * left)


class SeveralSymbols(Bound):
    """Total collapse of s symbols: 1 - (n/2) H (1 - 1/n)^{k-1} <= Pr(one left) <= 1 - H (1 - 1/n)^k / (1 - 1/s).

    H is the diversity of the start; of more symbols than draws only n can be present, so s is at most n.
    """

    name: ClassVar[str] = "seddik_2024.several_symbols"
    statement: ClassVar[str] = "the two-symbol argument for any number of symbols"
    formula: ClassVar[str] = (
        "1 - (n/2) H (1 - 1/n)^{k-1} <= Pr(one symbol left at k) <= 1 - H (1 - 1/n)^k / (1 - 1/s), H = 1 - sum p^2"
    )
    validity: ClassVar[str] = "every P_0 and k, n of at least 2; the lower side is below 0 until k is of the order of n"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = SEDDIK_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `TotalCollapse`."""
        n = replaced_size(recursion, least=_LEAST)
        if n is None or not isinstance(statistic, TotalCollapse):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        several = min(int(symbols.sum()), n)
        if several == 1:
            return Bracket(np.ones(len(generations)), np.ones(len(generations)))
        left = float(symbols @ (p * (1.0 - p))) * np.exp(generations * np.log1p(-1.0 / n))
        most = n / (2.0 * (1.0 - 1.0 / n))
        return Bracket(1.0 - most * left, 1.0 - left / (1.0 - 1.0 / several))
