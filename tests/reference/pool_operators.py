"""Presence under accumulate-subsample by way of operators: slow, and apart from how the package goes on.

One operator a generation acts on all functions of a count, whatever law they are asked about. The two laws of a step
are summed in full where counts are small, and integrated by Gauss quadrature (Hahn's and Krawtchouk's polynomials)
where they are large; functions are looked up at every one of its nodes. Only the lattice is shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from modelcollapse.laws.presence.fresh_step import binomial_quadrature, present
from modelcollapse.laws.presence.lattice import Lattice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RARE = 40.0  # up to this mean a law is summed; what is beyond is at 0 with a chance of at most e^-40
FEW = 64  # and up to so many values
_MANY = 1000.0  # from this mean on a law is narrow against it, and fewer nodes do
_NODES, _NODES_OF_MANY = 16, 6  # of quadrature: 1e-13 of functions t^b, whatever t
_NOTHING = 1e-30  # beside the chance of any draw at all
_RAREST = 1e-320  # stands for a share of 0
_TOGETHER = 32  # nodes whose laws are formed together


def survival(sizes: Sequence[int], fitted: Sequence[int], corpus: int, x: Floats, last: int) -> Floats:
    """Return Pr(present at k), k = 1 to `last`, of symbols of probabilities x, shape (generation, symbol)."""
    held = [corpus, *(corpus + np.cumsum(sizes)).tolist()]
    before, functionals, value = Lattice(corpus), np.eye(len(x)), []
    if corpus:
        functionals = before.rows(np.rint(x * corpus)[:, None], np.ones((len(x), 1)))
    for generation in range(1, last + 1):
        after, n = Lattice(held[generation]), int(sizes[generation - 1])
        if generation == 1 and not corpus:
            step = FirstStep(x, after, n)
        else:
            # Model 0 is the corpus itself, not a part of it.
            step = SubsampledStep(before, after, int(fitted[generation - 2]) if generation > 1 else corpus, n)
        value.append(functionals @ step.present())
        functionals, before = functionals @ step.matrix(), after
    return np.array(value)


class SubsampledStep:
    """The draws of one generation, whatever the count in the pool before.

    Parameters
    ----------
    before, after : Lattice
        Counts in the pool before and after.
    fitted : int
        Data that the model is fitted to, m, at most those in the pool.
    n : int
        Draws.
    """

    def __init__(self, before: Lattice, after: Lattice, fitted: int, n: int) -> None:
        self._before, self._nodes_after, self._fitted = before, len(after.nodes), float(fitted)
        self._draws = LatticeDraws(after, n)
        self._parts = list(self._shares())

    def present(self) -> Floats:
        """Return the chance that the symbol is among the draws, shape (node before,)."""
        value = np.empty(len(self._before.nodes))
        for rows, shares, chances in self._parts:
            value[rows] = (chances * self._draws.present(shares)).sum(axis=1)
        return value

    def matrix(self) -> Floats:
        """Return what turns values on the lattice after into their expectations on that before."""
        value = np.empty((len(self._before.nodes), self._nodes_after))
        for rows, shares, chances in self._parts:
            value[rows] = self._draws.rows(self._before.nodes[rows], shares, chances)
        return value

    def _shares(self) -> Iterator[tuple[NDArray[np.intp], Floats, Floats]]:
        """Some nodes at a time: which, and shares of the fitted part with their chances, shape (node, share)."""
        c, total, m = self._before.nodes, float(self._before.total), self._fitted
        values = np.minimum(np.minimum(c, m), np.minimum(total - c, total - m))
        mean = m * (c / total)
        for rows, nodes in by_law(mean, (values <= FEW) | (mean <= RARE)):
            for some in np.split(rows, np.arange(_TOGETHER, len(rows), _TOGETHER)):
                if nodes:
                    seen, chances = hypergeometric_quadrature(total, c[some], m, nodes)
                else:
                    seen, chances = hypergeometric_window(total, c[some], m)
                yield some, seen / m, chances


class FirstStep:
    """The draws of the first generation, from a known law: there is no pool before them.

    Parameters
    ----------
    probability : array, shape (symbol,)
        Of each symbol.
    after : Lattice
        Counts afterwards.
    n : int
        Draws.
    """

    def __init__(self, probability: Floats, after: Lattice, n: int) -> None:
        self._probability, self._draws = probability, LatticeDraws(after, n)

    def present(self) -> Floats:
        """Return the chance that the symbol is among the draws, shape (symbol,)."""
        return self._draws.present(self._probability)

    def matrix(self) -> Floats:
        """Return what turns values on the lattice after into their expectations, shape (symbol, node after)."""
        shares = self._probability[:, None]
        return self._draws.rows(np.zeros(len(shares)), shares, np.ones_like(shares))


class LatticeDraws:
    """n draws, added to a count.

    Parameters
    ----------
    after : Lattice
        Counts afterwards.
    n : int
        Draws.
    """

    def __init__(self, after: Lattice, n: int) -> None:
        self._after, self._n = after, n

    def present(self, shares: Floats) -> Floats:
        """Return the chance that the symbol is among the draws, if it has these shares of what is drawn from."""
        return present(self._n, np.minimum(shares, 1.0))

    def rows(self, counts: Floats, shares: Floats, chances: Floats) -> Floats:
        """Return what turns values on the lattice after into their expectations.

        Parameters
        ----------
        counts : array, shape (row,)
            Before the draws.
        shares, chances : arrays, shape (row, share)
            The symbol's shares of what is drawn from, and how likely they are.

        Returns
        -------
        array, shape (row, node after)
        """
        result = np.zeros((len(counts), len(self._after.nodes)))
        row, column = np.nonzero(chances > _NOTHING)
        share, place = np.unique(shares[row, column], return_inverse=True)
        weight, mean = chances[row, column], self._n * share
        for group, nodes in by_law(mean, (mean <= RARE) | (self._n <= FEW)):
            number = np.full(len(share), -1)
            number[group] = np.arange(len(group))
            here = np.flatnonzero(number[place] >= 0)
            spread = np.zeros((len(counts), len(group)))
            np.add.at(spread, (row[here], number[place[here]]), weight[here])
            inside = np.clip(share[group], _RAREST, 1.0 - 1e-16)
            if nodes:
                result += self._looked_up(counts, spread, *binomial_quadrature(self._n, inside, nodes))
            else:
                result += self._added_up(counts, spread, *binomial_window(self._n, inside))
        return result

    def _added_up(self, counts: Floats, spread: Floats, drawn: Floats, weights: Floats) -> Floats:
        """Laws on numbers in common are mixed before functions are looked up."""
        least = int(drawn.min())
        span = int(drawn.max()) - least + 1
        place = np.arange(len(drawn))[:, None] * span + (drawn - least).astype(np.int64)
        table = np.bincount(place.ravel(), weights.ravel(), len(drawn) * span).reshape(len(drawn), span)
        mixed = spread @ table
        some = mixed[:, max(0, 1 - least) :].sum(axis=1, keepdims=True)
        mixed[mixed < _NOTHING * np.minimum(some, 1.0)] = 0.0
        return self._after.rows(counts[:, None] + least + np.arange(span), mixed)

    def _looked_up(self, counts: Floats, spread: Floats, drawn: Floats, weights: Floats) -> Floats:
        """Functions are looked up at the nodes of every law."""
        row, own = np.nonzero(spread)
        mixed = spread[row, own][:, None] * weights[own]
        return self._after.rows(counts[row][:, None] + drawn[own], mixed, row, len(counts))


def by_law(size: Floats, summed: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], int]]:
    """Yield which laws are summed, and which integrated by how many nodes (0: summed), by what they are about."""
    many = size > _MANY
    for group, nodes in ((summed, 0), (~summed & ~many, _NODES), (~summed & many, _NODES_OF_MANY)):
        if group.any():
            yield np.flatnonzero(group), nodes


def binomial_window(n: int, x: Floats) -> tuple[Floats, Floats]:
    """Counts and weights, shape (point, count), of Binomial(n, x), by ratios from its mode, out to 1e-25 of it."""
    deviation = np.sqrt(n * x * (1.0 - x))
    reach = int(min(n, 11.0 * deviation.max() + 45.0))
    mode = np.minimum(np.floor((n + 1) * x), n)[:, None]
    steps, odds = np.arange(reach), (x / (1.0 - x))[:, None]
    upward = np.cumprod(odds * np.maximum(n - mode - steps, 0.0) / (mode + steps + 1.0), axis=1)
    downward = np.cumprod(np.maximum(mode - steps, 0.0) / (odds * (n - mode + steps + 1.0)), axis=1)
    weights = np.concatenate([downward[:, ::-1], np.ones_like(mode), upward], axis=1)
    counts = np.clip(mode + np.arange(-reach, reach + 1), 0, n)
    return counts, weights / weights.sum(axis=1, keepdims=True)


def hypergeometric_window(total: float, marked: Floats, size: float) -> tuple[Floats, Floats]:
    """Return counts and weights, shape (marked, count), of the marked among `size` drawn from `total`.

    The law is built by ratios from its mode, out to where it is below 1e-25 of it.
    """
    marked = marked[:, None]
    rest = total - marked
    least, most = np.maximum(0.0, size - rest), np.minimum(marked, size)
    mode = np.clip(np.floor((size + 1.0) * ((marked + 1.0) / (total + 2.0))), least, most)
    deviation = np.sqrt(size * (marked / total) * (rest / total) * (total - size) / max(total - 1.0, 1.0))
    reach = int(min((most - least).max(), 11.0 * deviation.max() + 45.0))
    steps = np.arange(reach)
    up, down = mode + steps, mode - steps
    upward = (
        np.maximum(marked - up, 0.0)
        * np.maximum(size - up, 0.0)
        / ((up + 1.0) * np.maximum(rest - size + up + 1.0, 1.0))
    )
    downward = (
        np.maximum(down, 0.0)
        * np.maximum(rest - size + down, 0.0)
        / (np.maximum(marked - down + 1.0, 1.0) * np.maximum(size - down + 1.0, 1.0))
    )
    parts = [np.cumprod(downward, axis=1)[:, ::-1], np.ones_like(mode), np.cumprod(upward, axis=1)]
    weights = np.concatenate(parts, axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    counts = mode + np.arange(-reach, reach + 1)
    kept = (weights > 1e-25).any(axis=0)
    return np.clip(counts[:, kept], least, most), weights[:, kept]


def hypergeometric_quadrature(total: float, marked: Floats, size: float, nodes: int) -> tuple[Floats, Floats]:
    """Return nodes and weights, shape (marked, node), of Gauss quadrature for the same law.

    The nodes are the eigenvalues of the Jacobi matrix of Hahn polynomials. There must be more values than nodes.
    """
    c, j = marked[:, None], np.arange(nodes + 1.0)
    # A_j and C_j of the recurrence, with alpha = -c - 1, beta = -(total - c) - 1; all factors are positive as written.
    up = (total + 1.0 - j) * (c - j) * (size - j) / ((total + 1.0 - 2.0 * j) * (total - 2.0 * j))
    down = j * (total + 1.0 - size - j) * (total - c + 1.0 - j) / ((total + 2.0 - 2.0 * j) * (total + 1.0 - 2.0 * j))
    mean = size * (c / total)
    jacobi = np.zeros((len(marked), nodes, nodes))
    i = np.arange(nodes)
    jacobi[:, i, i] = (up + down)[:, :-1] - mean
    beside = np.sqrt(up[:, :-2] * down[:, 1:-1])
    jacobi[:, i[1:], i[:-1]] = beside
    roots, vectors = np.linalg.eigh(jacobi)
    return mean + roots, vectors[:, 0, :] ** 2
