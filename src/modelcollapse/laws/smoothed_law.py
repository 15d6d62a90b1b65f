"""Add-a smoothing as fresh data from the uniform law: presence under replace.

Fitted to n draws of which y are the symbol, the smoothed model draws it with chance (y + a)/(n + a m), m the size of
the alphabet: the same as a fresh share a m/(n + a m) of draws from the uniform law, and the rest from the frequencies.
A set of r symbols is one symbol to which r a is added. The mean moves from x towards r/m, so functions of x do not
vanish at 0; they are held as the line through their ends and an excess over it.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Additive, Smoothed
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.presence.fresh_equation import FreshEquation
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from modelcollapse.laws.presence.reading import require_memory, spectrum_of
from modelcollapse.laws.presence.surviving_pairs import pair_functional, vocabulary_variance
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MODELCOLLAPSE, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import LostMass, Statistic, Survival, Vocabulary
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

LONGEST = 10_000  # generations, taken one by one
_ROUNDING = 1e-12  # of the terms that cancel in the variance, times (symbols)^2


class SmoothedAncestryLaw(Law):
    """Exact presence under add-a smoothing with a known alphabet, for any start and sample sizes."""

    name: ClassVar[str] = "smoothed_ancestry"
    statement: ClassVar[str] = "adding a to m counts is a fresh share a m / (n + a m) from the uniform law"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, DE_BOOR_SWARTZ_1973)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for additive smoothing under replace."""
        family, horizon = recursion.family, int(generations[-1])
        smoothing = family.smoothing if isinstance(family, Smoothed) else None
        if not isinstance(smoothing, Additive) or smoothing.alphabet != "known" or horizon > LONGEST:
            return None
        if not isinstance(recursion.workflow, Replace):
            return None
        recursion.require(horizon)
        equation = FreshEquation(_schedule(recursion, smoothing.amount))
        error = equation.error(generations)
        if error is None:
            return None
        if isinstance(statistic, Survival):
            return Answer(_survival(equation, recursion, statistic, generations), error)
        if isinstance(statistic, Vocabulary):
            return _vocabulary(equation, recursion, generations, error)
        if isinstance(statistic, LostMass):
            p, symbols = spectrum_of(recursion)
            kept = _Curves(equation, 1.0 / _alphabet(recursion), generations).total(p, symbols * p)
            return Answer(np.clip(1.0 - kept, 0.0, 1.0), error, absolute=True)
        return None


class _Curves:
    """Survival as a function of x at each generation, for sets that a fresh draw shows with one chance."""

    def __init__(self, equation: FreshEquation, fresh: float, generations: Generations) -> None:
        self._spline = equation.spline
        x = np.concatenate([[0.0], self._spline.nodes, [1.0]])
        values = equation.survival_towards(fresh, x, generations)
        self._first, self._last = values[:, 0], values[:, -1]
        line = np.outer(self._first, 1.0 - x) + np.outer(self._last, x)
        self._excess = (values - line)[:, 1:-1]

    def read(self, functional: Floats, weight: float, moment: float) -> Floats:
        """Return, at each generation, what a functional with that total weight and first moment makes of the curve."""
        return np.asarray(self._excess @ functional + self._first * (weight - moment) + self._last * moment)

    def total(self, x: Floats, weights: Floats) -> Floats:
        """Return the sum of weights times survival at x."""
        return self.read(self._spline.functional(x, weights), float(weights.sum()), float(weights @ x))

    def pairs(self, x: Floats, symbols: NDArray[np.int64]) -> Floats:
        """Return the sum over ordered pairs of different symbols of survival at their total."""
        number = float(symbols.sum())
        moment = 2.0 * (number - 1.0) * float(symbols @ x)
        return self.read(pair_functional(self._spline, x, symbols), number * (number - 1.0), moment)


def _schedule(recursion: Recursion, amount: float) -> FreshSchedule:
    """Model k - 1 was fitted to n_{k-1} draws, and the draws of generation k come from it."""
    sizes = (recursion.sample_size,) if isinstance(recursion.sample_size, int) else tuple(recursion.sample_size)
    added = amount * _alphabet(recursion)
    shares = tuple(added / (added + n) for n in sizes)
    return FreshSchedule(sizes, shares if len(shares) == 1 else (1.0, *shares[:-1]))


def _alphabet(recursion: Recursion) -> int:
    assert isinstance(recursion.start, DiscreteStart)
    return len(recursion.start.probabilities)


def _survival(equation: FreshEquation, recursion: Recursion, statistic: Survival, generations: Generations) -> Floats:
    """Each set by itself: sets differ in their probability and in how many symbols they hold."""
    assert isinstance(recursion.start, DiscreteStart)
    sets = statistic.sets(recursion)
    require_memory(sets.size, len(generations))
    mass = np.minimum(sets.total(recursion.start.probabilities), 1.0)
    held = sets.total(np.ones(_alphabet(recursion)))
    value = np.empty((len(generations), sets.size))
    for number in np.unique(held):
        own = np.flatnonzero(held == number)
        distinct, place = np.unique(mass[own], return_inverse=True)
        fresh = float(number) / _alphabet(recursion)
        value[:, own] = equation.survival_towards(fresh, distinct, generations)[:, place]
    return value


def _vocabulary(equation: FreshEquation, recursion: Recursion, generations: Generations, error: float) -> Answer:
    p, symbols = spectrum_of(recursion)
    alphabet = _alphabet(recursion)
    mean = _Curves(equation, 1.0 / alphabet, generations).total(p, symbols.astype(np.float64))
    if alphabet == 1:
        return Answer(mean, error, np.zeros_like(mean))
    together = _Curves(equation, 2.0 / alphabet, generations).pairs(p, symbols)
    variance = vocabulary_variance(mean, together, alphabet, 0.0)
    sd = np.sqrt(variance)
    return Answer(mean, error, sd, float(np.max(np.sqrt(variance + _ROUNDING * alphabet**2) - sd)))
