"""Uniform models from 0 to an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from modelcollapse.families.base import Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.exponential import refuse_pooled
from modelcollapse.families.location_scale import Floats, LocationScale, Models, size_column


class UniformBatch(NamedTuple):
    """Maximum and number of the data."""

    largest: Floats  # (replicate, 1)
    size: Floats  # (replicate, 1)
    pooled: bool = False


@dataclass(frozen=True)
class Uniform(Compressed, LocationScale[UniformBatch]):
    """Uniform laws on (0, theta); the scale is theta, estimated by the maximum (maximum likelihood).

    A batch is compressed to its maximum. Starts from `Parameters(scale=...)`.
    Draws can be shaped by the sampler `Amplification`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Uniform
    >>> family = Uniform()
    >>> model = family.initial(Parameters(scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 10**12, np.random.default_rng(1))).round(4)
    array([[0., 2.]])
    """

    name: ClassVar[str] = "uniform"
    parameters: ClassVar[tuple[str, ...]] = ("scale",)
    least_size: ClassVar[int] = 1

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return "A uniform model from 0 to theta", "The scale is theta, fitted by the largest draw."

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> UniformBatch:
        """Draw the maximum: theta U^{1/n}."""
        sizes = size_column(size, len(model))
        largest = model[:, 1:] * np.exp(-rng.standard_exponential(sizes.shape) / np.maximum(sizes, 1.0))
        return UniformBatch(np.where(sizes > 0, largest, 0.0), sizes)

    def draw(self, model: Models, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the data themselves."""
        return np.zeros((len(model), 1)), model[:, 1:] * rng.random((len(model), number))

    def summarise(self, batch: Data) -> UniformBatch:
        """Find the maximum."""
        weights, values = weights_of(batch), batch.values + batch.origin
        largest = np.where(weights > 0, values, 0.0).max(axis=1, keepdims=True, initial=0.0)
        return UniformBatch(largest, weights.sum(axis=1, keepdims=True), pooled=True)

    def merge(self, batches: Sequence[UniformBatch], weights: Sequence[float]) -> UniformBatch:
        """Take the largest maximum."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        size = sum((w * b.size for b, w in zip(batches, weights, strict=True)), start=np.zeros((1, 1)))
        return UniformBatch(np.max([batch.largest for batch in batches], axis=0), size, pooled=True)

    def subsample(self, batch: UniformBatch, size: int, rng: np.random.Generator) -> UniformBatch:
        """Draw the maximum of `size` of the data: that of all, if they hold it, or a maximum below it."""
        if np.all(batch.size == size):
            return batch
        refuse_pooled(batch.pooled, self.name)
        holds = rng.random(batch.size.shape) < size / batch.size
        below = batch.largest * np.exp(-rng.standard_exponential(batch.size.shape) / size)
        return UniformBatch(np.where(holds, batch.largest, below), np.full_like(batch.size, size))

    def fit(self, batch: UniformBatch) -> Models:
        """Return 0 and the maximum."""
        self.require_data(batch.size)
        return np.concatenate([np.zeros_like(batch.largest), batch.largest], axis=1)
