"""The joint estimate of a mixture as the original program makes it: one root, from one start, whether found or not.

It exists to be compared with: SciPy's `fsolve` looks for a root of the likelihood equation from the mean of generation
0. What it returns is taken as the estimate, also where it has not converged or has run to a smaller maximum.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse.families.base import ScaleFamily, Sizes
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.mixture import Floats, Mixture, Models
from modelcollapse.start import Start

_LEAST = 1e-12  # variance


@dataclass(frozen=True)
class RootFinderMixture(ScaleFamily[Models, Data]):
    """A mixture whose mean t solves sum y tanh(t y / (Q - t^2)) = n t, from `begin` on, with scale^2 = Q - t^2.

    Variances are kept above 0, as otherwise the search finds what is no estimate. How the original program does so is
    not known here; in this way about as many searches fail as were counted of it, and the scales collapse as fast.

    Parameters
    ----------
    begin : float
        Where the search starts, at every generation.
    """

    begin: float = 1.0

    name: ClassVar[str] = "mixture"
    _exact: ClassVar[Mixture] = Mixture()

    def initial(self, start: Start, replicates: int) -> Models:
        """Return mean and scale."""
        return self._exact.initial(start, replicates)

    def location(self, model: Models) -> Floats:
        """Return the mean."""
        return self._exact.location(model)

    def scale(self, model: Models) -> Floats:
        """Return the scale."""
        return self._exact.scale(model)

    def values_per_replicate(self, start: Start) -> int:
        """Return 2."""
        return self._exact.values_per_replicate(start)

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> Data:
        """Draw absolute values."""
        return self._exact.sample(model, size, rng)

    def merge(self, batches: Sequence[Data], weights: Sequence[float]) -> Data:
        """Put the data side by side."""
        return self._exact.merge(batches, weights)

    def subsample(self, batch: Data, size: int, rng: np.random.Generator) -> Data:
        """Draw data without replacement."""
        return self._exact.subsample(batch, size, rng)

    def fit(self, batch: Data) -> Models:
        """Return what the root finder returns, whether it has converged or not."""
        values, used = batch.origin + batch.values, weights_of(batch) > 0
        rows = [row[mask] for row, mask in zip(values, used, strict=True)]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)  # that it may not converge is the point
            found = np.array([self._root(row) for row in rows])
        square = np.array([float((row**2).mean()) for row in rows])
        return np.stack([np.abs(found), np.sqrt(np.maximum(square - found**2, 0.0))], axis=1)

    def _root(self, y: Floats) -> float:
        from scipy.optimize import fsolve

        n, square = len(y), float(y @ y) / len(y)

        def short(t: Floats) -> Floats:
            return y @ np.tanh(t * y / max(square - t[0] * t[0], _LEAST)) - n * t

        return float(fsolve(short, self.begin)[0])
