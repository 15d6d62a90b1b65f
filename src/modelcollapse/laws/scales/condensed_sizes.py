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

from modelcollapse.laws.leja import LejaPolynomials

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

_POINTS = 24
_ALIKE = 1.1  # rows whose smallest sizes lie within this factor are condensed together


def condensed(sizes: Floats, repeats: NDArray[Any]) -> Floats:
    """Return other weights, most of them 0, with which sums over sample sizes of smooth functions are the same.

    Parameters
    ----------
    sizes : array, shape (size,)
        Different sample sizes, or other parameters to the right of all singularities, ascending.
    repeats : array, shape (row, size)
        How often each occurs, or weights; in every row at least all that do in the row before.

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
    >>> print(np.count_nonzero(weights, axis=1), (weights @ (1 / sizes)).round(12))
    [128 152] [1.79593424 2.40244899]
    >>> print((repeats @ (1 / sizes)).round(12))
    [1.79593424 2.40244899]
    """
    result = repeats.astype(np.float64)
    least = (repeats != 0).argmax(axis=1)
    first = 0
    while first < len(repeats):
        alike = sizes[least[first]] <= _ALIKE * sizes[least[first:]]
        end = first + (len(alike) if alike.all() else int(alike.argmin()))
        for group in _groups(sizes, int(least[first])):
            through = LejaPolynomials(sizes[group], _POINTS)
            result[first:end, group] = 0.0
            result[first:end, group[through.points]] = repeats[first:end, group] @ through.at(sizes[group])
        first = end
    return result


def _groups(sizes: Floats, least: int) -> list[Places]:
    """Sizes above one of them, by powers of two of their distance from it: of groups that are worth it."""
    beyond = np.arange(least + 1, len(sizes))
    octave = np.frexp(sizes[beyond] - sizes[least])[1]
    ends = np.flatnonzero(np.diff(octave)) + 1
    return [group for group in np.split(beyond, ends) if len(group) > _POINTS]
