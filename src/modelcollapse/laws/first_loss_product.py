"""The first loss among many symbols: as if they were forgotten one by one, each as a Poisson count would be.

Counts of rare symbols are nearly independent Poisson branching processes, so Pr(none is lost by k) is near the
product of 1 - exp(-n p_i g_k). Few symbols crowd each other out: with ten equal ones it is off by up to 0.03,
with three by 0.1, with two by 0.16.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import branching
from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import FIRST_EXTINCTION_2025, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import FirstLoss, Statistic
from modelcollapse.workflows.replace import Replace


class FirstLossProduct(Law):
    """Pr(every symbol is still present) for many rare symbols; asymptotic."""

    name: ClassVar[str] = "first_loss_product"
    statement: ClassVar[str] = "Pr(none lost by k) ~ prod (1 - exp(-n p_i g_k)) as every p_i -> 0, n p_i / k fixed"
    references: ClassVar[tuple[Reference, ...]] = (FIRST_EXTINCTION_2025,)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the product for categorical models under replace."""
        covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
        if not covered or not isinstance(statistic, FirstLoss):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        if recursion.constant_size is not None:
            exponent = recursion.constant_size * branching.branching_numbers(generations)
        else:
            exponent = branching.backward_sizes(recursion.sizes(int(generations[-1])), generations)
        with np.errstate(divide="ignore"):
            logarithm = np.array([symbols @ np.log(-np.expm1(-p * u)) for u in exponent])
        return Answer(np.exp(logarithm), None)
