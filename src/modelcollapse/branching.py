"""The branching numbers g_k: g_1 = 1, g_{k+1} = 1 - exp(-g_k), at any generation, and the way back from g to k.

A symbol of count c is forgotten by generation k with probability near exp(-c g_k), exactly so in the Poisson model:
g_k is the chance that a Galton-Watson family with Poisson(1) children lives for k - 1 generations. It falls like 2/k.

One step takes v = 1/g to v + 1/2 + 1/(12 v) - ..., so there is a function F with F(next v) = F(v) + 1/2 exactly:

    F(v) = v - ln(v)/6 + 1/(72 v) + 1/(1080 v^2) - 1/(15552 v^3) - ...

The first `_TABLE` numbers are iterated with 50 digits; from there F leaps any distance. The series is cut where its
terms are below 1e-26.
"""

from __future__ import annotations

import bisect
import math
from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RELATIVE_ERROR = 1e-14
_TABLE = 256
_DIGITS = 50
# Coefficients of 1/v, 1/v^2, ... in F, found by comparing powers in F(next v) = F(v) + 1/2.
_SERIES = (
    (1, 72),
    (1, 1080),
    (-1, 15552),
    (-71, 870912),
    (-8759, 326592000),
    (31, 41990400),
    (183311, 32920473600),
    (23721961, 12415721472000),
    (-293758693, 234657135820800),
    (-1513018279, 1155508623360000),
)


def presence(count: Floats, excess: Floats) -> Floats:
    """Return 1 - (1 - excess) e^{-count}, also where both are so small that beside 1 they are nothing.

    Examples
    --------
    >>> float(presence(np.float64(1e-20), np.float64(1e-22)))
    1.01e-20
    """
    return np.asarray(excess * np.exp(-count) - np.expm1(-count))


def branching_numbers(generations: NDArray[np.int64]) -> Floats:
    """Return g_k at each generation, however late, to full accuracy.

    Examples
    --------
    >>> branching_numbers(np.array([1, 2, 1000, 10**15])).tolist()
    [1.0, 0.6321205588285577, 0.0019938155625658675, 1.9999999999999753e-15]
    """
    early = np.array([float(g) for g in _table()])
    values = early[np.minimum(generations, _TABLE) - 1]
    late = generations > _TABLE
    if np.any(late):
        start = float(_abel(1 / _table()[-1]))
        target = start + (generations[late] - _TABLE) / 2.0
        v = target + np.log(target) / 6.0
        for _ in range(5):  # F'(v) is 1 - 1/(6 v): each round gains three digits or more
            v += target - _abel_float(v)
        values[late] = 1.0 / v
    return np.asarray(values)


def first_generation_at_most(level: Decimal) -> int:
    """Return the smallest k with g_k <= level, exactly, for any positive level.

    Examples
    --------
    >>> [first_generation_at_most(Decimal(level)) for level in ("2", "0.01", "1e-12")]
    [1, 198, 1999999999990]
    """
    table = _table()
    if level >= table[-1]:
        return next(k for k, g in enumerate(table, start=1) if g <= level)
    with localcontext() as context:
        context.prec = _DIGITS
        steps = 2 * (_abel(1 / level) - _abel(1 / table[-1]))
        return _TABLE + int(steps.to_integral_value(rounding="ROUND_CEILING"))


def backward_sizes(sizes: NDArray[np.int64], generations: NDArray[np.int64]) -> Floats:
    """Return u_1 for each horizon: what takes the place of n g_k where sample sizes vary.

    From the last generation back, u_k = n_k and u_j = n_j (1 - exp(-u_{j+1} / n_j)). All horizons, which ascend, are
    carried back together.

    Examples
    --------
    >>> backward_sizes(np.array([10, 10, 10]), np.array([1, 3]))
    array([10.        ,  4.68536395])
    """
    u = np.asarray(sizes, dtype=np.float64)[generations - 1]
    later = np.searchsorted(generations, np.arange(1, int(generations[-1]) + 1), side="right")
    for size, first in zip(sizes[: len(later)][::-1].tolist(), later[::-1].tolist(), strict=True):
        active = u[first:]
        np.multiply(np.expm1(active / -size, out=active), -size, out=active)
    return u


def first_backward_at_most(sizes: NDArray[np.int64], level: float) -> int | None:
    """Return the first horizon at which u_1 of `backward_sizes` is at most a level; None if there is none.

    u_1 falls from horizon to horizon: a longer one carries u_{k+1} < n_k back instead of n_k. So it is found by
    bisection.

    Examples
    --------
    >>> first_backward_at_most(np.array([10, 10, 10]), 5.0)
    3
    >>> first_backward_at_most(np.array([10, 10, 10]), 4.0)
    """
    listed: list[float] = sizes.astype(np.float64).tolist()

    def reached(horizon: int) -> bool:
        u = listed[horizon - 1]
        for size in reversed(listed[: horizon - 1]):
            u = size * -math.expm1(-u / size)
        return u <= level

    found = bisect.bisect_left(range(1, len(listed) + 1), True, key=reached)
    return found + 1 if found < len(listed) else None


@lru_cache(maxsize=1)
def _table() -> tuple[Decimal, ...]:
    """g_1, ..., g_256 with 50 digits."""
    with localcontext() as context:
        context.prec = _DIGITS
        values = [Decimal(1)]
        while len(values) < _TABLE:
            values.append(1 - (-values[-1]).exp())
    return tuple(values)


def _abel(v: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        tail = sum(Decimal(p) / Decimal(q) / v**j for j, (p, q) in enumerate(_SERIES, start=1))
        return v - v.ln() / 6 + tail


def _abel_float(v: Floats) -> Floats:
    tail = sum(p / q / v**j for j, (p, q) in enumerate(_SERIES, start=1))
    return np.asarray(v - np.log(v) / 6.0 + tail)
