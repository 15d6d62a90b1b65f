"""The Galton-Watson law: Poisson models under replace, exactly, also where sample sizes vary.

The sum of the n data of generation k + 1 is Poisson with mean equal to the sum of generation k (times n_{k+1}/n_k):
every unit of the sum has a Poisson(1) number of children, on its own. So the chance of 0 is the generating function
of Poisson numbers, composed k times at 0, which gives Pr(rate != 0 at k) = 1 - exp(-n lambda_0 g_k).
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import branching
from modelcollapse.families.poisson import Poisson
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SURESH_2024, Reference
from modelcollapse.start import Parameters
from modelcollapse.statistics import ExtinctionTime, NonZero, Statistic
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]


class GaltonWatsonLaw(Law):
    """Extinction of a Poisson rate under replace, for any sample sizes and any number of generations."""

    name: ClassVar[str] = "galton_watson"
    statement: ClassVar[str] = "Pr(rate != 0 at k) = 1 - exp(-n lambda_0 g_k), g_1 = 1, g_{k+1} = 1 - exp(-g_k)"
    references: ClassVar[tuple[Reference, ...]] = (SURESH_2024,)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for Poisson models under replace."""
        if not isinstance(recursion.family, Poisson) or not isinstance(recursion.workflow, Replace):
            return None
        assert isinstance(recursion.start, Parameters)
        rate = recursion.start.values["rate"]
        if isinstance(statistic, NonZero):
            return _nonzero(recursion, rate, generations)
        if isinstance(statistic, ExtinctionTime):
            return Answer(_extinction_times(recursion, rate, statistic), 0.0)
        return None


def _nonzero(recursion: Recursion, rate: float, generations: Generations) -> Answer:
    n = recursion.constant_size
    if n is not None:
        exponent, error = n * branching.branching_numbers(generations), branching.RELATIVE_ERROR
    else:
        horizon = int(generations[-1])
        exponent = branching.backward_sizes(recursion.sizes(horizon), generations)
        error = branching.RELATIVE_ERROR + 1e-15 * horizon  # two roundings a generation
    return Answer(-np.expm1(-rate * exponent), error)


def _extinction_times(recursion: Recursion, rate: float, statistic: ExtinctionTime) -> Floats:
    """The smallest k with exp(-n lambda_0 g_k) >= level, decided with 50 digits; with 15 where sizes vary."""
    if rate == 0:
        return np.ones(len(statistic.levels))
    if isinstance(recursion.sample_size, int):
        count = recursion.sample_size * Decimal(rate)
        times = [branching.first_generation_at_most(-Decimal(level).ln() / count) for level in statistic.levels]
        return np.array([float(k) for k in times])
    sizes = recursion.sizes(len(recursion.sample_size))
    found = (branching.first_backward_at_most(sizes, -math.log(level) / rate) for level in statistic.levels)
    return np.array([np.inf if k is None else float(k) for k in found])
