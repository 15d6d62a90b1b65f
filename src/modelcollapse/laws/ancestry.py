"""The ancestry law: categorical models under replace, exactly, for every statistic of presence.

One function answers all: s_k(x), the probability that a symbol of probability x is present at generation k. Dually,
1 - s_k(x) = E (1 - x)^{A_k}, where A_k counts the draws of generation 1 that generation k descends from. A set of
symbols survives as the one symbol that merges them does; pairs give the variance; the complement of a symbol gives
total collapse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.ancestor_count import LARGEST_SAMPLE_SIZE, ancestor_law_of_schedule, ancestor_laws
from modelcollapse.laws.ancestor_count import RELATIVE_ERROR as ANCESTOR_ERROR
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.presence import reading
from modelcollapse.laws.presence.backward_equation import BackwardEquation, backward_equation
from modelcollapse.laws.presence.backward_operator import RELATIVE_ERROR
from modelcollapse.laws.presence.reading import (
    CERTAIN,
    blocks,
    chosen_spectrum,
    distinct_masses,
    masses_beside,
    require_memory,
    spectrum_of,
)
from modelcollapse.laws.squared_error import log_decay
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DE_BOOR_SWARTZ_1973, MODELCOLLAPSE, MOHLE_1999
from modelcollapse.statistics import (
    Ancestors,
    ChosenVocabulary,
    Diversity,
    ForgettingTime,
    LostMass,
    MeanForgettingTime,
    NotFixed,
    Statistic,
    Survival,
    TotalCollapse,
    Vocabulary,
    VocabularyTime,
)
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

_LEAST_LOSS = 1e-4  # a chance below has lost digits that the mean of what it is the chance of would need

LARGEST_SURE_TIME = 10**7  # generations beyond it may be off by 1e-9 of themselves, as survival is by 1e-10


class AncestryLaw(Law):
    """Exact survival under replace, for sample sizes from 1 to 10^13 and any number of generations."""

    name: ClassVar[str] = "ancestry"
    statement: ClassVar[str] = "Pr(absent at k) = E (1 - x)^{A_k}, A_k the ancestors of generation k"
    references: ClassVar[tuple[Any, ...]] = (MODELCOLLAPSE, MOHLE_1999, DE_BOOR_SWARTZ_1973)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models under replace."""
        solver = _SOLVERS.get(type(statistic))
        covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
        if not covered or solver is None:
            return None
        if "generation" in statistic.dimensions:
            recursion.require(int(generations[-1]))
        return solver(recursion, statistic, generations)


def _survival(recursion: Recursion, statistic: Survival, generations: Generations) -> Answer:
    mass, place = distinct_masses(recursion, statistic)
    require_memory(len(place), len(generations))
    return Answer(reading.survival(_equation(recursion), mass, generations)[:, place], RELATIVE_ERROR)


def _not_fixed(recursion: Recursion, statistic: NotFixed, generations: Generations) -> Answer:
    """s_k(x) + s_k(1 - x) - 1: the sum of two excesses, both positive.

    After 8 n generations only the slowest mode, (1 - 1/n)^k, is left; the next has e^-40 of it.
    """
    mass, place = distinct_masses(recursion, statistic)
    require_memory(len(place), len(generations))
    equation, n = _equation(recursion), recursion.constant_size
    mixed = np.minimum(generations, 8 * n if n else generations[-1])
    value = np.empty((len(generations), len(mass)))
    for rows in blocks(mass):
        x = mass[rows]
        both = equation.spline.rows(x) + equation.spline.rows(1.0 - x, complement=x)
        value[:, rows] = equation.read(both, mixed)
    if n is not None and n > 1:
        value *= np.exp((generations - mixed) * np.log1p(-1.0 / n))[:, None]
    return Answer(np.clip(value, 0.0, 1.0)[:, place], RELATIVE_ERROR, absolute=n is None)


