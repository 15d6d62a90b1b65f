"""The search for other maxima of a mixture's likelihood, one sample at a time: what the vector loops could not settle.

The plain route, with the reasons, is `modelcollapse.families.mixture_likelihood`; the names are the same. Samples are
columns of `y`, absolute values with mean square 1.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import math

import numpy as np
from numba import njit

STEPS = 200
SETTLED = 1e-13
SEPARATED = 100.0
NARROW = 1e-9
EVEN = 1e-13
OPEN = 256  # intervals that wait at once; halving to the narrowest takes 40


@njit(inline="always", error_model="numpy")
def phi_of(q, z, tanh):
    """Return phi(q) and its derivative, z being the root of q and `tanh` its hyperbolic tangent; without branches.

    Up to 1 the continued fraction 3 + q + q/(5 + q/(7 + ... q/17)) as one fraction.
    """
    s = min(q, 1.0)
    upper = 11486475.0 + s * (810810.0 + s * (12870.0 + s * 44.0))
    inverse = 1.0 / (34459425.0 + s * (16216200.0 + s * (945945.0 + s * (13860.0 + s * 45.0))))
    small = upper * inverse
    lower_slope = 16216200.0 + s * (1891890.0 + s * (41580.0 + s * 180.0))
    small_slope = (810810.0 + s * (25740.0 + s * 132.0) - small * lower_slope) * inverse
    inverse = 1.0 / max(q, 1.0)
    ratio = tanh * max(z, 1.0) * inverse
    large = (1.0 - ratio) * inverse
    large_slope = (ratio * ratio - 3.0 * large) * (0.5 * inverse)
    return (small if q < 1.0 else large), (small_slope if q < 1.0 else large_slope)


@njit(inline="always", error_model="numpy")
def inverse_variance(b):
    """Return w = 1 / scale^2 of the best scale for b."""
    return 0.5 + math.sqrt(0.25 + b * b) if b < 1e150 else b


@njit(inline="always", error_model="numpy")
def tangent_down(b, h, slope):
    """Return where the tangent of h meets w^2 to the left; 0 if nowhere."""
    lift = h - slope * b * b
    under = max(slope * slope + 4.0 * (1.0 - slope) * lift, 0.0)
    w = 2.0 * lift / (slope + math.sqrt(under))
    return math.sqrt(max(w * (w - 1.0), 0.0))


@njit(inline="always", error_model="numpy")
def mean_step(lack):
    """Return the b whose mean is 1 - lack."""
    return (1.0 - lack) / max(lack * (2.0 - lack), 1e-300)


@njit(inline="always", error_model="numpy")
def chord_of_h(b0, h0, b1, h1):
    """Whether the chord of h is above w^2 between b0 and b1."""
    w0, w1, x0, x1 = inverse_variance(b0), inverse_variance(b1), b0 * b0, b1 * b1
    first, second = max(h0 - x0 - w0, 0.0), max(h1 - x1 - w1, 0.0)
    slope = (second + w1 - first - w0) / max(x1 - x0, 1e-300)
    touching = 0.5 + 0.5 / max(slope, 1e-300)
    inside = (touching > w0) & (touching < w1) & (slope > 0.0)
    room = first + w0 + slope * (touching * (touching - 1.0) - x0) - touching
    return ((not inside) | (room >= 0.0)) & (b1 < SEPARATED)


@njit(inline="always", error_model="numpy")
def chord_of_s(b0, lack0, b1, lack1):
    """Whether the chord of S is above the mean between b0 and b1."""
    w0, w1 = inverse_variance(b0), inverse_variance(b1)
    m0, m1 = 1.0 / (w0 + b0), 1.0 / (w1 + b1)
    first, second, width = max(m0 - lack0, 0.0), max(m1 - lack1, 0.0), max(b1 - b0, 1e-300)
    chord = (m0 - first - m1 + second) / width
    rise = 1.0 / (w0 * (2.0 * w0 - 1.0)) - chord
    fall = chord - 1.0 / (w1 * (2.0 * w1 - 1.0))
    return (rise <= 0.0) | (fall <= 0.0) | (first * fall + second * rise >= rise * fall * width)


@njit(nogil=True, error_model="numpy")
def height(y, column, a, variance, b):
    """Return h, its slope, and 1 - S at b, for one column; `a` and `variance` are of the absolute values."""
    n = y.shape[0]
    bent, falls, missing = 0.0, 0.0, 0.0
    for j in range(n):
        v = y[j, column]
        z = b * v
        e = math.exp(-2.0 * z)
        phi, slope = phi_of(z * z, z, (1.0 - e) / (1.0 + e))
        square = v * v
        bent += square * square * phi
        falls += square * square * square * slope
        missing += v * (2.0 * e / (1.0 + e))
    h = n / bent
    return h, -falls * h * h / n, variance / (1.0 + a) + missing / n


@njit(nogil=True, error_model="numpy")
def log_likelihood(y, column, a, variance, b):
    """Return the log likelihood per datum at b and its best scale, less a constant."""
    w, rest = inverse_variance(b), 0.0
    for j in range(y.shape[0]):
        rest += math.log1p(math.exp(-2.0 * b * y[j, column]))
    apart = b * (variance / (1.0 + a)) + 0.25 / (w - 0.5 + b)
    return 0.5 * math.log(w) - apart + rest / y.shape[0] - math.log(2.0)


@njit(nogil=True, error_model="numpy")
def descend(y, column, a, variance, b):
    """Return the largest root below b, where the likelihood falls; 0 if there is none."""
    for _ in range(STEPS):
        h, slope, lack = height(y, column, a, variance, b)
        after = mean_step(lack)
        if b < SEPARATED:
            after = min(after, tangent_down(b, h, slope))
        if after <= 0.0:
            return 0.0
        if not after < b * (1.0 - SETTLED):
            return min(after, b)
        b = after
    return b


@njit(nogil=True, error_model="numpy")
def ascend(y, column, a, variance, b):
    """Return the smallest root above b, where the likelihood falls; it must exist."""
    for _ in range(STEPS):
        h, slope, _ = height(y, column, a, variance, b)
        if slope <= 1.0:
            return b
        lift = h - slope * b * b
        under = max(slope * slope + 4.0 * (1.0 - slope) * lift, 0.0)
        w = (slope + math.sqrt(under)) / (2.0 * (slope - 1.0))
        after = math.sqrt(max(w * (w - 1.0), 0.0))
        if not after > b * (1.0 + SETTLED):
            return b
        b = after
    return b


@njit(inline="always", error_model="numpy")
def between(low, high, least):
    """Return where to split an interval, `least` being the least of the data.

    Where all terms of S are nearly complete, so that one chord reaches up from there; or the middle, or where the ends
    are far apart the middle of their logarithms.
    """
    complete = (0.5 + 0.5 * math.log(4.0 * high)) / max(least, 0.2)
    if 1.2 * low < complete < 0.6 * high:
        return complete
    start = max(low, 1.0)
    return math.sqrt(start * high) if high > 4.0 * start else 0.5 * (low + high)


@njit(nogil=True, error_model="numpy")
def highest(y, column, a, variance, b):
    """Return where the likelihood is highest, b being its largest root, and above 0."""
    best, top = b, log_likelihood(y, column, a, variance, b)
    low = 0.0
    h, _, lack = height(y, column, a, variance, 0.0)
    if h <= 1.0:
        if log_likelihood(y, column, a, variance, 0.0) > top:
            best, top = 0.0, log_likelihood(y, column, a, variance, 0.0)
        low = min(ascend(y, column, a, variance, 0.0), b)
        h, _, lack = height(y, column, a, variance, low)
    high_h, _, high_lack = height(y, column, a, variance, b)
    least = 1.0
    for j in range(y.shape[0]):
        least = min(least, y[j, column])
    waiting = np.empty((OPEN, 6))
    waiting[0] = (low, h, lack, b, high_h, high_lack)
    left = 1
    while left > 0:
        left -= 1
        b0, h0, lack0, b1, h1, lack1 = waiting[left]
        if b1 - b0 <= NARROW * b1 or chord_of_h(b0, h0, b1, h1) or chord_of_s(b0, lack0, b1, lack1):
            continue
        at = between(b0, b1, least)
        first, second = at, at
        h, _, lack = height(y, column, a, variance, at)
        w = inverse_variance(at)
        rises = h >= w * w * (1.0 - EVEN) if at < SEPARATED else lack <= 1.0 / (w + at)
        if not rises:
            first = max(descend(y, column, a, variance, at), b0)
            second = min(ascend(y, column, a, variance, at), b1)
            found = log_likelihood(y, column, a, variance, first)
            if found > top:
                best, top = first, found
        if left + 2 > OPEN:
            continue
        h, _, lack = height(y, column, a, variance, second)
        waiting[left] = (second, h, lack, b1, h1, lack1)
        h, _, lack = height(y, column, a, variance, first)
        waiting[left + 1] = (b0, h0, lack0, first, h, lack)
        left += 2
    return best
