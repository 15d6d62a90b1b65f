"""Bounds on the scale of mixtures derived here: under Algorithm 1 it stays below a Gaussian whose law is exact."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds import scale_tail
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.suresh_2024_mixture import approximate_mixture
from modelcollapse.bounds.suresh_2024_scale import log_threshold
from modelcollapse.laws.scales import scale_steps
from modelcollapse.laws.scales.log_scale_walk import tail
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Basis, Reference
from modelcollapse.statistics import Statistic

Generations = NDArray[np.int64]

_VALIDITY = "Algorithm 1, every kappa, every n of at least 2 and every k, wherever it starts; not joint likelihood"


class MixtureWalk(Bound):
    """Pr(scale_k > eps) is at most that of a Gaussian whose variance is divided by n / (1 + kappa)."""

    name: ClassVar[str] = "modelcollapse.mixture_walk"
    statement: ClassVar[str] = "the exact tail of a Gaussian with ddof = n kappa / (1 + kappa)"
    validity: ClassVar[str] = _VALIDITY
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        found = approximate_mixture(recursion, statistic)
        if found is None:
            return None
        n, kappa = found
        step = scale_steps.Gaussian(n, n * kappa / (1.0 + kappa))
        return Bracket(upper=tail(step, generations, log_threshold(statistic)).above)


class MixtureFirstMoment(Bound):
    """Pr(scale_k > eps) <= (scale_0 / eps) (sqrt(1 + kappa) E sqrt(chi^2_{n-1} / n))^k."""

    name: ClassVar[str] = "modelcollapse.mixture_first_moment"
    statement: ClassVar[str] = (
        "Theorem 4 with the rate of its proof: (scale_0 / eps) (sqrt(1 + kappa) E sqrt(chi^2 / n))^k"
    )
    validity: ClassVar[str] = _VALIDITY + "; exceeds 1 at first"
    basis: ClassVar[Basis] = "derived here"
    reference: ClassVar[Reference] = MODELCOLLAPSE

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        found = approximate_mixture(recursion, statistic)
        if found is None:
            return None
        n, kappa = found
        return Bracket(upper=scale_tail.mixture_first_moment(n, generations, log_threshold(statistic), kappa=kappa))
