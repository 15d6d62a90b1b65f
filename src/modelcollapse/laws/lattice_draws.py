"""New draws on top of a count: where functions of the count afterwards are looked up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.backward_operator import binomial_window
from modelcollapse.laws.fresh_step import binomial_quadrature, present
from modelcollapse.laws.lattice import Lattice

Floats = NDArray[np.float64]

RARE = 40.0  # up to this mean a law is summed; what is beyond is at 0 with a chance of at most e^-40
FEW = 64  # and up to so many values
_MANY = 1000.0  # from this mean on a law is narrow against it, and fewer nodes do
_NODES, _NODES_OF_MANY = 16, 6  # of quadrature: 1e-13 of functions t^b, whatever t
_NOTHING = 1e-30  # beside the chance of any draw at all
_RAREST = 1e-320  # stands for a share of 0
_TERMS = 2048  # laws formed together, which bounds memory


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

    def carried(self, counts: Floats, shares: Floats, weights: Floats, row: NDArray[np.intp], size: int) -> Floats:
        """Return what signed weights on counts become, each count with a share of its own.

        Parameters
        ----------
        counts, shares, weights : arrays, shape (term,)
        row : array of int, shape (term,)
            Which law each term belongs to.
        size : int
            How many laws there are.

        Returns
        -------
        array, shape (size, node after)
        """
        result = np.zeros((size, len(self._after.nodes)))
        mean = self._n * shares
        # On top of a large count the draws move it little, however few they are.
        few = ((mean <= RARE) | (self._n <= FEW)) & (counts <= _MANY)
        for group, nodes in by_law(np.maximum(mean, counts), few):
            for some in np.split(group, np.arange(_TERMS, len(group), _TERMS)):
                inside = np.clip(shares[some], _RAREST, 1.0 - 1e-16)
                law = binomial_quadrature(self._n, inside, nodes) if nodes else binomial_window(self._n, inside)
                drawn, chances = law
                # Beside the chance to be drawn at all, which for a rare symbol is next to nothing itself.
                matters = chances > _NOTHING * np.minimum(mean[some], 1.0)[:, None]
                chances = np.where(matters, chances, 0.0) * weights[some][:, None]
                result += self._after.rows(counts[some][:, None] + drawn, chances, row[some], size)
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
