"""One generation of many Gaussian recursions in one dimension: means and scales, from counters.

The estimates of n draws are drawn themselves: the mean from its normal law, the sum of squares from its chi-square law,
twice a gamma variable (Marsaglia & Tsang 2000). Their quick test accepts nine replicates in ten or more without a
logarithm; the others are gathered and decided by the exact test.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import math

from numba import njit

from modelcollapse.simulate.kernels.philox import U, philox
from modelcollapse.simulate.kernels.vector_math import LARGE, LARGE_BITS, double_of, normal_pair, unit, vector_log

ATTEMPT = U(1 << 40)  # uses of one generation: the number of the attempt stands above it
UNIFORM = U(1 << 39)
SQUEEZE = 0.0331
LOW_12 = U(4095)
COARSE = 1.0 / 16777216.0  # 2^-24


@njit(cache=True, nogil=True, error_model="numpy")
def generation(scale, mean, n, ddof, spread, number, key, gamma, normal, proposal, pending):
    """Replace means and scales of a block by those of generation `number`; the last four arrays are work space.

    `spread` is what a sampler multiplies the scale of draws with. Replicate i has counter i.
    """
    gammas(0.5 * (n - 1.0), U(number), key, gamma, normal, proposal, pending)
    _update(scale, mean, gamma, normal, 2.0 / (n - ddof), spread, 1.0 / math.sqrt(n))


@njit(nogil=True, error_model="numpy")
def gammas(shape, use, key, gamma, normal, proposal, pending):
    """Fill with gamma variables of a shape of at least 1, and with independent normal numbers."""
    _propose(shape, use, key, gamma, normal, proposal)
    left = U(0)
    for i in range(len(gamma)):
        pending[left] = U(i)
        proposal[left] = proposal[i]
        left += U(1) if gamma[i] < 0.0 else U(0)
    attempt = U(0)
    while left > U(0):
        _decide(shape, use | attempt * ATTEMPT, key, proposal, pending, left)
        left = _settle(gamma, proposal, pending, left)
        attempt += U(1)
        _propose_again(use | attempt * ATTEMPT, key, proposal, pending, left)


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _propose(shape, use, key, gamma, normal, proposal):
    """Accept what the quick test accepts whatever the uniform number's further digits are; mark others by -1.

    The bits that the normal numbers do not need are the first 24 of the uniform number.
    """
    d = shape - 1.0 / 3
    c = 1.0 / math.sqrt(9.0 * d)
    for i in range(len(gamma)):
        a, b = philox(U(i), use, key)
        x, spare = normal_pair(a, b)
        coarse = (double_of(((a & LOW_12) << U(12)) | (b & LOW_12) | LARGE_BITS) - LARGE) * COARSE
        t = 1.0 + c * x
        x2 = x * x
        accepted = (coarse + COARSE < 1.0 - SQUEEZE * x2 * x2) & (t > 0.0)
        gamma[i] = d * (t * t * t) if accepted else -1.0
        normal[i] = spare
        proposal[i] = x


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _decide(shape, use, key, proposal, pending, left):
    """Make the exact test: replace each proposal by its gamma variable, or by -1 if it is rejected."""
    d = shape - 1.0 / 3
    c = 1.0 / math.sqrt(9.0 * d)
    for j in range(left):
        a, b = philox(pending[j], use, key)
        coarse = (double_of(((a & LOW_12) << U(12)) | (b & LOW_12) | LARGE_BITS) - LARGE) * COARSE
        u = coarse + COARSE * unit(philox(pending[j], use | UNIFORM, key)[0])
        x = proposal[j]
        t = 1.0 + c * x
        root = max(t, 1e-300)
        v = root * root * root
        accepted = (vector_log(u) < 0.5 * x * x + d * (1.0 - v + 3.0 * vector_log(root))) & (t > 0.0)
        proposal[j] = d * v if accepted else -1.0


@njit(nogil=True, error_model="numpy")
def _settle(gamma, proposal, pending, left):
    """Put what was accepted in its place, gather what was rejected in front, and return how many that are."""
    rejected = U(0)
    for j in range(left):
        i = pending[j]
        gamma[i] = proposal[j]
        pending[rejected] = i
        rejected += U(1) if proposal[j] < 0.0 else U(0)
    return rejected


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _propose_again(use, key, proposal, pending, left):
    for j in range(left):
        a, b = philox(pending[j], use, key)
        proposal[j] = normal_pair(a, b)[0]


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _update(scale, mean, gamma, normal, factor, spread, inverse_root):
    for i in range(len(mean)):
        drawn = scale[i] * spread
        mean[i] += inverse_root * normal[i] * drawn
        scale[i] = drawn * math.sqrt(gamma[i] * factor)
