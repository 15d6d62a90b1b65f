"""What location-scale families share: models of a location and a scale, and how they start."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.base import Batch, ScaleFamily, Sizes
from modelcollapse.samplers.amplification import Amplification
from modelcollapse.samplers.base import Sampler
from modelcollapse.start import Parameters, Start

Floats = NDArray[np.float64]
Models = NDArray[np.float64]  # (replicate, 2): location, scale


class LocationScale(ScaleFamily[Models, Batch]):
    """Laws of location + scale x Z, Z of a fixed law, with an equivariant estimator.

    `parameters` names what a start gives; `least_size` is the smallest number of data that can be fitted. A family of
    scales alone has its location at 0.
    """

    parameters: ClassVar[tuple[str, ...]] = ("location", "scale")
    least_size: ClassVar[int] = 2

    def initial(self, start: Start, replicates: int) -> Models:
        """Return location and scale for each replicate, shape (replicate, 2)."""
        location, scale = starting_values(self.name, start, self.parameters)
        return np.tile([location, scale], (replicates, 1))

    def location(self, model: Models) -> Floats:
        """Return the first column."""
        return model[:, :1]

    def scale(self, model: Models) -> Floats:
        """Return the second column."""
        return model[:, 1]

    def values_per_replicate(self, start: Start) -> int:
        """Return 2: location and scale."""
        return self.initial(start, 1).size

    def shaped(self, model: Models, sampler: Sampler) -> Models:
        """Return the model with its scale times sqrt(lambda): amplification is known."""
        if not isinstance(sampler, Amplification):
            return super().shaped(model, sampler)
        factor = np.ones(model.shape[1])
        factor[self.location_columns :] = np.sqrt(sampler.factor)
        return model * factor

    @property
    def location_columns(self) -> int:
        """How many leading columns of a model are its location."""
        return 1

    def require_data(self, size: Floats) -> None:
        """Raise `InputError` if a replicate has too few data to be fitted."""
        require_data(self.name, size, self.least_size)


def require_data(family: str, size: Floats, least: int, why: str = "with fewer the scale is 0") -> None:
    """Raise `InputError` if a replicate has fewer than `least` data."""
    if size.size and size.min() < least:
        allowed = f"at least {least} for the {family} family"
        raise InputError(arguments.message("sample_size", int(size.min()), allowed, f"It fits a scale; {why}."))


def starting_values(family: str, start: Start, names: tuple[str, ...]) -> tuple[float, float]:
    """Return location and scale of a start that names exactly these parameters; the last is the scale."""
    if not isinstance(start, Parameters) or set(start.values) != set(names):
        example = ", ".join(f"{name}={'1.0' if name == names[-1] else '0.0'}" for name in names)
        raise InputError(f"`start` is {start!r}, but the {family} family starts from `Parameters({example})`.")
    scale = start.values[names[-1]]
    if not scale > 0:
        raise InputError(arguments.message(names[-1], scale, "a finite number above 0"))
    return (start.values[names[0]] if len(names) > 1 else 0.0), scale


def size_column(size: Sizes, replicates: int) -> Floats:
    """Return the sample size of each replicate, shape (replicate, 1)."""
    column = np.reshape(np.asarray(size, dtype=np.float64), (-1, 1))
    return np.broadcast_to(column, (replicates, 1))


def beta(a: Floats, b: Floats, rng: np.random.Generator) -> Floats:
    """Draw beta variables; 0 where a is 0 or below, and 1 where b is."""
    drawn = rng.beta(np.where(a > 0, a, 1.0), np.where(b > 0, b, 1.0))
    return np.where(a > 0, np.where(b > 0, drawn, 1.0), 0.0)


def gamma(shape: Floats, rng: np.random.Generator) -> Floats:
    """Draw gamma variables; 0 where the shape is 0 or below."""
    return np.where(shape > 0, rng.standard_gamma(np.maximum(shape, 0.0)), 0.0)
