"""Families whose batches are compressed, and the same families with every datum kept.

A compressed batch holds what the estimator needs and no more, so that a generation costs the same whatever its size.
But a pool of such batches no longer knows its data: who draws from the pool needs them all. The uncompressed twin is
also the plain route, drawing data and fitting them, that the compressed one must agree with.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.errors import InputError
from modelcollapse.families import data as kept
from modelcollapse.families.base import Family, Sizes
from modelcollapse.families.data import Data, Floats
from modelcollapse.families.location_scale import size_column
from modelcollapse.start import Start


class Compressed(ABC):
    """What a family with compressed batches offers beside: to draw the data themselves, and to compress them."""

    @property
    def numbers_per_datum(self) -> int:
        """How many numbers a datum has."""
        return 1

    @abstractmethod
    def draw(self, model: Any, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return an origin and `number` data for each replicate as deviations from it, as `Data` holds them."""

    @abstractmethod
    def summarise(self, batch: Data) -> Any:
        """Return the compressed batch of these data, each as often as it counts."""

    def uncompressed(self) -> Family[Any, Any]:
        """Return the family with every datum kept."""
        return Uncompressed(self)


@dataclass(frozen=True)
class Uncompressed(Family[Any, Data]):
    """A family that keeps its data and compresses them when it is fitted.

    Parameters
    ----------
    family : family that is `Compressed`

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Gaussian, Parameters
    >>> family = Gaussian().uncompressed()
    >>> model = family.initial(Parameters(mean=5.0, scale=2.0), replicates=1)
    >>> family.sample(model, 3, np.random.default_rng(1)).values.shape
    (1, 3, 1)
    """

    family: Any

    name: ClassVar[str] = "uncompressed"
    largest_size: ClassVar[int] = 10**7

    @property
    def values_per_datum(self) -> int:
        """A number of a datum, its weight, and the working space of fits."""
        return 4

    def datum_size(self, start: Start) -> int:  # noqa: ARG002
        """Return what the family says."""
        return int(self.family.numbers_per_datum)

    def initial(self, start: Start, replicates: int) -> Any:
        """Return the model of the family."""
        return self.family.initial(start, replicates)

    def shaped(self, model: Any, sampler: Any) -> Any:
        """Return what the family returns."""
        return self.family.shaped(model, sampler)

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the data would not fit."""
        if size > self.largest_size:
            raise InputError(
                f"`sample_size` is {size:,}, but where data are drawn from a pool every datum is kept, and at most "
                f"{self.largest_size:,} a generation; choose a workflow that does not subsample."
            )

    def sample(self, model: Any, size: Sizes, rng: np.random.Generator) -> Data:
        """Draw the data; where sizes differ, rows are filled up with data that do not count."""
        sizes = size_column(size, len(model))
        most = int(sizes.max(initial=0.0))
        self.require_size(most)
        origin, values = self.family.draw(model, most, rng)
        return Data(origin, values, kept.places_used(sizes))

    def merge(self, batches: Sequence[Data], weights: Sequence[float]) -> Data:
        """Put the data side by side."""
        return kept.pooled(batches, weights)

    def subsample(self, batch: Data, size: int, rng: np.random.Generator) -> Data:
        """Draw data without replacement."""
        return kept.part(batch, size, rng)

    def fit(self, batch: Data) -> Any:
        """Compress the data and fit."""
        return self.family.fit(self.family.summarise(batch))

    def values_per_replicate(self, start: Start) -> int:
        """Return the size of the model."""
        return int(self.family.values_per_replicate(start))

    def to_dict(self) -> dict[str, Any]:
        """Return what the family returns: how batches are held changes no law."""
        return dict(self.family.to_dict())
