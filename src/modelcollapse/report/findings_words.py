"""Words for what a sweep has found, shared by its text and its page."""

from __future__ import annotations

import math

from modelcollapse.learners import Reading
from modelcollapse.runs.findings import Findings, PointFindings


def short(path: str) -> str:
    """Return the name of what is varied: the end of its path.

    Examples
    --------
    >>> short("recursion.sample_size")
    'sample_size'
    """
    return path.rpartition(".")[2]


def progress(findings: Findings) -> str:
    """Say how far the sweep is."""
    status = findings.status
    failed = f", {len(status.failed):,} failed" if status.failed else ""
    whole = status.done == status.units
    state = "" if whole else " It is running." if status.running else " The same `run` command goes on."
    return f"{status.done:,} of {status.units:,} units done{failed}.{state}"


def point_name(point: PointFindings) -> str:
    """Name a point by what is varied."""
    return ", ".join(point.varied.values()) or "the recursion"


def number(value: float | None, digits: int = 4) -> str:
    """Return a number to some significant digits; a dash for none.

    Examples
    --------
    >>> number(0.0123456), number(None), number(math.inf), number(20_413.0)
    ('0.01235', '-', 'never forgets', '20,413')
    """
    if value is None:
        return "-"
    if math.isinf(value):
        return "never forgets"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}"


def rate(reading: Reading) -> str:
    """Return the measured rate with its interval."""
    measured = reading.measured
    return f"{measured.value:+.4f} ({measured.low:+.4f} to {measured.high:+.4f})"


def pace(reading: Reading) -> str:
    """Say in generations what the rate means.

    Examples
    --------
    >>> from modelcollapse.learners import Rate
    >>> pace(Reading("scale", 1, 9, Rate(-0.05, -0.06, -0.04)))
    'halves in 13.9'
    """
    value = reading.measured.value
    if reading.measured.low <= 0 <= reading.measured.high:
        return "no change seen"
    return f"{'halves' if value < 0 else 'doubles'} in {math.log(2) / abs(value):.3g}"


def law(reading: Reading) -> str:
    """Return the nearest law with its rate, or why there is none."""
    if reading.law_rate is None:
        return f"none: {reading.why_no_law}"
    inside = "in the interval" if reading.agrees else "not in the interval"
    return f"{reading.law} {reading.law_rate:+.4f}, {inside}"


def effective_size(reading: Reading) -> str:
    """Return the effective sample size with its interval, and what was drawn."""
    size = reading.effective_size
    if size is None:
        return "-"
    if math.isinf(size.value):
        return "never forgets"
    top = "any" if math.isinf(size.high) else number(size.high, 3)
    return f"{number(size.value, 3)} ({number(size.low, 3)} to {top}) of {reading.sample_size:,}"
