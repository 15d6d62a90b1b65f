"""Fresh share and dispersion where the counts are what each generation was trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.fitting.bootstrap import Chain, Refit, refits
from modelcollapse.fitting.found import Bootstrap, Found, outer, simulated_vocabulary
from modelcollapse.fitting.fresh_share import FreshLikelihood
from modelcollapse.fitting.goodness import checks, measures
from modelcollapse.fitting.observed import Observed
from modelcollapse.fitting.result import Interval
from modelcollapse.fitting.transitions import Residuals, Transitions

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class _Estimate:
    """The point estimates and what they were read from."""

    steps: Transitions
    likelihood: FreshLikelihood | None
    fresh: float
    residuals: Residuals
    chain: Chain


def fit_training_sets(observed: Observed, held: float | None, bootstrap: Bootstrap) -> Found:
    """Estimate the fresh share, if it is not held, and the dispersion of training sets of known size."""
    found = _estimate(observed, held)
    seeds = bootstrap.ours.spawn(bootstrap.replicates)
    simulated = refits(found.chain, found.fresh, seeds, estimated=held is None, progress=bootstrap.progress)
    fresh = None
    if held is None:
        fresh = _fresh_interval(found, simulated, bootstrap.nears.spawn(2), progress=bootstrap.progress)
    dispersion = _dispersion_interval(found, simulated)
    return Found(
        fresh=fresh,
        fresh_used=found.fresh,
        fresh_reason="",
        dispersion=dispersion,
        sample_size=_effective(observed, dispersion),
        sample_size_reason="",
        sizes=found.chain.sizes,
        checks=checks(measures(found.steps, found.residuals), [one.measures for one in simulated]),
        vocabulary=simulated_vocabulary(observed, [one.vocabulary for one in simulated]),
    )


def _estimate(observed: Observed, held: float | None) -> _Estimate:
    steps = observed.transitions()
    likelihood = FreshLikelihood(steps) if held is None else None
    fresh = held if likelihood is None else likelihood.maximum()
    assert fresh is not None
    residuals = Residuals.of(steps, fresh, estimated=held is None)
    sizes = steps.sizes / residuals.dispersion if residuals.dispersion > 0 else np.full(len(steps.sizes), np.inf)
    if sizes.max() > arguments.LARGEST_SAMPLE_SIZE:
        raise InputError(
            f"The generations differ less than samples of {arguments.LARGEST_SAMPLE_SIZE:,} draws would; these are no "
            "successive samples. Give counts, not shares multiplied by a number."
        )
    chain = Chain(steps.origin, steps.before[0], tuple(max(1, round(size)) for size in sizes.tolist()))
    return _Estimate(steps, likelihood, fresh, residuals, chain)


def _fresh_interval(
    found: _Estimate, simulated: list[Refit], seeds: list[np.random.SeedSequence], *, progress: bool
) -> Interval:
    """Return where the signed root of the likelihood ratio is within what it is under the share itself.

    The distribution of the root hardly depends on the share, so that of the fit serves, unless the share is near 0 or
    1: then histories are simulated at the ends that the normal distribution would give.
    """
    likelihood, best = found.likelihood, found.fresh
    assert likelihood is not None
    half = 0.5 * _NORMAL_95**2 * found.residuals.dispersion
    ends = likelihood.end(best, half, upper=False), likelihood.end(best, half, upper=True)
    far = ends[1] - ends[0] <= min(best, 1.0 - best)
    roots = {False: simulated, True: simulated}
    for upper, one in () if far else zip((False, True), seeds, strict=True):
        if ends[upper] not in (0.0, 1.0) or best != ends[upper]:
            histories = one.spawn(len(simulated) // 2)
            roots[upper] = refits(found.chain, ends[upper], histories, estimated=True, checked=False, progress=progress)
    low, high = (_end(found, [refit.root for refit in roots[upper]], upper=upper) for upper in (False, True))
    return Interval(best, low, high)


def _end(found: _Estimate, roots: list[float], *, upper: bool) -> float:
    assert found.likelihood is not None
    root = float(outer(roots, upper=not upper))
    drop = 0.5 * root**2 * found.residuals.dispersion if (root < 0) == upper else 0.0
    return found.likelihood.end(found.fresh, drop, upper=upper)


def _dispersion_interval(found: _Estimate, simulated: list[Refit]) -> Interval:
    """The ratio of estimated to true dispersion hardly depends on the truth; it is 1 on average in the bootstrap."""
    value = found.residuals.dispersion
    ratios = np.array([refit.dispersion for refit in simulated])
    low, high = (outer(ratios, upper=upper) for upper in (False, True))
    return Interval(value, value / float(high), value / float(max(low, 1e-9)))


def _effective(observed: Observed, dispersion: Interval) -> Interval:
    size = float(observed.tokens[1:].mean())
    return Interval(size / dispersion.value, size / dispersion.high, size / dispersion.low)
