"""Functions of a count from 0 to a total: known at all small counts, interpolated between graded nodes beyond.

How a pool that holds a symbol c times goes on is smooth in c on the scale of c itself: it is a mean of powers
(1 - q)^c. So the nodes lie a twentieth of c apart, which makes them all counts there are up to 40, and near the total
as a fixed part of it does. Up to half the total they are the same whatever the total. A function is the polynomial
through the 14 nodes around a point: its error is below 1e-13 of the largest value, whatever the power. Nodes are
counts, not points between them: parts of a pool are drawn without replacement, and have a law only there.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PER_COUNT = 20  # nodes lie c/20 apart
_FINEST_ABOVE = 80  # near the total they lie no closer than an 80th of it, as no node is beyond it
AROUND = 14  # nodes that a value is interpolated from
_SMALL = 4000  # up to this total nodes above half are formed one by one
_MOST_SHARED = 4096  # counts
_LARGEST = 10**17


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
    common : int
        How many of the nodes larger totals have as well.
    width : int
        Nodes that a value is interpolated from.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        below = _graded(_PER_COUNT)
        self.common = int(np.searchsorted(below, total // 2, side="right"))
        above = _above(total, int(below[self.common - 1]), _PER_COUNT, _FINEST_ABOVE)
        self.nodes = np.concatenate([below[: self.common], above])
        self.width = min(AROUND, len(self.nodes))

    @cached_property
    def _stencils(self) -> tuple[Floats, Floats, Floats]:
        """The nodes around, their scale, and barycentric weights."""
        starts = np.arange(len(self.nodes) - self.width + 1)
        around = self.nodes[starts[:, None] + np.arange(self.width)]
        scale = np.maximum(around[:, -1] - around[:, 0], 1.0) / 4.0
        apart = (around[:, :, None] - around[:, None, :]) / scale[:, None, None]
        np.einsum("sii->si", apart)[...] = 1.0
        return around, scale, 1.0 / apart.prod(axis=2)

    def start(self, points: Floats) -> NDArray[np.intp]:
        """Return the first of the nodes around each point: five below the node before it, and eight above.

        Counts grow, so what is known of them comes from above. Laws are interpolated again in every generation, and
        with as many nodes below as above, which lie closer, oscillations would grow like a power of the pool's size.
        """
        after = np.searchsorted(self.nodes, points)
        return np.clip(after - self.width // 2 + 1, 0, len(self.nodes) - self.width)

    def shared(self, counts: int) -> Floats | None:
        """Return the rows of the counts below a number; None where they need nodes that are not common.

        Returns
        -------
        array, shape (count, node), for the first of the nodes
        """
        if counts > _MOST_SHARED or not self.is_common(counts):
            return None
        # Formed for more counts, they may have columns of nodes that only larger totals have: not these.
        rows = _shared(max(128, 1 << (counts - 1).bit_length()), resolution())
        return rows[:counts, : self.common]

    def is_common(self, point: float) -> bool:
        """Whether all nodes around points up to this one are common."""
        return bool(np.searchsorted(self.nodes, point) + self.width < self.common)

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
        first, width = into * len(self.nodes), self.width
        after = np.minimum(np.searchsorted(self.nodes, chosen), len(self.nodes) - 1)
        between = self.nodes[after] != chosen
        start = self.start(chosen[between])
        place = (first[between] + start)[:, None] + np.arange(width)
        values = self._interpolate(chosen[between], start) * weight[between][:, None]
        length = size * len(self.nodes)
        at_nodes = np.bincount((first + after)[~between], weight[~between], length)
        found = at_nodes + np.bincount(place.ravel(), values.ravel(), length)
        return np.asarray(found.reshape(size, len(self.nodes)), dtype=np.float64)

    def _interpolate(self, counts: Floats, start: NDArray[np.intp]) -> Floats:
        """Weights of the nodes around each count, by the barycentric formula; no count is a node."""
        around, scale, barycentric = self._stencils
        apart = (counts[:, None] - around[start]) / scale[start][:, None]
        terms = barycentric[start] / apart
        return np.asarray(terms / terms.sum(axis=1, keepdims=True))


def resolution() -> tuple[int, int]:
    """Return what common nodes, and weights on them, depend on."""
    return _PER_COUNT, AROUND


def largest() -> Lattice:
    """Return a lattice of which every other has the first nodes."""
    return Lattice(_LARGEST)


@lru_cache(maxsize=2)
def _graded(per_count: int) -> Floats:
    """0, then counts that lie 1 or a twentieth of themselves apart."""
    found = [0]
    while found[-1] < _LARGEST:
        found.append(found[-1] + max(1, found[-1] // per_count))
    return np.array(found, dtype=np.float64)


@lru_cache(maxsize=8)
def _shared(counts: int, _: tuple[int, int]) -> Floats:
    """The rows of small counts in pools so large that the nodes around them are common."""
    space = largest()
    rows = space.rows(np.arange(float(counts))[:, None], np.ones((counts, 1)))
    return np.ascontiguousarray(rows[:, : np.searchsorted(space.nodes, counts) + space.width])


def _above(total: int, end: int, per_count: int, finest: int) -> Floats:
    """Nodes from the last common one, exclusive, to the total: graded from the total on, as it is from 0."""
    if total > _SMALL:
        below = np.rint((total - end) * _parts(per_count, finest))
        return np.asarray(total - below)
    found = [0]
    while found[-1] < total - end:
        found.append(min(total - end, found[-1] + max(1, total // finest, found[-1] // per_count)))
    return total - np.array(found[:-1], dtype=np.float64)[::-1]


@lru_cache(maxsize=2)
def _parts(per_count: int, finest: int) -> Floats:
    """Parts of the way from the total to the last common node, about half of it away: descending, 0 the last."""
    shrink, least = 1.0 - 1.0 / (1.2 * per_count), 2.0 / finest
    parts = [shrink]
    while parts[-1] * (1.0 - shrink) > least:
        parts.append(parts[-1] * shrink)
    steps = int(np.ceil(parts[-1] / least))
    return np.concatenate([parts[:-1], np.linspace(parts[-1], 0.0, steps + 1)])
