"""What a rate is about, in words that the text, the chart and the page share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelcollapse.families import ApproximateLikelihood, LinearRegression, Mixture, ScipyDistribution
from modelcollapse.families.base import ScaleFamily
from modelcollapse.rating import Rate
from modelcollapse.rating.bounds import BoundCurves
from modelcollapse.rating.quantiles import NOT_FOR_EVER
from modelcollapse.recursion import Recursion
from modelcollapse.report.wording import generation
from modelcollapse.report.workflow_words import weight_of_fresh
from modelcollapse.start import DiscreteStart, Empirical, Parameters, Start
from modelcollapse.workflows import Replace

# Distributions of scipy that are families of their own, with a law for samples of up to so many data.
_SAMPLED = 400
_SAME_FIT = {
    "norm": "gaussian --ddof 0",
    "expon": "exponential-shifted",
    "uniform": "uniform-range",
    "laplace": "laplace",
    "logistic": "logistic",
    "t": "student --shape {df:g}",
}


def subject(rate: Rate) -> str:
    """Return what the model is.

    Examples
    --------
    >>> from modelcollapse.rating.questions import of_symbol
    >>> from modelcollapse.rating import rate
    >>> question = of_symbol(100, count=1)
    >>> answer = rate(question.recursion, question.statistic, question.time_statistic, 10)
    >>> subject(answer)
    'A symbol of probability 0.01'
    """
    recursion = rate.recursion
    start = recursion.start.truth
    if isinstance(start, DiscreteStart):
        return f"A symbol of probability {_probability(float(start.probabilities[0]))}"
    if recursion.family.name == "poisson":
        assert isinstance(start, Parameters)
        return f"A Poisson model of rate {number(start.values['rate'])}"
    if isinstance(recursion.family, Mixture):
        return _mixture(recursion.family, start)
    if isinstance(recursion.family, LinearRegression):
        d, noise = recursion.family.dimension, number(recursion.family.noise)
        return f"A linear regression on {d:,} feature{'s' if d > 1 else ''}, noise of standard deviation {noise}"
    assert isinstance(recursion.family, ScaleFamily)
    return recursion.family.in_words()[0]


def _probability(value: float) -> str:
    """A probability that rounding would make 1 is told by what it lacks."""
    shown = number(value)
    return f"1 - {1.0 - value:.3g}" if shown == "1" and value < 1.0 else shown


def _mixture(family: Mixture, start: Start) -> str:
    assert isinstance(start, Parameters)
    mean, scale = (number(start.values[name]) for name in family.parameters)
    estimator = family.estimator
    how = "joint maximum likelihood"
    if isinstance(estimator, ApproximateLikelihood):
        kappa = "the paper's" if estimator.kappa is None else number(estimator.kappa)
        limit = "without limit" if math.isinf(estimator.a) else number(estimator.a)
        how = f"Algorithm 1 (kappa {kappa}, eta {number(estimator.eta)}, a {limit})"
    return f"Half a normal law of mean {mean}, half of -{mean}, scale {scale}, fitted by {how}"


def quantity(rate: Rate) -> str:
    """Return what is followed from generation to generation."""
    if rate.statistic.is_probability:
        return f"Chance that {event(rate)}"
    return {
        "squared_error": "Expected squared error of the weights (test error less that of the truth)",
    }.get(rate.statistic.name, rate.statistic.name)


def event(rate: Rate) -> str:
    """Return the event whose probability is followed."""
    for_ever = rate.quantiles_source != NOT_FOR_EVER
    return {
        "survival": "the symbol is still present" if for_ever else "the symbol is present",
        "nonzero": "the rate is not yet 0" if for_ever else "the rate is not 0",
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
    """Return what the scale is, if it is one, and why it can only end where only the newest data are learned from."""
    family = rate.recursion.family
    scale = family.in_words()[1] if isinstance(family, ScaleFamily) and not isinstance(family, Mixture) else ""
    return f"{scale} {_why(rate) if rate.recursion.workflow.name == 'replace' else ''}".strip()


def _why(rate: Rate) -> str:
    return {
        "survival": "A symbol that one model does not draw is lost for ever.",
        "nonzero": "Once a model draws nothing but zeros, so does every later one.",
        "scale_tail": "Every estimate of the scale errs, and the errors multiply from generation to generation.",
        "squared_error": "Every model errs about the one before, and the errors add up from generation to generation.",
    }.get(rate.statistic.name, "")


def learning(recursion: Recursion) -> str:
    """Return what each model learns from, in sentences."""
    drawn, workflow = draws(recursion), recursion.workflow.to_dict()
    learns = {
        "replace": f"Each model learns from {drawn}, and from nothing else.",
        "accumulate": f"To all data so far, each model adds {drawn}{_fresh_of(workflow)}, and learns from all.",
        "accumulate-subsample": f"To all data so far, each model adds {drawn}, and learns from "
        f"{_size_of(workflow)} of all, drawn anew.",
        "fresh-mix": f"Each model learns from {drawn}; each of them is replaced by new real data with probability "
        f"{workflow.get('fresh', 0):g}.",
        "fresh-count": f"Each model learns from {drawn}; {workflow.get('count', 0):,} of them are replaced by new "
        "real data.",
        "weighted-mix": f"Each model learns from {drawn}; {workflow.get('count', 0):,} of them are replaced by new "
        f"real data, which together have {weight_of_fresh(workflow)} in its fit.",
        "fixed-real": f"Each model learns from the same real data every time and from {drawn}.",
    }.get(workflow["name"], f"Each model learns under the workflow {workflow['name']} from {drawn}.")
    start = recursion.start
    sampled = f" Generation 0 is fitted to {start.size:,} real data." if isinstance(start, Empirical) else ""
    return learns + sampled + _shaped(recursion)


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
    """Return by when it is over, in a sentence; nothing of an expected value, which has no end."""
    if rate.quantiles_source == NOT_FOR_EVER:
        return "Nothing is over for ever: what is absent at one generation may be back at the next."
    if not rate.statistic.is_probability:
        return ""
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


def no_bound(rate: Rate) -> str:
    """Return that no bound covers the question, and which estimator has some."""
    family = rate.recursion.family
    if isinstance(family, Mixture) and not isinstance(family.estimator, ApproximateLikelihood):
        return "No bound is known for joint likelihood; Theorem 4 is about Algorithm 1 (--estimator approximate)."
    return "No published bound covers this question."


def same_fit(rate: Rate) -> str:
    """Return which family fits as a distribution of scipy does, and has a law; empty if none does.

    Examples
    --------
    >>> from modelcollapse.families import ScipyDistribution
    >>> from modelcollapse.rating.questions import of_scale
    >>> from modelcollapse.rating import rate
    >>> question = of_scale(ScipyDistribution, 10, 0.5, distribution="norm")
    >>> same_fit(rate(question.recursion, question.statistic, question.time_statistic, 2))
    'The family of `rate gaussian --ddof 0` maximises the same likelihood, and has a law.'
    """
    recursion = rate.recursion
    family, size = recursion.family, recursion.constant_size
    covered = recursion.is_plain and isinstance(recursion.workflow, Replace) and size is not None and size <= _SAMPLED
    name = family.distribution if isinstance(family, ScipyDistribution) and covered else ""
    same = _SAME_FIT.get(name, "").format(**family.to_dict().get("shapes", {}))
    return f"The family of `rate {same}` maximises the same likelihood, and has a law." if same else ""


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


def agreement(rate: Rate) -> str:
    """Return how law and simulation agree, in a sentence; empty if one is missing."""
    found = rate.agreement()
    if found is None:
        return ""
    held, of = found
    return (
        f"The law lies within the simulated 95 % interval at {held:,} of {of:,} generations; 95 % are expected, but "
        "neighbouring generations rise and fall together."
    )


def _fresh_of(workflow: dict[str, Any]) -> str:
    share = workflow.get("fresh", 0.0)
    return f", {100 * share:g} % of them new real data on average" if share else ""


def _size_of(workflow: dict[str, Any]) -> str:
    return "as many" if workflow.get("size") is None else f"{workflow['size']:,}"


def _shaped(recursion: Recursion) -> str:
    details = {name: value for name, value in recursion.sampler.to_dict().items() if name != "name"}
    how = ", ".join(f"{name} {_plain(value)}" for name, value in details.items())
    return f" Draws from models are shaped: {recursion.sampler.name} ({how})." if details else ""


def _threshold(rate: Rate) -> str:
    return number(float(rate.statistic.to_dict().get("threshold", math.nan)))


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(item)}" for name, item in value.items()) or "none"
    return number(value) if isinstance(value, float) else str(value)
