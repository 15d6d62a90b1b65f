"""From observed generations to the recursion behind them: estimates, intervals, checks, baseline and forecast."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.corpus import CountTable
from modelcollapse.door import solve
from modelcollapse.errors import InputError, InputWarning
from modelcollapse.families.categorical import Categorical
from modelcollapse.fitting.bootstrap import Chain, Refit, refits
from modelcollapse.fitting.chance import Coverage, coverage
from modelcollapse.fitting.fresh_share import FreshLikelihood
from modelcollapse.fitting.goodness import checks, measures
from modelcollapse.fitting.observed import Observed, observe
from modelcollapse.fitting.result import Fit, FittedVocabulary, Interval
from modelcollapse.fitting.transitions import Residuals, Transitions
from modelcollapse.provenance import versions
from modelcollapse.recursion import Recursion
from modelcollapse.result import Result
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary
from modelcollapse.workflows import FreshMix, Replace

Floats = NDArray[np.float64]
Rng = int | np.random.Generator | np.random.SeedSequence | None

REPLICATES = 199
_OUTER = 0.025  # on either side of a 95 % interval
_NORMAL_95 = 1.959963984540054
_LEAST_REPLICATES = 39  # so that the outermost of them bound 95 %
_FORECAST_CELLS = 10_000_000  # symbols times generations times replicates of a simulated forecast


@dataclass(frozen=True, eq=False)
class _Estimate:
    """The point estimates and what they were read from."""

    steps: Transitions
    likelihood: FreshLikelihood | None
    fresh: float
    residuals: Residuals
    chain: Chain


def fit(
    tables: Sequence[CountTable],
    *,
    zero: CountTable | None = None,
    first: int | None = None,
    fresh: float | None = None,
    generations: int | None = None,
    replicates: int = REPLICATES,
    rng: Rng = None,
    progress: bool = False,
) -> Fit:
    """Estimate the fresh share and the effective sample size from the counts of successive generations.

    The model: generation k + 1 is drawn from (1 - a) P_k + a P_0, where P_k are the shares of the words in
    generation k and a is the fresh share, with the variance of n independent draws. The fresh share maximises the
    quasi-likelihood; n is the number of tokens over their dispersion; intervals come from a parametric bootstrap.

    Parameters
    ----------
    tables : sequence of CountTable
        What each generation was trained on, in order; the first is generation 0, the real data, unless told otherwise.
    zero : CountTable, optional
        Generation 0, where `tables` begin later.
    first : int, optional
        Generation of the first of `tables`: 0, or 1 with `zero`, if not given. If it is above 0 and there is no
        `zero`, no fresh share can be estimated: none is assumed.
    fresh : float, optional
        The fresh share, where it is known: 0 is the workflow 'replace'.
    generations : int, optional
        How far to forecast; twice as far as was observed, and 10 at least, if not given.
    replicates : int
        Histories that the bootstrap simulates, from 39 on.
    rng : int, Generator or SeedSequence, optional
        Seed of the bootstrap; fresh entropy if not given, recorded either way.
    progress : bool
        Show on a terminal how far the bootstrap is, if it takes longer than two seconds.

    Raises
    ------
    InputError
        If an argument is out of range, or the tables cannot be successive generations.

    Warns
    -----
    InputWarning
        If words turn up that no generation could have written, or the order looks wrong.

    Examples
    --------
    >>> from modelcollapse import CountTable, fit
    >>> words = ["a", "b", "c", "d"]
    >>> tables = [CountTable.from_counts(words, c) for c in ([40, 30, 20, 10], [45, 26, 22, 7], [38, 27, 31, 4])]
    >>> found = fit(tables, rng=1)
    >>> round(found.fresh.value, 2), round(found.dispersion.value, 2), found.fits
    (0.0, 1.39, True)
    """
    arguments.integer("replicates", replicates, least=_LEAST_REPLICATES, most=10**6)
    held = None if fresh is None else arguments.real("fresh", fresh, low=0.0, high=1.0)
    observed, said = _observed(tables, zero, first)
    horizon = _horizon(observed, generations)
    reason, held = _whether_fresh(observed, held)
    seed = _seed(rng)
    ours, nears, forecasts = seed.spawn(3)
    found = _estimate(observed, held)
    simulated = refits(found.chain, found.fresh, ours.spawn(replicates), estimated=held is None, progress=progress)
    share = None if held is not None else _fresh_interval(found, simulated, nears.spawn(2), progress=progress)
    dispersion = _dispersion_interval(found, simulated)
    return Fit(
        observed=observed,
        fresh=share,
        fresh_used=found.fresh,
        fresh_reason=reason,
        dispersion=dispersion,
        sample_size=_effective(observed, dispersion),
        checks=checks(measures(found.steps, found.residuals), [one.measures for one in simulated]),
        vocabulary=_vocabulary(observed, simulated),
        coverage=_coverage(observed),
        forecast=_forecast(observed, found, horizon, forecasts),
        replicates=replicates,
        warnings=said,
        provenance={"entropy": seed.entropy, "versions": dict(versions())},
    )


def _observed(
    tables: Sequence[CountTable], zero: CountTable | None, first: int | None
) -> tuple[Observed, tuple[str, ...]]:
    """Return the generations, and the warnings about them, which are given again to the caller of `fit`."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        observed = observe(tables, zero, first)
    said = tuple(str(one.message) for one in caught)
    for text in said:
        warnings.warn(text, InputWarning, stacklevel=3)
    return observed, said


