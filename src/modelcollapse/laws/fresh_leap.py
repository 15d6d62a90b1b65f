"""One symbol over any distance: powers of one generation, where sample size and fresh share stay the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.collocation import PanelSpline
from modelcollapse.laws.fresh_shift import Shift, present, with_ends

Floats = NDArray[np.float64]


class FreshLeap:
    """The law of one symbol's frequency, moved by 2^j generations at a time.

    Parameters
    ----------
    spline : PanelSpline
    step : array, shape (basis, node)
        From coefficients before a generation's draws to nodal values after them.
    n : int
        Draws of every generation.
    share : float
        The chance that a draw is fresh.
    x : float
        The symbol's probability.
    """

    def __init__(self, spline: PanelSpline, step: Floats, n: int, share: float, x: float) -> None:
        self._x = np.array([x])
        self._points = np.concatenate([[0.0], spline.nodes, [1.0]])
        chances = np.minimum(share * x + (1.0 - share) * self._points, 1.0)
        self._seen = present(n, chances)
        # Each point as a symbol of its own with weight 1: what it makes of every basis function.
        after = Shift(spline, chances[:, None]).transposed(np.ones((len(chances), 1))) @ step
        self._powers = [_affine(after, self._points, x)]

    def survival(self, weights: Floats, distances: NDArray[np.int64]) -> Floats:
        """Return Pr(present) so many generations (ascending) after the one whose law before its draws is given."""
        state, reached = np.append(weights[1:-1], 1.0), 0
        value = np.empty(len(distances))
        for row, distance in enumerate(distances.tolist()):
            for exponent in range((distance - reached).bit_length()):
                if (distance - reached) >> exponent & 1:
                    state = state @ self._power(exponent)
            reached = distance
            value[row] = float(with_ends(self._x, state[None, :-1], self._points)[0] @ self._seen)
        return value

    def _power(self, exponent: int) -> Floats:
        while len(self._powers) <= exponent:
            self._powers.append(self._powers[-1] @ self._powers[-1])
        return self._powers[exponent]


def _affine(after: Floats, points: Floats, x: float) -> Floats:
    """One generation as a matrix on (weights on the nodes, 1): the weights on 0 and 1 follow from these."""
    first, last, inner = after[0], after[-1], points[1:-1]
    moved = after[1:-1] - np.outer(1.0 - inner, first) - np.outer(inner, last)
    constant = (1.0 - x) * first + x * last
    matrix = np.zeros((len(inner) + 1, len(inner) + 1))
    matrix[:-1, :-1], matrix[-1, :-1], matrix[-1, -1] = moved, constant, 1.0
    return matrix
