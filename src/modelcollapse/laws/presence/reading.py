"""From the survival of one symbol to every statistic of presence: sets, lost mass, mean and spread of the vocabulary.

A set of symbols survives as the one symbol that merges them does, under every workflow in which a draw is a symbol with
its probability or a copy of an earlier draw. So one function s_k(x) answers all; an *equation* knows it, as the excess
d_k(x) = s_k(x) - x on the nodes of a space of functions, such as a spline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.laws.base import Answer
from modelcollapse.laws.presence.function_space import FunctionSpace
from modelcollapse.laws.presence.surviving_pairs import pair_functional, vocabulary_variance
from modelcollapse.recursion import Recursion
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import (
    ChosenVocabulary,
    ForgettingTime,
    MeanForgettingTime,
    NotFixed,
    Survival,
    Vocabulary,
)

Floats = NDArray[np.float64]
Symbols = NDArray[np.int64]
Generations = NDArray[np.int64]

LARGEST_TABLE = 250_000_000  # values; 2 GB
CERTAIN = 46.0  # symbols that are absent with a chance below e^-46, all together, count as present
_CARRIED_BELOW = 50.0  # a symbol that is absent with a chance below e^-50 is not carried
_NEARLY_ALL = 0.999  # from this mass on 1 less it has lost digits that large samples see
_ROWS = 2048  # points read at a time, which bounds memory
_ROUNDING = 1e-12  # of the terms that cancel in the variance, times (symbols)^2; measured in the tests


class Equation(Protocol):
    """Knows the excess d_k(x) = Pr(present at k) - x on the nodes of its spline."""

    @property
    def spline(self) -> FunctionSpace:
        """The space of functions of x."""

    def read(self, functionals: Floats, generations: Generations) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""


def spectrum_of(recursion: Recursion) -> tuple[Floats, Symbols]:
    """Return distinct positive probabilities, ascending, and how many symbols have each."""
    assert isinstance(recursion.start, DiscreteStart)
    return recursion.start.spectrum


def chosen_spectrum(recursion: Recursion, statistic: Vocabulary | ChosenVocabulary) -> tuple[Floats, Symbols]:
    """Return the spectrum of the symbols that are counted."""
    if isinstance(statistic, Vocabulary):
        return spectrum_of(recursion)
    assert isinstance(recursion.start, DiscreteStart)
    distinct, symbols = np.unique(recursion.start.probabilities[statistic.chosen(recursion)], return_counts=True)
    return distinct, symbols.astype(np.int64)


def distinct_masses(
    recursion: Recursion, statistic: Survival | NotFixed | ForgettingTime | MeanForgettingTime
) -> tuple[Floats, NDArray[np.intp]]:
    """Return distinct total probabilities of the sets asked about, and where each set finds its own.

    A set is fixed if the one of all other symbols is absent, and the other way round: asked about is the rarer.
    """
    assert isinstance(recursion.start, DiscreteStart)
    if isinstance(statistic, NotFixed):
        totals = statistic.rarer(recursion)
    else:
        totals = statistic.sets(recursion).total(recursion.start.probabilities)
    mass, place = np.unique(np.minimum(totals, 1.0), return_inverse=True)
    return mass, place


def masses_beside(distinct: Floats, symbols: Symbols) -> Floats:
    """Return the probability of all symbols but one, for each probability of a spectrum."""
    others = 1.0 - distinct
    if distinct[-1] > _NEARLY_ALL:
        others[-1] = distinct[:-1] @ symbols[:-1]
    return others


def require_memory(symbols: int, generations: int) -> None:
    """Raise `InputError` if a table of all symbols at all generations would be too large."""
    if generations * symbols > LARGEST_TABLE:
        raise InputError(
            f"`symbols` x `generations` make a table of {symbols:,} x {generations:,} values, "
            f"more than {LARGEST_TABLE:,}; ask for fewer symbols or fewer generations."
        )


def blocks(values: Floats) -> list[slice]:
    """Return slices that cover the values, a few thousand at a time."""
    return [slice(first, first + _ROWS) for first in range(0, len(values), _ROWS)]


def carried_where_uncertain(
    x: Floats, weakest: float, carry: Callable[[Floats], Floats], rows: int, most: int
) -> Floats:
    """Return survival of symbols of probabilities x, carrying only those that are neither certain nor impossible.

    Parameters
    ----------
    x : array, shape (symbol,)
    weakest : float
        A number w such that Pr(absent) <= exp(-x w); below e^-50 a symbol counts as present.
    carry : callable
        From some probabilities to their survival, shape (generation, symbol).
    rows : int
        How many generations.
    most : int
        Symbols carried at a time, which bounds memory.
    """
    value = np.tile((x > 0.0).astype(np.float64), (rows, 1))
    uncertain = np.flatnonzero((x * weakest < _CARRIED_BELOW) & (x > 0.0) & (x < 1.0))
    for first in range(0, len(uncertain), most):
        part = uncertain[first : first + most]
        value[:, part] = carry(x[part])
    return np.clip(value, 0.0, 1.0)


def survival(equation: Equation, mass: Floats, generations: Generations) -> Floats:
    """Return Pr(present at k) for each probability, shape (generation, mass)."""
    value = np.empty((len(generations), len(mass)))
    for rows in blocks(mass):
        value[:, rows] = mass[rows] + equation.read(equation.spline.rows(mass[rows]), generations)
    return np.clip(value, 0.0, 1.0)


def vocabulary(
    equation: Equation, distinct: Floats, symbols: Symbols, sure: NDArray[np.bool_], error: float, at: Generations
) -> Answer:
    """Return mean and exact standard deviation of how many symbols are present.

    Parameters
    ----------
    equation : Equation
    distinct, symbols : arrays, shape (value,)
        The spectrum.
    sure : array of bool, shape (value,)
        Which of them cannot be absent; these are counted, not computed.
    error : float
        Relative error of survival.
    at : array of int
        Generations.
    """
    always = int(symbols[sure].sum())
    distinct, symbols = distinct[~sure], symbols[~sure]
    if not len(distinct):
        constant = np.full(len(at), float(always))
        return Answer(constant, error, np.zeros_like(constant))
    mass, number = float(distinct @ symbols), int(symbols.sum())
    single = equation.spline.functional(distinct, symbols.astype(np.float64))
    pairs = pair_functional(equation.spline, distinct, symbols)
    excess, pair_excess = equation.read(np.array([single, pairs]), at).T
    mean = mass + excess
    variance = vocabulary_variance(mean, pair_excess, number, mass)
    sd = np.sqrt(variance)
    sd_error = float(np.max(np.sqrt(variance + _ROUNDING * number**2) - sd))
    return Answer(always + mean, error, sd, sd_error)


def lost_mass(equation: Equation, distinct: Floats, symbols: Symbols, error: float, at: Generations) -> Answer:
    """Return the expected probability under P_0 of all symbols that are absent."""
    row = equation.spline.functional(distinct, symbols * distinct)
    kept = float(symbols @ distinct**2) + equation.read(row[None, :], at)[:, 0]
    return Answer(np.clip(1.0 - kept, 0.0, 1.0), error, absolute=True)
