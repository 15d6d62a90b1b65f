"""One generation of many recursions of a symmetric mixture: data from counters, joint maximum likelihood in lanes.

The plain route, with the reasons, is `modelcollapse.families.mixture_likelihood`. LANES replicates go through every
loop side by side; what their common loops cannot settle is left to the search for one sample. Data are drawn as
deviations from the mean, in units of the scale that they are drawn with: no digit is lost however small it is.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import math

import numpy as np
from numba import njit

from modelcollapse.simulate.kernels.mixture_search import (
    SEPARATED,
    between,
    chord_of_h,
    chord_of_s,
    descend,
    highest,
    inverse_variance,
    mean_step,
    phi_of,
    tangent_down,
)
from modelcollapse.simulate.kernels.philox import U, philox
from modelcollapse.simulate.kernels.vector_math import normal_pair, vector_exp

LANES = 32
LEVELS = 3  # steps towards 0 that all lanes take together before a sample is searched alone
ROUNDS = 30  # of all lanes together
FEW = 8  # one lane of so many may go on by itself
CLOSE = 1e-7  # relative change after which one more step is the last digit
FAR = 1e150


@njit(cache=True, nogil=True, error_model="numpy")
def generation(scale, mean, n, number, key, y, work):
    """Replace means and scales of a block by those of generation `number`, fitted to n data each.

    `y` has shape (n + 1, LANES) and `work` (9, LANES); both are overwritten. Replicate i has counter i.
    """
    for first in range(0, len(scale), LANES):
        count = min(LANES, len(scale) - first)
        _draw(scale, mean, n, U(number), key, first, count, y, work)
        _fit(n, y, work)
        _update(scale, mean, first, count, work)


@njit(cache=True, nogil=True, error_model="numpy")
def fit_columns(values, mean, y, work):
    """Return mean and scale fitted to columns of absolute values, for tests: `values` are deviations from `mean`."""
    n, columns = values.shape
    scales, means = np.ones(columns), mean.copy()
    for first in range(0, columns, LANES):
        count = min(LANES, columns - first)
        for lane in range(LANES):
            column = first + min(lane, count - 1)
            work[0, lane] = min(mean[column], FAR)
            for j in range(n):
                y[j, lane] = values[j, column]
        _fit(n, y, work)
        _update(scales, means, first, count, work)
    return means, scales


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _draw(scale, mean, n, use, key, first, count, y, work):
    """Fill y with absolute values less the mean, in units of the scale; row 0 of work is the mean in these units."""
    ratio = work[0]
    for lane in range(LANES):
        i = first + min(lane, count - 1)
        ratio[lane] = min(mean[i] / max(scale[i], 1e-300), FAR)
    for j in range(0, n, 2):
        one, other = y[j], y[j + 1]
        pair = use | (U(j) << U(32))
        for lane in range(LANES):
            a, b = philox(U(first + lane), pair, key)
            x, z = normal_pair(a, b)
            m = ratio[lane]
            one[lane] = x if x >= -m else -2.0 * m - x
            other[lane] = z if z >= -m else -2.0 * m - z


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _fit(n, y, work):
    """Standardise the data and find b.

    Of work, row 1 becomes the shift of the mean, 2 the spread, 3 b, 4 the average of y (1 - tanh(b y)), 5 the average
    of y, 6 its variance, 7 the root of the mean square.
    """
    _standardise(n, y, work)
    b, missing, a, variance = work[3], work[4], work[5], work[6]
    moving = np.empty(LANES)
    if _descend_lanes(n, y, work, moving) > 0:
        for lane in range(LANES):
            if moving[lane] >= CLOSE and b[lane] > 0.0:
                b[lane] = descend(y[:n], lane, a[lane], variance[lane], b[lane])
    _certify_lanes(n, y, work)
    _missing(n, y, b, missing)


@njit(nogil=True, error_model="numpy")
def _certify_lanes(n, y, work):
    """Show by chords that no root is below b, in a few common steps towards 0; search where these do not show it."""
    fourth, b, missing, a, variance, least = work[0], work[3], work[4], work[5], work[6], work[8]
    high, high_h, high_lack = b.copy(), np.empty(LANES), np.empty(LANES)
    at, bent, falls, pending = np.empty(LANES), np.empty(LANES), np.empty(LANES), np.ones(LANES, np.bool_)
    for lane in range(LANES):
        w = inverse_variance(b[lane])
        high_h[lane], high_lack[lane] = w * w, 1.0 / (w + b[lane])
        pending[lane] = b[lane] > 0.0
    for _ in range(LEVELS):
        left = 0
        for lane in range(LANES):
            h0 = 3.0 / fourth[lane]
            if pending[lane] and h0 > 1.0:
                reached = chord_of_h(0.0, h0, high[lane], high_h[lane])
                pending[lane] = not (reached or chord_of_s(0.0, 1.0, high[lane], high_lack[lane]))
            left += pending[lane]
            at[lane] = between(0.0, max(high[lane], 1e-300), least[lane])
        if left == 0:
            return
        _evaluate(n, y, at, bent, falls, missing)
        for lane in range(LANES):
            if pending[lane]:
                h, lack = 1.0 / bent[lane], variance[lane] / (1.0 + a[lane]) + missing[lane]
                if not _reaches(at[lane], h, lack, high[lane], high_h[lane], high_lack[lane]) or fourth[lane] >= 3.0:
                    b[lane] = highest(y[:n], lane, a[lane], variance[lane], b[lane])
                    pending[lane] = False
                high[lane], high_h[lane], high_lack[lane] = at[lane], h, lack
    for lane in range(LANES):
        if pending[lane]:
            b[lane] = highest(y[:n], lane, a[lane], variance[lane], b[lane])


@njit(nogil=True, error_model="numpy")
def _reaches(at, h, lack, high, high_h, high_lack):
    """Whether the likelihood rises at a place and, by a chord, from there up to the next."""
    w = inverse_variance(at)
    rises = h >= w * w if at < SEPARATED else lack <= 1.0 / (w + at)
    return rises and (chord_of_h(at, h, high, high_h) or chord_of_s(at, lack, high, high_lack))


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _standardise(n, y, work):
    """Make y absolute values of mean square 1."""
    ratio, shift, spread, b, a = work[0], work[1], work[2], work[3], work[5]
    variance, unit, least = work[6], work[7], work[8]
    inverse = 1.0 / n
    for lane in range(LANES):
        shift[lane] = 0.0
        spread[lane] = 0.0
        least[lane] = y[0, lane]
    for j in range(n):
        row = y[j]
        for lane in range(LANES):
            shift[lane] += row[lane]
            least[lane] = min(least[lane], row[lane])
    for lane in range(LANES):
        shift[lane] *= inverse
    for j in range(n):
        row = y[j]
        for lane in range(LANES):
            away = row[lane] - shift[lane]
            spread[lane] += away * away
    for lane in range(LANES):
        spread[lane] = math.sqrt(spread[lane] * inverse)
        centre = max(ratio[lane] + shift[lane], 0.0)
        unit[lane] = max(math.sqrt(centre * centre + spread[lane] * spread[lane]), 1e-300)
        a[lane] = centre / unit[lane]
        part = spread[lane] / unit[lane]
        variance[lane] = part * part
        b[lane] = a[lane] / max(variance[lane], 1e-300)
        least[lane] = max(ratio[lane] + least[lane], 0.0) / unit[lane]
        ratio[lane] = ratio[lane] / unit[lane]
    _scale_rows(n, y, ratio, unit)
    _fourth_moment(n, y, ratio)


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _scale_rows(n, y, ratio, unit):
    for j in range(n):
        row = y[j]
        for lane in range(LANES):
            row[lane] = max(ratio[lane] + row[lane] / unit[lane], 0.0)


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _fourth_moment(n, y, fourth):
    for lane in range(LANES):
        fourth[lane] = 0.0
    for j in range(n):
        row = y[j]
        for lane in range(LANES):
            square = row[lane] * row[lane]
            fourth[lane] += square * square
    for lane in range(LANES):
        fourth[lane] /= n


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _descend_lanes(n, y, work, moving):
    """Lead all lanes down to their largest roots by tangents, until few still move; return how many these are."""
    b, lack, a, variance = work[3], work[4], work[5], work[6]
    bent, falls = np.empty(LANES), np.empty(LANES)
    left = LANES
    for _ in range(ROUNDS):
        _evaluate(n, y, b, bent, falls, lack)
        for lane in range(LANES):
            at = b[lane]
            h = 1.0 / bent[lane]
            after = mean_step(variance[lane] / (1.0 + a[lane]) + lack[lane])
            tangent = tangent_down(min(at, SEPARATED), h, -falls[lane] * h * h)
            after = min(after, tangent if at < SEPARATED else after)
            after = max(min(after, at), 0.0)
            moving[lane] = (at - after) / max(at, 1e-300)
            b[lane] = after
        left = 0
        for lane in range(LANES):
            left += moving[lane] >= CLOSE and b[lane] > 0.0
        if left * FEW < LANES:
            return left
    return left


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _evaluate(n, y, b, bent, falls, missing):
    """Averages of y^4 phi(b^2 y^2), of y^6 times the derivative of phi there, and of y (1 - tanh(b y))."""
    for lane in range(LANES):
        bent[lane] = 0.0
        falls[lane] = 0.0
        missing[lane] = 0.0
    for j in range(n):
        row = y[j]
        for lane in range(LANES):
            v = row[lane]
            z = b[lane] * v
            e = vector_exp(max(-2.0 * z, -700.0)) if z < 350.0 else 0.0
            share = 1.0 / (1.0 + e)
            z = min(z, 1e50)
            phi, slope = phi_of(z * z, z, (1.0 - e) * share)
            square = v * v
            bent[lane] += square * square * phi
            falls[lane] += square * square * square * slope
            missing[lane] += v * (2.0 * e * share)
    inverse = 1.0 / n
    for lane in range(LANES):
        bent[lane] *= inverse
        falls[lane] *= inverse
        missing[lane] *= inverse


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _missing(n, y, b, missing):
    """The average of y (1 - tanh(b y))."""
    for lane in range(LANES):
        missing[lane] = 0.0
    for j in range(n):
        row = y[j]
        for lane in range(LANES):
            z = b[lane] * row[lane]
            e = vector_exp(max(-2.0 * z, -700.0)) if z < 350.0 else 0.0
            missing[lane] += row[lane] * (2.0 * e / (1.0 + e))
    for lane in range(LANES):
        missing[lane] /= n


@njit(nogil=True, error_model="numpy")
def _update(scale, mean, first, count, work):
    shift, spread, b, missing, a, unit = work[1], work[2], work[3], work[4], work[5], work[7]
    for lane in range(count):
        i = first + lane
        drawn = scale[i]
        excess = missing[lane] * (2.0 * a[lane] - missing[lane])
        scale[i] = drawn * math.sqrt(spread[lane] * spread[lane] + unit[lane] * unit[lane] * excess)
        part = b[lane] / inverse_variance(b[lane])
        change = shift[lane] + unit[lane] * (part - a[lane])
        mean[i] = drawn * unit[lane] * part if b[lane] < 1.0 else mean[i] + drawn * change
