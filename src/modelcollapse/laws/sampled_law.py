"""The law of scales where the step is sampled: Laplace, logistic and Student models under replace, as estimates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Family, Student
from modelcollapse.families.kept_data import KeptData
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.scales.sampled_step import replicates_per_batch, sampled_step
from modelcollapse.laws.scales.sampled_walk import LONGEST, Estimated, SampledWalk, estimated
from modelcollapse.laws.scales.scale_quantiles import first_reached
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.statistics import CollapseTime, MeanScale, MeanVariance, ScaleTail, Statistic
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

_DENSE = 128  # every generation up to here is looked at for a quantile; beyond, four for each doubling


class SampledLaw(Law):
    """Tails, collapse times and moments of a scale from one sample of its one-step law, each with an interval.

    Intervals are 95 %, pointwise, by the jackknife over 20 batches. They hold what the sample leaves open, and nothing
    else: the sample is the same every time.
    """

    name: ClassVar[str] = "sampled_step"
    statement: ClassVar[str] = "ln(scale_k / scale_0) is a sum of independent steps ln R, whose law is sampled once"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)
    sampled: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the estimate for one sample size under replace; None where it is too large to be sampled quickly."""
        if not self.covers(recursion, statistic, generations):
            return None
        walk = sampled_walk(recursion)
        assert walk is not None
        if isinstance(statistic, CollapseTime):
            return _collapse_times(walk, statistic)
        if isinstance(statistic, ScaleTail):
            below = walk.at_most(generations, float(np.log(statistic.threshold)))
            return Answer(1.0 - below.value, None, low=1.0 - below.high, high=1.0 - below.low)
        return _moment(walk, _power(statistic), generations)

    def covers(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> bool:
        """Whether there is an estimate, without sampling; a collapse time may yet lie beyond reach."""
        if not isinstance(statistic, ScaleTail | CollapseTime | MeanScale | MeanVariance):
            return False
        _require_data(recursion)
        if not _is_sampled(recursion):
            return False
        if isinstance(statistic, ScaleTail):
            return bool(generations[-1] <= LONGEST)
        if isinstance(statistic, MeanScale | MeanVariance):
            return _has_moment(recursion, _power(statistic))
        return isinstance(statistic, CollapseTime)


def sampled_walk(recursion: Recursion) -> SampledWalk | None:
    """Return the walk of ln(scale), or None if its step is not sampled here."""
    n = recursion.constant_size
    return _walk(recursion.family, n) if n is not None and _is_sampled(recursion) else None


@lru_cache(maxsize=4)
def _walk(family: Family[Any, Any], sample_size: int) -> SampledWalk | None:
    step = sampled_step(family, sample_size)
    return None if step is None else SampledWalk(step)


def _is_sampled(recursion: Recursion) -> bool:
    n, plain = recursion.constant_size, recursion.is_plain and isinstance(recursion.workflow, Replace)
    return n is not None and plain and replicates_per_batch(recursion.family, n) > 0


def mean_step(recursion: Recursion) -> tuple[float, float, float] | None:
    """Return E ln R, the rate of collapse in nats per generation, with its interval.

    Examples
    --------
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Laplace
    >>> start = Parameters(location=0.0, scale=1.0)
    >>> value, low, high = mean_step(Recursion(Laplace(), start, 10))
    >>> bool(low < value < high), round(value, 2)
    (True, -0.11)
    """
    walk = sampled_walk(recursion)
    if walk is None:
        return None
    found = estimated(walk.mean())
    return float(found.value), float(found.low), float(found.high)


def _collapse_times(walk: SampledWalk, statistic: CollapseTime) -> Answer | None:
    """Where the curve, and the ends of its interval, first reach a level; None if the curve does not within reach."""
    x, q = float(np.log(statistic.threshold)), np.asarray(statistic.levels, dtype=np.float64)
    if not q.size:
        return Answer(q, None, low=q, high=q)
    most = int(np.log2(LONGEST) * 4)
    grid = np.unique(np.r_[1 : _DENSE + 1, np.exp2(np.arange(28, most + 1) / 4.0), LONGEST].astype(np.int64))
    on_grid = walk.at_most(grid, x)

    def first(side: str) -> Floats:
        def curve(generations: Generations) -> Floats:
            return np.asarray(getattr(walk.at_most(generations, x), side))

        return first_reached(curve, grid, getattr(on_grid, side), q)

    value = first("value")
    if not np.isfinite(value).all():
        return None
    return Answer(value, None, low=first("high"), high=first("low"))


def _require_data(recursion: Recursion) -> None:
    """Raise `InputError` where a generation has too few data to be fitted, as the laws of other families do."""
    if isinstance(recursion.family, KeptData) and isinstance(recursion.workflow, Replace):
        recursion.family.require_sample(np.atleast_1d(np.asarray(recursion.sample_size, dtype=np.float64)))


def _power(statistic: Statistic) -> float:
    return 1.0 if isinstance(statistic, MeanScale) else 2.0


def _has_moment(recursion: Recursion, power: float) -> bool:
    """Whether R^power, and so the estimate of its mean, has a variance: not where a few far data carry a scale off.

    A Student scale is carried off by n / (shape + 1) data, each with a tail of power -shape.
    """
    family: Family[Any, Any] = recursion.family
    n = recursion.constant_size
    assert n is not None
    return not isinstance(family, Student) or family.shape * n / (family.shape + 1.0) > 4.0 * power


def _moment(walk: SampledWalk, power: float, generations: Generations) -> Answer:
    """E R^power to the power k; the interval is that of its logarithm."""
    each: Estimated = estimated(walk.log_moment(power))
    with np.errstate(over="ignore"):
        value, low, high = (np.exp(generations * side) for side in (each.value, each.low, each.high))
    return Answer(value, None, low=low, high=high)
