"""Differences of the logarithm of the gamma function that keep their digits at any size of the argument.

The logarithm of the scale of a fitted model is a sum of logarithms of gamma variables. For a sample of 10^12 one such
step is 10^-12 wide, while ln Gamma(10^12) is 10^13: subtracting two of them leaves nothing. Here differences are
formed inside Stirling's series, where every term is a difference already.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # float64 or complex128

# Stirling's series is used from here on; smaller arguments are brought up by the recurrence.
_LARGE = 10.0

# B_{2m} / (2m (2m - 1)), m = 1, 2, ...: ln Gamma(x) = (x - 1/2) ln x - x + ln(2 pi)/2 + sum of c_m x^{1 - 2m}.
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400, 43867 / 244188)


def log1p(x: Numbers) -> Numbers:
    """Return ln(1 + x), real or complex, with the digits of a small x kept in both parts.

    Examples
    --------
    >>> import numpy as np
    >>> log1p(np.array([1e-20 + 2e-10j]))
    array([3.e-20+2.e-10j])
    """
    if not np.iscomplexobj(x):
        return np.log1p(x)
    out = np.empty(x.shape, dtype=np.complex128)
    out.real = 0.5 * np.log1p(x.real * (2.0 + x.real) + x.imag * x.imag)
    out.imag = np.arctan2(x.imag, 1.0 + x.real)
    if (beside := x.real < -0.5).any():  # next to -1 the squares would cancel
        out.real[beside] = np.log(np.abs(1.0 + x[beside]))
    return out


def log1p_minus(x: Numbers) -> Numbers:
    """Return ln(1 + x) - x, real or complex, with full relative accuracy for small x.

    Examples
    --------
    >>> import numpy as np
    >>> log1p_minus(np.array([1e-9, 1.0]))
    array([-5.00000000e-19, -3.06852819e-01])
    """
    small = np.abs(x) < 0.25
    if small.all():
        return _log1p_minus_series(x)
    direct = log1p(x) - x
    if not small.any():
        return direct
    return np.where(small, _log1p_minus_series(np.where(small, x, 0.0)), direct)


def log_gamma_change(a: Floats, z: Numbers) -> Numbers:
    """Return ln Gamma(a + z) - ln Gamma(a) - z ln a.

    Parameters
    ----------
    a : array
        Positive; its shape is that of the last axes of `z`, or it has no axes.
    z : array
        Real with a + z > 0, or complex, away from the poles a + z = 0, -1, -2, ...

    Returns
    -------
    array, the shape of z
        Relative accuracy about 1e-15 for real z, except near its own zeros (0, and one near 1, for large a), where
        that is relative to z/a. The imaginary part is continuous up to 135 degrees from a + z > 0.

    Examples
    --------
    >>> import numpy as np
    >>> log_gamma_change(np.array(1e12), np.array([0.5, 2.0]))
    array([-1.25e-13,  1.00e-12])
    """
    near_poles = (z.real + a < _LARGE) & (np.abs(z.imag) < _LARGE)
    low = (a < _LARGE) | near_poles.any(axis=tuple(range(z.ndim - a.ndim)))
    if not low.any():
        return _stirling_change(a, z)
    if low.all():
        return _shifted_change(a, z)
    out = np.empty(z.shape, dtype=z.dtype)
    out[..., low] = _shifted_change(a[low], z[..., low])
    out[..., ~low] = _stirling_change(a[~low], z[..., ~low])
    return out


def digamma_excess(a: Floats) -> Floats:
    """Return psi(a) - ln a for a > 0, about -1/(2a), to a relative accuracy of about 1e-15.

    Examples
    --------
    >>> import numpy as np
    >>> digamma_excess(np.array([1.0, 1e12]))
    array([-5.77215665e-01, -5.00000000e-13])
    """
    a = np.asarray(a, dtype=np.float64)
    total = np.zeros(a.shape)
    for step in range(max(int(np.ceil(_LARGE - a.min(initial=_LARGE))), 0)):
        b = a + step
        total += np.where(b < _LARGE, log1p_minus(1.0 / b), 0.0)
    b = np.where(a < _LARGE, a + np.ceil(_LARGE - a), a)
    series = np.zeros(a.shape)
    for m in range(len(_STIRLING), 0, -1):
        series = (series - (2 * m - 1) * _STIRLING[m - 1]) / (b * b)
    return total + series - 0.5 / b


def polygamma(order: int, a: Floats) -> Floats:
    """Return the derivative of psi of an order of at least 1, for a > 0.

    Relative accuracy about 1e-15 up to the third order, 1e-14 at the fourth.

    Examples
    --------
    >>> import numpy as np
    >>> polygamma(1, np.array([1.0, 1e12]))
    array([1.64493407e+00, 1.00000000e-12])
    """
    a = np.asarray(a, dtype=np.float64)
    total, b = np.zeros(a.shape), np.maximum(a, 1e-100)  # whose powers are finite
    while (low := b < _LARGE).any():
        total += np.where(low, b ** -(order + 1.0), 0.0)
        b = np.where(low, b + 1.0, b)
    inverse = 1.0 / b
    square, series = inverse * inverse, np.zeros(a.shape)
    for m in range(len(_STIRLING), 0, -1):
        rising = factorial(order + 2 * m - 1) / (factorial(order) * factorial(2 * m - 2))
        series = series * square + _STIRLING[m - 1] * rising
    series = inverse**order * (1.0 / order + inverse * (0.5 + inverse * series))
    return np.asarray((-1.0) ** (order + 1) * factorial(order) * (total + series))


def _log1p_minus_series(x: Numbers) -> Numbers:
    """From ln(1 + x) = 2 artanh r with r = x / (2 + x), for |x| < 1/4."""
    r = x / (2.0 + x)
    square = r * r
    series = np.full_like(square, 1.0 / 21.0)
    for odd in range(19, 1, -2):
        series = series * square + 1.0 / odd
    return r * (2.0 * square * series - x)


def _log1p_and_entropy(x: Numbers) -> tuple[Numbers, Numbers]:
    """Return ln(1 + x) and (1 + x) ln(1 + x) - x, which is about x^2/2 for small x."""
    small = np.abs(x) < 0.25
    if small.all():
        curved = _log1p_minus_series(x)
        return curved + x, (1.0 + x) * curved + x * x
    logarithm = log1p(x)
    entropy = (1.0 + x) * logarithm - x
    if small.any():
        near_log, near_entropy = _log1p_and_entropy(np.where(small, x, 0.0))
        logarithm, entropy = np.where(small, near_log, logarithm), np.where(small, near_entropy, entropy)
    return logarithm, entropy


def _stirling_change(a: Floats, z: Numbers) -> Numbers:
    """`log_gamma_change` for large a: each part of Stirling's formula as a difference of its own."""
    d = z / a
    logarithm, entropy = _log1p_and_entropy(d)
    change = a * entropy - 0.5 * logarithm
    shrink = 1.0 / (1.0 + d)
    less = -d * shrink  # shrink - 1
    square, square_less = shrink * shrink, less * (2.0 + less)
    weight = 1.0 / a
    terms = np.count_nonzero(np.abs(_STIRLING) * np.min(a) ** (-2.0 * np.arange(len(_STIRLING))) > 1e-17)
    for coefficient in _STIRLING[: max(int(terms), 1)]:
        change += (coefficient * weight) * less
        weight = weight / (a * a)
        less = square * less + square_less
    return change


def _shifted_change(a: Floats, z: Numbers) -> Numbers:
    """`log_gamma_change` for small a, from a + N by the recurrence; factors are taken in pairs."""
    least = min(np.min(a), max(np.min(a + z.real), -2.0 * _LARGE))
    steps = 2 * max(int(np.ceil((_LARGE - least) / 2.0)), 0)
    change = _stirling_change(a + steps, z) + z * np.log1p(steps / a)
    for step in range(0, steps, 2):
        one, two = a + step, a + step + 1
        pair = z / one * (1.0 + z / two) + z / two
        if (beside := pair.real < -0.5).any():  # next to a pole the sums have digits that the quotients have not
            # and one logarithm for each, as that of their product may be off by 2 pi i.
            near = np.log(np.where(beside, (one + z) / one, 1.0)) + np.log(np.where(beside, (two + z) / two, 1.0))
            factor = np.where(beside, near, log1p(np.where(beside, 0.0, pair)))
        else:
            factor = log1p(pair)
        change -= factor
    return change
