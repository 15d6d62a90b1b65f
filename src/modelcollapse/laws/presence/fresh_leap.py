"""One symbol over any distance: powers of one generation, where all generations are alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.fresh_step import FreshStep, with_ends

Floats = NDArray[np.float64]


class FreshLeap:
    """The law of one symbol's frequency, moved by 2^j generations at a time.

    Parameters
    ----------
    spline : PanelSpline
    step : FreshStep
        One generation of that symbol, which keeps the mean.
    mean : float
        The mean of the frequency.
    """

    def __init__(self, spline: PanelSpline, step: FreshStep, mean: float) -> None:
        self._spline, self._step, self._mean = spline, step, np.array([mean])
        nodes = len(spline.nodes)
        constant = self._after(np.zeros((1, nodes)))
        matrix = np.zeros((nodes + 1, nodes + 1))
        matrix[:-1, :-1] = self._after(np.eye(nodes)) - constant
        matrix[-1, :-1], matrix[-1, -1] = constant, 1.0
        self._powers = [matrix]

    def survival(self, weights: Floats, distances: NDArray[np.int64]) -> Floats:
        """Return Pr(present) so many generations (ascending) after the one whose law before its draws is given."""
        state, reached = np.append(weights[1:-1], 1.0), 0
        value = np.empty(len(distances))
        for row, distance in enumerate(distances.tolist()):
            for exponent in range((distance - reached).bit_length()):
                if (distance - reached) >> exponent & 1:
                    state = state @ self._power(exponent)
            reached = distance
            value[row] = self._step.seen(with_ends(self._spline, state[None, :-1], self._mean))[0]
        return value

    def _after(self, excess: Floats) -> Floats:
        """One generation of several laws, of which the weights on the nodes are given."""
        mean = np.repeat(self._mean, len(excess))
        weights, _ = self._step.after(with_ends(self._spline, excess, mean), mean)
        return weights[:, 1:-1]

    def _power(self, exponent: int) -> Floats:
        while len(self._powers) <= exponent:
            self._powers.append(self._powers[-1] @ self._powers[-1])
        return self._powers[exponent]
