"""From observed generations to the recursion behind them: estimates, intervals, checks, baseline and forecast."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from modelcollapse import arguments
from modelcollapse.corpus import CountTable
from modelcollapse.door import solve
from modelcollapse.errors import InputError, InputWarning
from modelcollapse.families.categorical import Categorical
from modelcollapse.fitting.chance import Coverage, coverage
from modelcollapse.fitting.found import Bootstrap, Found
from modelcollapse.fitting.likely_sample_order import warn_of_sample_order
from modelcollapse.fitting.observed import Observed, observe
from modelcollapse.fitting.result import Fit
from modelcollapse.fitting.sampled import fit_samples
from modelcollapse.fitting.training_sets import fit_training_sets
from modelcollapse.provenance import versions
from modelcollapse.recursion import Recursion
from modelcollapse.result import Result
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary
from modelcollapse.workflows import FreshMix, Replace

Rng = int | np.random.Generator | np.random.SeedSequence | None

REPLICATES = 199
COUNTS_ARE = {"training-set": fit_training_sets, "sample": fit_samples}
_LEAST_REPLICATES = 39  # so that the outermost of them bound 95 %
_FORECAST_CELLS = 10_000_000  # symbols times generations times replicates of a simulated forecast


def fit(
    tables: Sequence[CountTable],
    *,
    zero: CountTable | None = None,
    first: int | None = None,
    counts_are: str = "training-set",
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

    Where the counts are samples instead, of any size, of what models write that were trained on n tokens, n is unknown:
    it is estimated, together with a, by the temporal method, from how far and how jointly the shares of words have
    moved since generation 0, less what sampling adds. If that is so much that no n is too large, the upper end of its
    interval is infinite.

    Parameters
    ----------
    tables : sequence of CountTable
        The generations in order; the first is generation 0, the real data, unless told otherwise.
    zero : CountTable, optional
        Generation 0, where `tables` begin later.
    first : int, optional
        Generation of the first of `tables`: 0, or 1 with `zero`, if not given. If it is above 0 and there is no
        `zero`, no fresh share can be estimated: none is assumed.
    counts_are : {'training-set', 'sample'}
        Whether the counts are what each generation was trained on, or samples of what it writes. Generation 0 is the
        real data itself either way.
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

    References
    ----------
    Nei and Tajima (1981), Genetics 98, 625; Waples (1989), Genetics 121, 379; Jorde and Ryman (2007), Genetics 177,
    927.

    Examples
    --------
    >>> from modelcollapse import CountTable, fit
    >>> words = ["a", "b", "c", "d"]
    >>> tables = [CountTable.from_counts(words, c) for c in ([40, 30, 20, 10], [45, 26, 22, 7], [38, 27, 31, 4])]
    >>> found = fit(tables, rng=1)
    >>> round(found.fresh.value, 2), round(found.dispersion.value, 2), found.fits
    (0.0, 1.39, True)
    >>> drawn = fit(tables, counts_are="sample", rng=1)
    >>> round(drawn.sample_size.low), drawn.sample_size.high
    (24, inf)
    """
    if counts_are not in COUNTS_ARE:
        raise InputError(arguments.message("counts_are", counts_are, "'training-set' or 'sample'"))
    arguments.integer("replicates", replicates, least=_LEAST_REPLICATES, most=10**6)
    held = None if fresh is None else arguments.real("fresh", fresh, low=0.0, high=1.0)
    observed, said = _observed(tables, zero, first, sampled=counts_are == "sample")
    horizon = _horizon(observed, generations)
    reason, held = _whether_fresh(observed, held, sampled=counts_are == "sample")
    seed = _seed(rng)
    ours, nears, forecasts = seed.spawn(3)
    found = COUNTS_ARE[counts_are](observed, held, Bootstrap(replicates, ours, nears, progress))
    return Fit(
        observed=observed,
        counts_are=counts_are,
        fresh=found.fresh,
        fresh_used=found.fresh_used,
        fresh_reason=found.fresh_reason or reason,
        dispersion=found.dispersion,
        sample_size=found.sample_size,
        sample_size_reason=found.sample_size_reason,
        checks=found.checks,
        vocabulary=found.vocabulary,
        coverage=_coverage(observed),
        forecast=_forecast(observed, found, horizon, forecasts) if found.sizes else None,
        replicates=replicates,
        warnings=said,
        provenance={"entropy": seed.entropy, "versions": dict(versions())},
    )


def _observed(
    tables: Sequence[CountTable], zero: CountTable | None, first: int | None, *, sampled: bool
) -> tuple[Observed, tuple[str, ...]]:
    """Return the generations, and the warnings about them, which are given again to the caller of `fit`."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        observed = observe(tables, zero, first, sampled=sampled)
        if sampled:
            warn_of_sample_order(observed)
    said = tuple(str(one.message) for one in caught)
    for text in said:
        warnings.warn(text, InputWarning, stacklevel=3)
    return observed, said


def _horizon(observed: Observed, generations: int | None) -> int:
    last = int(observed.generation[-1])
    if generations is None:
        return max(10, 2 * last)
    return arguments.integer("generations", generations, least=int(observed.generation[0]) + 1, most=10**7)


def _whether_fresh(observed: Observed, held: float | None, *, sampled: bool) -> tuple[str, float | None]:
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
    # What a sample lacks its generation may well have.
    back = observed.regrown() if held == 0.0 and not sampled else None
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


def _coverage(observed: Observed) -> Coverage:
    """Against generation 0, or against the first observed where there is none."""
    if observed.origin is None or observed.generation[0] == 0:
        base = observed.counts[0] > 0
        return coverage(observed.counts[0, base], observed.generation[1:], observed.counts[1:, base])
    return coverage(observed.origin, observed.generation, observed.counts)


def _forecast(observed: Observed, found: Found, horizon: int, seed: np.random.SeedSequence) -> Result:
    """Solve the fitted recursion anew, from generation 0, or from the first observed where there is none."""
    origin = observed.counts[0] if observed.origin is None else observed.origin
    start = 0 if observed.origin is not None else int(observed.generation[0])
    workflow = FreshMix(found.fresh_used) if found.fresh_used > 0 else Replace()
    recursion = Recursion(Categorical(), Corpus(origin), _sizes(observed, found, horizon - start), workflow)
    replicates = int(np.clip(_FORECAST_CELLS / (len(origin) * (horizon - start)), 20, 1000))
    result = solve(recursion, Vocabulary(), horizon - start, replicates=replicates, rng=seed)["vocabulary"]
    later = [generation + start for generation in result.coordinates["generation"]]
    return replace(result, coordinates={"generation": later})


def _sizes(observed: Observed, found: Found, steps: int) -> int | list[int]:
    """Effective sizes: one number if they are alike; else as observed, those not observed like their neighbours."""
    sizes = list(found.sizes)
    if len(set(sizes)) == 1:
        return sizes[0]
    unseen = int(observed.generation[0]) if observed.origin is not None else 0
    listed = [sizes[0]] * unseen + sizes
    return (listed + [sizes[-1]] * max(0, steps - len(listed)))[:steps]
