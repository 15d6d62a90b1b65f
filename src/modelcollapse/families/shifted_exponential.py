"""Exponential models with a shift: minimum, and mean above the minimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from modelcollapse.families.base import Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.exponential import refuse_pooled
from modelcollapse.families.location_scale import Floats, LocationScale, Models, beta, gamma, size_column


class ShiftedBatch(NamedTuple):
    """Minimum, sum of the excesses over it, and number of the data."""

    least: Floats  # (replicate, 1); infinite if there are no data
    excess: Floats  # (replicate, 1)
    size: Floats  # (replicate, 1)
    pooled: bool = False


@dataclass(frozen=True)
class ShiftedExponential(Compressed, LocationScale[ShiftedBatch]):
    """Exponential laws from a location on, estimated by the minimum and the mean above it (maximum likelihood).

    A batch is compressed to minimum, sum of excesses and size. Starts from `Parameters(location=..., scale=...)`.
    Draws can be shaped by the sampler `Amplification`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import ShiftedExponential
    >>> family = ShiftedExponential()
    >>> model = family.initial(Parameters(location=5.0, scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 10**12, np.random.default_rng(1))).round(4)
    array([[5., 2.]])
    """

    name: ClassVar[str] = "exponential-shifted"

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return "A shifted exponential model", "The scale is the mean distance from the smallest draw."

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> ShiftedBatch:
        """Draw the minimum, exponential, and the sum of the excesses, gamma: they are independent."""
        sizes = size_column(size, len(model))
        location, scale = model[:, :1], model[:, 1:]
        first = location + scale * rng.standard_exponential(sizes.shape) / np.maximum(sizes, 1.0)
        return ShiftedBatch(np.where(sizes > 0, first, np.inf), scale * gamma(sizes - 1.0, rng), sizes)

    def draw(self, model: Models, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the data themselves, as excesses over the location."""
        return model[:, :1], model[:, 1:] * rng.standard_exponential((len(model), number))

    def summarise(self, batch: Data) -> ShiftedBatch:
        """Find the minimum, and add up the excesses over it."""
        weights = weights_of(batch)
        least = np.where(weights > 0, batch.values, np.inf).min(axis=1, keepdims=True, initial=np.inf)
        above = np.where(weights > 0, batch.values - np.where(np.isfinite(least), least, 0.0), 0.0)
        size = weights.sum(axis=1, keepdims=True)
        return ShiftedBatch(least + batch.origin, (weights * above).sum(axis=1, keepdims=True), size, pooled=True)

    def merge(self, batches: Sequence[ShiftedBatch], weights: Sequence[float]) -> ShiftedBatch:
        """Take the least minimum and count the excesses from there."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        least = np.min([batch.least for batch in batches], axis=0)
        excess, size = np.zeros_like(least), np.zeros_like(least)
        for batch, weight in zip(batches, weights, strict=True):
            above = np.where(batch.size > 0, batch.least, 0.0) - np.where(batch.size > 0, least, 0.0)
            excess += weight * (batch.excess + batch.size * above)
            size += weight * batch.size
        return ShiftedBatch(least, excess, size, pooled=True)

    def subsample(self, batch: ShiftedBatch, size: int, rng: np.random.Generator) -> ShiftedBatch:
        """Draw minimum and excess of `size` of the data: either they hold the minimum of all, or they lie above it."""
        if np.all(batch.size == size):
            return batch
        refuse_pooled(batch.pooled, self.name)
        m = np.full_like(batch.size, size)
        holds = rng.random(m.shape) < m / batch.size
        others = np.where(holds, m - 1.0, m)
        excess = batch.excess * beta(others, batch.size - 1.0 - others, rng)
        first = beta(np.ones_like(m), m - 1.0, rng)  # m x (minimum of m excesses) / (their sum)
        least = np.where(holds, batch.least, batch.least + excess * first / m)
        return ShiftedBatch(least, np.where(holds, excess, excess * (1.0 - first)), m)

    def fit(self, batch: ShiftedBatch) -> Models:
        """Return the minimum and the mean excess."""
        self.require_data(batch.size)
        return np.concatenate([batch.least, batch.excess / batch.size], axis=1)
