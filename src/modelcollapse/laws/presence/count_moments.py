"""Moments of a binomial count as polynomials in the number of draws, whatever that number.

References
----------
A. Stuart, J. K. Ord (1994), Kendall's Advanced Theory of Statistics 1, for moments by cumulants.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.backward_operator import cumulant_polynomials

Floats = NDArray[np.float64]


def moment_polynomials(x: Floats, order: int, least: int = 2) -> Floats:
    """Return the coefficients, in n, of moments of Binomial(n, x) that leave out the cumulants below one order.

    Without the mean (2) these are the central moments. Without mean and variance (3) they are what the Hermite
    polynomials of (Y - n x)/sd have as their expectations, times sd^j: small where the law is nearly normal, and
    computed without a difference.

    Parameters
    ----------
    x : array
        Probabilities.
    order : int
        Of the highest moment.
    least : int
        Of the lowest cumulant that counts.

    Returns
    -------
    array, shape (order + 1, power, *x.shape)
        Moment j is the sum over l of [j, l] times n^l.

    Examples
    --------
    >>> moment_polynomials(np.array(0.5), 4)[4]  # 3 (n/4)^2 - n/8
    array([ 0.    , -0.125 ,  0.1875])
    """
    cumulants = _cumulants(x, order)
    moments = np.zeros((order + 1, order // least + 1, *x.shape))
    moments[0, 0] = 1.0
    for j in range(least, order + 1):
        for i in range(least, j + 1):
            moments[j, 1:] += math.comb(j - 1, i - 1) * cumulants[i] * moments[j - i, :-1]
    return moments


def _cumulants(x: Floats, order: int) -> list[Floats]:
    """Of one draw; the mirrored law is used above 1/2, where the polynomials would cancel."""
    mirrored = x > 0.5
    p = np.where(mirrored, 1.0 - x, x)
    values = [np.polynomial.polynomial.polyval(p, polynomial) for polynomial in cumulant_polynomials(order)]
    return [np.where(mirrored & (j % 2 == 1), -value, value) for j, value in enumerate(values)]
