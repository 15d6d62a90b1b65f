"""Sums over many different sample sizes, of functions that are smooth in the sample size, by few of them.

Cumulant generating functions of log-scales are smooth in the sample size n, with their singularities to the left of the
smallest n that takes part: that is where their strip ends. So sample sizes are put into groups whose distance from the
smallest doubles. On each, a function of n is the polynomial through two dozen sizes of the group (its error falls like
5.8^-p), and a sum over the group is a weighted sum over those.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_POINTS = 24
_ALIKE = 1.1  # rows whose smallest sizes lie within this factor are condensed together


def condensed(sizes: Floats, repeats: NDArray[Any]) -> Floats:
    """Return other weights, most of them 0, with which sums over sample sizes of smooth functions are the same.

    Parameters
    ----------
    sizes : array, shape (size,)
        Different sample sizes, ascending.
    repeats : array, shape (row, size)
        How often each occurs; in every row at least all that do in the row before.

    Returns
    -------
    array, shape (row, size)
        Weights, possibly negative; 0 for sizes below the smallest that occurs in the row.

    Examples
    --------
    Sums of 1/n over up to 1,000 sizes, from fewer terms:

    >>> sizes = np.arange(100.0, 1100.0)
    >>> repeats = np.tri(1000)[[499, 999]]
    >>> weights = condensed(sizes, repeats)
    >>> print(np.count_nonzero(weights, axis=1), (weights @ (1 / sizes)).round(12), (repeats @ (1 / sizes)).round(12))
    """
    result = repeats.astype(np.float64)
    least = (repeats > 0).argmax(axis=1)
    first = 0
    while first < len(repeats):
        alike = sizes[least[first]] <= _ALIKE * sizes[least[first:]]
        end = first + (len(alike) if alike.all() else int(alike.argmin()))
        for group in _groups(sizes, int(least[first])):
            points, values = _interpolation(sizes[group])
            result[first:end, group] = 0.0
            result[first:end, group[points]] = repeats[first:end, group] @ values
        first = end
    return result


def _groups(sizes: Floats, least: int) -> list[Places]:
    """Sizes above one of them, by powers of two of their distance from it: of groups that are worth it."""
    beyond = np.arange(least + 1, len(sizes))
    octave = np.frexp(sizes[beyond] - sizes[least])[1]
    ends = np.flatnonzero(np.diff(octave)) + 1
    return [group for group in np.split(beyond, ends) if len(group) > _POINTS]


def _interpolation(sizes: Floats) -> tuple[Places, Floats]:
    """Choose some of the sizes, and return the values of their Lagrange polynomials at all, shape (size, point).

    Leja's points: each is the one that makes the product of its distances from those before the largest.
    """
    middle, half = 0.5 * (sizes[-1] + sizes[0]), 0.25 * (sizes[-1] - sizes[0])
    place = (sizes - middle) / half  # from -2 to 2, where products of distances neither grow nor shrink
    chosen, product = [0], np.abs(place - place[0])
    while len(chosen) < _POINTS:
        chosen.append(int(product.argmax()))
        product = product * np.abs(place - place[chosen[-1]])
    points = np.sort(chosen)
    apart = place[points][:, None] - place[points]
    np.fill_diagonal(apart, 1.0)
    distance = place[:, None] - place[points]
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = 1.0 / apart.prod(axis=1) / distance
        values = terms / terms.sum(axis=1, keepdims=True)
    values[points] = np.eye(_POINTS)
    return points, values
