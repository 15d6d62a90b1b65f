"""What location-scale families share whose estimator has no compressed form: they keep their data."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families import data as kept
from modelcollapse.families.base import Sizes
from modelcollapse.families.data import Data
from modelcollapse.families.location_scale import Floats, LocationScale, Models, size_column


class KeptData(LocationScale[Data]):
    """A location-scale family that fits the data themselves; a subclass says how, and what a standard datum is.

    Draws can be shaped by the sampler `Amplification`.
    """

    keeps_data: ClassVar[bool] = True
    largest_size: ClassVar[int] = 5 * 10**6  # the data and the working space of their fit stay below 500 MB

    @property
    def values_per_datum(self) -> int:
        """A datum, its weight, and the working space of fits."""
        return 8

    @property
    def tail(self) -> float:
        """The a of a density that falls like |z|^-(1 + a) where it falls slowest; infinite if faster than any power."""
        return math.inf

    @property
    def described(self) -> str:
        """The family as messages call it."""
        return f"the {self.name} family"

    @abstractmethod
    def standard(self, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
        """Draw data of location 0 and scale 1."""

    @abstractmethod
    def estimate(self, values: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
        """Return location and scale of each row of data, equivariantly; the data of a row are not all equal."""

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the data would not fit."""
        if size > self.largest_size:
            raise InputError(
                f"`sample_size` is {size:,}, but the {self.name} family keeps its data and takes at most "
                f"{self.largest_size:,}; gaussian, exponential and uniform families have no such limit."
            )

    def require_sample(self, size: Floats) -> None:
        """Raise `InputError` if samples of so many data, each counting once, have no single best fit."""
        self.require_data(size)
        require_maximum(size, np.ones_like(size), self.tail, self.described)

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> Data:
        """Draw the data; where sizes differ, rows are filled up with data that do not count."""
        sizes = size_column(size, len(model))
        most = int(sizes.max(initial=0.0))
        self.require_size(most)
        values = model[:, 1:] * self.standard((len(model), most), rng)
        return Data(model[:, :1], values, kept.places_used(sizes))

    def merge(self, batches: Sequence[Data], weights: Sequence[float]) -> Data:
        """Put the data side by side."""
        return kept.pooled(batches, weights)

    def subsample(self, batch: Data, size: int, rng: np.random.Generator) -> Data:
        """Draw data without replacement."""
        return kept.part(batch, size, rng)

    def fit(self, batch: Data) -> Models:
        """Return the estimates; a row of equal data has scale 0."""
        self.require_data(kept.weights_of(batch).sum(axis=1))
        used = batch.values if batch.weights is None else np.where(batch.weights > 0, batch.values, np.nan)
        low, high = np.nanmin(used, axis=1, keepdims=True), np.nanmax(used, axis=1, keepdims=True)
        spread = high - low
        alive = spread[:, 0] > 0
        # Between 0 and 1, so that no estimator meets tiny or huge numbers.
        unit = (batch.values[alive] - low[alive]) / spread[alive]
        location, scale = np.zeros(len(low)), np.zeros(len(low))
        if alive.any():
            location[alive], scale[alive] = self.estimate(unit, None if batch.weights is None else batch.weights[alive])
        model = np.stack([location, scale], axis=1) * spread
        model[:, :1] += low + batch.origin
        return model


def total_weight(values: Floats, weights: Floats | None) -> Floats:
    """Return how many data each row has, shape (row,)."""
    return np.full(len(values), float(values.shape[1])) if weights is None else weights.sum(axis=1)


def require_maximum(count: Floats, heaviest: Floats, tail: float, family: str) -> None:
    """Refuse data whose likelihood has no single maximum: its scale may tend to 0 at the datum that counts most.

    With the density there and the tails of the others, of densities like |z|^-(1 + tail), the likelihood changes as
    scale^(tail x others - count of the datum). If that is not positive, it grows without limit as the scale falls, or
    comes as near as one likes to its largest value on the way to 0: two data of a Cauchy law have a whole half circle
    of maxima. `count` is of all data, `heaviest` that of the datum, for each row.
    """
    if np.any((count - heaviest) * tail <= heaviest):
        allowed = f"above {1.0 + 1.0 / tail:.4g} for {family}"
        remedy = "With fewer data its likelihood has no maximum, or many."
        raise InputError(arguments.message("sample_size", int(count.min()), allowed, remedy))


def heaviest_datum(values: Floats, weights: Floats | None) -> Floats:
    """Return how often the datum counts that counts most, shape (row,)."""
    return np.ones(len(values)) if weights is None else weights.max(axis=1)


def weighted_sum(values: Floats, weights: Floats | None) -> Floats:
    """Return the sum along the last axis, each datum as often as it counts."""
    if weights is None:
        return np.asarray(values.sum(axis=-1))
    return np.asarray(
        (values * weights.reshape(weights.shape[:1] + (1,) * (values.ndim - 2) + weights.shape[1:])).sum(axis=-1)
    )
