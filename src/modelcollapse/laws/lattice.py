"""Functions of a count from 0 to a total: known at all small counts, interpolated between graded nodes beyond.

How a pool that holds a symbol c times goes on is smooth in c on the scale of c itself: it is a mean of powers
(1 - q)^c. So the nodes lie a twentieth of c apart, which makes them all counts there are up to 40, and are symmetric
about half the total as far as is of use. A function is the polynomial through the 14 nodes around a point: its error
is below 1e-13 of the largest value, whatever the power. Nodes are counts, not points between them: parts of a pool are
drawn without replacement, and have a law only there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PER_COUNT = 20  # nodes lie c/20 apart
_FINEST_ABOVE = 400  # near the total they lie no closer than a 400th of it
_AROUND = 14  # nodes that a value is interpolated from


class Lattice:
    """Counts from 0 to a total.

    Parameters
    ----------
    total : int
        The largest count.

    Attributes
    ----------
    total : int
    nodes : array, shape (node,)
        Counts, ascending from 0 to the total.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.nodes = _nodes(total)
        self._width = min(_AROUND, len(self.nodes))
        starts = np.arange(len(self.nodes) - self._width + 1)
        self._around = self.nodes[starts[:, None] + np.arange(self._width)]
        self._scale = np.maximum(self._around[:, -1] - self._around[:, 0], 1.0) / 4.0
        apart = (self._around[:, :, None] - self._around[:, None, :]) / self._scale[:, None, None]
        np.einsum("sii->si", apart)[...] = 1.0
        self._barycentric = 1.0 / apart.prod(axis=2)

    def rows(self, counts: Floats, weights: Floats, row: NDArray[np.intp] | None = None, size: int = 0) -> Floats:
        """Return what turns values at the nodes into sums of weights times values at counts.

        Parameters
        ----------
        counts, weights : arrays, shape (sum, point)
        row : array of int, shape (sum,), optional
            In which row of the result each sum counts; its own if not given.
        size : int
            Rows of the result, if `row` is given.

        Returns
        -------
        array, shape (row, node)
        """
        which, point = np.nonzero(weights)
        chosen, weight = counts[which, point], weights[which, point]
        size, into = (len(counts), which) if row is None else (size, row[which])
        first, width = into * len(self.nodes), self._width
        after = np.minimum(np.searchsorted(self.nodes, chosen), len(self.nodes) - 1)
        between = self.nodes[after] != chosen
        start = np.clip(after[between] - width // 2, 0, len(self.nodes) - width)
        place = (first[between] + start)[:, None] + np.arange(width)
        values = self._interpolate(chosen[between], start) * weight[between][:, None]
        length = size * len(self.nodes)
        at_nodes = np.bincount((first + after)[~between], weight[~between], length)
        found = at_nodes + np.bincount(place.ravel(), values.ravel(), length)
        return np.asarray(found.reshape(size, len(self.nodes)), dtype=np.float64)

    def _interpolate(self, counts: Floats, start: NDArray[np.intp]) -> Floats:
        """Weights of the nodes around each count, by the barycentric formula; no count is a node."""
        apart = (counts[:, None] - self._around[start]) / self._scale[start][:, None]
        terms = self._barycentric[start] / apart
        return np.asarray(terms / terms.sum(axis=1, keepdims=True))


def _nodes(total: int) -> Floats:
    half = total // 2
    below = _graded(half, 1)
    above = total - _graded(total - half, max(1, total // _FINEST_ABOVE))
    return np.unique(np.concatenate([below, above]).astype(np.float64))


def _graded(end: int, finest: int) -> NDArray[np.float64]:
    """0, then counts that lie `finest` or a twentieth of themselves apart, up to the end."""
    found = [0]
    while found[-1] < end:
        found.append(min(end, found[-1] + max(finest, found[-1] // _PER_COUNT)))
    return np.array(found, dtype=np.float64)
