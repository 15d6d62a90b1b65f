"""Exponential models of a mean alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from modelcollapse.errors import NoAnswerError
from modelcollapse.families.base import Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.location_scale import Floats, LocationScale, Models, beta, size_column


class ExponentialBatch(NamedTuple):
    """Sum and number of the data; `pooled` tells that they came from more than one model."""

    total: Floats  # (replicate, 1)
    size: Floats  # (replicate, 1)
    pooled: bool = False


@dataclass(frozen=True)
class Exponential(Compressed, LocationScale[ExponentialBatch]):
    """Exponential laws from 0 on; the scale is the mean, estimated by the sample mean (maximum likelihood).

    A batch is compressed to its sum, a gamma variable, and its size. Starts from `Parameters(scale=...)`.
    Draws can be shaped by the sampler `Amplification`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Exponential
    >>> family = Exponential()
    >>> model = family.initial(Parameters(scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 10**12, np.random.default_rng(1))).round(4)
    array([[0., 2.]])
    """

    name: ClassVar[str] = "exponential"
    parameters: ClassVar[tuple[str, ...]] = ("scale",)
    least_size: ClassVar[int] = 1

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return "An exponential model", "The scale is the mean."

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> ExponentialBatch:
        """Draw the sum of the data."""
        sizes = size_column(size, len(model))
        return ExponentialBatch(model[:, 1:] * rng.standard_gamma(sizes), sizes)

    def draw(self, model: Models, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the data themselves."""
        return np.zeros((len(model), 1)), model[:, 1:] * rng.standard_exponential((len(model), number))

    def summarise(self, batch: Data) -> ExponentialBatch:
        """Add the data up."""
        weights = weights_of(batch)
        total = (weights * (batch.values + batch.origin)).sum(axis=1, keepdims=True)
        return ExponentialBatch(total, weights.sum(axis=1, keepdims=True), pooled=True)

    def merge(self, batches: Sequence[ExponentialBatch], weights: Sequence[float]) -> ExponentialBatch:
        """Add up sums and sizes."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        total, size = np.zeros_like(batches[0].total), np.zeros_like(batches[0].total)
        for batch, weight in zip(batches, weights, strict=True):
            total += weight * batch.total
            size += weight * batch.size
        return ExponentialBatch(total, size, pooled=True)

    def subsample(self, batch: ExponentialBatch, size: int, rng: np.random.Generator) -> ExponentialBatch:
        """Draw the share that `size` of the data have in their sum: a beta variable."""
        if np.all(batch.size == size):
            return batch
        refuse_pooled(batch.pooled, self.name)
        share = beta(np.full_like(batch.size, size), batch.size - size, rng)
        return ExponentialBatch(batch.total * share, np.full_like(batch.size, size))

    def fit(self, batch: ExponentialBatch) -> Models:
        """Return 0 and the mean."""
        self.require_data(batch.size)
        return np.concatenate([np.zeros_like(batch.total), batch.total / batch.size], axis=1)


def refuse_pooled(pooled: bool, family: str) -> None:
    """Raise `NoAnswerError` where a pool is to be subsampled that no longer knows its data."""
    if pooled:
        raise NoAnswerError(
            f"A pool of {family} batches cannot be subsampled: it keeps a summary of its data, not the data; "
            "`uncompressed()` keeps them."
        )
