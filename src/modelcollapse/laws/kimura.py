"""Kimura's diffusion: the limit of resampling in which n grows and time is counted in units of n generations.

Where k is of the order of n, a frequency moves like a diffusion on [0, 1] with variance p (1 - p) per unit of time
t = k/n (the sum of 1/n_j where sizes vary). Its transition law is a series in the Legendre polynomials P_j:

    Pr(present at k) ~ p + 2 p (1 - p) sum_{j >= 1} (2j + 1)/(j (j + 1)) P_j'(1 - 2p) exp(-j (j + 1) t / 2).

From k = n and n = 100 on it is off by at most ln(n)/(6 n); at n = 100 and k = 10 by 0.02. Before k ~ n/10 the Poisson
limit is better.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import KIMURA_1955, LITTLER_1975, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import MeanForgettingTime, NotFixed, Statistic, Survival
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

EARLIEST = 1e-5  # generations in units of n; earlier, the series has too many terms, and is no good


class KimuraLaw(Law):
    """Survival, fixation and mean forgetting time in the diffusion limit; asymptotic."""

    name: ClassVar[str] = "kimura"
    statement: ClassVar[str] = "Legendre series of the diffusion limit: n -> infinity with p and k/n fixed"
    references: ClassVar[tuple[Reference, ...]] = (KIMURA_1955, LITTLER_1975)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the diffusion's answer for categorical models under replace, from k = n / 100,000 on."""
        covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
        if not covered or not isinstance(statistic, Survival | NotFixed | MeanForgettingTime):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p = np.minimum(statistic.sets(recursion).total(recursion.start.probabilities), 1.0)
        if isinstance(statistic, MeanForgettingTime):
            n = recursion.constant_size
            return None if n is None else Answer(mean_time_given_loss(n, p), None)
        time = _time(recursion, generations)
        if time[0] < EARLIEST:
            return None
        excess = excess_survival(p, time)
        if isinstance(statistic, NotFixed):
            return Answer(excess + excess_survival(1.0 - p, time), None)
        return Answer(p + excess, None)


def excess_survival(p: Floats, time: Floats) -> Floats:
    """Return Pr(present) - p of the diffusion, shape (time, symbol); `time` is k/n, ascending.

    Examples
    --------
    >>> excess_survival(np.array([0.5]), np.array([1.0])).round(6)
    array([[0.274825]])
    """
    r = 1.0 - 2.0 * p
    total = np.zeros((len(time), len(p)))
    before, slope = np.zeros_like(p), np.ones_like(p)  # P_j' for j = 0 and 1
    j = 1
    while True:
        decay = np.exp(-j * (j + 1) / 2.0 * time)
        total += (2 * j + 1) / (j * (j + 1)) * decay[:, None] * slope
        if j**2 * decay[0] < 1e-18:
            return np.asarray(2.0 * (p * (1.0 - p)) * total)
        before, slope = slope, ((2 * j + 1) * r * slope - (j + 1) * before) / j
        j += 1


def mean_time_given_loss(n: int, p: Floats) -> Floats:
    """Return the diffusion's mean forgetting time given loss, -2 n p ln(p) / (1 - p); infinite at p = 1.

    Examples
    --------
    >>> mean_time_given_loss(1000, np.array([0.001, 0.05])).round(2)
    array([ 13.83, 315.34])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        time = -2.0 * n * p * np.log(p) / (1.0 - p)
    return np.where(p >= 1.0, np.inf, np.where(p <= 0.0, 0.0, time))


def mean_time_given_fixation(n: int, p: Floats) -> Floats:
    """Return the diffusion's mean time until the symbol is alone, given that it will be; 2 n at p = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        time = -2.0 * n * (1.0 - p) * np.log1p(-p) / p
    return np.where(p <= 0.0, 2.0 * n, np.where(p >= 1.0, 0.0, time))


def mean_absorption_time(n: int, p: Floats) -> Floats:
    """Return the diffusion's mean time until the symbol is lost or alone, -2 n (p ln p + (1 - p) ln(1 - p))."""
    given_loss = np.where(p < 1.0, mean_time_given_loss(n, p), 0.0)
    return np.asarray((1.0 - p) * given_loss + p * mean_time_given_fixation(n, p))


def mean_time_until_left(n: int, probabilities: Floats, left: int) -> float:
    """Return the diffusion's mean time until at most `left` of the symbols are present (Littler 1975).

    One less than the number of symbols gives the first loss; 1 gives total collapse. The sum is over all sets of at
    most `left` symbols: for few symbols.

    Examples
    --------
    >>> round(mean_time_until_left(100, np.array([0.5, 0.5]), left=1), 3)
    138.629
    """
    symbols, total = len(probabilities), 0.0
    for size in range(1, left + 1):
        sign = (-1) ** (left - size) * comb(symbols - 1 - size, left - size)
        rest = 1.0 - np.array([sum(chosen) for chosen in combinations(probabilities.tolist(), size)])
        total += sign * float(np.sum(rest * np.log(rest)))
    return -2.0 * n * total


def _time(recursion: Recursion, generations: NDArray[np.int64]) -> Floats:
    if recursion.constant_size is not None:
        return np.asarray(generations / recursion.constant_size)
    return np.asarray(np.cumsum(1.0 / recursion.sizes(int(generations[-1])))[generations - 1])
