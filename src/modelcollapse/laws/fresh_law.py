"""The law of presence where fresh data flow: categorical models under fresh mix, fresh count and on fixed real data."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.presence.answers import SOLVERS
from modelcollapse.laws.presence.fresh_equation import FreshEquation
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MODELCOLLAPSE, MOHLE_1999, Reference
from modelcollapse.statistics import Statistic

Generations = NDArray[np.int64]


class FreshAncestryLaw(Law):
    """Exact presence where a share or a number of draws is fresh, for sample sizes from 1 to 10^13 that may vary.

    Absence is not for ever here, so there are no times: they are refused with that reason.
    """

    name: ClassVar[str] = "fresh_ancestry"
    statement: ClassVar[str] = "Pr(absent at k) = E (1 - x)^{F_k + A_k}: lines that meet fresh data, and the ancestors"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, MOHLE_1999, DE_BOOR_SWARTZ_1973)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models that fresh data flow into, or beside a corpus that stays."""
        solver = SOLVERS.get(type(statistic))
        schedule = FreshSchedule.of(recursion)
        if not isinstance(recursion.family, Categorical) or solver is None or schedule is None:
            return None
        recursion.require(int(generations[-1]))
        equation = FreshEquation(schedule)
        error = equation.error(generations)
        return None if error is None else solver(equation, recursion, statistic, generations, error)
