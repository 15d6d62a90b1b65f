"""Polynomials through some of many given places: which ones to choose, and what they make of the others.

References
----------
F. Leja (1957), for the choice; J.-P. Berrut, L. N. Trefethen (2004), Barycentric Lagrange Interpolation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class LejaPolynomials:
    """Lagrange polynomials through Leja's points: each point makes the product of its distances from others largest.

    Parameters
    ----------
    places : array, shape (place,)
        Different, ascending or descending.
    number : int
        Of points, from 2 to the number of places.

    Attributes
    ----------
    points : array of int, shape (point,)
        Which of the places are points, ascending.

    Examples
    --------
    >>> through = LejaPolynomials(np.linspace(0.0, 1.0, 101), 12)
    >>> values = through.at(np.array([0.123])) @ np.exp(np.linspace(0.0, 1.0, 101)[through.points])
    >>> print((values / np.exp(0.123)).round(13))
    [1.]
    """

    def __init__(self, places: Floats, number: int) -> None:
        # From -2 to 2, products of distances neither grow nor shrink.
        self._middle, self._scale = 0.5 * (places[0] + places[-1]), 0.25 * (places[-1] - places[0])
        scaled = (places - self._middle) / self._scale
        chosen, product = [0], np.abs(scaled - scaled[0])
        while len(chosen) < number:
            chosen.append(int(product.argmax()))
            product = product * np.abs(scaled - scaled[chosen[-1]])
        self.points = np.sort(chosen)
        self._at_points = scaled[self.points]
        apart = self._at_points[:, None] - self._at_points
        np.fill_diagonal(apart, 1.0)
        self._weights = 1.0 / apart.prod(axis=1)

    def at(self, places: Floats) -> Floats:
        """Return the values of all the polynomials, shape (place, point)."""
        distance = (places - self._middle)[:, None] / self._scale - self._at_points
        exact = distance == 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = self._weights / distance
            values = terms / terms.sum(axis=1, keepdims=True)
        hit = exact.any(axis=1)
        values[hit] = exact[hit]
        return np.asarray(values)
