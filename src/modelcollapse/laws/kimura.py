"""Kimura's diffusion: the limit of resampling in which n grows and time is counted in units of n generations.

Where k is of the order of n, a frequency moves like a diffusion on [0, 1] with variance p (1 - p) per unit of time
t = k/n (the sum of 1/n_j where sizes vary). Its transition law is a series in the Legendre polynomials P_j:

    Pr(present at k) ~ p + 2 p (1 - p) sum_{j >= 1} (2j + 1)/(j (j + 1)) P_j'(1 - 2p) exp(-j (j + 1) t / 2).

From k = n and n = 100 on it is off by at most ln(n)/(6 n); at n = 100 and k = 10 by 0.02. Before k ~ n/10 the Poisson
limit is better. The mean time t(p) until a symbol is lost or alone solves p (1 - p) t''/(2 n) = -1; given one of the
two, which happens with chance w(p), it solves p (1 - p) (w t)''/(2 n) = -w.
"""

from __future__ import annotations

from itertools import combinations
from math import comb, fsum
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import KIMURA_1955, KIMURA_1964, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import MeanForgettingTime, NotFixed, Statistic, Survival
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

_MOST_SETS = 10**6  # of symbols, in the time until few are left
EARLIEST = 1e-5  # generations in units of n; earlier, the series has too many terms, and is no good


class KimuraLaw(Law):
    """Survival, fixation and mean forgetting time in the diffusion limit; asymptotic."""

    name: ClassVar[str] = "kimura"
    statement: ClassVar[str] = "Legendre series of the diffusion limit: n -> infinity with p and k/n fixed"
    references: ClassVar[tuple[Reference, ...]] = (KIMURA_1955, KIMURA_1964)
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


def mean_time_given_loss(n: int, p: ArrayLike) -> Floats:
    """Return the diffusion's mean forgetting time given loss, -2 n p ln(p) / (1 - p); infinite at p = 1.

    Too long by 0.64 generations for a count of 1 up to about ln(n)/3 + 0.7 for p near 1; measured from n = 100 on.

    Parameters
    ----------
    n : int
        Draws in every generation.
    p : array
        Probabilities of symbols under P_0.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Kimura (1964); Ewens (2004), chapter 5.

    Examples
    --------
    >>> mean_time_given_loss(1000, [0.001, 0.05]).round(2)
    array([ 13.83, 315.34])
    """
    return _time_to_lose(_draws(n), arguments.shares("p", p), np.inf)


def mean_time_given_fixation(n: int, p: ArrayLike) -> Floats:
    """Return the diffusion's mean time until the symbol is alone, given that it will be; 2 n at p = 0.

    It is alone when all the others are lost: above p = 0 it is `mean_time_given_loss` at 1 - p.

    Parameters
    ----------
    n : int
        Draws in every generation.
    p : array
        Probabilities of symbols under P_0.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Kimura (1964); Ewens (2004), chapter 5.

    Examples
    --------
    >>> mean_time_given_fixation(1000, [0.0, 0.5]).round(2)
    array([2000.  , 1386.29])
    """
    draws = _draws(n)
    return _time_to_lose(draws, 1.0 - arguments.shares("p", p), 2.0 * draws)


def _time_to_lose(n: int, x: Floats, all_of_it: float) -> Floats:
    """Return -2 n x ln(x) / (1 - x), and `all_of_it` where x is 1, or next to it.

    It is smooth there and tends to 2 n: what rounding does to x is no more to it than its own last digit.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        time = -2.0 * n * x * np.log(x) / (1.0 - x)
    return np.where(x >= 1.0, all_of_it, np.where(x <= 0.0, 0.0, time))


def mean_absorption_time(n: int, p: ArrayLike) -> Floats:
    """Return the diffusion's mean time until the symbol is lost or alone, -2 n (p ln p + (1 - p) ln(1 - p)).

    Parameters
    ----------
    n : int
        Draws in every generation.
    p : array
        Probabilities of symbols under P_0.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Kimura (1964); Ewens (2004), chapter 5.

    Examples
    --------
    >>> mean_absorption_time(1000, [0.001, 0.5]).round(2)
    array([  15.81, 1386.29])
    """
    from scipy.special import xlog1py, xlogy

    x = arguments.shares("p", p)
    return np.asarray(-2.0 * _draws(n) * (xlogy(x, x) + xlog1py(1.0 - x, -x)))


def mean_time_until_left(n: int, probabilities: ArrayLike, left: int) -> float:
    """Return the diffusion's mean time until at most `left` of the symbols are present.

    One less than the number of symbols gives the first loss; 1 gives total collapse. The sum is over all sets of at
    most `left` symbols: for few symbols.

    Parameters
    ----------
    n : int
        Draws in every generation.
    probabilities : array, shape (symbol,)
        P_0.
    left : int
        From 1; with so many symbols or fewer at the start the time is 0.

    Raises
    ------
    InputError
        If an argument is outside of its domain, or there are more than 10^6 sets of `left` symbols or fewer.

    References
    ----------
    Littler (1975), from memory; checked here against the chain in full.

    Examples
    --------
    >>> [round(mean_time_until_left(100, [0.5, 0.3, 0.2], left), 2) for left in (1, 2)]
    [154.95, 50.98]
    """
    from scipy.special import xlogy

    draws, p = _draws(n), arguments.probabilities("probabilities", probabilities)
    p = p[p > 0]
    symbols = len(p)
    most = arguments.integer("left", left, least=1)
    if most >= symbols:
        return 0.0
    if sum(comb(symbols, size) for size in range(1, most + 1)) > _MOST_SETS:
        allowed = f"so small that {symbols} symbols have at most {_MOST_SETS:,} sets of `left` symbols or fewer"
        raise InputError(arguments.message("left", left, allowed, "Take fewer, or join symbols into groups."))
    terms: list[float] = []
    for size in range(1, most + 1):
        sign = (-1) ** (most - size) * comb(symbols - 1 - size, most - size)
        together = np.array([sum(chosen) for chosen in combinations(p.tolist(), size)])
        rest = np.maximum(1.0 - together, 0.0)
        terms += (sign * xlogy(rest, rest)).tolist()
    return -2.0 * draws * fsum(terms)


def _draws(n: int) -> int:
    return arguments.integer("n", n, least=1, most=arguments.LARGEST_SAMPLE_SIZE)


def _time(recursion: Recursion, generations: NDArray[np.int64]) -> Floats:
    if recursion.constant_size is not None:
        return np.asarray(generations / recursion.constant_size)
    return np.asarray(np.cumsum(1.0 / recursion.sizes(int(generations[-1])))[generations - 1])
