"""From the sums of a simulation to estimates: means, probabilities and times, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import NoAnswerError
from modelcollapse.recursion import Recursion
from modelcollapse.simulate import intervals
from modelcollapse.statistics.base import Statistic, Sums

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a simulation says about one statistic.

    Parameters
    ----------
    value, low, high : array
        The estimate and its pointwise 95 % interval.
    sd : array or None
        Standard deviation over replicates, where the statistic is the mean of a number that each has.
    undefined : array of int or None
        How many replicates have no value and were left out; None if all have.
    """

    value: Floats
    low: Floats
    high: Floats
    sd: Floats | None = None
    undefined: NDArray[np.int64] | None = None


def estimate(recursion: Recursion, statistic: Statistic, sums: Sums) -> Estimate:
    """Return the estimate of a statistic that has a value at each generation.

    Raises
    ------
    NoAnswerError
        If no replicate has a value.
    """
    if np.any(sums.defined == 0):
        raise NoAnswerError(f"The statistic {statistic.name} has no value in any replicate, so there is no estimate.")
    interval = intervals.clopper_pearson if statistic.is_probability else intervals.batch_means
    low, high = interval(sums)
    least, most = statistic.possible(recursion)
    return Estimate(
        value=intervals.mean_of(sums),
        low=np.clip(low, least, most),
        high=np.clip(high, least, most),
        sd=None if statistic.is_probability or sums.replicates == 1 else intervals.standard_deviation(sums),
        undefined=sums.undefined if sums.undefined.any() else None,
    )


def time_estimate(
    statistic: Statistic, recursion: Recursion, curve: Estimate, generations: NDArray[np.int64]
) -> Estimate:
    """Return when the followed curve first is at most the values waited for; infinite if not by the last generation.

    The interval is what the ends of the curve's own intervals say.
    """
    followed = statistic.followed(recursion)
    assert followed is not None
    value, low, high = (_first_at_most(c, followed[1], generations) for c in (curve.value, curve.low, curve.high))
    return Estimate(value, low, high)


def _first_at_most(curve: Floats, targets: Floats, generations: NDArray[np.int64]) -> Floats:
    """First generation at which a curve, shape (generation, ...), is at most each target; targets come first."""
    wanted = targets.reshape(targets.shape + (1,) * curve.ndim)
    below = curve <= wanted + 1e-12
    first = generations[below.argmax(axis=targets.ndim)].astype(np.float64)
    return np.where(below.any(axis=targets.ndim), first, np.inf)
