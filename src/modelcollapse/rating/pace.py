"""The rate constant of a recursion: what shrinks by the same factor in every generation, and by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import Categorical, Gaussian, LinearRegression, Poisson
from modelcollapse.laws.sampled_law import mean_step
from modelcollapse.laws.scale_law import scale_step
from modelcollapse.laws.scale_rates import collapse_rate
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.samplers import Amplification, Plain
from modelcollapse.start import DiscreteStart, Parameters
from modelcollapse.statistics import LyapunovSpectrum, ScaleTail, Statistic, Survival

MEDIAN_PER_COUNT = 2.0 / math.log(2.0)  # 2.885: median generations per expected occurrence
RARE = 0.1  # the law of thumb is one for symbols that are not more probable than this
_MOST_SIZES = 10**7


@dataclass(frozen=True)
class Pace:
    """How fast a recursion collapses, in one number, where there is one.

    Parameters
    ----------
    shrinks : str or None
        What shrinks by the same factor in every generation; None where nothing does.
    per_generation : float or None
        The logarithm of that factor: negative if it shrinks. The mean over the schedule where sample sizes vary.
    interval : tuple of float, or None
        95 % interval of `per_generation`, where that is an estimate.
    generations_to_lose_half : float or None
        Infinite if it does not shrink; None where sample sizes vary.
    median_by_thumb : float or None
        Law of thumb for the median of the collapse time, in generations.
    thumb : str or None
        The law of thumb as a formula.
    spectrum : tuple of float, or None
        In more than one dimension: such logarithms for each principal direction, the slowest first.
    """

    shrinks: str | None = None
    per_generation: float | None = None
    generations_to_lose_half: float | None = None
    median_by_thumb: float | None = None
    thumb: str | None = None
    interval: tuple[float, float] | None = None
    spectrum: tuple[float, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: plain(value) for name, value in vars(self).items()}


def pace(recursion: Recursion, statistic: Statistic, horizon: int) -> Pace:
    """Return the rate constant of a recursion under replace, and the law of thumb for its collapse time.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion
    >>> from modelcollapse.statistics import Survival
    >>> symbol = Recursion(Categorical(), Corpus([1, 99]), sample_size=100)
    >>> found = pace(symbol, Survival([0]), horizon=10)
    >>> print(f"{found.generations_to_lose_half:.1f} {found.median_by_thumb:.3f}")
    69.0 2.885
    """
    if isinstance(recursion.sampler, Amplification) and isinstance(recursion.family, Gaussian):
        faithful = pace(replace(recursion, sampler=Plain()), statistic, horizon)
        return _amplified(faithful, statistic, 0.5 * math.log(recursion.sampler.factor))
    adds = isinstance(recursion.family, LinearRegression)  # nothing shrinks, and nothing grows by a factor
    if recursion.workflow.name != "replace" or not recursion.is_plain or adds:
        return Pace()
    if isinstance(recursion.family, Categorical):
        return _of_diversity(recursion, statistic, horizon)
    if isinstance(recursion.family, Poisson):
        return _of_poisson(recursion)
    found = _of_scale(recursion, statistic, horizon)
    if isinstance(recursion.family, Gaussian) and recursion.family.dimension > 1:
        rates = solve(recursion, LyapunovSpectrum(), [], method="exact")["lyapunov_spectrum"].value
        return replace(found, spectrum=tuple(rates.tolist()))
    return found


def _of_diversity(recursion: Recursion, statistic: Statistic, horizon: int) -> Pace:
    """The expected diversity is multiplied by 1 - 1/n in every generation, exactly."""
    n, shrinks = recursion.constant_size, "expected diversity (chance that two draws differ)"
    if n == 1:
        return Pace()  # one draw: everything is decided at generation 1
    if n is None:
        with np.errstate(divide="ignore"):
            mean = float(np.mean(np.log1p(-1.0 / recursion.sizes(min(horizon, _MOST_SIZES)))))
        return Pace(shrinks, mean) if math.isfinite(mean) else Pace()
    each, thumb = math.log1p(-1.0 / n), None
    if isinstance(statistic, Survival) and isinstance(recursion.start, DiscreteStart):
        mass = float(statistic.sets(recursion).total(recursion.start.probabilities)[0])
        thumb = MEDIAN_PER_COUNT * n * mass if 0.0 < mass <= RARE else None
    return Pace(shrinks, each, math.log(2.0) / -each, thumb, None if thumb is None else "2.885 n p")


def _of_poisson(recursion: Recursion) -> Pace:
    """No factor: the chance falls like 2 n lambda_0 / k, slower than any exponential."""
    assert isinstance(recursion.start, Parameters)
    n, rate = recursion.constant_size, recursion.start.values["rate"]
    if n is None or rate == 0:
        return Pace()
    return Pace(median_by_thumb=MEDIAN_PER_COUNT * n * rate, thumb="2.885 n lambda_0")


def _of_scale(recursion: Recursion, statistic: Statistic, horizon: int) -> Pace:
    """Almost surely ln(scale_k) / k tends to E ln R, whose law does not depend on the scale."""
    shrinks = "typical scale"
    step = scale_step(recursion, min(horizon, _MOST_SIZES))
    if step is None:
        return _of_sampled_scale(recursion, statistic, shrinks)
    if step.shape:
        return Pace(shrinks, float(np.mean(step.cumulant(1))))
    return _constant(float(collapse_rate(step).per_generation), statistic, shrinks)


def _of_sampled_scale(recursion: Recursion, statistic: Statistic, shrinks: str) -> Pace:
    found = mean_step(recursion)
    if found is None:
        return Pace()
    each, low, high = found
    return replace(_constant(each, statistic, shrinks), interval=(low, high))


def _amplified(faithful: Pace, statistic: Statistic, nats: float) -> Pace:
    """Biased sampling multiplies every scale by sqrt(lambda) in every generation."""
    if faithful.per_generation is None:
        return faithful
    each = faithful.per_generation + nats
    found = _constant(each, statistic, "typical scale")
    if faithful.generations_to_lose_half is None:  # sizes that vary: a mean, and no time
        found = Pace(found.shrinks, each)
    spectrum = faithful.spectrum
    return found if spectrum is None else replace(found, spectrum=tuple(rate + nats for rate in spectrum))


def _constant(each: float, statistic: Statistic, shrinks: str) -> Pace:
    """E ln R, and what follows from it."""
    half = math.log(2.0) / -each if each < 0.0 else math.inf
    thumb = None
    if isinstance(statistic, ScaleTail) and statistic.threshold < 1.0 and each < 0.0:
        thumb = math.log(statistic.threshold) / each
    formula = None if thumb is None else "ln(threshold) / rate constant"
    return Pace(shrinks, each, half, thumb, formula)
