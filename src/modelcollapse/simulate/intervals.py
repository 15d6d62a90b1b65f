"""Pointwise 95 % intervals of simulated probabilities and means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.statistics.base import Sums

Floats = NDArray[np.float64]
LEVEL = 0.95


def clopper_pearson(sums: Sums) -> tuple[Floats, Floats]:
    """Return the exact binomial interval for a probability observed as 0 or 1."""
    from scipy.special import betaincinv

    hits, misses = sums.total, sums.defined - sums.total
    tail = (1.0 - LEVEL) / 2.0
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, betaincinv(np.maximum(hits, 1), misses + 1, tail), 0.0)
        high = np.where(misses > 0, betaincinv(hits + 1, np.maximum(misses, 1), 1 - tail), 1.0)
    return low, high


def batch_means(sums: Sums) -> tuple[Floats, Floats]:
    """Return mean +- t standard errors, both from the differences between the means of blocks.

    Blocks are independent and their means are closer to normal than single replicates are. With one block there is
    nothing to compare: the interval is infinite.
    """
    mean = mean_of(sums)
    if sums.blocks < 2:
        return np.full_like(mean, -np.inf), np.full_like(mean, np.inf)
    from scipy.special import stdtrit

    freedom = sums.blocks - 1.0
    squares = np.maximum(sums.between - sums.total * mean, 0.0)
    half = stdtrit(freedom, (1.0 + LEVEL) / 2.0) * np.sqrt(squares / freedom / np.maximum(sums.defined, 1))
    return mean - half, mean + half


def mean_of(sums: Sums) -> Floats:
    """Return the mean over the replicates that have a value."""
    return np.asarray(sums.total / np.maximum(sums.defined, 1))


def standard_deviation(sums: Sums) -> Floats:
    """Return the standard deviation over replicates (divisor replicates - 1)."""
    squares = np.maximum(sums.squares - sums.total * mean_of(sums), 0.0)
    return np.sqrt(squares / np.maximum(sums.defined - 1, 1))
