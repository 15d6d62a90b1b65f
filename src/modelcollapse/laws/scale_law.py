"""The law of scales under replace: ln(scale_k / scale_0) is a random walk, and its tails and moments are exact."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Exponential, Family, Gaussian, ShiftedExponential, Uniform, UniformRange
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.scales import scale_steps
from modelcollapse.laws.scales.log_scale_walk import ERROR_GROWTH, RELATIVE_ERROR, tail, tail_of_schedule
from modelcollapse.laws.scales.scale_quantiles import quantile_generation, quantile_of_schedule
from modelcollapse.laws.scales.scale_step import SampleSize, ScaleStep
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, SURESH_2024, Reference
from modelcollapse.statistics import CollapseTime, MeanScale, MeanVariance, ScaleTail, Statistic
from modelcollapse.workflows.replace import Replace

Generations = NDArray[np.int64]


class LogScaleLaw(Law):
    """Tails, collapse times and moments of a scale whose one-step law is known, for any sample sizes."""

    name: ClassVar[str] = "log_scale_walk"
    statement: ClassVar[str] = "ln(scale_k / scale_0) is a sum of independent steps ln R of known law"
    references: ClassVar[tuple[Reference, ...]] = (SURESH_2024, MODELCOLLAPSE)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for Gaussian, exponential and uniform families under replace."""
        if not isinstance(statistic, ScaleTail | CollapseTime | MeanScale | MeanVariance):
            return None
        if isinstance(statistic, CollapseTime):
            horizon = 1 if isinstance(recursion.sample_size, int) else len(recursion.sample_size)
            step = scale_step(recursion, horizon)
            return None if step is None else Answer(_collapse_times(step, statistic), 0.0)
        step = scale_step(recursion, int(generations[-1]))
        if step is None:
            return None
        if isinstance(statistic, ScaleTail):
            return _scale_tail(step, statistic, generations)
        return _moment(step, 1.0 if isinstance(statistic, MeanScale) else 2.0, generations)


def scale_step(recursion: Recursion, horizon: int = 1) -> ScaleStep | None:
    """Return the law of one generation, or None if it is not known in closed form.

    Parameters
    ----------
    recursion : Recursion
    horizon : int
        Where sample sizes vary, the step is a vector: one for each generation up to here.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion
    >>> from modelcollapse.laws.scale_rates import collapse_rate
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> round(collapse_rate(scale_step(recursion)).per_generation, 6)
    -0.057603
    """
    if not isinstance(recursion.workflow, Replace):
        return None
    sizes: SampleSize | None = recursion.constant_size
    return _step(recursion.family, recursion.sizes(horizon) if sizes is None else sizes)


def _step(family: Family[Any, Any], sizes: SampleSize) -> ScaleStep | None:
    if isinstance(family, Gaussian):
        if family.dimension == 1:
            return scale_steps.Gaussian(sizes, family.ddof)
        return scale_steps.GaussianDeterminant(sizes, family.ddof, family.dimension)
    kinds: tuple[tuple[type[Family[Any, Any]], Any], ...] = (
        (Exponential, scale_steps.Exponential),
        (ShiftedExponential, scale_steps.ShiftedExponential),
        (Uniform, scale_steps.Uniform),
        (UniformRange, scale_steps.UniformRange),
    )
    return next((step(sizes) for kind, step in kinds if isinstance(family, kind)), None)


def _scale_tail(step: ScaleStep, statistic: ScaleTail, generations: Generations) -> Answer:
    x = float(np.log(statistic.threshold))
    found = tail_of_schedule(step, generations, x) if step.shape else tail(step, generations, x)
    return Answer(found.above, RELATIVE_ERROR + ERROR_GROWTH * float(np.sqrt(generations[-1])))


def _collapse_times(step: ScaleStep, statistic: CollapseTime) -> NDArray[np.float64]:
    x, levels = float(np.log(statistic.threshold)), np.asarray(statistic.levels, dtype=np.float64)
    if not levels.size:
        return levels
    return quantile_of_schedule(step, x, levels) if step.shape else quantile_generation(step, x, levels)


def _moment(step: ScaleStep, power: float, generations: Generations) -> Answer:
    """E (scale_k / scale_0)^power; infinite where it leaves the range of doubles."""
    each = step.log_moment(power)
    total = np.cumsum(each)[generations - 1] if step.shape else generations * each
    with np.errstate(over="ignore"):
        value = np.exp(total)
    finite = np.abs(total[np.isfinite(value)])
    error = 1e-13 + 1e-14 * float(finite.max(initial=0.0)) + 2e-16 * float(generations[-1])
    return Answer(np.asarray(value), error)
