"""What equations of presence answer where absence is not for ever, whatever brings the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.base import Answer
from modelcollapse.laws.presence import reading
from modelcollapse.laws.presence.reading import (
    CERTAIN,
    Equation,
    chosen_spectrum,
    distinct_masses,
    masses_beside,
    require_memory,
    spectrum_of,
)
from modelcollapse.recursion import Recursion
from modelcollapse.statistics import (
    ChosenVocabulary,
    LostMass,
    NotFixed,
    Statistic,
    Survival,
    TotalCollapse,
    Vocabulary,
)

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

_DIRECT = 64  # up to so many different probabilities are asked for themselves, more by way of the spline's nodes


class PresenceEquation(Equation, Protocol):
    """An equation that also knows symbols by themselves, and which of them are certain."""

    def survival(self, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) of symbols of probabilities x, shape (generation, symbol)."""

    def weakest(self, generations: Generations) -> float:
        """Return a number w such that Pr(absent) <= exp(-x w) at each of the generations, for every x."""


def _survival(
    equation: PresenceEquation, recursion: Recursion, statistic: Survival, generations: Generations, error: float
) -> Answer:
    mass, place = distinct_masses(recursion, statistic)
    require_memory(len(place), len(generations))
    if len(mass) <= _DIRECT:
        return Answer(equation.survival(mass, generations)[:, place], error)
    return Answer(reading.survival(equation, mass, generations)[:, place], error)


def _vocabulary(
    equation: PresenceEquation,
    recursion: Recursion,
    statistic: Vocabulary | ChosenVocabulary,
    generations: Generations,
    error: float,
) -> Answer:
    distinct, symbols = chosen_spectrum(recursion, statistic)
    sure = distinct * equation.weakest(generations) > CERTAIN + np.log(max(symbols.sum(), 1))
    return reading.vocabulary(equation, distinct, symbols, sure, error, generations)


def _lost_mass(
    equation: PresenceEquation, recursion: Recursion, _: LostMass, generations: Generations, error: float
) -> Answer:
    return reading.lost_mass(equation, *spectrum_of(recursion), error, generations)


def _not_fixed(
    equation: PresenceEquation, recursion: Recursion, statistic: NotFixed, generations: Generations, error: float
) -> Answer:
    """Present, less alone: s_k(x) - (1 - s_k(1 - x))."""
    mass, place = distinct_masses(recursion, statistic)
    require_memory(len(place), len(generations))
    x = np.concatenate([mass, 1.0 - mass])
    both = reading.survival(equation, x, generations) if len(x) > _DIRECT else equation.survival(x, generations)
    value = both[:, : len(mass)] + both[:, len(mass) :] - 1.0
    return Answer(np.clip(value, 0.0, 1.0)[:, place], error, absolute=True)


def _total_collapse(
    equation: PresenceEquation, recursion: Recursion, _: TotalCollapse, generations: Generations, error: float
) -> Answer:
    """Sum over symbols of Pr(all others are absent)."""
    distinct, symbols = spectrum_of(recursion)
    row = equation.spline.functional(masses_beside(distinct, symbols), symbols.astype(np.float64), distinct)
    alone = float(symbols @ distinct) - equation.read(row[None, :], generations)[:, 0]
    return Answer(np.clip(alone, 0.0, 1.0), error, absolute=True)


SOLVERS: dict[type[Statistic], Callable[[PresenceEquation, Recursion, Any, Generations, float], Answer]] = {
    Survival: _survival,
    Vocabulary: _vocabulary,
    ChosenVocabulary: _vocabulary,
    LostMass: _lost_mass,
    NotFixed: _not_fixed,
    TotalCollapse: _total_collapse,
}
