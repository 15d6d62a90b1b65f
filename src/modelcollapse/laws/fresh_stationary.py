"""Where frequencies settle if a constant share of all draws is fresh: Beta laws whose variance is the exact one.

A draw of generation k shows a symbol of probability p with chance t = a p + (1 - a) y, y being the symbol's frequency
in generation k - 1. In the limit E y = p, and with v = E (y - p)^2 one generation gives

    v = p (1 - p)/n + (1 - 1/n) (1 - a)^2 v,   so   v = p (1 - p)/(n - (n - 1)(1 - a)^2),

which is approached at the pace (1 - 1/n)(1 - a)^2. In the diffusion limit (n -> infinity with n a fixed) y has the law
Beta(c p, c (1 - p)) with c = 2 n a. A Beta law has variance p (1 - p)/(c + 1), so c = (n - 1) a (2 - a) has the exact
variance at any n and a, and the same limit: that is the law used here. The chance t has variance (1 - a)^2 v; as a Beta
law it has c = n a (2 - a)/(1 - a)^2, and the count of the symbol, n draws with that chance, then follows Polya's law.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.log_gamma import log_gamma_change

Floats = NDArray[np.float64]

_MOST = arguments.LARGEST_SAMPLE_SIZE
_LEAST_SHARE = 1e-15
_LISTED = 10**6  # counts whose probabilities are listed at once


@dataclass(frozen=True)
class StationaryLaw:
    """What becomes of one symbol's frequency after very many generations with fresh data.

    Mean and variance are exact; the laws of frequency and count are asymptotic: n -> infinity with n a fixed.

    Parameters
    ----------
    sample_size : int
        n, at least 2.
    fresh : float
        a, above 0.
    probability : float
        p of the symbol, strictly between 0 and 1.
    """

    sample_size: int
    fresh: float
    probability: float

    def __post_init__(self) -> None:
        remedy = "Without fresh data, or with a single draw, symbols are lost or left alone."
        n = arguments.integer("sample_size", self.sample_size, least=2, most=_MOST, remedy=remedy)
        a = arguments.real("fresh", self.fresh, low=_LEAST_SHARE, high=1.0, remedy=remedy)
        p = arguments.number(self.probability)
        if not 0.0 < p < 1.0:
            allowed = "a number strictly between 0 and 1"
            raise InputError(arguments.message("probability", self.probability, allowed, "Others never change."))
        for name, value in (("sample_size", n), ("fresh", a), ("probability", p)):
            object.__setattr__(self, name, value)

    @property
    def mean(self) -> float:
        """E y = p, exact."""
        return self.probability

    @property
    def variance(self) -> float:
        """E (y - p)^2, exact."""
        p = self.probability
        return p * (1.0 - p) / (1.0 + self.of_frequency)

    @property
    def of_frequency(self) -> float:
        """The parameter c of the Beta law of the frequency, (n - 1) a (2 - a)."""
        return (self.sample_size - 1) * self.fresh * (2.0 - self.fresh)

    @property
    def of_chance(self) -> float:
        """The parameter c of the Beta law of a draw's chance, n a (2 - a)/(1 - a)^2; infinite if all is fresh."""
        kept = (1.0 - self.fresh) ** 2
        return self.sample_size * self.fresh * (2.0 - self.fresh) / kept if kept > 0 else math.inf

    def tail(self, frequency: float) -> float:
        """Return Pr(y > frequency) of the Beta law."""
        from scipy.special import betainc

        y = arguments.real("frequency", frequency, low=0.0, high=1.0)
        c, p = self.of_frequency, self.probability
        return float(betainc(c * (1.0 - p), c * p, 1.0 - y))

    def quantile(self, level: float) -> float:
        """Return the frequency that the Beta law stays below with this probability."""
        from scipy.special import betaincinv

        q = arguments.real("level", level, low=0.0, high=1.0)
        c, p = self.of_frequency, self.probability
        return float(betaincinv(c * p, c * (1.0 - p), q))

    def counts(self, most: int) -> Floats:
        """Return Polya's Pr(count = j) for j = 0, ..., most: the symbol is absent with the first of them."""
        last = arguments.integer("most", most, least=0, most=min(self.sample_size, _LISTED))
        n, p, c = self.sample_size, self.probability, self.of_chance
        j = np.arange(last)
        if c > 1e14:  # binomial to more digits than are kept
            absent, ratio = n * math.log1p(-p), (n - j) / (j + 1.0) * (p / (1.0 - p))
        else:
            absent = _log_absent(n, 1.0 - p, c)
            ratio = (n - j) / (j + 1.0) * (c * p + j) / (c * (1.0 - p) + n - 1.0 - j)
        return np.exp(absent + np.concatenate([[0.0], np.cumsum(np.log(ratio))]))


