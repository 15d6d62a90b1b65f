"""What n draws make of weights on probabilities: weights on the shares that the draws show.

Where few draws show a symbol, every number of them has its weight. Where many do, the law is so nearly normal that
the nodes of Gauss-Hermite quadrature integrate smooth functions, with weights corrected for the law's own moments
(Gram and Charlier's series on those nodes).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial import hermite_e
from numpy.typing import NDArray

from modelcollapse.laws.presence.count_moments import moment_polynomials

Floats = NDArray[np.float64]

RARE = 150.0  # up to this variance of the number of draws they are told apart one by one
_FEWER, _FEWER_COUNTS = 0.125, 25  # up to this mean so many numbers are enough: the rest has a chance of 1e-39
_NODES = 20  # of quadrature: 1e-13 of functions that vary on the scale of x, from that variance on


class RareDraws:
    """Weights on probabilities of at most 1/2 that are small against 1/n, or not much above.

    Apart from factors, Pr(Y = c) is (odds n0)^c / c! times a function of n and c: one table serves all n of an octave.

    Parameters
    ----------
    chances : array, shape (chance,)
        Probabilities, ascending.
    """

    def __init__(self, chances: Floats) -> None:
        self._odds = chances / (1.0 - chances)
        self._variance = chances * (1.0 - chances)
        self._tables: dict[int, tuple[Floats, Floats]] = {}

    def number(self, n: int) -> int:
        """Return how many of the probabilities are rare among n draws."""
        return int(np.searchsorted(self._variance, RARE / n, side="right"))

    def drawn(self, weights: Floats, n: int) -> Floats:
        """Return the weights of the numbers 1, 2, ... of draws.

        Parameters
        ----------
        weights : array, shape (row, chance)
            Of the first probabilities, all of them rare.
        n : int
            Draws.

        Returns
        -------
        array, shape (row, number)
        """
        octave = n.bit_length() - 1
        seldom, others = self._table(octave)
        split = min(len(seldom), weights.shape[1])
        others = others[: weights.shape[1] - split]
        factors = np.cumprod((n - np.arange(others.shape[1] - 1.0)) / 2.0**octave)
        factors = np.maximum(np.concatenate([[1.0], factors]), 0.0)
        found = (weights[:, split:] / (others @ factors)) @ others
        if split:
            few = seldom[:split]
            found[:, : few.shape[1]] += (weights[:, :split] / (few @ factors[: few.shape[1]])) @ few
        return np.asarray((found * factors)[:, 1 : n + 1])

    def _table(self, octave: int) -> tuple[Floats, Floats]:
        """Poisson weights at n0 = 2^octave: of probabilities that are hardly ever drawn, and of the others."""
        if octave not in self._tables:
            n0 = 2**octave
            number = self.number(n0)
            mean = n0 * self._odds[:number]
            # At n, the largest that are still rare have a mean of at most 2 RARE.
            most = min(2 * n0, int(2 * RARE + 10 * math.sqrt(RARE) + 25))
            split = int(np.searchsorted(mean, _FEWER))
            self._tables[octave] = (
                _poisson(mean[:split], min(_FEWER_COUNTS, most)),
                _poisson(mean[split:], most),
            )
        return self._tables[octave]


class SpreadDraws:
    """Weights on probabilities whose number of draws has a variance above `RARE`.

    Parameters
    ----------
    x : array, shape (chance,)
        All probabilities that may be asked about.
    """

    def __init__(self, x: Floats) -> None:
        self._x, self._rest = x, 1.0 - x
        self._nodes, weights = hermite_e.hermegauss(_NODES)
        self._polynomials = moment_polynomials(x, _NODES - 1, least=3)
        factorials = np.cumprod([1.0, *range(1, _NODES)])
        vander = hermite_e.hermevander(self._nodes, _NODES - 1)
        self._weigh = (weights / weights.sum())[:, None] * vander / factorials  # (node, polynomial)

    def drawn(self, weights: Floats, chosen: slice, n: int) -> tuple[Floats, Floats, Floats]:
        """Return shares of the draws, their weights, and 1 less the shares.

        Parameters
        ----------
        weights : array, shape (row, chance)
            Of the chosen probabilities.
        chosen : slice
            Which those are.
        n : int
            Draws.

        Returns
        -------
        tuple of array, shapes (point,), (row, point), (point,)
        """
        x, rest = self._x[chosen], self._rest[chosen]
        deviation = np.sqrt(n * x * rest)
        powers = float(n) ** np.arange(self._polynomials.shape[1])
        expected = np.einsum("l,jlx->xj", powers, self._polynomials[..., chosen])
        expected /= deviation[:, None] ** np.arange(_NODES)
        law = expected @ self._weigh.T
        shift = self._nodes * (deviation / n)[:, None]
        spread = (weights[:, :, None] * law).reshape(len(weights), -1)
        return (x[:, None] + shift).ravel(), spread, (rest[:, None] - shift).ravel()


def _poisson(mean: Floats, most: int) -> Floats:
    """Return mean^c e^-mean / c! for c = 0, ..., most, shape (mean, count)."""
    terms = np.empty((len(mean), most + 1))
    terms[:, 0] = np.exp(-mean)
    terms[:, 1:] = mean[:, None] / np.arange(1, most + 1)
    return np.asarray(np.cumprod(terms, axis=1))
