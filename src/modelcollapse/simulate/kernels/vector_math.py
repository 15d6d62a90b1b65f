"""Logarithm, exponential, sine and cosine without branches or calls, so that loops become vector instructions.

Each is good to a few units in the last place on its stated range; the tests measure it. Integers become doubles, and
doubles integers, by their bits beside those of a large double: conversions of 64-bit integers are no vector
instructions on most processors.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from modelcollapse.simulate.kernels.philox import U

LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
SQRT_HALF_BITS = U(0x3FE6A09E667F3BCD)
ONE_BITS, BIAS = U(0x3FF0000000000000), U(1023)
LARGE, LARGE_BITS = 4503599627370496.0, U(0x4330000000000000)  # 2^52: its low bits count units
CENTER = 6755399441055744.0  # 1.5 x 2^52: for negative numbers as well


@intrinsic
def bits_of(typingctx, value):  # noqa: ARG001
    """The bits of a double as uint64."""
    return types.uint64(types.float64), lambda _c, b, _s, args: b.bitcast(args[0], ir.IntType(64))


@intrinsic
def double_of(typingctx, bits):  # noqa: ARG001
    """The double that has these bits."""
    return types.float64(types.uint64), lambda _c, b, _s, args: b.bitcast(args[0], ir.DoubleType())


@njit(inline="always", error_model="numpy")
def unit(word):
    """Return a double strictly between 0 and 1 from the upper 52 bits of a word: (bits + 1/2) / 2^52."""
    return (double_of((word >> U(12)) | ONE_BITS) - 1.0) + 1.1102230246251565e-16


@njit(fastmath={"contract"}, inline="always", error_model="numpy")
def vector_log(x):
    """Natural logarithm of a positive normal double: 2 artanh((m - 1)/(m + 1)) of the mantissa m in [.7, 1.41]."""
    bits = bits_of(x)
    biased = (bits - SQRT_HALF_BITS + ONE_BITS) >> U(52)
    m = double_of(bits - ((biased - BIAS) << U(52)))
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 2.0 / 21
    p = p * z + 2.0 / 19
    p = p * z + 2.0 / 17
    p = p * z + 2.0 / 15
    p = p * z + 2.0 / 13
    p = p * z + 2.0 / 11
    p = p * z + 2.0 / 9
    p = p * z + 2.0 / 7
    p = p * z + 2.0 / 5
    p = p * z + 2.0 / 3
    e = double_of(biased | LARGE_BITS) - (LARGE + 1023.0)
    return e * LN2_HIGH + (e * LN2_LOW + (2.0 * s + s * z * p))


@njit(fastmath={"contract"}, inline="always", error_model="numpy")
def vector_exp(x):
    """Exponential, |x| < 700."""
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    return (p * r * r + r + 1.0) * double_of((bits_of(k + CENTER) + BIAS) << U(52))


@njit(fastmath={"contract"}, inline="always", error_model="numpy")
def turn(u):
    """Sine and cosine of 2 pi u, u in [0, 1): minimax polynomials on the quarter turn around zero."""
    t = u * 4.0
    nearest = np.floor(t + 0.5)
    quarter = bits_of(nearest + LARGE)
    r = (t - nearest) * 1.5707963267948966
    z = r * r
    s = 1.5896230157654656e-10
    s = s * z - 2.5050747762857807e-8
    s = s * z + 2.7557313621385722e-6
    s = s * z - 1.9841269829582893e-4
    s = s * z + 8.3333333333221182e-3
    s = s * z - 1.6666666666666630e-1
    sine = r + r * z * s
    c = -1.1358536521387682e-11
    c = c * z + 2.0875699840838020e-9
    c = c * z - 2.7557314297177590e-7
    c = c * z + 2.4801587288851704e-5
    c = c * z - 1.3888888888873056e-3
    c = c * z + 4.1666666666665931e-2
    cosine = 1.0 - 0.5 * z + z * z * c
    odd = (quarter & U(1)) == U(1)
    first = cosine if odd else sine
    second = sine if odd else cosine
    sign = (quarter & U(2)) << U(62)
    other = ((quarter + U(1)) & U(2)) << U(62)
    return double_of(bits_of(first) ^ sign), double_of(bits_of(second) ^ other)


@njit(fastmath={"contract"}, inline="always", error_model="numpy")
def normal_pair(word_0, word_1):
    """Two standard normal numbers from two random words (Box and Muller, 1958)."""
    radius = math.sqrt(-2.0 * vector_log(unit(word_0)))
    sine, cosine = turn(double_of((word_1 >> U(12)) | ONE_BITS) - 1.0)
    return radius * sine, radius * cosine