def stationary_frequency(sample_size: int, fresh: float, probability: float) -> StationaryLaw:
    """Return the law that a symbol's frequency settles to if every draw is fresh with the chance `fresh`.

    Off by at most 0.01 in the distribution function of the count, at any sample size from 50 and any share (measured
    against the chain in full); the Beta law of the frequency is off by half the probability of a single count as well,
    since frequencies are multiples of 1/n. With c = 2 n a instead, as the diffusion has it, errors reach 0.1.

    Parameters
    ----------
    sample_size : int
        n, at least 2.
    fresh : float
        a, the chance of a draw to be from P_0; above 0.
    probability : float
        p of the symbol, strictly between 0 and 1.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Kimura (1964) and Ewens (2004) for the diffusion with mutation; the parameters that keep the exact variance are
    derived here.

    Examples
    --------
    >>> law = stationary_frequency(200, 0.1, 0.05)
    >>> round(law.variance**0.5, 5), round(law.quantile(0.5), 4), round(law.tail(0.1), 4)
    (0.03498, 0.0423, 0.0918)
    >>> law.counts(2).round(5)
    array([0.01897, 0.03654, 0.05014])
    """
    return StationaryLaw(sample_size, fresh, probability)


def variance_left(sample_size: int, fresh: float, generation: int) -> float:
    """Return how far the variance of frequencies still is from its limit, as a part of the distance at the start.

    It is ((1 - 1/n)(1 - a)^2)^k for every symbol. From P_0 itself, where the variance is 0, generation k has the limit
    times 1 minus this.

    Parameters
    ----------
    sample_size : int
        n, at least 1.
    fresh : float
        a, from 0; without fresh data the limit is fixation.
    generation : int
        k.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Derived here, in the head of this module.

    Examples
    --------
    >>> round(variance_left(200, 0.1, 10), 4), round(variance_left(200, 0.0, 200), 4)
    (0.1156, 0.367)
    """
    n = arguments.integer("sample_size", sample_size, least=1, most=_MOST)
    a = arguments.real("fresh", fresh, low=0.0, high=1.0)
    k = arguments.integer("generation", generation, least=0, most=10**15)
    if k == 0:
        return 1.0
    if n == 1 or a == 1.0:
        return 0.0
    return math.exp(k * (math.log1p(-1.0 / n) + 2.0 * math.log1p(-a)))


def _log_absent(n: int, q: float, c: float) -> float:
    """Return ln of c q (c q + 1) ... (c q + n - 1) / c (c + 1) ... (c + n - 1), whichever way loses no digits."""
    if n < c * (1.0 - q):
        return _change(c * q, n) - _change(c, n) + n * math.log(q)
    z = c * (1.0 - q)
    return _change(c * q, z) - _change(c * q + n, z) - z * math.log1p(n / (c * q))


def _change(a: float, z: float) -> float:
    """Return ln Gamma(a + z) - ln Gamma(a) - z ln a."""
    return float(log_gamma_change(np.asarray(a), np.asarray(float(z))))
