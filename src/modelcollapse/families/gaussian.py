"""Gaussian models, of any dimension: mean and covariance, estimated by their sample counterparts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.base import Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.location_scale import (
    Floats,
    LocationScale,
    Models,
    require_data,
    size_column,
    starting_values,
)
from modelcollapse.families.wishart import bartlett, times, triangular
from modelcollapse.start import Start

_REMEDY = "The variance is divided by n - ddof; use 1 (unbiased) or 0 (maximum likelihood)."


class GaussianBatch(NamedTuple):
    """What the estimator needs of the data; `pooled` tells that they came from more than one model.

    `factor` is lower triangular, and `factor` times its transpose is the sum of squares and products about the mean.
    """

    mean: Floats  # (replicate, dimension)
    factor: Floats  # (replicate, dimension, dimension)
    size: Floats  # (replicate, 1)
    pooled: bool = False


@dataclass(frozen=True)
class Gaussian(Compressed, LocationScale[GaussianBatch]):
    """Normal laws with mean and covariance free; the variance is divided by n - ddof.

    A model is the mean, then the lower triangular factor of the covariance, row by row; its scale is
    det(covariance)^{1/(2 dimension)}, in one dimension the standard deviation. A batch is compressed to mean, size and
    sum of squares about the mean: a generation costs the same for every sample size. Starts from
    `Parameters(mean=..., scale=...)`: in several dimensions the same mean in each, and the covariance scale^2 times
    the identity. Draws can be shaped by the sampler `Amplification`.

    Parameters
    ----------
    ddof : float
        1 is the unbiased estimator (the paper's code), 0 maximum likelihood; below the sample size.
    dimension : int
        From 1 to 1,000, and below the sample size.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Gaussian
    >>> family = Gaussian()
    >>> model = family.initial(Parameters(mean=0.0, scale=1.0), replicates=1)
    >>> family.fit(family.sample(model, 10**12, np.random.default_rng(1))).round(4)
    array([[0., 1.]])
    """

    ddof: float = 1.0
    dimension: int = 1

    name: ClassVar[str] = "gaussian"
    parameters: ClassVar[tuple[str, ...]] = ("mean", "scale")

    def __post_init__(self) -> None:
        object.__setattr__(self, "ddof", arguments.real("ddof", self.ddof, low=-1e15, high=1e13, remedy=_REMEDY))
        object.__setattr__(self, "dimension", arguments.integer("dimension", self.dimension, least=1, most=1000))

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words: in several dimensions the scale is a mean of the directions'."""
        sign = "-" if self.ddof > 0 else "+"
        divisor = "n" if self.ddof == 0 else f"n {sign} {abs(self.ddof):g}"
        known = {0.0: " (maximum likelihood)", 1.0: " (unbiased)"}.get(self.ddof, "")
        if self.dimension == 1:
            return f"A Gaussian model, variance divided by {divisor}{known}", "The scale is the standard deviation."
        model = f"A Gaussian model in {self.dimension:,} dimensions, covariance divided by {divisor}{known}"
        return model, f"The scale is det(covariance)^(1/{2 * self.dimension})."

    def initial(self, start: Start, replicates: int) -> Models:
        """Return mean and factor of the covariance for each replicate, shape (replicate, d + d^2)."""
        mean, scale = starting_values(self.name, start, self.parameters)
        d = self.dimension
        return np.tile(np.r_[np.full(d, mean), (scale * np.eye(d)).ravel()], (replicates, 1))

    def location(self, model: Models) -> Floats:
        """Return the mean."""
        return model[:, : self.dimension]

    @property
    def location_columns(self) -> int:
        """The dimension: as many columns are the mean."""
        return self.dimension

    def factor(self, model: Models) -> Floats:
        """Return the lower triangular factor of the covariance, shape (replicate, dimension, dimension)."""
        return model[:, self.dimension :].reshape(-1, self.dimension, self.dimension)

    def scale(self, model: Models) -> Floats:
        """Return det(covariance)^{1/(2 dimension)}."""
        if self.dimension == 1:
            return model[:, 1]
        diagonal = np.diagonal(self.factor(model), axis1=1, axis2=2)
        with np.errstate(divide="ignore"):
            return np.exp(np.log(diagonal).mean(axis=1))

    def sample(self, model: Models, size: Sizes, rng: np.random.Generator) -> GaussianBatch:
        """Draw the mean, and by Bartlett's decomposition the factor of a Wishart matrix."""
        sizes = size_column(size, len(model))
        factor = self.factor(model)
        error = rng.standard_normal((len(model), self.dimension)) / np.sqrt(np.maximum(sizes, 1.0))
        mean = self.location(model) + times(factor, error)
        return GaussianBatch(mean, factor @ bartlett(sizes - 1.0, self.dimension, rng), sizes)

    @property
    def numbers_per_datum(self) -> int:
        """The dimension."""
        return self.dimension

    def draw(self, model: Models, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the data themselves, as deviations from the mean."""
        normal = rng.standard_normal((len(model), number, self.dimension))
        return self.location(model)[:, None, :], normal @ np.swapaxes(self.factor(model), 1, 2)

    def summarise(self, batch: Data) -> GaussianBatch:
        """Return the mean, and the factor of the squares and products about it."""
        weights = weights_of(batch)
        size = weights.sum(axis=1, keepdims=True)
        shift = (weights[:, :, None] * batch.values).sum(axis=1) / np.maximum(size, 1e-300)
        away = np.sqrt(weights)[:, :, None] * (batch.values - shift[:, None, :])
        factor = triangular(np.swapaxes(away, 1, 2))
        return GaussianBatch(batch.origin[:, 0, :] + shift, factor, size, pooled=True)

    def merge(self, batches: Sequence[GaussianBatch], weights: Sequence[float]) -> GaussianBatch:
        """Pool means and sums of squares; nothing is squared, so that small scales keep their digits."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        total = sum((w * b.size for b, w in zip(batches, weights, strict=True)), start=np.zeros((1, 1)))
        origin = batches[0].mean
        shift = sum((w * b.size * (b.mean - origin) for b, w in zip(batches, weights, strict=True)), start=0.0 * origin)
        shift = shift / np.maximum(total, 1e-300)
        columns = []
        for batch, weight in zip(batches, weights, strict=True):
            away = np.sqrt(weight * batch.size) * (batch.mean - origin - shift)
            columns += [np.sqrt(weight) * batch.factor, away[:, :, None]]
        return GaussianBatch(origin + shift, triangular(np.concatenate(columns, axis=2)), total, pooled=True)

    def subsample(self, batch: GaussianBatch, size: int, rng: np.random.Generator) -> GaussianBatch:
        """Draw mean and squares of `size` of the data given those of all.

        Given mean and squares, the standardised residuals are uniformly distributed on a sphere (in d dimensions, on
        the matrices with orthonormal rows): the part that falls into the subsample is a ratio of chi-squares.
        """
        if np.all(batch.size == size):
            return batch
        if batch.pooled or batch.size.min() <= self.dimension:
            raise NoAnswerError(
                "A batch of Gaussian data is subsampled only if it comes from one model and has more data than "
                "dimensions: it keeps mean and squares, not the data; `uncompressed()` keeps them."
            )
        rows, d = len(batch.mean), self.dimension
        between = rng.standard_normal((rows, d, 1))
        within = bartlett(np.full((rows, 1), size - 1.0), d, rng)
        rest = bartlett(batch.size - size - 1.0, d, rng)
        whole = triangular(np.concatenate([between, within, rest], axis=2))
        change = batch.factor @ np.linalg.inv(whole)
        spread = np.sqrt(1.0 / size - 1.0 / batch.size)
        mean = batch.mean + spread * times(change, between[:, :, 0])
        return GaussianBatch(mean, change @ within, np.full_like(batch.size, size))

    def fit(self, batch: GaussianBatch) -> Models:
        """Return the mean and the factor of the covariance, divisor n - ddof."""
        why = "a covariance of full rank needs more data than dimensions"
        require_data(self.name, batch.size, self.dimension + 1, why)
        if batch.size.min() <= self.ddof:
            raise InputError(
                arguments.message("ddof", self.ddof, f"below the sample size {batch.size.min():g}", _REMEDY)
            )
        factor = batch.factor / np.sqrt(batch.size - self.ddof)[:, :, None]
        return np.concatenate([batch.mean, factor.reshape(len(factor), -1)], axis=1)
