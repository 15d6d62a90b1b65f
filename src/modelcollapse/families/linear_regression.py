"""Linear regression on normal features: weights by least squares, responses with noise of a known scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.base import Family, Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.families.location_scale import Floats, size_column
from modelcollapse.families.wishart import bartlett, triangular
from modelcollapse.start import Parameters, Start

Weights = Floats  # (replicate, dimension)


class RegressionBatch(NamedTuple):
    """What least squares needs of the rows; `pooled` tells that they came from more than one model.

    `factor` is lower triangular, and `factor` times its transpose holds the sums of squares and products of the
    features and, last, of the response less what `origin` predicts: the Gram matrix beside its product with errors.
    """

    origin: Weights  # (replicate, dimension)
    factor: Floats  # (replicate, dimension + 1, dimension + 1)
    rows: Floats  # (replicate, 1); however much they weigh
    pooled: bool = False


@dataclass(frozen=True)
class LinearRegression(Compressed, Family[Weights, RegressionBatch]):
    """Weights of a linear regression, by least squares: standard normal features, normal noise of a known scale.

    A datum is a row: independent features x, and the response x'w plus noise. A model is its weights w; the scale of
    the noise is a parameter of the family and is not estimated, so that every generation is as noisy as the first. A
    batch is compressed to sums of squares and products: a generation costs the same for every sample size. Starts from
    `Parameters(weight=...)`, the same weight for each feature; no error depends on it. No sampler shapes its draws.

    Parameters
    ----------
    dimension : int
        How many features, from 1 to 1,000, and not above the number of rows.
    noise : float
        Standard deviation of the noise, from 1e-60 to 1e60.

    Raises
    ------
    InputError
        If a parameter is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import LinearRegression
    >>> family = LinearRegression(dimension=3)
    >>> model = family.initial(Parameters(weight=2.0), replicates=1)
    >>> family.fit(family.sample(model, 10**12, np.random.default_rng(1))).round(4)
    array([[2., 2., 2.]])
    """

    dimension: int = 1
    noise: float = 1.0

    name: ClassVar[str] = "linear-regression"

    def __post_init__(self) -> None:
        object.__setattr__(self, "dimension", arguments.integer("dimension", self.dimension, least=1, most=1000))
        object.__setattr__(self, "noise", arguments.real("noise", self.noise, low=1e-60, high=1e60))

    def initial(self, start: Start, replicates: int) -> Weights:
        """Return the weights for each replicate, shape (replicate, dimension)."""
        if not isinstance(start, Parameters) or set(start.values) != {"weight"}:
            raise InputError(
                f"`start` is {start!r}, but the {self.name} family starts from one weight for each feature: "
                "`Parameters(weight=0.0)`."
            )
        return np.full((replicates, self.dimension), start.values["weight"])

    def sample(self, model: Weights, size: Sizes, rng: np.random.Generator) -> RegressionBatch:
        """Draw the factor of the squares and products of features and noise, by Bartlett's decomposition."""
        rows = size_column(size, len(model))
        factor = bartlett(rows, self.dimension + 1, rng)
        factor[:, -1, :] *= self.noise
        return RegressionBatch(model, factor, rows)

    @property
    def numbers_per_datum(self) -> int:
        """The features and the response."""
        return self.dimension + 1

    def draw(self, model: Weights, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the rows themselves, the response last."""
        rows = rng.standard_normal((len(model), number, self.dimension + 1))
        rows[:, :, -1] *= self.noise
        rows[:, :, -1] += np.einsum("rni,ri->rn", rows[:, :, :-1], model)
        return np.zeros((len(model), 1, self.dimension + 1)), rows

    def summarise(self, batch: Data) -> RegressionBatch:
        """Return the factor of the squares and products of the rows."""
        weights, width = weights_of(batch), self.dimension + 1
        rows = np.sqrt(weights)[:, :, None] * (batch.values + batch.origin)
        # As many columns as rows at least, so that the factor is square.
        padded = np.pad(rows, ((0, 0), (0, max(0, width - rows.shape[1])), (0, 0)))
        factor = triangular(np.swapaxes(padded, 1, 2))
        seen = (weights > 0).sum(axis=1, keepdims=True).astype(np.float64)
        return RegressionBatch(np.zeros((len(rows), self.dimension)), factor, seen, pooled=True)

    def merge(self, batches: Sequence[RegressionBatch], weights: Sequence[float]) -> RegressionBatch:
        """Add up squares and products, all errors being taken from the first batch's origin."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        origin, columns = batches[0].origin, []
        rows = np.sum([batch.rows for batch in batches], axis=0)
        for batch, weight in zip(batches, weights, strict=True):
            factor = batch.factor.copy()
            factor[:, -1, :] += np.einsum("ri,rij->rj", batch.origin - origin, factor[:, :-1, :])
            columns.append(np.sqrt(weight) * factor)
        return RegressionBatch(origin, triangular(np.concatenate(columns, axis=2)), rows, pooled=True)

    def subsample(self, batch: RegressionBatch, size: int, rng: np.random.Generator) -> RegressionBatch:
        """Draw squares and products of `size` of the rows given those of all.

        Features and noise are jointly normal: given the sums, the standardised rows are uniformly distributed on the
        matrices with orthonormal columns, so the part that falls into the subsample does not depend on the sums.
        """
        if np.all(batch.rows == size):
            return batch
        if batch.pooled or batch.rows.min() <= self.dimension:
            raise NoAnswerError(
                "A batch of regression rows is subsampled only if it comes from one model and has more rows than "
                "features: it keeps sums of squares and products, not the rows; `uncompressed()` keeps them."
            )
        width = self.dimension + 1
        within = bartlett(np.full_like(batch.rows, size), width, rng)
        rest = bartlett(batch.rows - size, width, rng)
        whole = triangular(np.concatenate([within, rest], axis=2))
        factor = batch.factor @ np.linalg.inv(whole) @ within
        return RegressionBatch(batch.origin, factor, np.full_like(batch.rows, size))

    def fit(self, batch: RegressionBatch) -> Weights:
        """Return the weights of least squares."""
        if batch.rows.size and batch.rows.min() < self.dimension:
            allowed = f"at least {self.dimension}, the number of features"
            remedy = "Least squares has no unique solution otherwise; draw more rows, or lower `dimension`."
            raise InputError(arguments.message("sample_size", int(batch.rows.min()), allowed, remedy))
        gram, product = np.swapaxes(batch.factor[:, :-1, :-1], 1, 2), batch.factor[:, -1, :-1]
        return batch.origin + np.linalg.solve(gram, product[:, :, None])[:, :, 0]

    def values_per_replicate(self, start: Start) -> int:
        """Return how many weights there are."""
        return self.initial(start, 1).size

    def values_per_batch(self, start: Start) -> int:  # noqa: ARG002
        """Return how many squares and products there are."""
        return (self.dimension + 1) ** 2
