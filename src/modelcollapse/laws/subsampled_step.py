"""One generation under accumulate-subsample: from the count of a symbol in the pool to the count afterwards.

The pool holds N data, c of which show the symbol; a model is fitted to m of them, s of which show it; n draws from that
model show it b times:

    s ~ Hypergeometric(N, c, m),   b ~ Binomial(n, s/m),   c <- c + b.

Both laws are summed in full where counts are small, and by Gauss quadrature where they are large: functions of the
count are smooth there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.hypergeometric import hypergeometric_quadrature, hypergeometric_window
from modelcollapse.laws.lattice import Lattice
from modelcollapse.laws.lattice_draws import FEW, RARE, LatticeDraws, by_law

Floats = NDArray[np.float64]

_TOGETHER = 32  # nodes whose laws are formed together


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
