"""Samples of what successive generations write: how far the shares of words have moved, and together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.covariance import DriftCovariance

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Deviations:
    """Shares in later samples less those in generation 0, or less those in the first sample where that is not known.

    Parameters
    ----------
    law : array, shape (symbol,)
        Shares in generation 0, or in all samples together.
    difference : array, shape (sample, symbol)
    weight : array, shape (symbol,)
    whole : float
        Sum of weight times p (1 - p).
    moments : array, shape (sample, sample)
        Weighted sums of products of differences, over `whole`.
    """

    law: Floats
    difference: Floats
    weight: Floats
    whole: float
    moments: Floats


@dataclass(frozen=True, eq=False)
class Samples:
    """What was drawn from successive generations.

    Parameters
    ----------
    counts : array of int, shape (sample, symbol)
    generation : array of int, shape (sample,)
        Ascending; counted from generation 0, or, where that is not known, from the first sample, which has number 0.
    origin : array, shape (symbol,), or None
        Shares in generation 0.
    """

    counts: Counts
    generation: NDArray[np.int64]
    origin: Floats | None

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Tokens of each sample, shape (sample,)."""
        return self.counts.sum(axis=1)

    @property
    def law(self) -> Floats:
        """Shares in generation 0, or, where it is not known, in all samples together."""
        return self.counts.sum(axis=0) / self.counts.sum() if self.origin is None else self.origin

    @property
    def covariance(self) -> DriftCovariance:
        """The model of the moments of `deviations`."""
        noise = 1.0 / self.sizes
        if self.origin is None:
            return DriftCovariance(self.generation[1:], noise[1:], float(noise[0]))
        return DriftCovariance(self.generation, noise)

    def deviations(self, scale: float) -> Deviations:
        """Return the deviations with weights for words whose shares vary as in so many independent draws.

        A share that varies as in N draws has a squared deviation of relative variance 1 / (N p) + 2; so words weigh as
        N / (1 + 2 N p), as much as their square tells: rare words do not rule the sum, nor do common ones.
        """
        return self._from_origin(self.origin, scale) if self.origin is not None else self._from_first(scale)

    def _from_origin(self, origin: Floats, scale: float) -> Deviations:
        difference = self.counts / self.sizes[:, None] - origin
        weight = 1.0 / (1.0 + 2.0 * scale * origin)
        whole = float(weight @ (origin * (1.0 - origin)))
        return Deviations(origin, difference, weight, whole, (difference * weight) @ difference.T / whole)

    def _from_first(self, scale: float) -> Deviations:
        """Without a known law the weights come from the first sample, and must not favour words that chance moved.

        For a Poisson count Y of mean m, E[w(Y) Y (Y - 1)] = m^2 E[w(Y + 2)] and E[w(Y + 1) Y] = m E[w(Y + 2)]. So terms
        without Y are weighed by w(Y + 2), those with one by w(Y + 1), and those with two by w(Y): all have the same
        weight on average, which depends on what is true of the first generation alone.
        """
        first, sizes = self.counts[0], self.sizes
        share = self.counts / sizes[:, None]
        twice, once, none = (1.0 / (1.0 + 2.0 * scale * (first + more) / sizes[0]) for more in (0, 1, 2))
        later = share[1:]
        across = later @ (once * share[0])
        square = float(twice @ (first * (first - 1.0))) / float(sizes[0]) ** 2
        moments = (later * none) @ later.T - across[:, None] - across + square + float(once @ share[0]) / sizes[0]
        whole = float(once @ share[0]) - square * sizes[0] / max(sizes[0] - 1.0, 1.0)
        return Deviations(self.law, later - share[0], once, whole, moments / whole)
