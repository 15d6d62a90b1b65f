"""Fresh share and effective sample size where the counts are samples of what each generation writes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.fitting.drift_likelihood import FRESH, RATE, DriftLikelihood
from modelcollapse.fitting.found import OUTER, Bootstrap, Found, outer, simulated_vocabulary
from modelcollapse.fitting.goodness import checks
from modelcollapse.fitting.observed import Observed
from modelcollapse.fitting.result import Interval
from modelcollapse.fitting.sample_bootstrap import SampleHistories, SampleRefit
from modelcollapse.fitting.sample_checks import sample_measures
from modelcollapse.fitting.samples import Samples

Floats = NDArray[np.float64]

_PASSES = 3  # the weights settle on how much shares vary
_FAR = 0.5  # of the estimate: an interval that begins above it is far from no drift and from no fresh data
_LEAST_RATE = 1.0 / arguments.LARGEST_SAMPLE_SIZE
_NO_DRIFT = "no drift is seen, and without drift every share explains the samples as well; none is assumed"


def fit_samples(observed: Observed, held: float | None, bootstrap: Bootstrap) -> Found:
    """Estimate what lies behind samples of unknown, but all the same, training sets.

    The temporal method of population genetics, over all generations at once: what words have moved since generation 0,
    less what sampling alone would show, is the drift of n draws a generation, which fresh data pull back.

    References
    ----------
    Nei and Tajima (1981), Genetics 98, 625; Waples (1989), Genetics 121, 379; Jorde and Ryman (2007), Genetics 177,
    927.
    """
    samples = samples_of(observed)
    likelihood, top, scale = settled(samples, held)
    best = float(top[0, FRESH]), float(top[0, RATE])
    histories = SampleHistories(samples, scale, held)
    simulated = histories.refits(
        best, bootstrap.ours.spawn(bootstrap.replicates), checked=True, progress=bootstrap.progress
    )
    ends = _Ends(histories, likelihood, top, simulated, bootstrap)
    rate = ends.interval(RATE)
    fresh = ends.interval(FRESH) if held is None and best[RATE] > 0.0 else None
    measured = sample_measures(samples, samples.deviations(scale), likelihood, *best)
    size = Interval(*(_inverse(value) for value in (rate.value, rate.high, rate.low)))
    return Found(
        fresh=fresh,
        fresh_used=best[FRESH] if fresh is not None else held or 0.0,
        fresh_reason=_NO_DRIFT if held is None and fresh is None else "",
        dispersion=None,
        sample_size=size,
        sample_size_reason=_whether_bounded(size),
        sizes=(round(size.value),) if math.isfinite(size.value) else (),
        checks=checks(measured, [one.measures for one in simulated]),
        vocabulary=simulated_vocabulary(observed, [one.types for one in simulated]),
    )


class _Ends:
    """Intervals: where the root of the likelihood ratio is within what it is if the parameter has that value."""

    def __init__(
        self,
        histories: SampleHistories,
        likelihood: DriftLikelihood,
        best: Floats,
        simulated: list[SampleRefit],
        bootstrap: Bootstrap,
    ) -> None:
        self._histories, self._likelihood, self._best = histories, likelihood, best
        self._simulated, self._bootstrap = simulated, bootstrap
        self._seeds = bootstrap.nears.spawn(4)

    def interval(self, parameter: int) -> Interval:
        """Return the estimate and its interval; where that comes near 0 or 1, histories are simulated at its ends.

        There, and only there, the root depends on the parameter: at 0 none is negative. That of the rate depends on the
        share too: held at 0, where it may not go below, it leaves the rate less free than a share within its limits.
        """
        value = float(self._best[0, parameter])
        ends = self._usual_ends(parameter)
        far = self._is_far(parameter) and (self._likelihood.held is not None or self._is_far(FRESH))
        refits = [self._simulated if far else self._at(parameter, end, place) for place, end in enumerate(ends)]
        low, high = (self._end(parameter, refits[upper], upper=upper) for upper in (False, True))
        return Interval(value, low, high)

    def _usual_ends(self, parameter: int) -> list[float]:
        """The ends if the root is as in histories of the fit itself."""
        largest = np.quantile([abs(one.roots[parameter]) for one in self._simulated], 1.0 - 2.0 * OUTER)
        return [self._likelihood.end(self._best, parameter, 0.5 * largest**2, upper=upper) for upper in (False, True)]

    def _is_far(self, parameter: int) -> bool:
        """Whether the interval is far from where the parameter cannot go."""
        value, (low, high) = float(self._best[0, parameter]), self._usual_ends(parameter)
        nearest = min(value, 1.0 - value) if parameter == FRESH else value
        return max(value - low, high - value) <= _FAR * nearest

    def _at(self, parameter: int, end: float, place: int) -> list[SampleRefit]:
        if end in (0.0, 1.0) and self._best[0, parameter] == end:
            return self._simulated
        fresh, rate = self._likelihood.beside(self._best, parameter, end)[0].tolist()
        seeds = self._seeds[2 * parameter + place].spawn(self._bootstrap.replicates // 2)
        return self._histories.refits((fresh, rate), seeds, checked=False, progress=self._bootstrap.progress)

    def _end(self, parameter: int, refits: list[SampleRefit], *, upper: bool) -> float:
        root = outer([one.roots[parameter] for one in refits], upper=not upper)
        drop = 0.5 * root**2 if (root < 0) == upper else 0.0
        return self._likelihood.end(self._best, parameter, drop, upper=upper)


def samples_of(observed: Observed) -> Samples:
    """What was drawn after generation 0, which is known as it is."""
    if observed.origin is None:
        return Samples(observed.counts, observed.generation - observed.generation[0], None)
    later = observed.generation > 0
    return Samples(observed.counts[later], observed.generation[later], observed.origin / observed.origin.sum())


def settled(samples: Samples, held: float | None) -> tuple[DriftLikelihood, Floats, float]:
    """Fit, with weights for words that vary as the fit before said; the first time as by sampling alone."""
    covariance, best = samples.covariance, np.zeros((1, 2))
    for _ in range(_PASSES):
        scale = 1.0 / float(np.mean(np.diag(covariance.matrices(*best.T)[0][0])))
        likelihood = DriftLikelihood(covariance, samples.deviations(scale).moments[None], held)
        best = likelihood.maximum()
    return likelihood, best, scale


def _inverse(rate: float) -> float:
    return 1.0 / rate if rate >= _LEAST_RATE else math.inf


def _whether_bounded(size: Interval) -> str:
    if math.isfinite(size.high):
        return ""
    what = (
        "the words vary no more than samples from one law would"
        if math.isinf(size.value)
        else ("the words vary little more than samples from one law would")
    )
    return f"{what}: the noise of the samples hides the drift, and no size is too large; larger samples would tell"
