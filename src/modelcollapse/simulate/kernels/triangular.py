"""One generation of many Gaussian recursions in several dimensions: products of triangular matrices.

The lower factor L of the covariance is the state. The factor of a Wishart matrix is drawn (Bartlett 1933): chi
variables on the diagonal, normal numbers below. The next factor is their product, and lower triangular again, so that
neither data nor a decomposition are needed. Replicates run along the last axis, so that loops over them become
vector instructions.
"""

# numba has no type stubs
# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, misc, call-arg, operator, var-annotated"

from __future__ import annotations

import math

from numba import njit

from modelcollapse.simulate.kernels.gaussian import gammas
from modelcollapse.simulate.kernels.philox import U, philox
from modelcollapse.simulate.kernels.vector_math import normal_pair

ROW = U(1 << 20)  # uses of one generation: the row of the Wishart factor stands above it


@njit(cache=True, nogil=True, error_model="numpy")
def generation(factor, mean, n, ddof, spread, number, key, wishart, normal, proposal, pending):
    """Replace factors, shape (d, d, replicate), and means, shape (d, replicate), by those of generation `number`.

    `spread` is what a sampler multiplies the factor of draws with; `wishart` is work space like `factor`, `normal` like
    `mean`, `proposal` and `pending` have shape (replicate,). Replicate i has counter i.
    """
    _bartlett(n, U(number), key, wishart, normal, proposal, pending)
    d = len(mean)
    for i in range(d):
        for j in range(i + 1):
            _multiply_add(mean[i], factor[i, j], normal[j], spread / math.sqrt(n))
    scale = spread / math.sqrt(n - ddof)
    for i in range(d):
        for j in range(i + 1):
            # Row i of the product needs the columns from j on of row i alone: in place, from the left.
            _product(factor[i], wishart, i, j, scale)


@njit(nogil=True, error_model="numpy")
def _bartlett(n, use, key, wishart, normal, proposal, pending):
    """Fill the lower triangle of the Wishart factor, and `normal` with the numbers that move the means."""
    d = len(normal)
    for i in range(d):
        row = use | (U(i) * ROW)
        gammas(0.5 * (n - 1.0 - i), row, key, wishart[i, i], normal[i], proposal, pending)
        _chi(wishart[i, i])
        for j in range(0, i, 2):
            _normals(row | (U(j + 2) << U(52)), key, wishart[i, j], wishart[i, min(j + 1, i - 1)], proposal, j + 1 < i)


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _chi(gamma):
    for r in range(len(gamma)):
        gamma[r] = math.sqrt(2.0 * gamma[r])


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _normals(use, key, first, second, spare, both):
    other = second if both else spare
    for r in range(len(first)):
        a, b = philox(U(r), use, key)
        x, y = normal_pair(a, b)
        first[r] = x
        other[r] = y


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _multiply_add(total, left, right, scale):
    for r in range(len(total)):
        total[r] += left[r] * right[r] * scale


@njit(nogil=True, fastmath={"contract"}, error_model="numpy")
def _product(row, wishart, i, j, scale):
    """Entry (i, j) of factor times Wishart factor, times a scale."""
    target = row[j]
    diagonal = wishart[j, j]
    for r in range(len(target)):
        target[r] *= diagonal[r]
    for k in range(j + 1, i + 1):
        left, right = row[k], wishart[k, j]
        for r in range(len(target)):
            target[r] += left[r] * right[r]
    for r in range(len(target)):
        target[r] *= scale
