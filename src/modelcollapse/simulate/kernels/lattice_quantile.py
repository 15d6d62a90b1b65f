"""Quantiles of binomial and Poisson laws of variance 100 or more, from a normal number.

A count X is made continuous by a uniform number, which removes the lattice exactly: the cumulants of even order lose
those of the uniform law, 1/12, -1/120, 1/252. The Cornish-Fisher expansion (Cornish & Fisher 1938, fourth order) of the
rest is then within a margin of the truth, measured in the tests; where an integer is closer than the margin, and beyond
six standard deviations, the distribution function itself decides. So the result is exact.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import math

import numpy as np
from numba import njit

LEAST_VARIANCE = 100.0
FARTHEST = 6.0
NEGLIGIBLE = 1e-18


@njit(inline="always", fastmath={"contract"}, error_model="numpy")
def binomial_point(n, p, w):
    """Return the real number whose floor is the quantile of Bin(n, p) at Phi(w), and how far off it may be."""
    pq = p * (1.0 - p)
    v, d = n * pq, 1.0 - 2.0 * p
    k4, k5 = v * (1.0 - 6.0 * pq), v * d * (1.0 - 12.0 * pq)
    return _cornish_fisher(n * p, v, v * d, k4, k5, v * (1.0 - 30.0 * pq + 120.0 * pq * pq), w)


@njit(inline="always", fastmath={"contract"}, error_model="numpy")
def poisson_point(mean, w):
    """Return the real number whose floor is the quantile of Poisson(mean) at Phi(w), and how far off it may be."""
    return _cornish_fisher(mean, mean, mean, mean, mean, mean, w)


@njit(inline="always", fastmath={"contract"}, error_model="numpy")
def _cornish_fisher(mean, v, k3, k4, k5, k6, w):
    s2 = v - 1.0 / 12
    s = math.sqrt(s2)
    i2 = 1.0 / s2
    i1 = s * i2
    g1, g2 = k3 * i2 * i1, (k4 + 1.0 / 120) * i2 * i2
    g3, g4 = k5 * i2 * i2 * i1, (k6 - 1.0 / 252) * i2 * i2 * i2
    w2, g11 = w * w, g1 * g1
    first = g1 * ((w2 - 1.0) * (1.0 / 6))
    second = w * (g2 * (w2 - 3.0) * (1.0 / 24) - g11 * (2.0 * w2 - 5.0) * (1.0 / 36))
    third = (
        g3 * ((w2 - 6.0) * w2 + 3.0) * (1.0 / 120)
        - g1 * g2 * ((w2 - 5.0) * w2 + 2.0) * (1.0 / 24)
        + g11 * g1 * ((12.0 * w2 - 53.0) * w2 + 17.0) * (1.0 / 324)
    )
    fourth = w * (
        g4 * ((w2 - 10.0) * w2 + 15.0) * (1.0 / 720)
        - g2 * g2 * ((3.0 * w2 - 24.0) * w2 + 29.0) * (1.0 / 384)
        - g1 * g3 * ((2.0 * w2 - 17.0) * w2 + 21.0) * (1.0 / 180)
        + g11 * g2 * ((14.0 * w2 - 103.0) * w2 + 107.0) * (1.0 / 288)
        - g11 * g11 * ((252.0 * w2 - 1688.0) * w2 + 1511.0) * (1.0 / 7776)
    )
    margin = (0.016 + 0.0048 * w2 * w2 * w2) * i2 * i2 + 1e-10 + 1e-15 * mean
    return mean + 0.5 + s * (w + (first + (second + (third + fourth)))), margin


@njit(error_model="numpy")
def exact_binomial(n, p, w, near):
    """Return the smallest k with Pr(Bin(n, p) <= k) >= Phi(w), looked for from `near` on."""
    k = max(np.int64(0), min(np.int64(n), near))
    odds = p / (1.0 - p)
    return _search(k, np.int64(n), math.exp(_log_binomial(n, p, k)), -odds, (n + 1.0) * odds, w)


@njit(error_model="numpy")
def exact_poisson(mean, w, near):
    """Return the smallest k with Pr(Poisson(mean) <= k) >= Phi(w), looked for from `near` on."""
    k = max(np.int64(0), near)
    return _search(k, np.int64(2**62), math.exp(_log_poisson(mean, k)), 0.0, mean, w)


@njit(error_model="numpy")
def _search(k, top, f, a, b, w):
    """Move k until the tail on the side of w, summed by f(k) = f(k-1) (a + b/k), is what Phi(w) asks for."""
    target = 0.5 * math.erfc(abs(w) * 0.7071067811865476)
    if w < 0:
        tail = _tail_below(k, f, a, b)
        while k > 0 and tail - f >= target:
            tail -= f
            f /= a + b / k
            k -= 1
        while tail < target and k < top:
            k += 1
            f *= a + b / k
            tail += f
        return k
    tail = _tail_above(k, top, f, a, b)  # Pr(X >= k)
    while k > 0 and tail <= target:
        f /= a + b / k
        k -= 1
        tail += f
    while tail - f > target and k < top:
        tail -= f
        k += 1
        f *= a + b / k
    return k


@njit(error_model="numpy")
def _tail_below(k, f, a, b):
    total, term, least = 0.0, f, NEGLIGIBLE * f
    while term > least and k >= 0:
        total += term
        if k > 0:
            term /= a + b / k
        k -= 1
    return total


@njit(error_model="numpy")
def _tail_above(k, top, f, a, b):
    total, term, least = 0.0, f, NEGLIGIBLE * f
    while term > least and k <= top:
        total += term
        k += 1
        term *= a + b / k
    return total


@njit(error_model="numpy")
def _log_binomial(n, p, k):
    """Log probability in Loader's (2000) saddle-point form."""
    if k == 0:
        return n * math.log1p(-p)
    if k == n:
        return n * math.log(p)
    x, y = float(k), float(n - k)
    away = _deviance(x, n * p) + _deviance(y, n * (1.0 - p))
    return _stirling(float(n)) - _stirling(x) - _stirling(y) - away + 0.5 * math.log(n / (2.0 * math.pi * x * y))


@njit(error_model="numpy")
def _log_poisson(mean, k):
    if k == 0:
        return -mean
    x = float(k)
    return -_stirling(x) - _deviance(x, mean) - 0.5 * math.log(2.0 * math.pi * x)


@njit(error_model="numpy")
def _deviance(x, mean):
    """X ln(x/mean) + mean - x, by a series where x is close to the mean."""
    v = (x - mean) / (x + mean)
    if abs(v) > 0.1:
        return x * math.log(x / mean) + mean - x
    total, term = (x - mean) * v, 2.0 * x * v
    for j in range(3, 200, 2):
        term *= v * v
        more = total + term / j
        if more == total:
            break
        total = more
    return total


@njit(error_model="numpy")
def _stirling(x):
    """Ln x! minus Stirling's approximation."""
    if x < 16.0:
        return math.lgamma(x + 1.0) - (x + 0.5) * math.log(x) + x - 0.9189385332046727
    x2 = x * x
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / x2) / x2) / x2) / x
