"""The question that each family is asked: what is followed, from which start, and when it is over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families import FAMILIES, Family
from modelcollapse.families.base import ScaleFamily
from modelcollapse.families.categorical import Categorical
from modelcollapse.families.linear_regression import LinearRegression
from modelcollapse.families.mixture import Mixture
from modelcollapse.families.mixture_estimators import MixtureEstimator
from modelcollapse.families.poisson import Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus, Known, Parameters
from modelcollapse.statistics import ExtinctionTime, ForgettingTime, NonZero, SquaredError, Statistic, Survival

Size = int | Sequence[int]


@dataclass(frozen=True, eq=False)
class Question:
    """What `rate` is asked.

    Parameters
    ----------
    recursion : Recursion
    statistic : Statistic
        A probability, or an expected value, with one value per generation.
    time_statistic : Statistic or None
        When it is over; None of what has no end.
    """

    recursion: Recursion
    statistic: Statistic
    time_statistic: Statistic | None


def of_symbol(sample_size: Size, *, count: int | None = None, probability: float | None = None) -> Question:
    """Ask whether a symbol is present: one of this probability, or one that occurs `count` times in the first sample.

    Raises
    ------
    InputError
        If not exactly one of `count` and `probability` is given, or one is out of range; `count` stands for the
        probability count / sample_size and needs one sample size.

    Examples
    --------
    >>> of_symbol(100, count=1).recursion.start.probabilities
    array([0.01, 0.99])
    """
    if (count is None) == (probability is None):
        both = "both given" if count is not None else "both missing"
        raise InputError(f"`count` and `probability` are {both}, but must be one of the two; give either.")
    if count is None:
        remedy = "A number of occurrences goes by `count`."
        chance = arguments.real("probability", probability, low=0.0, high=1.0, remedy=remedy)
        start: Known | Corpus = Known([chance, 1.0 - chance])
    else:
        if not isinstance(sample_size, int):
            remedy = "A count is a share of one sample size; give `probability` instead."
            raise InputError(arguments.message("count", count, "left out where sample sizes vary", remedy))
        size = arguments.integer("sample_size", sample_size, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
        remedy = "A symbol cannot occur more often than there are draws: `count` stands for count / sample_size."
        occurs = arguments.integer("count", count, least=0, most=size, remedy=remedy)
        start = Corpus([occurs, size - occurs])
    return Question(Recursion(Categorical(), start, sample_size), Survival([0]), ForgettingTime([0]))


def of_poisson(sample_size: Size, *, rate: float) -> Question:
    """Ask whether a Poisson rate is not 0.

    Examples
    --------
    >>> of_poisson(10, rate=1.0).recursion
    Recursion(poisson, rate=1.0, sample size 10, replace)
    """
    start = Parameters(rate=rate)
    return Question(Recursion(Poisson(), start, sample_size), NonZero(), ExtinctionTime())


def of_regression(sample_size: Size, *, dimension: int = 1, noise: float = 1.0) -> Question:
    """Ask for the expected squared error of the weights of a linear regression.

    Raises
    ------
    InputError
        If the dimension is below 1, or the noise is not positive; what rows it takes, the workflow decides.

    Examples
    --------
    >>> of_regression(60, dimension=20).recursion
    Recursion(linear-regression, weight=0.0, sample size 60, replace)
    """
    start = Parameters(weight=0.0)  # no error depends on it
    return Question(Recursion(LinearRegression(dimension, noise), start, sample_size), SquaredError(), None)


def positive(name: str, value: object) -> float:
    """Return a finite number above 0, or raise `InputError`."""
    found = arguments.number(value)
    if not 0.0 < found < math.inf:
        remedy = "It is a share of the scale of the start, as 0.1." if name == "threshold" else ""
        raise InputError(arguments.message(name, value, "a finite number above 0", remedy))
    return found


def scale_families() -> dict[str, type[Family[Any, Any]]]:
    """Return the families that are asked for their scale and start from `Parameters`, by name.

    Examples
    --------
    >>> "gaussian" in scale_families(), "poisson" in scale_families()
    (True, False)
    """
    return {family.name: family for family in FAMILIES if issubclass(family, ScaleFamily) and family.parameters}


def of_scale(family: type[Family[Any, Any]], sample_size: Size, threshold: float, **details: Any) -> Question:
    """Ask whether the scale of a family is above `threshold` times that of the start.

    Raises
    ------
    InputError
        If the threshold is not positive and finite, or a detail is none of the family.
    """
    from modelcollapse import statistics

    eps = positive("threshold", threshold)
    model = family(**details)
    tail: Any = statistics.ScaleTail
    time: Any = statistics.CollapseTime
    return Question(Recursion(model, unit_start(model), sample_size), tail(eps), time(eps))


def of_mixture(
    sample_size: Size, threshold: float, *, mean: float, scale: float, estimator: MixtureEstimator | None = None
) -> Question:
    """Ask whether the scale of a symmetric mixture is above `threshold` times that of the start.

    Raises
    ------
    InputError
        If the mean is negative, scale or threshold is not positive and finite, or a sample size is below 2.

    Examples
    --------
    >>> of_mixture(10, 0.1, mean=1.0, scale=1.0).recursion
    Recursion(mixture, mean=1.0, scale=1.0, sample size 10, replace)
    """
    from modelcollapse import statistics

    eps = positive("threshold", threshold)
    model = Mixture() if estimator is None else Mixture(estimator)
    start = Parameters(mean=mean, scale=scale)
    model.initial(start, 1)
    smallest = sample_size if isinstance(sample_size, int) else min(sample_size, default=0)
    remedy = "Mean and scale take two draws."
    arguments.integer("sample_size", smallest, least=model.least_size, remedy=remedy)
    return Question(Recursion(model, start, sample_size), statistics.ScaleTail(eps), statistics.CollapseTime(eps))


def unit_start(family: Family[Any, Any]) -> Parameters:
    """Return the start of location 0 and scale 1, by the names that the family gives them; the scale is the last."""
    *others, scale = getattr(family, "parameters", ("location", "scale"))
    return Parameters(**dict.fromkeys(others, 0.0), **{scale: 1.0})
