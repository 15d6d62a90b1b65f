"""The Lyapunov spectrum of Gaussian models under replace: principal directions collapse at different rates."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Gaussian
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.scale_rates import lyapunov_spectrum
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.statistics import LyapunovSpectrum, Statistic
from modelcollapse.workflows.replace import Replace


class LyapunovLaw(Law):
    """Rates of the principal standard deviations; where sample sizes vary, their mean over the schedule.

    The Bartlett factors of a Wishart matrix decide: the covariance after k generations is a product of k independent
    triangular matrices, whose diagonals are independent chi variables with n - 1, ..., n - d degrees of freedom.
    """

    name: ClassVar[str] = "lyapunov"
    statement: ClassVar[str] = "lambda_i = (psi((n - i)/2) - ln((n - ddof)/2)) / 2 for i = 1, ..., d"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)

    def answer(
        self,
        recursion: Recursion,
        statistic: Statistic,
        generations: NDArray[np.int64],  # noqa: ARG002
    ) -> Answer | None:
        """Return the spectrum for Gaussian models under replace."""
        family = recursion.family
        if not (isinstance(statistic, LyapunovSpectrum) and isinstance(family, Gaussian)):
            return None
        if not isinstance(recursion.workflow, Replace):
            return None
        n = recursion.constant_size
        if n is not None:
            return Answer(lyapunov_spectrum(n, family.dimension, family.ddof), 1e-14)
        assert not isinstance(recursion.sample_size, int)
        sizes, counts = np.unique(np.array(recursion.sample_size), return_counts=True)
        each = np.array([lyapunov_spectrum(int(size), family.dimension, family.ddof) for size in sizes])
        return Answer(counts @ each / counts.sum(), 1e-13)
