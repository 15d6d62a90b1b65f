"""Theorem 4 of Suresh, Thangaraj and Khandavally: the scale of a symmetric mixture, fitted by Algorithm 1."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds import scale_tail
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.suresh_2024_scale import log_threshold
from modelcollapse.families.mixture import Mixture
from modelcollapse.families.mixture_estimators import ApproximateLikelihood
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SURESH_2024, Basis, Reference
from modelcollapse.statistics import ScaleTail, Statistic
from modelcollapse.workflows.replace import Replace

Generations = NDArray[np.int64]


class Theorem4(Bound):
    """Pr(scale_k > eps) <= (scale_0 / eps) e^{-k / (4n)}."""

    name: ClassVar[str] = "suresh_2024.theorem_4"
    statement: ClassVar[str] = "Theorem 4: (scale_0 / eps) e^{-k / (4n)}"
    validity: ClassVar[str] = (
        "Algorithm 1 with the paper's kappa, or any for which sqrt(1 + kappa) E sqrt(chi^2_{n-1} / n) <= e^{-1/(4n)}; "
        "every n of at least 2 and every k; not joint maximum likelihood"
    )
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        found = approximate_mixture(recursion, statistic)
        if found is None:
            return None
        n, kappa = found
        if scale_tail.mixture_rate(n, kappa=kappa) > -0.25 / n:
            return None
        return Bracket(upper=scale_tail.theorem_4(n, generations, log_threshold(statistic)))


def approximate_mixture(recursion: Recursion, statistic: Statistic) -> tuple[int, float] | None:
    """Return sample size and kappa where Algorithm 1 is used under replace, with one size, and the scale asked for."""
    family = recursion.family
    estimator = family.estimator if isinstance(family, Mixture) else None
    size = recursion.constant_size
    if not isinstance(estimator, ApproximateLikelihood) or not isinstance(recursion.workflow, Replace):
        return None
    if size is None or size < Mixture.least_size or not isinstance(statistic, ScaleTail):
        return None
    return size, float(estimator.inflation(np.array([float(size)]))[0])
