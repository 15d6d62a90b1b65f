"""Zipf's law through the door: a known P_0 that is a finite list of probabilities in proportion to rank^-b."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import branching
from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import LostMass, Statistic, Vocabulary
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

_FEWEST = 10  # symbols; of fewer, an exponent says little
_CLOSE = 1e-9  # how near to rank^-b probabilities must be


class ZipfLaw(Law):
    """Expected vocabulary and lost mass of a Zipf law of exponent b > 1, under replace; asymptotic.

    The sums over ranks 1..M of 1 - e^{-x p} and of p e^{-x p} are taken as integrals from 1/2 to M + 1/2, which are
    incomplete gamma functions; x = n g_k. With M infinite they are the functions of `laws.zipf`.
    """

    name: ClassVar[str] = "zipf"
    statement: ClassVar[str] = (
        "vocabulary ~ Gamma(1 - 1/b) (C n g_k)^{1/b} for p_i = C i^-b, b > 1, less what a list lacks"
    )
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the limit n g_k -> infinity for a Zipf start, any sample sizes."""
        if not isinstance(statistic, Vocabulary | LostMass) or not isinstance(recursion.family, Categorical):
            return None
        if not isinstance(recursion.workflow, Replace) or not isinstance(recursion.start, DiscreteStart):
            return None
        found = zipf_exponent(recursion.start.probabilities)
        if found is None:
            return None
        x, exponent = _effective_size(recursion, generations), found
        largest, symbols = float(recursion.start.probabilities.max()), len(recursion.start.probabilities)
        between = _kept if isinstance(statistic, Vocabulary) else _lost
        return Answer(between(exponent, largest, symbols + 0.5, x) - between(exponent, largest, 0.5, x), None)


def zipf_exponent(probabilities: Floats) -> float | None:
    """Return b if the probabilities, in descending order, are C rank^-b with b > 1; otherwise None.

    Examples
    --------
    >>> ranks = np.arange(1, 101)
    >>> law = ranks**-1.5
    >>> print(f"{zipf_exponent(law / law.sum()):.6f}", zipf_exponent(np.full(20, 0.05)))
    1.500000 None
    """
    if len(probabilities) < _FEWEST or not np.all(probabilities > 0):
        return None
    p = np.sort(probabilities)[::-1]
    ranks = np.arange(1.0, len(p) + 1.0)
    b = float(np.log(p[0] / p[-1]) / np.log(ranks[-1]))
    return b if b > 1.0 and bool(np.all(np.abs(p / (p[0] * ranks**-b) - 1.0) < _CLOSE)) else None


def _effective_size(recursion: Recursion, generations: NDArray[np.int64]) -> Floats:
    """X = n g_k: how many independent draws of P_0 would lose as much."""
    n = recursion.constant_size
    if n is not None:
        return np.asarray(n * branching.branching_numbers(generations))
    return branching.backward_sizes(recursion.sizes(int(generations[-1])), generations)


def _upper_gamma(b: float, y: Floats) -> Floats:
    """Gamma(1 - 1/b, y)."""
    from scipy.special import gamma, gammaincc

    s = 1.0 - 1.0 / b
    return np.asarray(gamma(s) * gammaincc(s, y))


def _kept(b: float, largest: float, rank: float, x: Floats) -> Floats:
    """Integral of 1 - exp(-x C u^-b) over u from 0 to a rank."""
    y = x * largest * rank**-b
    return np.asarray(-rank * np.expm1(-y) + (x * largest) ** (1.0 / b) * _upper_gamma(b, y))


def _lost(b: float, largest: float, rank: float, x: Floats) -> Floats:
    """Integral of C u^-b exp(-x C u^-b) over u from 0 to a rank."""
    y = x * largest * rank**-b
    return np.asarray(largest ** (1.0 / b) * x ** (1.0 / b - 1.0) / b * _upper_gamma(b, y))
