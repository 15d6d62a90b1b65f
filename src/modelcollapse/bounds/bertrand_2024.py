"""The bound of Bertrand and others for the Gaussian scale: its mean, and Markov's inequality."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds import scale_tail
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.suresh_2024_scale import gaussian_size, log_threshold
from modelcollapse.laws.scales import scale_steps
from modelcollapse.recursion import Recursion
from modelcollapse.reference import BERTRAND_2024, Basis, Reference
from modelcollapse.statistics import Statistic


class FirstMoment(Bound):
    """Pr(scale_k > eps) <= (scale_0 / eps) alpha^k, alpha = E sqrt(chi^2_{n-1} / (n - 1))."""

    name: ClassVar[str] = "bertrand_2024.first_moment"
    statement: ClassVar[str] = "fully synthetic Gaussian: E scale_k = alpha^k scale_0, so (scale_0 / eps) alpha^k"
    validity: ClassVar[str] = "ddof = 1, one dimension, every n of at least 2 and every k; exceeds 1 at first"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = BERTRAND_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        n = gaussian_size(recursion, statistic, ddof=1.0)
        if n is None:
            return None
        return Bracket(upper=scale_tail.first_moment(scale_steps.Gaussian(n), generations, log_threshold(statistic)))