def _vocabulary(recursion: Recursion, statistic: Vocabulary | ChosenVocabulary, generations: Generations) -> Answer:
    """Mean and exact standard deviation; symbols that cannot be lost within the horizon are set apart."""
    distinct, symbols = chosen_spectrum(recursion, statistic)
    sure = _never_lost(recursion, distinct, symbols, int(generations[-1]))
    return reading.vocabulary(_equation(recursion), distinct, symbols, sure, RELATIVE_ERROR, generations)


def _lost_mass(recursion: Recursion, _: LostMass, generations: Generations) -> Answer:
    return reading.lost_mass(_equation(recursion), *spectrum_of(recursion), RELATIVE_ERROR, generations)


def _total_collapse(recursion: Recursion, _: TotalCollapse, generations: Generations) -> Answer:
    """Sum over symbols of Pr(all others are lost): 1 - s_k(1 - x) = x - d_k(1 - x)."""
    distinct, symbols = spectrum_of(recursion)
    equation = _equation(recursion)
    row = equation.spline.functional(masses_beside(distinct, symbols), symbols.astype(np.float64), distinct)
    alone = float(symbols @ distinct) - equation.read(row[None, :], generations)[:, 0]
    return Answer(np.clip(alone, 0.0, 1.0), RELATIVE_ERROR, absolute=True)


def _diversity(recursion: Recursion, _: Diversity, generations: Generations) -> Answer:
    """(1 - sum p^2) times the product of 1 - 1/n_j."""
    distinct, symbols = spectrum_of(recursion)
    start = float(symbols @ (distinct * (1.0 - distinct)))
    return Answer(start * np.exp(log_decay(recursion, generations)), 1e-12)


def _forgetting_time(recursion: Recursion, statistic: ForgettingTime, _: Generations) -> Answer:
    mass, place = distinct_masses(recursion, statistic)
    equation = _equation(recursion)
    value = np.empty((len(statistic.levels), len(mass)))
    for rows in blocks(mass):
        functionals = equation.spline.rows(mass[rows])
        if equation.is_schedule:
            thresholds = 1.0 - np.asarray(statistic.levels, dtype=np.float64)[:, None] - mass[rows]
            value[:, rows] = equation.first_of_schedule(functionals, thresholds)
            continue
        for index, level in enumerate(statistic.levels):
            value[index, rows] = equation.first_at_most(functionals, 1.0 - level - mass[rows])
    return Answer(value[:, place], _time_error(value))


def _mean_forgetting_time(recursion: Recursion, statistic: MeanForgettingTime, _: Generations) -> Answer:
    """E(T | lost) = 1 + sum over k >= 1 of d_k(x) / (1 - x): d_k is Pr(lost, but later than k)."""
    mass, place = distinct_masses(recursion, statistic)
    equation = _equation(recursion)
    value, error = np.full(len(mass), np.inf), 10 * RELATIVE_ERROR
    losable = mass[mass < 1.0]  # ascending: what cannot be lost comes last
    means = value[: len(losable)]
    for rows in blocks(losable):
        functionals = equation.spline.rows(losable[rows])
        if equation.is_schedule:
            means[rows], largest = _mean_within_schedule(equation, functionals, losable[rows])
            error = max(error, largest)
        else:
            means[rows] = 1.0 + functionals @ equation.operator.excess_summed / (1.0 - losable[rows])
    return Answer(value[place], error)


