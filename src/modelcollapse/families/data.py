"""Data that are kept: pooling them, and drawing a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError

Floats = NDArray[np.float64]


class Data(NamedTuple):
    """Data as deviations from an origin: those of a small scale keep their digits beside a large location.

    Weights say how often a datum counts; 0 for places that are not used. Without weights all count once. A fit that
    is itself random, as of a user's model, is random by the seeds alone: the same batch gives the same model again.
    """

    origin: Floats  # (replicate, 1), or (replicate, 1, dimension)
    values: Floats  # (replicate, datum), or (replicate, datum, dimension)
    weights: Floats | None = None  # (replicate, datum)
    seeds: NDArray[np.int64] | None = None  # (replicate, 2)


def rows_of(batch: Data) -> list[Floats]:
    """Return the data of each replicate, each as often as it counts, shape (datum, dimension).

    Examples
    --------
    >>> batch = Data(np.array([[10.0]]), np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0, 2.0]]))
    >>> rows_of(batch)[0].tolist()
    [[11.0], [13.0], [13.0]]
    """
    values = batch.values + batch.origin
    rows = list(values[:, :, None] if values.ndim == 2 else values)
    if batch.weights is None:
        return rows
    if np.any(batch.weights != np.floor(batch.weights)):
        raise InputError(
            "`weights` are fractions, but every datum must count a whole number of times; "
            "under the workflow fresh-count all do."
        )
    return [np.repeat(row, count, axis=0) for row, count in zip(rows, batch.weights.astype(np.int64), strict=True)]


def places_used(sizes: Floats) -> Floats | None:
    """Return weights for rows of these sizes, shape (replicate, 1), filled up to the longest; None if all are alike."""
    most = int(sizes.max(initial=0.0))
    return None if np.all(sizes == most) else (np.arange(most) < sizes).astype(np.float64)


def pooled(batches: Sequence[Data], weights: Sequence[float]) -> Data:
    """Put data side by side, those of each batch counted `weight` times."""
    if len(batches) == 1 and weights[0] == 1:
        return batches[0]
    origin = batches[0].origin
    values = [batch.values + (batch.origin - origin) for batch in batches]
    if all(weight == 1 for weight in weights) and all(batch.weights is None for batch in batches):
        return Data(origin, np.concatenate(values, axis=1))
    counts = [weight * weights_of(batch) for batch, weight in zip(batches, weights, strict=True)]
    return Data(origin, np.concatenate(values, axis=1), np.concatenate(counts, axis=1))


def part(batch: Data, size: int, rng: np.random.Generator) -> Data:
    """Draw `size` of the data of each row without replacement.

    Raises
    ------
    InputError
        If there are fewer data, or weights are no whole numbers.
    """
    require_held(weights_of(batch).sum(axis=1), size)
    if batch.weights is None:
        if batch.values.shape[1] == size:
            return batch
        order = rng.random(batch.values.shape[:2]).argpartition(size - 1, axis=1)[:, :size]
        chosen = order if batch.values.ndim == 2 else order[:, :, None]
        return Data(batch.origin, np.take_along_axis(batch.values, chosen, axis=1))
    require_whole(batch.weights)
    counts = batch.weights.astype(np.int64)
    drawn = [rng.multivariate_hypergeometric(row, size, method="marginals") for row in counts]
    return Data(batch.origin, batch.values, np.array(drawn, dtype=np.float64))


def require_whole(weights: NDArray[Any]) -> None:
    """Raise `InputError` if weights are fractions: there is no part of a datum to draw."""
    if np.any(weights != np.floor(weights)):
        raise InputError("`weights` are fractions, but drawing without replacement needs whole numbers of data.")


def require_held(held: NDArray[Any], size: int) -> None:
    """Raise `InputError` if a row holds fewer data than are to be drawn from it."""
    if held.min(initial=size) < size:
        raise InputError(
            f"`subsample` is {size:,}, but must be at most the {int(held.min()):,} data that there are to draw from."
        )


def weights_of(batch: Data) -> Floats:
    """Return how often each datum counts, shape (replicate, datum)."""
    return np.broadcast_to(1.0, batch.values.shape[:2]) if batch.weights is None else batch.weights
