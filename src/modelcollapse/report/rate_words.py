"""What a rate is about, in words that the text, the chart and the page share."""

from __future__ import annotations

import math

import numpy as np

from modelcollapse.rating import BoundCurves, Rate
from modelcollapse.recursion import Recursion
from modelcollapse.report.text import generation
from modelcollapse.start import DiscreteStart, Parameters


def subject(rate: Rate) -> str:
    """Return what the model is.

    Examples
    --------
    >>> from modelcollapse.questions import of_symbol
    >>> from modelcollapse.rating import rate
    >>> question = of_symbol(100, count=1)
    >>> answer = rate(question.recursion, question.statistic, question.time_statistic, 10)
    >>> subject(answer)
    'A symbol of probability 0.01'
    """
    recursion = rate.recursion
    if isinstance(recursion.start, DiscreteStart):
        return f"A symbol of probability {number(float(recursion.start.probabilities[0]))}"
    if recursion.family.name == "poisson":
        assert isinstance(recursion.start, Parameters)
        return f"A Poisson model of rate {number(recursion.start.values['rate'])}"
    details = [f"{name} {_plain(value)}" for name, value in recursion.family.to_dict().items() if name != "name"]
    return f"A model of family {recursion.family.name}" + (f" ({', '.join(details)})" if details else "")


def event(rate: Rate) -> str:
    """Return the event whose probability is followed."""
    return {
        "survival": "the symbol is still present",
        "nonzero": "the rate is not yet 0",
        "scale_tail": f"the scale is above {_threshold(rate)} times that of the start",
    }.get(rate.statistic.name, rate.statistic.name)


def end(rate: Rate) -> str:
    """Return what has happened when it is over."""
    return {
        "survival": "the symbol is lost",
        "nonzero": "the rate is 0",
        "scale_tail": f"the scale is at most {_threshold(rate)} times that of the start",
    }.get(rate.statistic.name, "it is over")


def fate(rate: Rate) -> str:
    """Return why it can only end."""
    return {
        "survival": "A symbol that one model does not draw is lost for ever.",
        "nonzero": "Once a model draws nothing but zeros, so does every later one.",
        "scale_tail": "Every estimate of the scale errs, and the errors multiply from generation to generation.",
    }.get(rate.statistic.name, "")


def draws(recursion: Recursion) -> str:
    """Return from how many draws each model learns."""
    sizes = recursion.sample_size
    if isinstance(sizes, int):
        return f"{sizes:,} draw{'s' if sizes > 1 else ''} of the one before"
    shown = ", ".join(f"{n:,}" for n in sizes[:4]) + (", ..." if len(sizes) > 4 else "")
    return f"draws of the one before, their number being {shown} in turn"


def number(value: float) -> str:
    """Return six significant digits.

    Examples
    --------
    >>> number(0.00403833123), number(2e-30), number(1.0)
    ('0.00403833', '2e-30', '1')
    """
    return f"{value:.6g}"


def quantiles(rate: Rate) -> str:
    """Return by when it is over, in a sentence."""
    if rate.quantiles_source is None:
        return "When it is over is not known: no law covers it, and nothing was simulated."
    within = rate.quantiles_within
    parts = []
    for level, k in rate.quantiles.items():
        never = "never" if within is None else f"not within {within:,} generations"
        parts.append(f"{100 * level:.0f} % {never if math.isinf(k) else f'by generation {generation(k)}'}")
    source = "" if rate.quantiles_source not in ("exact curve", "simulation") else f" (read off the {_curve(rate)})"
    return f"Runs in which {end(rate)}: {'; '.join(parts)}{source}."


def bound_says(bound: BoundCurves, side: str, rate: Rate) -> str:
    """Return a bound's side at the last generation, or that it says nothing there."""
    curve = bound.lower if side == "lower" else bound.upper
    if curve is None:
        return "-"
    low, high = rate.statistic.possible(rate.recursion)
    value = float(curve[-1])
    empty = value <= low if side == "lower" else value >= high
    return "says nothing" if empty else number(value)


def milestones(generations: list[int]) -> list[int]:
    """Return the places of 1, 2, 5, 10, 20, 50, ... or the next after each, and of the last.

    Examples
    --------
    >>> milestones([1, 2, 3, 4, 5, 6, 7])
    [0, 1, 4, 6]
    """
    wanted = [digit * 10**power for power in range(13) for digit in (1, 2, 5) if digit * 10**power <= generations[-1]]
    places = np.searchsorted(generations, wanted).tolist()
    return sorted({*places, len(generations) - 1})


def _curve(rate: Rate) -> str:
    return "simulated mean" if rate.quantiles_source == "simulation" else str(rate.quantiles_source)


def _threshold(rate: Rate) -> str:
    return number(float(rate.statistic.to_dict().get("threshold", math.nan)))


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(item)}" for name, item in value.items()) or "none"
    return number(value) if isinstance(value, float) else str(value)
