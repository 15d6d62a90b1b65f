"""Reading a run: how fast it forgets, which exact law is nearest, and how many draws would forget as fast."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.laws.scale_rates import collapse_rate
from modelcollapse.laws.scales.scale_steps import GaussianDeterminant
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.result import Result
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Sample

Quantity = Literal["scale", "diversity"]
_LARGEST_SIZE = 1e15


@dataclass(frozen=True)
class Rate:
    """A rate in nats per generation, with its 95 % interval: e to its power is the factor of one generation.

    Parameters
    ----------
    value, low, high : float
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Reading:
    """What a run says about how fast it forgets.

    Parameters
    ----------
    quantity : str
        "scale", or "diversity" for discrete output.
    since, until : int
        The generations that the rate is measured between.
    measured : Rate
    law : str
        The nearest exact law; empty if there is none to hold beside.
    law_rate : float or None
        What it says.
    why_no_law : str
        Empty if there is one.
    sample_size : int or None
        Draws per generation; None if they vary.
    effective_size : Rate or None
        With how many draws per generation that law forgets as fast, from the measured rate and its interval; None
        where there is no law. Infinite where nothing is forgotten.
    """

    quantity: Quantity
    since: int
    until: int
    measured: Rate
    law: str = ""
    law_rate: float | None = None
    why_no_law: str = ""
    sample_size: int | None = None
    effective_size: Rate | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether the law's rate lies in the interval; None without a law."""
        return None if self.law_rate is None else self.measured.low <= self.law_rate <= self.measured.high

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; what is infinite is None."""
        size = self.effective_size
        return {
            **plain(vars(self)),
            "measured": plain(vars(self.measured)),
            "effective_size": None if size is None else plain(vars(size)),
            "agrees": self.agrees,
        }


def read_rate(
    recursion: Recursion,
    generations: int,
    *,
    since: int = 1,
    discrete: bool | None = None,
    replicates: int | None = None,
    rng: Rng = None,
    n_jobs: int = 1,
) -> Reading:
    """Simulate a recursion whose family keeps its data, and read how fast it forgets.

    Parameters
    ----------
    recursion : Recursion
    generations : int
        The last one, after `since`.
    since : int
        Where the rate is measured from, 1 or later: leave out what is over after some generations.
    discrete : bool, optional
        Whether output is discrete, so that diversity is read in the place of the scale; if not given, whether at
        least half of the real data repeat others.
    replicates, rng, n_jobs : optional
        As for `solve`.

    Raises
    ------
    InputError
        If the family keeps no data, or an argument is out of range.
    NoAnswerError
        If no run has a scale, or a diversity, at both ends.

    Examples
    --------
    >>> from modelcollapse.learners import KnownDistribution, Learned
    >>> recursion = Recursion(Learned("scipy", distribution="norm"), KnownDistribution("norm"), sample_size=20)
    >>> reading = read_rate(recursion, 30, replicates=100, rng=1)
    >>> print(f"{reading.measured.value:.3f} {reading.law_rate:.3f} {reading.law}")
    -0.054 -0.052 gaussian, maximum likelihood
    """
    from modelcollapse.door import solve
    from modelcollapse.statistics import DrawDiversity, GrowthRate

    first = arguments.integer("since", since, least=1)
    last = arguments.integer("generations", generations, least=first + 1)
    by_diversity = repeats(recursion) if discrete is None else discrete
    effort: dict[str, Any] = {"method": "simulate", "replicates": replicates, "rng": rng, "n_jobs": n_jobs}
    if by_diversity:
        curve = solve(recursion, DrawDiversity(), [first, last], **effort)["draw_diversity"]
        return reading_of("diversity", rate_of_curve(curve), about(recursion), first, last)
    result = solve(recursion, GrowthRate(first), [last], **effort)["growth_rate"]
    return reading_of("scale", rate_of_result(result), about(recursion), first, last)


def about(recursion: Recursion) -> dict[str, Any]:
    """Return what a law must know of a recursion: sample size, dimension of the data, name of the workflow."""
    return {
        "sample_size": recursion.constant_size,
        "dimension": recursion.family.datum_size(recursion.start.truth),
        "workflow": recursion.workflow.name,
    }


def reading_of(quantity: Quantity, measured: Rate, about: Mapping[str, Any], since: int, until: int) -> Reading:
    """Return the reading of a measured rate: the nearest law beside it, and the effective sample size.

    Parameters
    ----------
    quantity : str
    measured : Rate
    about : mapping
        `sample_size` (None if they vary), `dimension` (None if unknown) and `workflow` (its name).
    since, until : int

    Examples
    --------
    >>> reading = reading_of("diversity", Rate(-0.05, -0.06, -0.04), {"sample_size": 20, "workflow": "replace"}, 1, 9)
    >>> reading.agrees, round(reading.effective_size.value, 1)
    (True, 20.5)
    """
    size, dimension = about["sample_size"], about.get("dimension")
    why = _why_no_law(quantity, size, dimension, about["workflow"])
    if why:
        return Reading(quantity, since, until, measured, why_no_law=why, sample_size=size)
    assert size is not None
    if quantity == "diversity":
        law, rate = "ancestry", math.log1p(-1.0 / size) if size > 1 else -math.inf
        sizes = [_size_of_diversity(each) for each in (measured.value, measured.low, measured.high)]
    else:
        assert dimension is not None
        rates = {ddof: _scale_rate(size, dimension, ddof) for ddof in (0.0, 1.0)}
        ddof = min(rates, key=lambda each: abs(rates[each] - measured.value))
        law, rate = _NAMES[ddof], rates[ddof]
        sizes = [_size_of_scale(each, dimension, ddof) for each in (measured.value, measured.low, measured.high)]
    return Reading(quantity, since, until, measured, law, rate, "", size, Rate(*sizes))


def repeats(recursion: Recursion) -> bool:
    """Whether at least half of the real data repeat others; False where there are none."""
    truth = recursion.start.truth
    if not isinstance(truth, Sample):
        return False
    return 2 * len(np.unique(truth.values, axis=0)) <= truth.real_size


def rate_of_result(result: Result) -> Rate:
    """Return the last value of a simulated growth rate with its interval."""
    assert result.low is not None
    assert result.high is not None
    return Rate(float(result.value[-1]), float(result.low[-1]), float(result.high[-1]))


def rate_of_curve(curve: Result) -> Rate:
    """Return the rate between the first and last value of a curve of positive means.

    The interval takes the two as independent; they are positively dependent, so it is wide rather than narrow.

    Raises
    ------
    NoAnswerError
        If either end is 0.
    """
    assert curve.low is not None
    assert curve.high is not None
    ends = curve.value[[0, -1]]
    if not np.all(ends > 0):
        raise NoAnswerError(f"The {curve.statistic} is 0, so it has no rate; ask for fewer generations.")
    span = curve.coordinates["generation"][-1] - curve.coordinates["generation"][0]
    value = math.log(ends[1] / ends[0]) / span
    relative = ((curve.high - curve.low)[[0, -1]] / 2.0) / ends
    half = float(np.sqrt((relative**2).sum())) / span
    return Rate(value, value - half, value + half)


_NAMES = {0.0: "gaussian, maximum likelihood", 1.0: "gaussian, unbiased"}


def _why_no_law(quantity: Quantity, size: int | None, dimension: int | None, workflow: str) -> str:
    if workflow != "replace":
        return f"under {workflow} nothing is forgotten at a constant rate"
    if size is None:
        return "sample sizes vary"
    if quantity == "scale" and dimension is None:
        return "the dimension of the data is not known"
    if quantity == "scale" and dimension is not None and size <= dimension:
        return "a covariance of full rank needs more draws than dimensions"
    return ""


def _scale_rate(size: int, dimension: int, ddof: float) -> float:
    """E ln R of the log-scale walk."""
    return collapse_rate(GaussianDeterminant(size, ddof, dimension)).per_generation


def _size_of_diversity(rate: float) -> float:
    """The n of 1 - 1/n = exp(rate)."""
    return math.inf if rate >= 0 else -1.0 / math.expm1(rate)


def _size_of_scale(rate: float, dimension: int, ddof: float) -> float:
    """The n, whole or not, at which the log-scale walk has this rate; infinite if the scale does not fall."""
    from scipy.optimize import brentq
    from scipy.special import digamma

    i = np.arange(1.0, dimension + 1.0)

    def excess(log_above: float) -> float:
        n = dimension + math.exp(log_above)
        return 0.5 * float((digamma((n - i) / 2) - math.log((n - ddof) / 2)).mean()) - rate

    low, high = math.log(1e-6), math.log(_LARGEST_SIZE)
    if rate >= 0 or excess(high) <= 0:
        return math.inf
    if excess(low) >= 0:
        raise InputError(arguments.message("rate", rate, "one that some sample size has"))
    return dimension + math.exp(brentq(excess, low, high, xtol=1e-13))
