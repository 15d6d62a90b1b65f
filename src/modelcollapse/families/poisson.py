"""Poisson models: counts with one rate, estimated by the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.base import Family, Sizes
from modelcollapse.families.compressed import Compressed
from modelcollapse.families.data import Data, weights_of
from modelcollapse.start import Parameters, Start

Rates = NDArray[np.float64]  # (replicate, 1)

LARGEST_RATE = 1e200  # times to extinction, some 1e16 times the expected sum, are still numbers
_LARGEST_SUM = 9e18  # the sum of a batch is drawn as a 64-bit integer


class PoissonBatch(NamedTuple):
    """What the estimator needs of the data; `pooled` tells that they came from more than one model."""

    total: NDArray[np.float64]  # (replicate, 1)
    size: NDArray[np.float64]  # (replicate, 1)
    pooled: bool = False


@dataclass(frozen=True)
class Poisson(Compressed, Family[Rates, PoissonBatch]):
    """Counts of one rate; the maximum-likelihood estimate is their mean.

    A batch is compressed to its sum, itself a Poisson number, and its size: a generation costs one draw, whatever
    the sample size. Starts from `Parameters(rate=...)`, the rate being from 0 to 1e200. No
    sampler shapes its draws.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters, Poisson
    >>> family = Poisson()
    >>> model = family.initial(Parameters(rate=3.0), replicates=2)
    >>> family.fit(family.sample(model, 10, np.random.default_rng(1)))
    array([[3. ],
           [2.7]])
    """

    name: ClassVar[str] = "poisson"

    def initial(self, start: Start, replicates: int) -> Rates:
        """Return the rate for each replicate, shape (replicate, 1)."""
        if not isinstance(start, Parameters) or set(start.values) != {"rate"}:
            raise InputError(
                f"`start` is {start!r}, but the poisson family starts from its rate: `Parameters(rate=3.0)`."
            )
        rate = start.values["rate"]
        if not 0 <= rate <= LARGEST_RATE:
            raise InputError(arguments.message("rate", rate, f"a number from 0 to {LARGEST_RATE:g}"))
        return np.full((replicates, 1), rate)

    def sample(self, model: Rates, size: Sizes, rng: np.random.Generator) -> PoissonBatch:
        """Draw the sum of the data: Poisson with `size` times the rate."""
        sizes = np.broadcast_to(np.reshape(np.asarray(size, dtype=np.float64), (-1, 1)), model.shape)
        expected = sizes * model
        if expected.max(initial=0.0) > _LARGEST_SUM:
            raise InputError(
                f"`rate` x `sample_size` is {expected.max():.3g}, but a simulated sum of counts must be at most "
                f"{_LARGEST_SUM:.0e}; the exact law has no such limit."
            )
        return PoissonBatch(rng.poisson(expected).astype(np.float64), sizes)

    def draw(self, model: Rates, number: int, rng: np.random.Generator) -> tuple[Rates, Rates]:
        """Draw the data themselves."""
        values = rng.poisson(np.broadcast_to(model, (len(model), number))).astype(np.float64)
        return np.zeros_like(model), values

    def summarise(self, batch: Data) -> PoissonBatch:
        """Add the data up."""
        weights = weights_of(batch)
        total = (weights * (batch.values + batch.origin)).sum(axis=1, keepdims=True)
        return PoissonBatch(total, weights.sum(axis=1, keepdims=True), pooled=True)

    def merge(self, batches: Sequence[PoissonBatch], weights: Sequence[float]) -> PoissonBatch:
        """Add up sums and sizes, each times its weight."""
        if len(batches) == 1 and weights[0] == 1:
            return batches[0]
        total, size = np.zeros_like(batches[0].total), np.zeros_like(batches[0].size)
        for batch, weight in zip(batches, weights, strict=True):
            total += weight * batch.total
            size += weight * batch.size
        return PoissonBatch(total, size, pooled=True)

    def subsample(self, batch: PoissonBatch, size: int, rng: np.random.Generator) -> PoissonBatch:
        """Draw the sum of `size` of the data given the sum of all: binomial, as each unit fell on any datum alike."""
        if np.all(batch.size == size):
            return batch
        if batch.pooled:
            raise NoAnswerError(
                "A pool of Poisson batches cannot be subsampled: it keeps the sum of its data, not the data; "
                "`uncompressed()` keeps them."
            )
        total = rng.binomial(batch.total.astype(np.int64), size / batch.size)
        return PoissonBatch(total.astype(np.float64), np.full_like(batch.size, size))

    def fit(self, batch: PoissonBatch) -> Rates:
        """Return the mean."""
        return batch.total / batch.size

    def values_per_replicate(self, start: Start) -> int:
        """Return 1, the rate."""
        return self.initial(start, 1).size
