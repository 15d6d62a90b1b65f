"""A fit in words: what the generations lived on, and how sure that is."""

from __future__ import annotations

import math

from modelcollapse.fitting import Fit, Interval
from modelcollapse.report.wording import percent

NO_LIMIT = "no limit"


def size(value: float) -> str:
    """Return a sample size.

    Examples
    --------
    >>> size(12345.6), size(float("inf"))
    ('12,346', 'no limit')
    """
    return f"{value:,.0f}" if math.isfinite(value) else NO_LIMIT


def size_with_interval(found: Interval) -> str:
    """Return an effective sample size with its interval.

    Examples
    --------
    >>> size_with_interval(Interval(1000.0, 900.0, 1100.0))
    '1,000 (900 to 1,100)'
    >>> size_with_interval(Interval(1000.0, 900.0, float("inf")))
    '1,000 (900 or more)'
    >>> size_with_interval(Interval(float("inf"), 900.0, float("inf")))
    '900 or more'
    """
    if not math.isfinite(found.value):
        return f"{size(found.low)} or more"
    ends = f"{size(found.low)} to {size(found.high)}" if math.isfinite(found.high) else f"{size(found.low)} or more"
    return f"{size(found.value)} ({ends})"


def fresh_with_interval(fit: Fit) -> str:
    """Return the fresh share with its interval, where it was estimated."""
    if fit.fresh is None:
        return percent(fit.fresh_used)
    return f"{percent(fit.fresh.value)} ({percent(fit.fresh.low)} to {percent(fit.fresh.high)})"


def verdict(fit: Fit) -> str:
    """Return what was found in a sentence or two."""
    share = "a fresh share of " + fresh_with_interval(fit)
    if fit.fresh is None:
        share += " assumed"
    text = f"An effective sample size of {size_with_interval(fit.sample_size)} draws in each generation, with {share}."
    if fit.sample_size_reason:
        text += f" {fit.sample_size_reason[0].upper()}{fit.sample_size_reason[1:]}."
    sure = "No check speaks against the model." if fit.fits else "The model does not fit."
    return f"{text} {baseline(fit)} {sure}"


def baseline(fit: Fit) -> str:
    """Return what the first later generation covers beside one faithful resample of as many tokens."""
    covered = fit.coverage
    base = int(fit.observed.generation[0]) if fit.observed.origin is None else 0
    share = percent(float(covered.observed[0]))
    return (
        f"Generation {int(covered.generation[0])} covers {share} of the words of generation {base}; one faithful "
        f"resample of as many tokens would cover {resample(fit, 0)}."
    )


def resample(fit: Fit, row: int) -> str:
    """Return what one faithful resample covers, and its standard deviation."""
    covered = fit.coverage
    return f"{100 * covered.chance[row]:.4g} % +- {100 * covered.chance_sd[row]:.2g} %"
