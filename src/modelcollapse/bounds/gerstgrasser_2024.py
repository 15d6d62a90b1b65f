"""The bound of Gerstgrasser and others: linear regression does not collapse if all data are kept.

Their rows have the same features in every generation, where it is an equality: S_k = k S_1, so
w_k = w_{k-1} + S_1^{-1} X' noise / k. With fresh features, generation k adds sigma^2 (1/k) d / (k n - d - 1), and
k (n - d - 1) <= k n - d - 1, since (k - 1) (d + 1) >= 0: that is at most 1/k^2 of what the first adds.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.families import LinearRegression
from modelcollapse.laws.regression_error import noise_error, pooled_sum
from modelcollapse.recursion import Recursion
from modelcollapse.reference import GERSTGRASSER_2024, Basis, Reference
from modelcollapse.statistics import SquaredError, Statistic
from modelcollapse.workflows import Accumulate


class AccumulatedRegression(Bound):
    """E |w_k - w_0|^2 <= sigma^2 d / (n - d - 1) (1 + 1/4 + ... + 1/k^2), which is below pi^2 / 6 times the first."""

    name: ClassVar[str] = "gerstgrasser_2024.accumulate"
    statement: ClassVar[str] = (
        "linear regression under accumulate: E |w_k - w_0|^2 <= (1 + 1/4 + ... + 1/k^2) sigma^2 d / (n - d - 1), below "
        "pi^2/6 times the first; an equality where every generation has the same features"
    )
    validity: ClassVar[str] = "one n of at least d + 2, every k; for fresh features proved here, term by term"
    basis: ClassVar[Basis] = "memory"
    reference: ClassVar[Reference] = GERSTGRASSER_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Bracket | None:
        """Return the upper curve for the squared error."""
        family, n = recursion.family, recursion.constant_size
        if not isinstance(family, LinearRegression) or not isinstance(statistic, SquaredError) or n is None:
            return None
        if recursion.workflow != Accumulate():
            return None
        statistic.coordinates(recursion)
        first = family.noise**2 * noise_error(n, n, family.dimension)
        return Bracket(upper=first * pooled_sum(1, 0, 1, 0, generations))
