"""One generation's look at the frequency of the one before: where every symbol's functions are evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import PanelSpline

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

_POINTS = 1 << 20  # basis rows formed at a time, which bounds memory


class Shift:
    """Where every symbol's functions are looked at: the basis at its points, as one sparse matrix.

    Parameters
    ----------
    spline : PanelSpline
    points : array, shape (symbol, point) or (symbol, point, value)
        Where to look; along a last axis, at values that a random point takes.
    chances : array, shape (symbol, value), optional
        Of those values.
    """

    def __init__(self, spline: PanelSpline, points: Floats, chances: Floats | None = None) -> None:
        from scipy.sparse import csr_array, vstack

        self._symbols, self._size = len(points), int(spline.offset[-1])
        if chances is None:
            self._rows = _basis_rows(spline, points)
            return
        values = points.shape[2]
        some = max(1, _POINTS // (points.shape[1] * values))
        parts = []
        for first in range(0, self._symbols, some):
            part = slice(first, first + some)
            own = points[part]
            rows = _basis_rows(spline, own.reshape(len(own), -1), self._symbols, first)
            weight = np.repeat(chances[part], own.shape[1], axis=0).ravel()
            each = np.arange(0, len(weight) + 1, values)
            mean = csr_array((weight, np.arange(len(weight)), each), shape=(len(each) - 1, len(weight)))
            parts.append(mean @ rows)
        self._rows = vstack(parts, format="csr")

    def transposed(self, weights: Floats) -> Floats:
        """Return what weights on the points, shape (symbol, point), make of every basis function.

        A single symbol may have several rows of weights.
        """
        if self._symbols == 1:
            return np.asarray(weights @ self._rows)
        return np.asarray(weights.ravel() @ self._rows).reshape(self._symbols, self._size)


class PassingShift:
    """The same at values of a random point, without a matrix: for a few symbols, looked at once.

    Parameters
    ----------
    spline : PanelSpline
    points : array, shape (symbol, point, value)
    chances : array, shape (symbol, value)
    """

    def __init__(self, spline: PanelSpline, points: Floats, chances: Floats) -> None:
        self._spline, self._points, self._chances = spline, points, chances

    def transposed(self, weights: Floats) -> Floats:
        """Return what weights on the points, shape (symbol, point), make of every basis function."""
        each = weights[:, :, None] * self._chances[:, None, :]
        found = [self._spline.in_basis(p.ravel(), w.reshape(1, -1))[0] for p, w in zip(self._points, each, strict=True)]
        return np.array(found)


def _basis_rows(spline: PanelSpline, points: Floats, symbols: int | None = None, first: int = 0) -> csr_array:
    """The basis at points, shape (symbol, point): one row for each, in the columns of its symbol."""
    from scipy.sparse import csr_array

    size, width = int(spline.offset[-1]), spline.degree + 1
    flat = points.ravel()
    panel = spline.panel_of(flat)
    basis = np.ascontiguousarray(spline.legendre_values(panel, flat))
    for p in {0, spline.panels - 1}:
        here = np.flatnonzero(panel == p)
        values = spline.with_ends(p, basis[here], flat[here])
        basis[here] = np.pad(values, [(0, 0), (0, width - values.shape[1])])
    own = np.repeat((first + np.arange(len(points))) * size, points.shape[1])
    # The panels at the ends have fewer basis functions: what is beyond is 0, wherever it points.
    column = np.minimum(spline.offset[panel][:, None] + np.arange(width), size - 1) + own[:, None]
    starts = np.arange(len(flat) + 1) * width
    shape = (len(flat), (symbols or len(points)) * size)
    return csr_array((basis.ravel(), column.ravel(), starts), shape=shape)
