"""One generation's look at the frequency of the one before: where every symbol's functions are evaluated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from modelcollapse.laws.collocation import PanelSpline

Floats = NDArray[np.float64]


class Shift:
    """Where every symbol's functions are looked at: the basis at its points, as one sparse matrix.

    Parameters
    ----------
    spline : PanelSpline
    points : array, shape (symbol, point)
    """

    def __init__(self, spline: PanelSpline, points: Floats) -> None:
        self._symbols, self._size = len(points), int(spline.offset[-1])
        flat, width = points.ravel(), spline.degree + 1
        basis = np.zeros((len(flat), width))
        panel = spline.panel_of(flat)
        for p in np.unique(panel):
            here = np.flatnonzero(panel == p)
            values = spline.basis(int(p), flat[here])
            basis[here, : values.shape[1]] = values
        own = np.repeat(np.arange(self._symbols) * self._size, points.shape[1])
        # The panels at the ends have fewer basis functions: what is beyond is 0, wherever it points.
        column = np.minimum(spline.offset[panel][:, None] + np.arange(width), self._size - 1) + own[:, None]
        starts = np.arange(len(flat) + 1) * width
        shape = (len(flat), self._symbols * self._size)
        self._rows = csr_array((basis.ravel(), column.ravel(), starts), shape=shape)

    def transposed(self, weights: Floats) -> Floats:
        """Return what weights on the points, shape (symbol, point), make of every basis function."""
        return np.asarray(weights.ravel() @ self._rows).reshape(self._symbols, self._size)


def present(n: int, chance: Floats) -> Floats:
    """Return 1 - (1 - chance)^n, the chance that at least one of n draws shows the symbol."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(n * np.log1p(-chance)))


def with_ends(x: Floats, excess: Floats, points: Floats) -> Floats:
    """Return weights on 0, the nodes and 1 from those on the nodes: they add up to 1 and have the mean x.

    Parameters
    ----------
    x : array, shape (symbol,)
    excess : array, shape (symbol, node)
        What acts on functions that vanish at both ends.
    points : array
        0, the nodes, 1.
    """
    inner = points[1:-1]
    return np.column_stack([1.0 - x - excess @ (1.0 - inner), excess, x - excess @ inner])
