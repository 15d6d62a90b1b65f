"""The law of Gaussian scales under biased sampling: every draw's variance is lambda times the model's.

Each generation multiplies the scale by sqrt(lambda) R instead of R. So ln(scale_k / scale_0) is the walk of replace
plus (k/2) ln lambda: its tails are those of the walk at a threshold that moves, and its moments carry a power of
lambda^{k/2}.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Gaussian
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.scale_law import scale_step
from modelcollapse.laws.scales.log_scale_walk import ERROR_GROWTH, RELATIVE_ERROR, combined_step, tail
from modelcollapse.laws.scales.scale_step import ScaleStep
from modelcollapse.recursion import Recursion
from modelcollapse.reference import ALEMOHAMMAD_2024, MODELCOLLAPSE, Reference
from modelcollapse.samplers import Amplification
from modelcollapse.start import Empirical
from modelcollapse.statistics import MeanScale, MeanVariance, ScaleTail, Statistic

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]


class AmplifiedScaleLaw(Law):
    """Tails and moments of Gaussian scales under replace and `Amplification`, in any dimension."""

    name: ClassVar[str] = "amplified_scale_walk"
    statement: ClassVar[str] = "ln(scale_k / scale_0) = (k/2) ln lambda + a sum of independent steps ln R"
    references: ClassVar[tuple[Reference, ...]] = (ALEMOHAMMAD_2024, MODELCOLLAPSE)

    def speaks(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the answer under biased sampling, which other laws are not about."""
        return self.answer(recursion, statistic, generations)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for Gaussian models whose draws are amplified."""
        sampler = recursion.sampler
        if not isinstance(recursion.family, Gaussian) or isinstance(recursion.start, Empirical):
            return None
        if not isinstance(sampler, Amplification) or not isinstance(statistic, ScaleTail | MeanScale | MeanVariance):
            return None
        recursion.require(int(generations[-1]))
        step = scale_step(recursion, int(generations[-1]))
        if step is None:
            return None
        grown = 0.5 * generations * np.log(sampler.factor)
        if isinstance(statistic, ScaleTail):
            return _tail(step, generations, float(np.log(statistic.threshold)) - grown)
        return _moment(step, generations, 1.0 if isinstance(statistic, MeanScale) else 2.0, grown)


def _tail(step: ScaleStep, generations: Generations, thresholds: Floats) -> Answer:
    at, walk = (1, combined_step(step, generations)) if step.shape else (generations, step)
    found = tail(walk, at, thresholds)
    # A threshold of that size has lost as many digits of its own.
    lost = 1e-15 * float(np.abs(thresholds).max())
    return Answer(found.above, RELATIVE_ERROR + ERROR_GROWTH * float(np.sqrt(generations[-1])) + lost)


def _moment(step: ScaleStep, generations: Generations, power: float, grown: Floats) -> Answer:
    each = step.log_moment(power)
    walk = np.cumsum(each)[generations - 1] if step.shape else generations * each
    total = walk + power * grown
    with np.errstate(over="ignore"):
        value = np.exp(total)
    size = float((np.abs(walk) + power * np.abs(grown))[np.isfinite(value)].max(initial=0.0))
    return Answer(np.asarray(value), 1e-13 + 1e-14 * size + 2e-16 * float(generations[-1]))
