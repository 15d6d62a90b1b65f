"""Uniform models on an interval: minimum and range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from modelcollapse.families.base import Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.exponential import refuse_pooled
from modelcollapse.families.location_scale import Floats, LocationScale, Models, gamma, size_column


class RangeBatch(NamedTuple):
    """Minimum, range and number of the data."""

    least: Floats  # (replicate, 1)
    width: Floats  # (replicate, 1); minus infinity if there are no data
    size: Floats  # (replicate, 1)
    pooled: bool = False


@dataclass(frozen=True)
class UniformRange(Compressed, LocationScale[RangeBatch]):
    """Uniform laws on (location, location + scale), estimated by minimum and range (maximum likelihood).

    A batch is compressed to minimum and range. Starts from `Parameters(location=..., scale=...)`.
    Draws can be shaped by the sampler `Amplification`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import UniformRange
    >>> family = UniformRange()
    >>> model = family.initial(Parameters(location=5.0, scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 10**12, np.random.default_rng(1))).round(4)
    array([[5., 2.]])
    """

    name: ClassVar[str] = "uniform-range"

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return "A uniform model on an interval", "The scale is its length, fitted by the range of the draws."

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> RangeBatch:
        """Draw the range, a beta variable, and where it lies, uniformly."""
        sizes = size_column(size, len(model))
        location, scale = model[:, :1], model[:, 1:]
        inner, outer = _range(sizes, rng)
        least = location + scale * outer * rng.random(sizes.shape)
        return RangeBatch(least, np.where(sizes > 0, scale * inner, -np.inf), sizes)

    def draw(self, model: Models, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the data themselves, as distances from the location."""
        return model[:, :1], model[:, 1:] * rng.random((len(model), number))

    def summarise(self, batch: Data) -> RangeBatch:
        """Find minimum and range."""
        weights = weights_of(batch)
        least = np.where(weights > 0, batch.values, np.inf).min(axis=1, keepdims=True, initial=np.inf)
        most = np.where(weights > 0, batch.values, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
        some = np.isfinite(least)
        origin = np.where(some, least, 0.0)
        width = np.where(some, most - origin, -np.inf)
        return RangeBatch(origin + batch.origin, width, weights.sum(axis=1, keepdims=True), pooled=True)

    def merge(self, batches: Sequence[RangeBatch], weights: Sequence[float]) -> RangeBatch:
        """Take the least minimum and the largest maximum, kept as a range: a narrow one has no less digits."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        least = np.min([np.where(batch.size > 0, batch.least, np.inf) for batch in batches], axis=0)
        origin = np.where(np.isfinite(least), least, 0.0)
        width = np.max([batch.width + (batch.least - origin) for batch in batches], axis=0)
        size = sum((w * b.size for b, w in zip(batches, weights, strict=True)), start=np.zeros((1, 1)))
        return RangeBatch(origin, width, size, pooled=True)

    def subsample(self, batch: RangeBatch, size: int, rng: np.random.Generator) -> RangeBatch:
        """Draw minimum and range of `size` of the data: they hold both ends, one, or none."""
        if np.all(batch.size == size):
            return batch
        refuse_pooled(batch.pooled, self.name)
        m = np.full_like(batch.size, size)
        low = rng.random(m.shape) < m / batch.size
        high = rng.random(m.shape) < (m - low) / np.maximum(batch.size - 1.0, 1.0)
        others = m - low - high
        inner, outer = _range(others, rng)
        left = np.where(others > 0, outer * rng.random(m.shape), 1.0)
        right = np.where(others > 0, left + inner, 0.0)
        left, right = np.where(low, 0.0, left), np.where(high, 1.0, right)
        return RangeBatch(batch.least + batch.width * left, batch.width * (right - left), m)

    def fit(self, batch: RangeBatch) -> Models:
        """Return minimum and range."""
        self.require_data(batch.size)
        return np.concatenate([batch.least, batch.width], axis=1)


def _range(sizes: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw the range of standard uniform data, Beta(n - 1, 2), and what it leaves of the interval."""
    inner, outer = gamma(sizes - 1.0, rng), rng.standard_gamma(2.0, sizes.shape)
    return inner / (inner + outer), outer / (inner + outer)
