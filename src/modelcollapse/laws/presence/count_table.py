"""Laws of counts as tables, many laws on counts in common: draws with replacement, and parts without."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ALMOST_ALL = 1.0 - 1e-16  # stands for a share of 1
_WIDEST = 64  # counts that laws in common may have beyond twice their own


def binomial_table(n: int, shares: Floats) -> tuple[int, Floats]:
    """Return the least count, and weights, shape (share, count), of Binomial(n, share) from there on.

    What is beyond is below 1e-25, and for a rare symbol below 1e-25 of the chance to be drawn at all.

    Examples
    --------
    >>> least, weights = binomial_table(3, np.array([0.0, 0.5]))
    >>> least, weights.tolist()
    (0, [[1.0, 0.0, 0.0, 0.0], [0.125, 0.375, 0.375, 0.125]])
    """
    p = np.minimum(shares, _ALMOST_ALL)
    low, high = draw_reach(n, p)
    least, most = int(low.min()), int(high.max())
    counts = np.arange(float(least), float(most))
    return least, _by_ratios((p / (1.0 - p))[:, None] * ((n - counts) / (counts + 1.0)))


def part_table(total: int, marked: Floats, size: int) -> tuple[int, Floats]:
    """Return the least count, and weights, shape (marked, count), of the marked among `size` drawn from `total`.

    Examples
    --------
    >>> least, weights = part_table(10, np.array([3.0]), 4)
    >>> least, weights.round(4).tolist()
    (0, [[0.1667, 0.5, 0.3, 0.0333]])
    """
    m, rest = float(size), float(total) - marked
    low, high = part_reach(total, marked, size)
    least, most = int(low.min()), int(high.max())
    counts = np.arange(float(least), float(most))
    upward = np.maximum(marked[:, None] - counts, 0.0) * np.maximum(m - counts, 0.0)
    with np.errstate(divide="ignore"):
        return least, _by_ratios(upward / ((counts + 1.0) * np.maximum((rest - m)[:, None] + counts + 1.0, 0.0)))


def draw_reach(n: int, shares: Floats) -> tuple[Floats, Floats]:
    """Return between which counts the draws of a symbol are, up to a chance of 1e-25."""
    low, high = _reach(n * shares, n * shares * (1.0 - shares))
    return np.maximum(low, 0.0), np.minimum(high, n)


def part_reach(total: int, marked: Floats, size: int) -> tuple[Floats, Floats]:
    """Return between which counts the marked in a part are, up to a chance of 1e-25."""
    mean = size * (marked / total)
    low, high = _reach(mean, mean * (1.0 - marked / total) * ((total - size) / max(total - 1.0, 1.0)))
    return np.maximum(low, np.maximum(size - (total - marked), 0.0)), np.minimum(high, np.minimum(marked, size))


def in_common(low: Floats, high: Floats) -> Iterator[slice]:
    """Yield neighbours whose laws, between ascending counts, are little narrower than what they have in common."""
    first = 0
    while first < len(low):
        reach = low[first] + 3.0 * (high[first] - low[first]) + _WIDEST
        last = max(first + 1, int(np.searchsorted(high, reach, side="right")))
        yield slice(first, last)
        first = last


def _reach(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    around = 10.5 * np.sqrt(variance) + 18.0
    return np.floor(mean - around), np.ceil(mean + around)


def _by_ratios(ratios: Floats) -> Floats:
    """Weights from the ratios of neighbours, which fall: from the first on, or from the mode to either side."""
    weights = np.ones((len(ratios), ratios.shape[1] + 1))
    with np.errstate(over="ignore", invalid="ignore"):
        np.cumprod(ratios, axis=1, out=weights[:, 1:])
        whole = weights.sum(axis=1, keepdims=True)
    if not np.isfinite(whole).all():
        weights[:, 0] = 1.0
        np.cumprod(np.minimum(ratios, 1.0), axis=1, out=weights[:, 1:])
        weights[:, :-1] *= np.cumprod(1.0 / np.maximum(ratios, 1.0)[:, ::-1], axis=1)[:, ::-1]
        whole = weights.sum(axis=1, keepdims=True)
    weights /= whole
    return weights
