"""Moments and distances of Gaussian models under replace, for any sample sizes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Gaussian
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.gaussian_moments import GaussianMoments
from modelcollapse.recursion import Recursion
from modelcollapse.reference import BERTRAND_2024, MODELCOLLAPSE, SHUMAILOV_2024, Reference
from modelcollapse.statistics import Divergence, MeanScale, MeanSquaredDrift, MeanVariance, Statistic, Wasserstein
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]


class GaussianMomentsLaw(Law):
    """Drift and both divergences in any dimension; mean scale, mean variance and Wasserstein distance in one."""

    name: ClassVar[str] = "gaussian_moments"
    statement: ClassVar[str] = (
        "products of E R and E R^2, with R^2 = chi^2_{n-1} / (n - ddof) independent, in d dimensions Wishart matrices"
    )
    references: ClassVar[tuple[Reference, ...]] = (BERTRAND_2024, SHUMAILOV_2024, MODELCOLLAPSE)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the exact answer for Gaussian models under replace."""
        family = recursion.family
        if not (isinstance(family, Gaussian) and isinstance(recursion.workflow, Replace)):
            return None
        in_one = isinstance(statistic, MeanScale | MeanVariance | Wasserstein) and family.dimension == 1
        if not (in_one or isinstance(statistic, MeanSquaredDrift | Divergence)):
            return None
        n = recursion.constant_size
        moments = GaussianMoments(
            recursion.sizes(int(generations[-1])) if n is None else n, family.ddof, family.dimension
        )
        value = _value(moments, statistic, generations)
        finite = np.abs(np.log(value[np.isfinite(value) & (value > 0)]))
        return Answer(value, 1e-13 + 1e-15 * float(finite.max(initial=0.0)))


def _value(moments: GaussianMoments, statistic: Statistic, generations: NDArray[np.int64]) -> Floats:
    if isinstance(statistic, MeanScale):
        return moments.mean_scale(generations)
    if isinstance(statistic, MeanVariance):
        return moments.mean_variance(generations)
    if isinstance(statistic, MeanSquaredDrift):
        return moments.drift(generations)
    if isinstance(statistic, Divergence):
        to_start = statistic.direction == "to_start"
        return moments.divergence_to_start(generations) if to_start else moments.divergence_from_start(generations)
    return moments.wasserstein(generations)