def _horizon(observed: Observed, generations: int | None) -> int:
    last = int(observed.generation[-1])
    if generations is None:
        return max(10, 2 * last)
    return arguments.integer("generations", generations, least=int(observed.generation[0]) + 1, most=10**7)


def _whether_fresh(observed: Observed, held: float | None) -> tuple[str, float | None]:
    """Return how the fresh share is found, and its value where it is not estimated."""
    reason = "estimated"
    if held is not None:
        reason = "given"
    elif observed.origin is None:
        reason, held = "generation 0 was not given, so no fresh share can be estimated; none is assumed", 0.0
    elif len(observed.counts) - (observed.generation[0] == 0) < 2:
        reason, held = "generation 1 is drawn from generation 0 whatever the share: it takes a third; 0 is assumed", 0.0
    if held and observed.origin is None:
        allowed = "0 unless generation 0 is given"
        raise InputError(arguments.message("fresh", held, allowed, "Give it as `zero`, --zero."))
    back = observed.regrown() if held == 0.0 else None
    if back is not None:
        word, generation, count = back
        given = "leave `fresh` (--fresh) out to estimate it"
        remedy = given if reason == "given" else "give generation 0 (`zero`, --zero)"
        raise InputError(
            f"The word {word!r} is absent in generation {generation - 1} and occurs {count:,} times in generation "
            f"{generation}; under replace no word comes back. Fresh real data bring words back: {remedy}, or check "
            "the order of the generations."
        )
    return reason, held


def _seed(rng: Rng) -> np.random.SeedSequence:
    if isinstance(rng, np.random.Generator):
        return np.random.SeedSequence(int(rng.integers(2**63)))
    if isinstance(rng, np.random.SeedSequence):
        return rng
    return np.random.SeedSequence(None if rng is None else arguments.integer("rng", rng, least=0))


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
    level = _OUTER if upper else 1.0 - _OUTER
    root = float(np.quantile(roots, level, method="weibull"))
    drop = 0.5 * root**2 * found.residuals.dispersion if (root < 0) == upper else 0.0
    return found.likelihood.end(found.fresh, drop, upper=upper)


def _dispersion_interval(found: _Estimate, simulated: list[Refit]) -> Interval:
    """The ratio of estimated to true dispersion hardly depends on the truth; it is 1 on average in the bootstrap."""
    value = found.residuals.dispersion
    ratios = np.array([refit.dispersion for refit in simulated])
    low, high = np.quantile(ratios, [_OUTER, 1.0 - _OUTER], method="weibull")
    return Interval(value, value / float(high), value / float(max(low, 1e-9)))


def _effective(observed: Observed, dispersion: Interval) -> Interval:
    size = float(observed.tokens[1:].mean())
    return Interval(size / dispersion.value, size / dispersion.high, size / dispersion.low)


def _vocabulary(observed: Observed, simulated: list[Refit]) -> FittedVocabulary:
    paths = np.array([refit.vocabulary for refit in simulated], dtype=np.float64)
    low, high = np.quantile(paths, [_OUTER, 1.0 - _OUTER], axis=0, method="weibull")
    first = observed.types[:1].astype(np.float64)
    mean, low, high = (np.concatenate([first, path]) for path in (paths.mean(axis=0), low, high))
    return FittedVocabulary(observed.generation, observed.types, mean, low, high)


def _coverage(observed: Observed) -> Coverage:
    """Against generation 0, or against the first observed where there is none."""
    if observed.origin is None or observed.generation[0] == 0:
        return coverage(observed.counts[0], observed.generation[1:], observed.counts[1:])
    return coverage(observed.origin, observed.generation, observed.counts)


def _forecast(observed: Observed, found: _Estimate, horizon: int, seed: np.random.SeedSequence) -> Result:
    """Solve the fitted recursion anew, from generation 0, or from the first observed where there is none."""
    origin = observed.counts[0] if observed.origin is None else observed.origin
    start = 0 if observed.origin is not None else int(observed.generation[0])
    workflow = FreshMix(found.fresh) if found.fresh > 0 else Replace()
    recursion = Recursion(Categorical(), Corpus(origin), _sizes(observed, found, horizon - start), workflow)
    replicates = int(np.clip(_FORECAST_CELLS / (len(origin) * (horizon - start)), 20, 1000))
    result = solve(recursion, Vocabulary(), horizon - start, replicates=replicates, rng=seed)["vocabulary"]
    later = [generation + start for generation in result.coordinates["generation"]]
    return replace(result, coordinates={"generation": later})


def _sizes(observed: Observed, found: _Estimate, steps: int) -> int | list[int]:
    """Effective sizes: one number if they are alike; else as observed, those not observed like their neighbours."""
    sizes = list(found.chain.sizes)
    if len(set(sizes)) == 1:
        return sizes[0]
    unseen = int(observed.generation[0]) if observed.origin is not None else 0
    listed = [sizes[0]] * unseen + sizes
    return (listed + [sizes[-1]] * max(0, steps - len(listed)))[:steps]
