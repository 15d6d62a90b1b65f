"""Functions of how often a symbol occurs in a corpus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.lattice import Lattice

Floats = NDArray[np.float64]

_SUMMED = 1 << 16  # points looked up at a time, which bounds memory


class CorpusFrequencies:
    """Functions of the frequency of a symbol in a corpus, as a space that statistics of presence are read off.

    Frequencies are known to the nearest count, so their complements need no more digits.

    Parameters
    ----------
    tokens : int
        Of the corpus.
    """

    def __init__(self, tokens: int) -> None:
        self.lattice = Lattice(tokens)
        self.nodes = self.lattice.nodes / tokens

    def rows(self, x: Floats) -> Floats:
        """Return the rows that turn nodal values into values at points x, shape (point, node)."""
        return self.lattice.rows(self._counts(x)[:, None], np.ones((len(x), 1)))

    def functional(self, x: Floats, weights: Floats, complement: Floats | None = None) -> Floats:  # noqa: ARG002
        """Return the row that turns nodal values into sum(weights * values at x), shape (node,)."""
        counts, found = self._counts(x), np.zeros(len(self.nodes))
        for first in range(0, len(x), _SUMMED):
            part = slice(first, first + _SUMMED)
            found += self.lattice.rows(counts[None, part], weights[None, part])[0]
        return found

    def condense(self, x: Floats, weights: Floats) -> Floats:
        """Return weights on the nodes that integrate smooth functions as `weights` on the points x do."""
        return self.functional(x, weights)

    def _counts(self, x: Floats) -> Floats:
        return np.asarray(np.rint(x * self.lattice.total))
