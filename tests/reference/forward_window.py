"""The law of the count, followed forward inside a window, with everything that leaves it written down.

A symbol of small count is followed on the counts 1..cap. Mass that goes above `cap`, and the tails of each row
that are not formed, are added to `lost`: nobody knows whether it survives. So, apart from rounding,

    mass inside  <=  Pr(alive)  <=  mass inside + lost.

Rows are binomial probabilities by the ratio of neighbours from the mode outward; nothing there depends on the
size of n beyond one rounding, so n = 10^12 is as good as n = 100. The cap comes from Chernoff's bound on the
count, with an infinite population (whose moment generating function is larger): a cap too small widens the
bracket, never breaks it.

Cost: some (c + 20 k)^1.5 numbers of memory and that much work per generation; c = 1000, k = 100 is 7 million numbers.
Error: the bracket's width (below 1e-16 relative to the survival probability with the automatic cap) and
rounding, measured against 40 digits (k = 2) and the other routes: relative 1e-14 for k <= 100, n to 10^12.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TINY = 1e-24  # a row ends where its probability is this part of the largest


def chernoff_cap(n: int, mean: float, generations: int, chance: float = 1e-19) -> int:
    """Return a count that generation 1..`generations` exceeds with probability below `chance` x min(mean, 1)."""
    start = np.geomspace(1e-9, 4.0, 4000)
    tilt = start.copy()
    with np.errstate(over="ignore"):
        for _ in range(generations):
            tilt = np.expm1(tilt)
        need = (mean * tilt - np.log(chance * min(mean, 1.0))) / start
    return min(n, int(np.nanmin(need)) + 2)


def _one_side(
    n: int, mode: NDArray[np.float64], odds: NDArray[np.float64], sign: int, tiny: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the terms beside the mode (relative to it), going up or down, and bounds on what is left out.

    Beyond the last term the ratios of neighbours only decrease, so a geometric series bounds the remainder.
    """
    terms = []
    y, term = mode.copy(), np.ones_like(mode)
    while True:
        ratio = (n - y) / (y + 1) * odds if sign > 0 else y / (n - y + 1) / odds
        ratio = np.maximum(ratio, 0.0)
        tail = np.where(ratio < 1, term * ratio / np.where(ratio < 1, 1 - ratio, 1), np.inf)
        if np.all(tail < tiny):
            break
        term = term * ratio
        y += sign
        terms.append(term)
    return np.array(terms).reshape(-1, len(mode)).T, tail


def binomial_rows(
    n: int, odds: NDArray[np.float64], mode: NDArray[np.float64], tiny: float = TINY
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (first column, probabilities, probability not formed) of binomial laws with x/(1-x) = odds.

    The probabilities are too small by the (bounded) probability that is not formed, never too large.
    """
    up, above = _one_side(n, mode, odds, +1, tiny)
    down, below = _one_side(n, mode, odds, -1, tiny)
    terms = np.concatenate([down[:, ::-1], np.ones((len(mode), 1)), up], axis=1)
    total = terms.sum(axis=1) + above + below
    return mode - down.shape[1], terms / total[:, None], (above + below) / total


def _inside(
    first: NDArray[np.float64], rows: NDArray[np.float64], cap: int, offset: int
) -> tuple[csr_array, NDArray[np.float64]]:
    """Return the part of the rows on 1..cap as a sparse matrix (columns less 1), and what lies above the cap."""
    column = first[:, None].astype(np.int64) + np.arange(rows.shape[1])
    keep = (column >= 1) & (column <= cap) & (rows > 0)
    above = np.where(column > cap, rows, 0.0).sum(axis=1)
    row = np.broadcast_to(np.arange(len(rows))[:, None], rows.shape)
    shape = (len(rows), cap)
    return csr_array((rows[keep], (row[keep] + offset, column[keep] - 1)), shape=shape), above


def _window_matrix(n: int, cap: int) -> tuple[csr_array, NDArray[np.float64]]:
    """Return the transitions among the counts 1..cap and, per count, the mass that leaves upward or is not formed."""
    parts, leaving = [], []
    edges = np.unique(np.concatenate([[1], np.square(np.arange(2, int(cap**0.5) + 2, 4)), [cap + 1]]))
    edges = edges[edges <= cap + 1]
    for low, high in pairwise(edges):
        count = np.arange(low, high, dtype=np.float64)
        fixed = count == n
        odds = count / np.where(fixed, 1.0, n - count)
        first, rows, tails = binomial_rows(n, odds, count)
        if fixed.any():
            rows[fixed], tails[fixed] = 0.0, 0.0
            rows[fixed, int(n - first[fixed][0])] = 1.0
        part, above = _inside(first, rows, cap, 0)
        parts.append(part)
        leaving.append(above + tails)
    return vstack(parts, format="csr"), np.concatenate(leaving)


def survival_bracket(
    n: int, x: float, generations: Sequence[int], cap: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (low, high) around Pr(present at generation k) for a symbol of initial probability 0 < x < 1.

    Forward law on the counts 1..cap; n to 10^12 and beyond, as long as n x is at most some thousands.
    The truth lies between the two, up to rounding (relative 1e-14 for k <= 100).
    """
    last = max(generations)
    mean = n * x
    cap = chernoff_cap(n, mean, last) if cap is None else cap
    odds, mode = np.array([x / (1.0 - x)]), np.array([np.floor((n + 1) * x)])
    first, rows, tails = binomial_rows(n, odds, mode, TINY * min(mean, 1.0))
    law, above = _inside(first, rows, cap, 0)
    mass, lost = law.toarray()[0], float(above[0] + tails[0])
    matrix, leaving = _window_matrix(n, cap) if last > 1 else (None, np.zeros(cap))
    back = matrix.T.tocsr() if matrix is not None else None
    low, high = {}, {}
    for k in range(1, last + 1):
        low[k], high[k] = min(1.0, mass.sum()), min(1.0, mass.sum() + lost)
        if k < last:
            lost += float(mass @ leaving)
            mass = back @ mass
    return np.array([low[k] for k in generations]), np.array([high[k] for k in generations])
