"""The law of the squared error: frequencies are a martingale, so their variance adds up generation by generation.

E P_k = P_0, and one generation of n_j draws multiplies E[1 - sum P^2] by 1 - 1/n_j. Hence
E sum (P_k - P_0)^2 = E sum P_k^2 - sum P_0^2 = (1 - prod (1 - 1/n_j)) (1 - sum P_0^2).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import EWENS_2004, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import SquaredError, Statistic
from modelcollapse.workflows.replace import Replace


class SquaredErrorLaw(Law):
    """Expected squared distance to the truth under replace, for any sample sizes."""

    name: ClassVar[str] = "resampling_variance"
    statement: ClassVar[str] = "E sum (P_k - P_0)^2 = (1 - prod_{j <= k} (1 - 1/n_j)) (1 - sum P_0^2)"
    references: ClassVar[tuple[Reference, ...]] = (EWENS_2004,)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the exact answer for categorical models under replace."""
        covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
        if not covered or not isinstance(statistic, SquaredError):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        diversity = float(symbols @ (p * (1.0 - p)))
        return Answer(-np.expm1(log_decay(recursion, generations)) * diversity, 1e-12)


def log_decay(recursion: Recursion, generations: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the logarithm of prod_{j <= k} (1 - 1/n_j) at each generation; -inf once a size is 1."""
    with np.errstate(divide="ignore"):
        if recursion.constant_size is not None:
            return np.asarray(generations * np.log1p(-1.0 / recursion.constant_size))
        steps = np.log1p(-1.0 / recursion.sizes(int(generations[-1])))
    return np.asarray(np.cumsum(steps)[generations - 1])
