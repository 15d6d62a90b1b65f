"""Whether a simulation agrees with a law: one verdict over all comparisons, with a stated rate of false alarms.

Among many 95 % intervals some always miss. So each comparison is tested at `FALSE_ALARM` divided by their number: if
law and simulation are both right, a figure is called wrong once in a million times, however many points it has and
however they depend on each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.result import Result

Floats = NDArray[np.float64]

FALSE_ALARM = 1e-6  # of a whole figure


def probability_tails(simulated: Floats, replicates: int, law: Floats) -> Floats:
    """Return the two-sided chance of counts at least as far from the law, by the binomial distribution.

    Examples
    --------
    >>> probability_tails(np.array([0.5, 0.9]), 100, np.array([0.5, 0.5])).round(3)
    array([1., 0.])
    """
    from scipy.special import bdtr, bdtrc

    hits, p = np.rint(simulated * replicates), np.clip(law, 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        fewer = bdtr(hits, replicates, p)
        more = np.where(hits > 0, bdtrc(hits - 1.0, replicates, p), 1.0)
    return np.minimum(1.0, 2.0 * np.minimum(fewer, more))


def excess_tails(simulated: Floats, replicates: int, bound: Floats) -> Floats:
    """Return the chance of counts at least as large if the probability were as large as the bound.

    Examples
    --------
    >>> bool(excess_tails(np.array([0.9]), 100, np.array([0.5]))[0] < 1e-12)
    True
    """
    from scipy.special import bdtrc

    hits = np.rint(simulated * replicates)
    return np.where(hits > 0, bdtrc(hits - 1.0, replicates, np.clip(bound, 0.0, 1.0)), 1.0)


def mean_tails(simulated: Floats, replicates: int, law: Floats, sd: Floats) -> Floats:
    """Return the two-sided chance of means at least as far from the law, by normal approximation.

    Examples
    --------
    >>> mean_tails(np.array([1.0, 2.0]), 100, np.array([1.0, 1.0]), np.array([1.0, 0.5])).round(3)
    array([1., 0.])
    """
    from scipy.special import ndtr

    error = sd / np.sqrt(replicates)
    distance = np.abs(simulated - law)
    z = np.where(distance > 1e-9 * np.abs(law), distance / np.maximum(error, 1e-300), 0.0)
    return 2.0 * ndtr(-z)


def normal_tails(z: Floats) -> Floats:
    """Return the one-sided chance of so small a z: of falling short of what must at least be reached.

    Examples
    --------
    >>> normal_tails(np.array([0.0, 10.0])).round(3)
    array([0.5, 1. ])
    """
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def tails(simulated: Result, law: Result, *, is_probability: bool) -> Floats:
    """Return how surprising each simulated value is under the law, one chance per comparison."""
    assert simulated.replicates is not None
    if is_probability:
        return probability_tails(simulated.value, simulated.replicates, law.value)
    sd = law.sd if law.sd is not None else simulated.sd
    assert sd is not None
    return mean_tails(simulated.value, simulated.replicates, law.value, sd)


def agrees(chances: Floats, comparisons: int | None = None) -> bool:
    """Whether none of the chances is too small for so many comparisons (as many as there are, if not given)."""
    if not chances.size:
        return True
    return bool(chances.min() >= FALSE_ALARM / (comparisons or chances.size))
