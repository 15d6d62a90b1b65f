"""The law of presence where fresh data flow: categorical models under fresh mix, fresh count and on fixed real data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws import presence
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.fresh_equation import FreshEquation
from modelcollapse.laws.fresh_schedule import FreshSchedule
from modelcollapse.laws.presence import CERTAIN, distinct_masses, require_memory, spectrum_of
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MODELCOLLAPSE, MOHLE_1999, Reference
from modelcollapse.statistics import LostMass, NotFixed, Statistic, Survival, TotalCollapse, Vocabulary

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

_DIRECT = 64  # up to so many different probabilities are carried themselves, more by way of the spline's nodes


class FreshAncestryLaw(Law):
    """Exact presence where a share or a number of draws is fresh, for sample sizes from 1 to 10^13 that may vary.

    Absence is not for ever here, so there are no times: they are refused with that reason.
    """

    name: ClassVar[str] = "fresh_ancestry"
    statement: ClassVar[str] = "Pr(absent at k) = E (1 - x)^{F_k + A_k}: lines that meet fresh data, and the ancestors"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, MOHLE_1999, DE_BOOR_SWARTZ_1973)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models that fresh data flow into, or beside a corpus that stays."""
        solver = _SOLVERS.get(type(statistic))
        schedule = FreshSchedule.of(recursion)
        if not isinstance(recursion.family, Categorical) or solver is None or schedule is None:
            return None
        recursion.require(int(generations[-1]))
        equation = FreshEquation(schedule)
        error = equation.error(generations)
        return None if error is None else solver(equation, recursion, statistic, generations, error)


def _survival(
    equation: FreshEquation, recursion: Recursion, statistic: Survival, generations: Generations, error: float
) -> Answer:
    mass, place = distinct_masses(recursion, statistic)
    require_memory(len(place), len(generations))
    if len(mass) <= _DIRECT:
        return Answer(equation.survival(mass, generations)[:, place], error)
    return Answer(presence.survival(equation, mass, generations)[:, place], error)


def _vocabulary(
    equation: FreshEquation, recursion: Recursion, _: Vocabulary, generations: Generations, error: float
) -> Answer:
    distinct, symbols = spectrum_of(recursion)
    sure = distinct * equation.weakest(generations) > CERTAIN + np.log(symbols.sum())
    return presence.vocabulary(equation, distinct, symbols, sure, error, generations)


def _lost_mass(
    equation: FreshEquation, recursion: Recursion, _: LostMass, generations: Generations, error: float
) -> Answer:
    return presence.lost_mass(equation, *spectrum_of(recursion), error, generations)


def _not_fixed(
    equation: FreshEquation, recursion: Recursion, statistic: NotFixed, generations: Generations, error: float
) -> Answer:
    """Present, less alone: s_k(x) - (1 - s_k(1 - x))."""
    mass, place = distinct_masses(recursion, statistic)
    require_memory(len(place), len(generations))
    x = np.concatenate([mass, 1.0 - mass])
    both = presence.survival(equation, x, generations) if len(x) > _DIRECT else equation.survival(x, generations)
    value = both[:, : len(mass)] + both[:, len(mass) :] - 1.0
    return Answer(np.clip(value, 0.0, 1.0)[:, place], error, absolute=True)


def _total_collapse(
    equation: FreshEquation, recursion: Recursion, _: TotalCollapse, generations: Generations, error: float
) -> Answer:
    """Sum over symbols of Pr(all others are absent)."""
    distinct, symbols = spectrum_of(recursion)
    row = equation.spline.functional(1.0 - distinct, symbols.astype(np.float64), distinct)
    alone = float(symbols @ distinct) - equation.read(row[None, :], generations)[:, 0]
    return Answer(np.clip(alone, 0.0, 1.0), error, absolute=True)


_SOLVERS: dict[type[Statistic], Callable[[FreshEquation, Recursion, Any, Generations, float], Answer]] = {
    Survival: _survival,
    Vocabulary: _vocabulary,
    LostMass: _lost_mass,
    NotFixed: _not_fixed,
    TotalCollapse: _total_collapse,
}