def _mean_within_schedule(equation: BackwardEquation, functionals: Floats, mass: Floats) -> tuple[Floats, float]:
    """E(T | T <= K) = 1 + sum over k < K of (d_k - d_K) / Pr(T <= K), Pr(T <= K) = 1 - x - d_K, and its error."""
    total, last = equation.summed_over_schedule(functionals)
    horizon = equation.horizon
    lost, later = 1.0 - mass - last, total - horizon * last
    sure = lost > _LEAST_LOSS
    if not sure.all():
        raise NoAnswerError(
            f"A symbol of probability {mass[~sure].min():.6g} is hardly ever forgotten within the {horizon} "
            f"generations of the schedule (with a chance below {_LEAST_LOSS:g}), and the mean is over the runs that "
            "forget it; ask for rarer symbols, or for the statistic 'survival'."
        )
    relative = (total + horizon * last) / (later + lost) + last / lost
    return 1.0 + later / lost, float(RELATIVE_ERROR * (1.0 + relative.max(initial=0.0)))


def _vocabulary_time(recursion: Recursion, statistic: VocabularyTime, _: Generations) -> Answer:
    distinct, symbols = spectrum_of(recursion)
    equation = _equation(recursion)
    row = equation.spline.functional(distinct, symbols.astype(np.float64))
    threshold = statistic.share * symbols.sum() - symbols @ distinct
    first = equation.first_of_schedule if equation.is_schedule else equation.first_at_most
    value = first(row[None, :], np.array([threshold]))[0]
    return Answer(value, _time_error(value))


def _ancestors(recursion: Recursion, _: Ancestors, generations: Generations) -> Answer:
    n, horizon = recursion.constant_size, int(generations[-1])
    largest = n or int(recursion.sizes(horizon).max())
    if largest > LARGEST_SAMPLE_SIZE:
        raise InputError(
            f"`sample_size` is {largest:,}, but the law of the number of ancestors is tabulated up to "
            f"{LARGEST_SAMPLE_SIZE:,}; ask for the statistic 'survival', which is exact at any sample size."
        )
    if n is None:
        sizes = recursion.sizes(horizon).tolist()
        return Answer(np.array([ancestor_law_of_schedule(sizes[:k]) for k in generations.tolist()]), ANCESTOR_ERROR)
    wanted = set(generations.tolist())
    laws = enumerate(ancestor_laws(n, horizon), start=1)
    return Answer(np.array([law for k, law in laws if k in wanted]), ANCESTOR_ERROR)


_SOLVERS: dict[type[Statistic], Callable[[Recursion, Any, Generations], Answer | None]] = {
    Survival: _survival,
    Vocabulary: _vocabulary,
    ChosenVocabulary: _vocabulary,
    LostMass: _lost_mass,
    Diversity: _diversity,
    TotalCollapse: _total_collapse,
    ForgettingTime: _forgetting_time,
    MeanForgettingTime: _mean_forgetting_time,
    VocabularyTime: _vocabulary_time,
    Ancestors: _ancestors,
    NotFixed: _not_fixed,
}


def _time_error(generations: Floats) -> float:
    """Relative error of generations at which survival crosses a level: none while they are not enormous."""
    reached = generations[np.isfinite(generations)]
    return 1e-9 if reached.size and reached.max() > LARGEST_SURE_TIME else 0.0


def _equation(recursion: Recursion) -> BackwardEquation:
    sizes = recursion.sample_size
    return backward_equation(sizes if isinstance(sizes, int) else tuple(sizes))


def _never_lost(recursion: Recursion, distinct: Floats, symbols: NDArray[np.int64], horizon: int) -> NDArray[np.bool_]:
    """Symbols whose chance to be lost within the horizon is below 1e-20, all together.

    Pr(lost by k) <= exp(-n x g_k) with g_1 = 1, g_{j+1} = 1 - exp(-g_j) >= 2/(j + 2): u_k below generalises n g_k to
    sizes that vary (u <- n_j (1 - exp(-u / n_j)), from the last generation back).
    """
    ancestors = np.inf
    for size in recursion.sizes(min(horizon, 10_000))[::-1].astype(np.float64):
        ancestors = size * -np.expm1(-ancestors / size)
    if horizon > 10_000:
        ancestors = 0.0
    return np.asarray(distinct * ancestors > CERTAIN + np.log(max(symbols.sum(), 1)))
