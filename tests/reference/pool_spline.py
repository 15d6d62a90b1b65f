"""Presence where all data are kept, by way of functions of the frequency on splines: no counts, and no lattice.

With y the frequency in a pool of N draws, the next n draws show the symbol Y ~ Binomial(n, y) times, and afterwards the
pool's frequency is b y + (1 - b) Y/n with b = N/(N + n). Functions of y move by an operator that is the same for all
symbols: that of resampling, with a part b of the frequency kept. Generation k is drawn from the pool of k - 1:

    Pr(present at k) = E [1 - (1 - y_{k-1})^{n_k}].

Backwards it is the pooled ancestry: a draw copies one member of the pool, of whatever generation.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.backward_operator import FEW, BackwardOperator, binomial_window, central_moments
from modelcollapse.laws.presence.collocation import PanelSpline

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]


class PooledOperator(BackwardOperator):
    """One generation of n draws where a part b of the frequency stays as it was, and the rest is what they say."""

    def __init__(self, n: int, spline: PanelSpline, kept: float) -> None:
        self._kept = kept
        super().__init__(n, spline)

    def _basis_of_draws(self, x: Floats) -> Floats:
        counts, weights = binomial_window(self.sample_size, x)
        points = np.minimum(self._kept * x[:, None] + (1.0 - self._kept) * counts / self.sample_size, 1.0)
        return self._over_own_counts(points, np.where(points > 0, weights, 0.0))

    def _by_moments(self, panels: NDArray[np.intp]) -> Iterator[Floats]:
        for panel in panels.tolist():
            x = self.spline.nodes[self.spline.own_nodes(panel)]
            unit = self.sample_size * self.spline.half_width[panel] / (1.0 - self._kept)
            moments = central_moments(self.sample_size, x, unit, self.spline.degree)
            derivatives = enumerate(self.spline.derivatives(panel), start=2)
            yield np.sum([moments[j][:, None] / factorial(j) * slope for j, slope in derivatives], axis=0)


class PooledEquation:
    """The excess survival d_k(x) = Pr(present at k) - x of a recursion that keeps all its data.

    Parameters
    ----------
    sizes : array of int, shape (horizon,)
        n_1, n_2, ..., draws of every generation.
    corpus : int
        Data before the first draw; 0 if the start is a known law.

    Attributes
    ----------
    spline : PanelSpline
        The space in which functions of the frequency are held.
    """

    def __init__(self, sizes: NDArray[np.int64], corpus: int) -> None:
        self._sizes = sizes
        self._held = corpus + np.concatenate([[0], np.cumsum(sizes)])  # before generation 1, 2, ...
        self.spline = PanelSpline(int(sizes.max()))

    def read(self, functionals: Floats, generations: Generations) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""
        wanted, value = set(generations.tolist()), []
        x = self.spline.nodes
        last = int(generations[-1])
        for generation, n in enumerate(self._sizes[:last].tolist(), start=1):
            if generation in wanted:
                value.append(functionals @ (-np.expm1(n * np.log1p(-x)) - x))
            if generation < last:
                held = float(self._held[generation - 1])
                operator = PooledOperator(n, self.spline, held / (held + n))
                functionals = operator.carried(functionals, few=n * FEW < int(self._sizes.max()))
        return np.array(value)

    def survival(self, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) of symbols of probabilities x, shape (generation, symbol)."""
        return np.clip(x + self.read(self.spline.rows(x), generations), 0.0, 1.0)
