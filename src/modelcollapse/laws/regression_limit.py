"""The large-sample limit of accumulating: errors add up like 1 + 1/4 + 1/9 + ..., to pi^2 / 6 of the first at most.

In sigma^2 (n/N) d / (N - d - 1), what the noise of n new rows among N adds, d + 1 is small beside N. With as many rows
in every generation the j-th adds 1/j^2 of the first; the sum of all is pi^2 / 6. Dey and Donoho show the same limit for
many models and estimators: first the generation is fixed, then n grows.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import LinearRegression
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.regression_error import pooled_sum
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DEY_DONOHO_2024, GERSTGRASSER_2024, Reference
from modelcollapse.statistics import SquaredError, Statistic
from modelcollapse.workflows import Accumulate


class RegressionLimit(Law):
    """Squared error of linear regression where all data are kept, for large samples."""

    name: ClassVar[str] = "accumulated_regression"
    statement: ClassVar[str] = (
        "n E |w_k - w_0|^2 -> sigma^2 d (1 + 1/4 + ... + 1/k^2), at most pi^2/6 of the first, as n -> infinity under "
        "accumulate"
    )
    references: ClassVar[tuple[Reference, ...]] = (DEY_DONOHO_2024, GERSTGRASSER_2024)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the limit for linear regression under accumulate, for one sample size."""
        family, n = recursion.family, recursion.constant_size
        if not isinstance(family, LinearRegression) or not isinstance(statistic, SquaredError) or n is None:
            return None
        if recursion.workflow != Accumulate():
            return None
        return Answer(family.noise**2 * pooled_sum(n, 0, family.dimension, 0, generations), None)
