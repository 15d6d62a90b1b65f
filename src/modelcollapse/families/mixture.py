"""Symmetric mixtures of two normal laws: the same scale around a mean and around its opposite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families import data as kept
from modelcollapse.families.base import ScaleFamily, Sizes
from modelcollapse.families.data import Data
from modelcollapse.families.location_scale import require_data, size_column, starting_values
from modelcollapse.families.mixture_estimators import JointLikelihood, MixtureEstimator
from modelcollapse.families.mixture_likelihood import Folded
from modelcollapse.samplers.base import Sampler
from modelcollapse.samplers.plain import Plain
from modelcollapse.start import Start

Floats = NDArray[np.float64]
Models = NDArray[np.float64]  # (replicate, 2): mean, scale

_LARGEST = 1e300  # of mean and scale at the start
_FAR = 1e150  # a mean of so many scales is as good as infinite, and its square is still a number


@dataclass(frozen=True)
class Mixture(ScaleFamily[Models, Data]):
    """Half N(mean, scale^2) and half N(-mean, scale^2), by joint maximum likelihood or by Algorithm 1 of the paper.

    The signs of data say nothing about mean and scale. A batch holds absolute values, as deviations from the mean that
    they were drawn with, so that a scale keeps its digits however small it is beside the mean. Data of one absolute
    value have scale 0, and keep it. Starts from `Parameters(mean=..., scale=...)`; a mean of 0 is a normal law, as far
    as one can know.

    Parameters
    ----------
    estimator : MixtureEstimator
        `JointLikelihood()` or `ApproximateLikelihood(...)`.

    Raises
    ------
    InputError
        If the estimator is no such object.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Mixture
    >>> family = Mixture()
    >>> model = family.initial(Parameters(mean=3.0, scale=1.0), replicates=1)
    >>> family.fit(family.sample(model, 100_000, np.random.default_rng(1))).round(1)
    array([[3., 1.]])
    """

    estimator: MixtureEstimator = field(default_factory=JointLikelihood)

    name: ClassVar[str] = "mixture"
    parameters: ClassVar[tuple[str, ...]] = ("mean", "scale")
    least_size: ClassVar[int] = 2
    largest_size: ClassVar[int] = 10**6  # the working space of the fit stays below 500 MB

    def __post_init__(self) -> None:
        if not isinstance(self.estimator, MixtureEstimator):
            allowed = "`JointLikelihood()` or `ApproximateLikelihood(...)`"
            raise InputError(arguments.message("estimator", self.estimator, allowed))

    @property
    def values_per_datum(self) -> int:
        """A datum, its weight, and the working space of fits."""
        return 8

    def to_dict(self) -> dict[str, Any]:
        """Return the name and the estimator with its parameters."""
        return {"name": self.name, "estimator": self.estimator.to_dict()}

    def initial(self, start: Start, replicates: int) -> Models:
        """Return mean and scale for each replicate, shape (replicate, 2)."""
        mean, scale = starting_values(self.name, start, self.parameters)
        if mean < 0.0:
            remedy = "The components are at the mean and at its opposite; give the one on the right."
            raise InputError(arguments.message("mean", mean, "a number of at least 0", remedy))
        if max(mean, scale) > _LARGEST:
            name, value = ("mean", mean) if mean > scale else ("scale", scale)
            remedy = "Twice as much must still be a number; take another unit."
            raise InputError(arguments.message(name, value, f"at most {_LARGEST:g}", remedy))
        return np.tile([mean, scale], (replicates, 1))

    def location(self, model: Models) -> Floats:
        """Return the mean of the right component."""
        return model[:, :1]

    def scale(self, model: Models) -> Floats:
        """Return the scale of the components."""
        return model[:, 1]

    def values_per_replicate(self, start: Start) -> int:
        """Return 2: mean and scale."""
        return self.initial(start, 1).size

    def shaped(self, model: Models, sampler: Sampler) -> Models:
        """Return the model: draws are plain."""
        if isinstance(sampler, Plain):
            return model
        raise InputError(
            f"`sampler` is {sampler!r}, but the {self.name} family knows no such sampler: its variance is in the means "
            "and in the scale; leave it out."
        )

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the data would not fit."""
        if size > self.largest_size:
            raise InputError(
                f"`sample_size` is {size:,}, but the {self.name} family keeps its data and takes at most "
                f"{self.largest_size:,}; the gaussian family has no such limit."
            )

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> Data:
        """Draw absolute values; where sizes differ, rows are filled up with data that do not count."""
        sizes = size_column(size, len(model))
        most = int(sizes.max(initial=0.0))
        self.require_size(most)
        mean, scale = model[:, :1], model[:, 1:]
        away = scale * rng.standard_normal((len(model), most))
        # |mean + away|: what falls below 0 is folded over, and about half the data of a mean of 0 are.
        values = np.where(away < -mean, -2.0 * mean - away, away)
        return Data(mean, values, kept.places_used(sizes))

    def merge(self, batches: Sequence[Data], weights: Sequence[float]) -> Data:
        """Put the data side by side."""
        return kept.pooled(batches, weights)

    def subsample(self, batch: Data, size: int, rng: np.random.Generator) -> Data:
        """Draw data without replacement."""
        return kept.part(batch, size, rng)

    def fit(self, batch: Data) -> Models:
        """Return the estimates; of data of one absolute value that value, with scale 0."""
        weights = kept.weights_of(batch)
        size = weights.sum(axis=1)
        require_data(self.name, size, self.least_size)
        used, share = weights > 0.0, weights / size[:, None]
        lowest = np.where(used, batch.values, np.inf).min(axis=1, keepdims=True)
        above = np.where(used, batch.values - lowest, 0.0)
        spread = above.max(axis=1, keepdims=True)
        alive = spread[:, 0] > 0.0
        model = np.zeros((len(size), 2))
        model[:, 0] = np.maximum((batch.origin + lowest)[:, 0], 0.0)
        if alive.any():
            unit = above[alive] / spread[alive]  # between 0 and 1: squares of small deviations are no zeros
            with np.errstate(over="ignore"):
                origin = np.minimum((batch.origin + lowest)[alive] / spread[alive], _FAR)
            found = spread[alive] * self._fit(unit, origin, share[alive], size[alive])
            # So far apart that the mean is the data's to all digits, and the scale does not know where it is.
            model[alive] = np.where(origin < _FAR, found, np.stack([model[alive, 0], found[:, 1]], axis=1))
        return model

    def _fit(self, values: Floats, origin: Floats, share: Floats, size: Floats) -> Models:
        """Estimate from deviations that are at least 0 and at most 1."""
        shift = (share * values).sum(axis=1, keepdims=True)
        deviation = values - shift
        spread = np.sqrt((share * deviation**2).sum(axis=1))
        mean = np.maximum((origin + shift)[:, 0], 0.0)
        unit = np.hypot(mean, spread)
        y = np.maximum(origin + values, 0.0) / unit[:, None]
        data = Folded(y, share, mean / unit, (spread / unit) ** 2)
        found = self.estimator.estimate(data, spread / unit, size)
        return np.stack(found, axis=1) * unit[:, None]
