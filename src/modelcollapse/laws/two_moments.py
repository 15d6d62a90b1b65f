"""The two-moment recursion of Gaussian models: drift and variance under every workflow, with biased sampling.

With m = E mu^2 and s = E Sigma^2 (about the true mean, in units of the true variance), every workflow turns (m, s) into
the next (m, s) exactly: the draws' errors are independent of how the model came about, and merging adds squares about
means. Draws from the model have the variance lambda Sigma^2 (`Amplification`), fresh ones never do.

Every line below is a sum of positive terms, so nothing cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Gaussian
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import ALEMOHAMMAD_2024, KAZDAN_2024, MODELCOLLAPSE, Reference
from modelcollapse.samplers import Amplification, Plain
from modelcollapse.start import Empirical
from modelcollapse.statistics import MeanSquaredDrift, MeanVariance, Statistic
from modelcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

LONGEST = 10**6  # generations that are followed one by one
_OVERFLOW = 1e280


class Moments(NamedTuple):
    """E (mu - mu_0)^2 and E Sigma^2 of a model, in units of the true variance."""

    drift: float
    variance: float


class TwoMomentLaw(Law):
    """Mean variance and mean squared drift of Gaussian models in one dimension, under any workflow.

    Other laws are about plain draws from a known start; this one also holds under `Amplification` and from an
    `Empirical` start, which is the mean over its samples.
    """

    name: ClassVar[str] = "two_moments"
    statement: ClassVar[str] = "(E (mu_k - mu_0)^2, E Sigma_k^2) is linear in that of k - 1, by workflow and lambda"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, ALEMOHAMMAD_2024, KAZDAN_2024)

    def speaks(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the answer, also under biased sampling and from a sample."""
        return self.answer(recursion, statistic, generations)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for Gaussian models in one dimension."""
        family, horizon = recursion.family, int(generations[-1])
        asked = isinstance(statistic, MeanVariance | MeanSquaredDrift)
        if not (asked and isinstance(family, Gaussian) and family.dimension == 1):
            return None
        if not isinstance(recursion.sampler, Plain | Amplification):
            return None
        recursion.require(horizon)
        models = _models(recursion, family.ddof)
        if models is None or min(recursion.sizes(min(horizon, LONGEST))) <= max(1.0, family.ddof):
            return None
        found = _read(models, generations, settles=recursion.constant_size is not None)
        if found is None:
            return None
        value = found[1] if isinstance(statistic, MeanVariance) else found[0]
        return Answer(value, 1e-14 + 2e-15 * min(horizon, LONGEST))


def _read(models: Iterator[Moments], generations: Generations, *, settles: bool) -> Floats | None:
    """Moments at the generations asked for, shape (2, generation); None if they lie too far and do not settle."""
    value = np.empty((2, len(generations)))
    row, before = 0, Moments(-1.0, -1.0)
    for generation, now in enumerate(models, start=1):
        if generation == generations[row]:
            value[:, row] = now
            row += 1
            if row == len(generations):
                return value
        if max(now) > _OVERFLOW:
            value[:, row:] = np.inf
            return value
        if settles and now == before:
            value[:, row:] = np.array(now)[:, None]
            return value
        if generation == LONGEST:
            return None
        before = now
    return None


def _models(recursion: Recursion, ddof: float) -> Iterator[Moments] | None:
    """Return the moments of models 1, 2, ...; None if no formula is known."""
    workflow, start = recursion.workflow, recursion.start
    factor = recursion.sampler.factor if isinstance(recursion.sampler, Amplification) else 1.0
    real = start.size if isinstance(start, Empirical) else 0
    if real and real <= max(1.0, ddof):
        return None
    first = Moments(1.0 / real, (real - 1.0) / (real - ddof)) if real else Moments(0.0, 1.0)
    sizes = _sizes(recursion)
    least = recursion.sample_size if isinstance(recursion.sample_size, int) else min(recursion.sample_size)
    if isinstance(workflow, FreshMix | Replace):
        share = workflow.fresh if isinstance(workflow, FreshMix) else 0.0
        return _steps(first, sizes, lambda model, n: mixed(model, n, share, factor, ddof))
    if isinstance(workflow, FreshCount) and workflow.count <= least:
        return _steps(first, sizes, lambda model, n: counted(model, n, workflow.count, factor, ddof))
    if isinstance(workflow, WeightedMix) and workflow.count < least:
        weight = workflow.recipe(1).weight_of_fresh
        return _steps(first, sizes, lambda model, n: weighted(model, n, workflow.count, weight(n), factor, ddof))
    if isinstance(workflow, FixedReal) and real:
        return _beside_real(first, sizes, real, workflow.weight, factor, ddof)
    if isinstance(workflow, Accumulate | AccumulateSubsample):
        share, part = (workflow.fresh, None) if isinstance(workflow, Accumulate) else (0.0, workflow.size or 0)
        return _pooled(first, sizes, real, part, share, factor, ddof)
    return None


def _sizes(recursion: Recursion) -> Iterator[int]:
    n = recursion.constant_size
    while n is not None:
        yield n
    yield from recursion.sizes(len(recursion.sample_size)).tolist()  # type: ignore[arg-type]


def _steps(model: Moments, sizes: Iterator[int], step: Callable[[Moments, int], Moments]) -> Iterator[Moments]:
    for n in sizes:
        model = step(model, n)
        yield model


def mixed(model: Moments, n: int, share: float, factor: float, ddof: float) -> Moments:
    """Return the next moments where each of n draws is fresh with a chance.

    Examples
    --------
    >>> mixed(Moments(0.0, 1.0), 10, share=0.0, factor=1.0, ddof=1.0)
    Moments(drift=0.1, variance=1.0)
    """
    old = 1.0 - share
    spread = share + old * factor * model.variance + share * old * model.drift
    return Moments(old**2 * model.drift + spread / n, spread * (n - 1.0) / (n - ddof))


def counted(model: Moments, n: int, fresh: int, factor: float, ddof: float) -> Moments:
    """Return the next moments where so many of n draws are fresh."""
    old = n - fresh
    drawn = fresh + old * factor * model.variance
    apart = fresh * (old / n) * model.drift
    return Moments((old / n) ** 2 * model.drift + drawn / n / n, (drawn * (1.0 - 1.0 / n) + apart) / (n - ddof))


def weighted(model: Moments, n: int, fresh: int, weight: float, factor: float, ddof: float) -> Moments:
    """Return the next moments where so many of n draws are fresh and together weigh `weight`, all together n.

    Examples
    --------
    >>> weighted(Moments(0.0, 1.0), 10, fresh=4, weight=0.4, factor=1.0, ddof=1.0).drift
    0.1
    """
    old, rest = n - fresh, 1.0 - weight
    drawn = factor * model.variance
    within = weight * (fresh - 1.0) / fresh + rest * (old - 1.0) / old * drawn
    apart = weight * rest * (1.0 / fresh + model.drift + drawn / old)
    drift = weight**2 / fresh + rest**2 * (model.drift + drawn / old)
    return Moments(drift, (within + apart) * n / (n - ddof))


def _beside_real(
    model: Moments, sizes: Iterator[int], real: int, weight: float, factor: float, ddof: float
) -> Iterator[Moments]:
    """`real` data, each counting `weight` times, beside n draws: models stray from the real mean, which is fixed."""
    held, away, variance = weight * real, 0.0, model.variance
    for n in sizes:
        apart = away + factor * variance / n
        squares = weight * (real - 1.0) + (n - 1.0) * factor * variance + held * (n / (held + n)) * apart
        away = (n / (held + n)) ** 2 * apart
        variance = squares / (held + n - ddof)
        yield Moments(1.0 / real + away, variance)


def _pooled(
    model: Moments, sizes: Iterator[int], real: int, part: int | None, share: float, factor: float, ddof: float
) -> Iterator[Moments]:
    """Everything is kept; the model is fitted to all of it, or to `part` of it (0: as many as are drawn).

    The mean of n draws, each fresh with a chance of `share`, is that of the pool less `share` of its error, plus what
    the model's mean is beside the pool's, plus an error of its own.
    """
    held, mean_square = float(real), 1.0 / real if real else 0.0
    squares, variance, beside = max(real - 1.0, 0.0), model.variance, 0.0
    old = 1.0 - share
    for n in sizes:
        spread = share + old * factor * variance + share * old * (mean_square + beside)
        apart = old**2 * beside + spread / n
        squares += (n - 1.0) * spread + held * (n / (held + n)) * (share**2 * mean_square + apart)
        new = n / (held + n)
        mean_square = (1.0 - share * new) ** 2 * mean_square + new**2 * apart
        held += n
        fitted = held if part is None else float(part or n)
        if fitted > held or fitted <= max(1.0, ddof):
            return
        typical = squares / (held - 1.0)
        beside = typical * (held - fitted) / (fitted * held)
        variance = typical * (fitted - 1.0) / (fitted - ddof)
        yield Moments(mean_square + beside, variance)
