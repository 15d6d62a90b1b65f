"""The Lyapunov spectrum: along each of its axes a Gaussian model collapses at a rate of its own, in the long run.

The factor of the covariance is a product of independent triangular matrices. By the theorem of Oseledets its singular
values behave like e^{k lambda_i}; the diagonal of a product of triangular matrices is the product of their diagonals,
whose mean logarithms are therefore the lambda_i.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.gaussian import Gaussian
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.scale_rates import lyapunov_spectrum
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE
from modelcollapse.statistics import PrincipalScales, Statistic
from modelcollapse.workflows.replace import Replace


class PrincipalScalesLimit(Law):
    """Principal scales of Gaussian models under replace: k lambda_i, up to what does not grow with k."""

    name: ClassVar[str] = "lyapunov_limit"
    statement: ClassVar[str] = "E ln(i-th principal scale) / k -> lambda_i = (psi((n - i)/2) - ln((n - ddof)/2)) / 2"
    references: ClassVar[tuple[Any, ...]] = (MODELCOLLAPSE,)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return k lambda_i for `PrincipalScales` at one sample size."""
        family, n = recursion.family, recursion.constant_size
        covered = isinstance(family, Gaussian) and isinstance(recursion.workflow, Replace)
        if not covered or n is None or not isinstance(statistic, PrincipalScales):
            return None
        assert isinstance(family, Gaussian)
        return Answer(generations[:, None] * lyapunov_spectrum(n, family.dimension, family.ddof), None)
