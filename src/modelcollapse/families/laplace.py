"""Laplace models: median and mean absolute deviation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse.families.kept_data import KeptData, total_weight, weighted_sum
from modelcollapse.families.location_scale import Floats


@dataclass(frozen=True)
class Laplace(KeptData):
    """Double exponential laws, estimated by the median and the mean absolute deviation from it (maximum likelihood).

    The median of an even number of data is the middle of the two in the middle. Starts from
    `Parameters(location=..., scale=...)`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Laplace
    >>> family = Laplace()
    >>> model = family.initial(Parameters(location=5.0, scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 100_000, np.random.default_rng(1))).round(1)
    array([[5., 2.]])
    """

    name: ClassVar[str] = "laplace"

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return "A Laplace model", "The scale is the mean absolute deviation from the median."

    def standard(self, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
        """Draw from exp(-|z|)/2."""
        return rng.laplace(size=shape)

    def estimate(self, values: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
        """Return the median and the mean absolute deviation."""
        center = np.median(values, axis=1) if weights is None else _weighted_median(values, weights)
        deviation = np.abs(values - center[:, None])
        return center, weighted_sum(deviation, weights) / total_weight(values, weights)


def _weighted_median(values: Floats, weights: Floats) -> Floats:
    """The median of the data with their multiplicities."""
    order = np.argsort(np.where(weights > 0, values, np.inf), axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    reached = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    half = 0.5 * weights.sum(axis=1, keepdims=True)
    lower, upper = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
    rows = np.arange(len(values))
    return np.asarray(0.5 * (ordered[rows, lower] + ordered[rows, upper]))
