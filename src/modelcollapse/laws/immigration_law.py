"""Poisson rates that fresh data flow into: branching with immigration.

With m of the n_k data fresh, their sum is Poisson with mean m lambda_0 + (n_k - m) lambda_{k-1}: every unit of the sum
before leaves Poisson(1 - m/n) children (if sizes are equal), and Poisson(m lambda_0) units arrive. So Pr(rate = 0) is
exp(-lambda_0 w), w by the recursion of `immigration`. If each datum is fresh with a chance instead, the number of fresh
ones varies, which no exponential holds; it varies little where n is large, and the same formula is then the limit.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.poisson import Poisson
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.immigration import LONGEST, effective_sizes, is_settled
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Reference
from modelcollapse.start import Parameters
from modelcollapse.statistics import NonZero, Statistic
from modelcollapse.workflows import FreshCount, FreshMix, WeightedMix

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]


class ImmigrationLaw(Law):
    """Pr(Poisson rate not 0) where so many data of every generation are fresh, for any sample sizes."""

    name: ClassVar[str] = "immigration"
    statement: ClassVar[str] = (
        "Pr(rate != 0 at k) = 1 - exp(-lambda_0 w_k), w_k = sum of fresh data and what they leave"
    )
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for Poisson models under fresh count and weighted mix."""
        counted = isinstance(recursion.workflow, FreshCount | WeightedMix)
        schedule = FreshSchedule.of(recursion) if counted else None
        return None if schedule is None else _nonzero(recursion, statistic, schedule, generations)


class ImmigrationLimit(Law):
    """The same where each datum is fresh with a chance, in the limit of large samples."""

    name: ClassVar[str] = "immigration_limit"
    statement: ClassVar[str] = "Pr(rate != 0 at k) -> 1 - exp(-lambda_0 w_k) as n grows and n lambda_0 stays"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE,)
    asymptotic: ClassVar[bool] = True

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the limit for Poisson models under fresh mix."""
        schedule = FreshSchedule.of(recursion) if isinstance(recursion.workflow, FreshMix) else None
        found = None if schedule is None else _nonzero(recursion, statistic, schedule, generations)
        return None if found is None else Answer(found.value, None)


def _nonzero(
    recursion: Recursion, statistic: Statistic, schedule: FreshSchedule, generations: Generations
) -> Answer | None:
    if not isinstance(recursion.family, Poisson) or not isinstance(statistic, NonZero):
        return None
    recursion.require(int(generations[-1]))
    if generations[-1] > LONGEST and not (schedule.constant and is_settled(schedule.share(1))):
        return None
    assert isinstance(recursion.start, Parameters)
    rate = recursion.start.values["rate"]
    # Two roundings a generation, of positive terms; what is old is forgotten and its rounding with it.
    error = 1e-14 + 1e-15 * float(min(generations[-1], LONGEST))
    return Answer(-np.expm1(-rate * effective_sizes(schedule, generations)), error)
