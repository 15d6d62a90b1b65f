"""A rate as columns of numbers, one row per generation."""

from __future__ import annotations

from typing import Any

from modelcollapse.rating import Rate
from modelcollapse.rating.curve import curve_of, interval_of


def rate_columns(rate: Rate) -> dict[str, list[Any]]:
    """Return every curve by the name of its column; bounds as stated.

    Examples
    --------
    >>> from modelcollapse.rating.questions import of_poisson
    >>> from modelcollapse.rating import rate
    >>> question = of_poisson(10, rate=1.0)
    >>> columns = rate_columns(rate(question.recursion, question.statistic, question.time_statistic, 2))
    >>> list(columns)[:3], columns["generation"]
    (['generation', 'exact', 'suresh_2024.theorem_2:lower'], [1, 2])
    """
    columns: dict[str, list[Any]] = {"generation": rate.generation.tolist()}
    if rate.exact is not None:
        columns["exact"] = curve_of(rate.exact).tolist()
    if rate.estimate is not None:
        low, high = interval_of(rate.estimate)
        columns["estimate"] = curve_of(rate.estimate).tolist()
        columns["estimate_low"], columns["estimate_high"] = low.tolist(), high.tolist()
    if rate.simulated is not None:
        low, high = interval_of(rate.simulated)
        columns["simulated_mean"] = curve_of(rate.simulated).tolist()
        columns["simulated_low"], columns["simulated_high"] = low.tolist(), high.tolist()
    for result in rate.moments:
        columns[result.statistic] = curve_of(result).tolist()
    for result in rate.asymptotic:
        columns[f"{result.source}:asymptotic"] = curve_of(result).tolist()
    for bound in rate.bounds:
        for side, curve in (("lower", bound.lower), ("upper", bound.upper)):
            if curve is not None:
                columns[f"{bound.name}:{side}"] = curve.tolist()
    return columns
