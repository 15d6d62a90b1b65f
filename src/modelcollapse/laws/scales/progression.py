"""Sums of a smooth function along an arithmetic progression by a few of its terms.

A Gaussian of dimension d is a sum over d gamma variables whose shapes lie 1/2 apart. As the integral of a smooth
function needs few points by Gauss's rule, so does its sum over N whole numbers: the orthogonal polynomials are those of
Chebyshev for a discrete variable. The functions here, ln Gamma and its derivatives, are singular at 0 and to the left;
stretches that quadruple the distance from 0 make the rule converge like 3^{-2m} on each of them, whatever their length.

References
----------
W. Gautschi (2004), Orthogonal Polynomials, 1.5.2, for the recurrence.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NODES = 16  # 3^-32 is 5e-16
_RATIO = 4


def graded_rule(least: float, spacing: float, count: int) -> tuple[Floats, Floats]:
    """Return places and weights that sum functions over least, least + spacing, ..., as `count` terms do.

    Parameters
    ----------
    least : float
        The first term, positive: the distance from the singularity.
    spacing : float
        Between two terms, positive.
    count : int
        How many terms, at least 1.

    Returns
    -------
    tuple of array
        Places as numbers of spacings from the first term, not whole in general, and positive weights.

    Examples
    --------
    The harmonic number of 10^6 from less than 200 terms:

    >>> places, weights = graded_rule(1.0, 1.0, 10**6)
    >>> len(places) < 200, round(float(weights @ (1.0 / (1.0 + places))), 12)
    (True, 14.392726722866)
    """
    # The rule depends on powers of two only, so that few are ever built.
    first_end = int(3.0 * 2.0 ** min(math.floor(math.log2(least / spacing)), 40)) if least > spacing else 0
    return _rule(min(first_end, count), count)


@lru_cache(maxsize=256)
def _rule(first_end: int, count: int) -> tuple[Floats, Floats]:
    """The first stretch holds so many terms, rounded up to what needs no rule; each further one quadruples the end."""
    places, weights, start, end = [], [], 0, max(first_end, _NODES)
    while start < count:
        stop = min(end, count)
        place, weight = _stretch(stop - start)
        places.append(start + place)
        weights.append(weight)
        start, end = stop, _RATIO * end
    return np.concatenate(places), np.concatenate(weights)


def _stretch(count: int) -> tuple[Floats, Floats]:
    """Gauss's rule for the sum over 0, ..., count - 1; the terms themselves where they are few."""
    if count <= _NODES:
        return np.arange(float(count)), np.ones(count)
    k = np.arange(1.0, _NODES)
    beside = 0.5 * k * np.sqrt((float(count) ** 2 - k * k) / (4.0 * k * k - 1.0))
    nodes, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    # Symmetric by nature; made so to the last digit, linear functions lose none.
    nodes, weights = 0.5 * (nodes - nodes[::-1]), vectors[0] ** 2 + vectors[0, ::-1] ** 2
    return nodes + 0.5 * (count - 1), weights * (count / weights.sum())
