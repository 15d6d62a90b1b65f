"""Bounds on scales derived here: the best of all moment bounds, and one for maximum likelihood."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds import scale_tail
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.suresh_2024_scale import gaussian_size, log_threshold
from modelcollapse.laws.scale_law import scale_step
from modelcollapse.laws.scales.log_scale_walk import combined_step
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Basis, Reference
from modelcollapse.statistics import ScaleTail, Statistic

Generations = NDArray[np.int64]


class OptimalMoment(Bound):
    """Chernoff: 1 - min over s <= 0 of M(s) <= Pr(scale_k > eps) <= min over s >= 0, M(s) = E (scale_k / eps)^s."""

    name: ClassVar[str] = "modelcollapse.optimal_moment"
    statement: ClassVar[str] = "the smallest of all moment bounds (scale_0 / eps)^s E R_1^s ... E R_k^s, on either side"
    validity: ClassVar[str] = "every family whose one-step law is known, every n and k; one side is trivial at each k"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return both curves for `ScaleTail`."""
        step = scale_step(recursion, int(generations[-1])) if isinstance(statistic, ScaleTail) else None
        if step is None:
            return None
        x, k = log_threshold(statistic), generations
        if step.shape:
            step, k = combined_step(step, generations), np.ones_like(generations)
        below = scale_tail.optimal_moment_below(step, k, x)
        return Bracket(1.0 - below, scale_tail.optimal_moment(step, k, x))


class MaximumLikelihood(Bound):
    """Pr(scale_k > eps) <= (scale_0 / eps) e^{-3k / (4n)} for the maximum-likelihood variance."""

    name: ClassVar[str] = "modelcollapse.maximum_likelihood"
    statement: ClassVar[str] = "Theorem 3 for ddof = 0: (scale_0 / eps) e^{-3k / (4n)}"
    validity: ClassVar[str] = "ddof = 0, one dimension, every n of at least 2 and every k; exceeds 1 at first"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        n = gaussian_size(recursion, statistic, ddof=0.0)
        if n is None:
            return None
        return Bracket(upper=scale_tail.maximum_likelihood(n, generations, log_threshold(statistic)))
