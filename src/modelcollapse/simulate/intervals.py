"""Pointwise 95 % intervals of simulated means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.statistics.base import Sums

Floats = NDArray[np.float64]
LEVEL = 0.95
_NORMAL_QUANTILE = 1.959963984540054


def clopper_pearson(sums: Sums) -> tuple[Floats, Floats]:
    """Return the exact binomial interval for a probability observed as 0 or 1."""
    from scipy.special import betaincinv

    hits, misses = sums.total, sums.replicates - sums.total
    tail = (1.0 - LEVEL) / 2.0
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, betaincinv(np.maximum(hits, 1), misses + 1, tail), 0.0)
        high = np.where(misses > 0, betaincinv(hits + 1, np.maximum(misses, 1), 1 - tail), 1.0)
    return low, high


def normal(sums: Sums) -> tuple[Floats, Floats]:
    """Return mean +- 1.96 standard errors."""
    mean = sums.total / sums.replicates
    error = standard_deviation(sums) / np.sqrt(sums.replicates)
    return mean - _NORMAL_QUANTILE * error, mean + _NORMAL_QUANTILE * error


def standard_deviation(sums: Sums) -> Floats:
    """Return the standard deviation over replicates (divisor replicates - 1)."""
    mean = sums.total / sums.replicates
    squares = np.maximum(sums.squares - sums.replicates * mean**2, 0.0)
    return np.sqrt(squares / max(sums.replicates - 1, 1))
