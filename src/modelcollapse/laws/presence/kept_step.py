"""One generation where data are kept: from the count of a symbol in the pool to the count afterwards.

The pool holds N data, c of which show the symbol; a model is fitted to m of them, s of which show it. A draw comes from
the model with a chance a, and shows the symbol fresh otherwise with a chance x; n draws show it b times:

    s ~ Hypergeometric(N, c, m),   b ~ Binomial(n, (1 - a) x + a s/m),   c <- c + b.

Where b is narrow beside the distance of the nodes around c + E b, its moments are all that matters; these are formed
for many generations together. Other counts are small, and their laws tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence import lattice
from modelcollapse.laws.presence.count_table import binomial_table, draw_reach, in_common, part_reach, part_table
from modelcollapse.laws.presence.lattice import Lattice
from modelcollapse.laws.presence.narrow_draws import mixed_moments, part_moments, stencil_weights

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_NARROW = 0.36  # square of the largest deviation, in distances of nodes
_SHORT = 0.15  # the largest step of a count, in the same
_TOGETHER = 2048  # terms whose moments are formed together: they stay near the processor
_CERTAIN = 37.0  # a symbol that is absent with a chance below e^-37 is present
_ONE = 1.0 - 1e-16  # stands for a share of 1
_NOTHING = 1e-30  # beside the chance of any draw at all
_LITTLE = 1e-20  # the same, where the count afterwards weighs in
_MOST_STENCILS = 1 << 15  # kept for the next generation
_SMOOTH = 0.06  # square of the largest deviation beside which (1 - s/m)^n is a polynomial
_SMALL = 1000  # pools that are followed by tables
_MANY_MORE = 4  # draws for every datum of the part from which their law is wide


@dataclass(frozen=True)
class Draws:
    """What one generation draws.

    Parameters
    ----------
    total : int
        Data in the pool before, N.
    fitted : int
        Data that the model is fitted to, m.
    n : int
        Draws.
    kept : float
        The chance that a draw comes from the model.
    steady : bool
        Whether the generation before drew the same, from as large a part.
    """

    total: int
    fitted: int
    n: int
    kept: float = 1.0
    steady: bool = False


class KeptStep:
    """One generation, for rows: counts before it, each with the chance that a draw is fresh and shows the symbol.

    Parameters
    ----------
    draws : Draws
    after : Lattice
        Counts afterwards.
    counts, fresh : arrays, shape (row,)
        Counts before, and (1 - a) x. A part of the pool is followed without fresh draws.
    """

    def __init__(self, draws: Draws, after: Lattice, counts: Floats, fresh: Floats) -> None:
        self.draws, self.after, self.counts = draws, after, counts
        self.varies = draws.fitted < draws.total
        self.shares = np.minimum(fresh + draws.kept * (counts / max(draws.total, 1)), 1.0)
        self.middle = counts + draws.n * self.shares
        self.first = after.start(self.middle)
        self.narrow = np.zeros(len(counts), dtype=np.bool_)
        self.stencils = np.empty((0, after.width))

    def around(self, rows: Indices | slice) -> Floats:
        """Return the nodes around the middle of some rows, shape (node, row)."""
        return self.after.nodes[self.first[rows] + np.arange(self.after.width)[:, None]]

    def read(
        self, law: Indices, row: Indices, weight: Floats, size: int, *, asked: bool = True
    ) -> tuple[Floats, Floats]:
        """Return what is present, and the laws afterwards, of signed weights on rows.

        Parameters
        ----------
        law, row : arrays of int, shape (term,)
            Which law each term belongs to, and its row.
        weight : array, shape (term,)
        size : int
            How many laws there are.
        asked : bool
            Whether what is present is asked for; it is 0 otherwise.

        Returns
        -------
        array, shape (size,), and array, shape (size, node after)
        """
        present = np.zeros(len(self.counts)) if asked else None
        used = np.zeros(len(self.counts), dtype=np.bool_)
        used[row] = True
        laws, found = self._moved(law, row, weight, size), []
        for rows, least, table in self._tables(np.flatnonzero(used), present):
            at = np.full(len(self.counts), -1)
            at[rows] = np.arange(len(rows))
            here = np.flatnonzero(at[row] >= 0)
            if least is None:
                mixed = np.bincount(law[here] * len(rows) + at[row[here]], weight[here], size * len(rows))
                laws += mixed.reshape(size, len(rows)) @ table
            else:
                counts = self.counts[row[here]].astype(np.int64) + least
                found.append((law[here], counts, weight[here, None] * table[at[row[here]]]))
        seen = np.zeros(size) if present is None else _added(law, weight * present[row], size)
        return seen, laws + self._looked_up(found, size)

    def _moved(self, law: Indices, row: Indices, weight: Floats, size: int) -> Floats:
        """Return the laws afterwards of what is on narrow rows."""
        nodes, moved = len(self.after.nodes), self.narrow[row]
        which = (np.cumsum(self.narrow) - 1)[row[moved]]
        place = (law[moved] * nodes + self.first[row[moved]])[:, None] + np.arange(self.after.width)
        value = weight[moved, None] * self.stencils[which]
        return _added(place, value, size * nodes).reshape(size, nodes)

    def _tables(self, rows: Indices, present: Floats | None) -> Iterator[tuple[Indices, int | None, Floats]]:
        """Fill in what is present of rows, if asked, and yield laws of those that are not narrow.

        Each time some of the rows, the least number of draws and their law from there on; or None, and weights at
        nodes.
        """
        draws = self.draws
        if not self.varies:
            if present is not None:
                present[rows] = _present(draws.n, self.shares[rows])
            rows = rows[~self.narrow[rows]]
            for several in in_common(*draw_reach(draws.n, self.shares[rows])):
                yield rows[several], *binomial_table(draws.n, self.shares[rows[several]])
            return
        for some in self._parts(rows[~self.narrow[rows]]):
            least, table = part_table(draws.total, self.counts[some], draws.fitted)
            if present is not None:
                present[some] = table @ _present(draws.n, (least + np.arange(table.shape[1])) / draws.fitted)
            yield from self._mixed(some, least, table)
        if present is not None:
            self._present_of_narrow(rows[self.narrow[rows]], present)

    def _present_of_narrow(self, rows: Indices, present: Floats) -> None:
        """Fill in what is present of rows that may be large: for sure, or (1 - s/m)^n varies little, or s is small."""
        unsure = self.draws.fitted * self.shares[rows] * -np.expm1(-self.draws.n / self.draws.fitted) < _CERTAIN
        present[rows[~unsure]] = 1.0
        rows = rows[unsure]
        n, m, total = float(self.draws.n), float(self.draws.fitted), float(self.draws.total)
        share, part = self.shares[rows], m / total
        spread = m * share * (1.0 - self.counts[rows] / total) * (1.0 - part)
        unit = m * (1.0 - share) / n
        smooth = (spread < _SMOOTH * unit**2) & (unit * _SHORT > 1.0) & (total > _SMALL)
        if smooth.any():
            lean = share + part - 2.0 * share * part
            scale = np.full(np.count_nonzero(smooth), 1.0 / total)
            moments = part_moments(lattice.AROUND, 1.0 / unit[smooth], spread[smooth], lean[smooth], scale)
            power = np.arange(1.0, lattice.AROUND)
            binomial = np.cumprod((1.0 - (power - 1.0) / n) / -power)  # of (1 - x/n)^n
            logs = n * np.log1p(-share[smooth]) + np.log1p(binomial[1:] @ moments[2:])
            present[rows[smooth]] = -np.expm1(logs)
        for some in self._parts(rows[~smooth]):
            least, table = part_table(self.draws.total, self.counts[some], self.draws.fitted)
            present[some] = table @ _present(self.draws.n, (least + np.arange(table.shape[1])) / m)

    def _parts(self, rows: Indices) -> Iterator[Indices]:
        """Yield rows of which tables in common are small."""
        for some in in_common(*part_reach(self.draws.total, self.counts[rows], self.draws.fitted)):
            yield rows[some]

    def _mixed(self, rows: Indices, least: int, part: Floats) -> Iterator[tuple[Indices, int | None, Floats]]:
        """The law of draws from a part that has a law."""
        draws = self.draws
        if draws.n > _MANY_MORE * draws.fitted:
            matrix, part = self._apart(rows, least, part)
            yield rows, None, matrix
            some, left = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
            if not len(left):
                return
            rows, part, least = rows[some], part[some, left[0] : left[-1] + 1], least + int(left[0])
        first, drawn = _drawn(draws.n, draws.fitted, least, part.shape[1])
        table = part @ drawn
        chance = float(table[:, max(0, 1 - first) :].sum(axis=1).min())
        used = np.flatnonzero(table.max(axis=0) > _NOTHING * min(chance, 1.0))
        yield rows, first + int(used[0]), table[:, used[0] : used[-1] + 1]

    def _apart(self, rows: Indices, least: int, part: Floats) -> tuple[Floats, Floats]:
        """Take out of laws of a part the numbers from which the draws are narrow, and return weights at nodes."""
        # What is asked of a count grows less than in proportion to it.
        chance = part[:, max(0, 1 - least) :].sum(axis=1, keepdims=True)
        drawn = self.draws.n / self.draws.fitted * (least + np.arange(part.shape[1]))
        grown = 1.0 + drawn / np.maximum(self.counts[rows], 1.0)[:, None]
        part = np.where(part * grown > _LITTLE * np.minimum(chance, 1.0), part, 0.0)
        row, number = np.nonzero(part)
        narrow, first, stencils = self._stencils_of_part(self.counts[rows], row, least + number)
        row, number = row[narrow], number[narrow]
        nodes = len(self.after.nodes)
        place = (row * nodes + first[narrow])[:, None] + np.arange(self.after.width)
        value = part[row, number][:, None] * stencils
        part[row, number] = 0.0
        return _added(place, value, len(rows) * nodes).reshape(len(rows), nodes), part

    def _stencils_of_part(
        self, counts: Floats, row: Indices, number: Indices
    ) -> tuple[NDArray[np.bool_], Indices, Floats]:
        """Return which counts with numbers of a part are narrow, all their first nodes, and weights of the narrow."""
        n, m, after = self.draws.n, self.draws.fitted, self.after
        node = np.searchsorted(after.nodes, counts)
        common = after.is_common(counts.max() + n * min(number.max(initial=0) / m, 1.0))
        if self.draws.steady and common and (after.nodes[node] == counts).all():
            size = (-(-int(node.max() + 1) // 64) * 64, -(-int(number.max(initial=0) + 1) // 16) * 16)
            if size[0] * size[1] <= _MOST_STENCILS:
                step, which = _stencils_in_common(n, m, *size, lattice.resolution())
                at = node[row] * size[1] + number
                return step.narrow[at], step.first[at], step.stencils[which[at[step.narrow[at]]]]
        # Of draws alone: what the part shows is as if it were fresh.
        step = KeptStep(Draws(0, 0, n, 0.0), after, counts[row], np.minimum(number / m, 1.0))
        form([step])
        return step.narrow, step.first, step.stencils

    def _looked_up(self, found: list[tuple[Indices, NDArray[np.int64], Floats]], size: int) -> Floats:
        """Return weights at the nodes of weights on counts."""
        if not found:
            return np.zeros((size, len(self.after.nodes)))
        length = max(int(counts.max(initial=0)) + table.shape[1] for _, counts, table in found)
        weights = np.zeros(size * length)
        for law, counts, table in found:
            place = (law * length + counts)[:, None] + np.arange(table.shape[1])
            weights += _added(place, table, size * length)
        weights = weights.reshape(size, length)
        shared = self.after.shared(length)
        if shared is None:
            return self.after.rows(np.broadcast_to(np.arange(float(length)), weights.shape), weights)
        result = np.zeros((size, len(self.after.nodes)))
        result[:, : shared.shape[1]] = weights @ shared
        return result


def _added(place: NDArray[np.int64], value: Floats, size: int) -> Floats:
    return np.bincount(place.ravel(), value.ravel(), size).astype(np.float64, copy=False)


def _present(n: int, shares: Floats) -> Floats:
    return np.asarray(-np.expm1(n * np.log1p(-np.minimum(shares, _ONE))))


def form(steps: Sequence[KeptStep]) -> None:
    """Find out which rows of the steps are narrow, and form their weights on the nodes around."""
    for varies in (True, False):
        some = [step for step in steps if step.varies == varies and step.after.width == lattice.AROUND]
        if some:
            _form(some, varies=varies)


def _form(steps: list[KeptStep], *, varies: bool) -> None:
    rows = np.array([len(step.counts) for step in steps])
    around = np.concatenate([step.around(slice(None)) for step in steps], axis=1)
    middle, share, count = (
        np.concatenate([getattr(step, name) for step in steps]) for name in ("middle", "shares", "counts")
    )
    n, total, fitted = (
        np.repeat([float(getattr(step.draws, name)) for step in steps], rows) for name in ("n", "total", "fitted")
    )
    unit = (around[-1] - around[0]) / (len(around) - 1)
    datum = n / (fitted * unit) if varies else 1.0 / unit
    drawn = n * share * (1.0 - share) / unit**2
    # A/N and B/N of the part; without one the draws themselves are in its place.
    free, part = 1.0 - count / np.maximum(total, 1.0), fitted / np.maximum(total, 1.0)
    spread = fitted * share * free * (1.0 - part) if varies else n * share * (1.0 - share)
    lean = share + part - 2.0 * share * part if varies else share
    square = drawn + varies * spread * datum**2
    narrow = (square <= _NARROW) & ((np.maximum(datum, 1.0 / unit) <= _SHORT) | (square == 0.0))
    chosen = np.flatnonzero(narrow)
    weights = np.empty((len(chosen), len(around)))
    for first in range(0, len(chosen), _TOGETHER):
        now = chosen[first : first + _TOGETHER]
        moments = part_moments(
            len(around), datum[now], spread[now], lean[now], 1.0 / total[now] if varies else np.zeros(len(now))
        )
        if varies:
            moments = mixed_moments(moments, drawn[now], (1.0 - 2.0 * share[now]) / unit[now], 1.0 / n[now])
        weights[first : first + _TOGETHER] = stencil_weights((around[:, now] - middle[now]) / unit[now], moments).T
    ends = np.cumsum(rows)
    counted = np.concatenate([[0], np.cumsum(narrow)])
    for step, end in zip(steps, ends.tolist(), strict=True):
        begin = end - len(step.counts)
        step.narrow = narrow[begin:end]
        step.stencils = weights[counted[begin] : counted[end]]


@lru_cache(maxsize=8)
def _drawn_of(n: int, fitted: int, least: int, number: int) -> tuple[int, Floats]:
    """The law of n draws for so many numbers of the part that show the symbol, from the least on."""
    return binomial_table(n, np.minimum((least + np.arange(number)) / fitted, 1.0))


def _drawn(n: int, fitted: int, least: int, number: int) -> tuple[int, Floats]:
    """The same, where draws are not many: out of a table that serves many parts."""
    if n > _MANY_MORE * fitted:
        return _drawn_of(n, fitted, least, number)
    first = least - least % 16
    size = min(-(-(least + number - first) // 16) * 16, fitted + 1 - first)
    low, table = _drawn_of(n, fitted, first, size)
    return low, table[least - first : least - first + number]


@lru_cache(maxsize=4)
def _stencils_in_common(n: int, fitted: int, nodes: int, numbers: int, _: tuple[int, int]) -> tuple[KeptStep, Indices]:
    """Draws for all nodes with all numbers of a part up to some, in pools so large that these nodes are common."""
    largest = lattice.largest()
    counts = np.repeat(largest.nodes[:nodes], numbers)
    step = KeptStep(Draws(0, 0, n, 0.0), largest, counts, np.tile(np.minimum(np.arange(numbers) / fitted, 1.0), nodes))
    form([step])
    return step, np.cumsum(step.narrow) - 1
