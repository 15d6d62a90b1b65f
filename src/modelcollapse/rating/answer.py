"""How fast one recursion collapses: the exact curve, every bound beside it, and a simulation where one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.door import Method, solve
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.provenance import plain
from modelcollapse.rating.bounds import BoundCurves, bound_curves
from modelcollapse.rating.curve import curve_of, interval_of
from modelcollapse.rating.pace import Pace, pace
from modelcollapse.rating.quantiles import quantiles_of
from modelcollapse.recursion import Recursion
from modelcollapse.reference import Reference
from modelcollapse.result import Result
from modelcollapse.simulate.effort import Rng
from modelcollapse.statistics import MeanSquaredDrift, MeanVariance, ScaleTail, Statistic

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

SCHEMA_VERSION = 1
_LONGEST_DENSE = 1000  # up to this horizon every generation is tabulated
_DENSE = 100  # beyond it only so many; then 40 in each decade
_LONGEST_SCHEDULE = 10_000
_LONGEST_SCALE_SCHEDULE = 200
_LONGEST_SIMULATED = 10**6
_TRIED = 100  # generations, and data of a family that keeps them


@dataclass(frozen=True, eq=False)
class Rate:
    """How fast one recursion collapses.

    Parameters
    ----------
    recursion : Recursion
        What is iterated.
    statistic : Statistic
        What is followed from generation to generation.
    generation : array of int, shape (generation,)
    exact : Result or None
        The exact curve; None where no law covers the question.
    estimate : Result or None
        Where there is no exact curve: that of a law whose one step is sampled, with its pointwise 95 % interval.
    moments : tuple of Result
        Where no law covers the chance that a scale is above a threshold: the exact mean variance and mean squared
        drift, as far as they are known.
    asymptotic : tuple of Result
        Curves that hold in a limit.
    bounds : tuple of BoundCurves
        Every bound that applies, as stated: neither clipped nor made monotone.
    simulated : Result or None
        Mean and pointwise 95 % interval of a simulation.
    replicates : int
        Runs of the simulation; 0 if there was none.
    quantiles : mapping of float to float
        The smallest generation by which it is over with at least this probability; infinite where that is never
        so, or not within `quantiles_within`.
    quantiles_source : str or None
        The law of the time, or "exact curve" or "simulation" where they were read off a curve, or "nothing is over
        for ever" where what is absent may come back.
    quantiles_within : int or None
        The generation up to which was looked; None if there is no such limit.
    pace : Pace
        The rate per generation, and the law of thumb for the median.
    """

    recursion: Recursion
    statistic: Statistic
    generation: Generations
    exact: Result | None
    estimate: Result | None
    moments: tuple[Result, ...]
    asymptotic: tuple[Result, ...]
    bounds: tuple[BoundCurves, ...]
    simulated: Result | None
    replicates: int
    quantiles: Mapping[float, float]
    quantiles_source: str | None
    quantiles_within: int | None
    pace: Pace

    @property
    def law(self) -> Result | None:
        """What a law says: exactly, or as an estimate."""
        return self.exact or self.estimate

    def references(self) -> tuple[Reference, ...]:
        """Return what the answer rests on, each source once."""
        laws = [
            r for result in (self.law, *self.moments, *self.asymptotic) if result is not None for r in result.references
        ]
        return tuple(dict.fromkeys([*laws, *(bound.reference for bound in self.bounds)]))

    def agreement(self) -> tuple[int, int] | None:
        """Return at how many generations the simulated interval holds the exact law, and how many there are."""
        if self.exact is None or self.simulated is None:
            return None
        truth, (low, high) = curve_of(self.exact), interval_of(self.simulated)
        margin = 1e-9 * np.maximum(np.abs(truth), 1e-300)
        return int(((low <= truth + margin) & (truth - margin <= high)).sum()), len(truth)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        exact = self.exact
        source = self.law or self.simulated
        return {
            "schema_version": SCHEMA_VERSION,
            "family": self.recursion.family.name,
            "sample_size": plain(self.recursion.sample_size),
            "workflow": self.recursion.workflow.name,
            "workflow_parameters": self.recursion.workflow.parameters(),
            "sampler": self.recursion.sampler.name,
            "statistic": plain(self.statistic.to_dict()),
            "generation": plain(self.generation),
            "exact": None if exact is None else plain(curve_of(exact)),
            "exact_error": None if exact is None else exact.error,
            "estimate": None if self.estimate is None else _estimate_dict(self.estimate),
            "moments": {result.statistic: plain(curve_of(result)) for result in self.moments} or None,
            "asymptotic": {result.source: plain(curve_of(result)) for result in self.asymptotic},
            "bounds": {bound.name: bound.to_dict() for bound in self.bounds},
            "simulated": None if self.simulated is None else _simulation_dict(self.simulated, self.agreement()),
            "quantiles": {f"{q:g}": int(k) if np.isfinite(k) else None for q, k in self.quantiles.items()},
            "quantiles_source": self.quantiles_source,
            "quantiles_within": self.quantiles_within,
            "rate": self.pace.to_dict(),
            "method": "bounds" if source is None else source.provenance.method,
            "references": [str(reference) for reference in self.references()],
            "provenance": self._provenance(),
        }

    def _provenance(self) -> dict[str, Any]:
        found = [r for r in (self.law, self.simulated, *self.moments, *self.asymptotic) if r is not None]
        if not found:
            return {"recursion": plain(self.recursion.to_dict())}
        first = found[0].provenance.to_dict()
        entropy = None if self.simulated is None else self.simulated.provenance.entropy
        laws = {"exact": self.exact.source} if self.exact is not None else {}
        laws |= {"estimate": self.estimate.source} if self.estimate is not None else {}
        return {**laws, **{key: plain(first[key]) for key in ("recursion", "reason", "versions")}, "entropy": entropy}


def rate(
    recursion: Recursion,
    statistic: Statistic,
    time_statistic: Statistic | None,
    generations: int | Sequence[int],
    *,
    simulate: int = 0,
    precision: float | None = None,
    rng: Rng = None,
    n_jobs: int = 1,
    progress: bool = False,
) -> Rate:
    """Follow one quantity from generation to generation: exactly where a law covers it, with every bound beside it.

    Parameters
    ----------
    recursion : Recursion
        What is iterated.
    statistic : Statistic
        With one value per generation: a probability, such as `Survival([0])`, or an expected value, such as
        `SquaredError()`.
    time_statistic : Statistic or None
        When it is over: a statistic with one value for each of the levels 0.1, 0.5 and 0.9, such as
        `ForgettingTime([0])`. Where no law covers it, the quantiles are read off the curve of the probability.
    generations : int or sequence of int
        The horizon; beyond 1,000 the rows after the first 100 are spaced logarithmically. Or the generations
        themselves.
    simulate : int
        Simulated runs to set beside; none if 0.
    precision : float, optional
        Instead of `simulate`: half the width of the simulated 95 % intervals.
    rng : int, Generator or SeedSequence, optional
        Seed of the simulation.
    n_jobs : int
        Threads of the simulation.
    progress : bool
        Show a progress bar of the simulation on a terminal.

    Raises
    ------
    InputError
        If an argument is out of range, or the statistic has more than one value per generation.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion
    >>> from modelcollapse.statistics import ForgettingTime, Survival
    >>> symbol = Recursion(Categorical(), Corpus([1, 99]), sample_size=100)
    >>> answer = rate(symbol, Survival([0]), ForgettingTime([0]), generations=[10, 50])
    >>> curve_of(answer.exact).round(6), answer.quantiles[0.5]
    (array([0.161389, 0.041122]), 2.0)
    """
    runs = arguments.integer("simulate", simulate, least=0, most=10**12)
    if runs and precision is not None:
        raise InputError(f"`simulate` is {runs} and `precision` is {precision!r}, but only one may be given.")
    wanted = _rows(recursion, statistic, generations)
    exact = _law(recursion, statistic, wanted, "exact")
    estimate = None if exact is not None else _law(recursion, statistic, wanted, "sampled")
    simulated = None
    if runs or precision is not None:
        remedy = "A simulation takes every step; leave it out, or look less far."
        arguments.integer("generations", int(wanted[-1]), least=1, most=_LONGEST_SIMULATED, remedy=remedy)
        effort: dict[str, Any] = {"replicates": runs or None, "precision": precision, "rng": rng, "n_jobs": n_jobs}
        answers = solve(recursion, statistic, wanted, method="simulate", progress=progress, **effort)
        simulated = answers[statistic.name]
    if exact is None and estimate is None and simulated is None:
        _require_possible(recursion, statistic, int(wanted[-1]))
    curve = exact or estimate or simulated
    points = None if curve is None or not statistic.is_probability else (wanted, curve_of(curve), curve.kind)
    quantiles, source, within = quantiles_of(recursion, time_statistic, points)
    return Rate(
        recursion=recursion,
        statistic=statistic,
        generation=wanted,
        exact=exact,
        estimate=estimate,
        moments=() if exact or estimate else _moments(recursion, statistic, wanted),
        asymptotic=solve(recursion, statistic, wanted, method="asymptotic").of(statistic.name),
        bounds=bound_curves(recursion, statistic, wanted, None if exact is None else curve_of(exact)),
        simulated=simulated,
        replicates=0 if simulated is None or simulated.replicates is None else simulated.replicates,
        quantiles=quantiles,
        quantiles_source=source,
        quantiles_within=within,
        pace=pace(recursion, statistic, int(wanted[-1])),
    )


def _require_possible(recursion: Recursion, statistic: Statistic, horizon: int) -> None:
    """Refuse what no model can be fitted to, where no law has looked at it: one run goes to the smallest sample."""
    sizes = recursion.sizes(min(horizon, _TRIED))
    if recursion.family.keeps_data and sizes.min() > _TRIED:
        return  # so many data can be fitted; it would only take long
    with suppress(NoAnswerError):
        solve(recursion, statistic, [int(sizes.argmin()) + 1], method="simulate", replicates=1, rng=0)


def _estimate_dict(result: Result) -> dict[str, Any]:
    low, high = interval_of(result)
    return {"mean": plain(curve_of(result)), "low": plain(low), "high": plain(high)}


def _simulation_dict(result: Result, agreement: tuple[int, int] | None) -> dict[str, Any]:
    low, high = interval_of(result)
    return {
        "mean": plain(curve_of(result)),
        "low": plain(low),
        "high": plain(high),
        "replicates": result.replicates,
        "undefined": plain(result.undefined),
        "reason": result.provenance.reason,
        "law_within_interval": None if agreement is None else agreement[0] / agreement[1],
    }


def _rows(recursion: Recursion, statistic: Statistic, generations: int | Sequence[int]) -> Generations:
    """Every generation up to 1,000 or of a schedule; of more, the first 100, then 40 in each decade, and the last."""
    if not isinstance(generations, int):
        return arguments.generations(generations)
    horizon = arguments.integer("generations", generations, least=1, most=10**12)
    recursion.require(horizon)
    if horizon <= _dense(recursion, statistic):
        return np.arange(1, horizon + 1)
    beyond = np.geomspace(_DENSE, horizon, int(np.ceil(40 * np.log10(horizon / _DENSE))) + 1).round()
    beyond[-1] = horizon
    return np.unique(np.concatenate([np.arange(1, _DENSE + 1), beyond.astype(np.int64)]))


def _dense(recursion: Recursion, statistic: Statistic) -> int:
    """Up to which horizon every generation is a row."""
    if recursion.constant_size is not None:
        return _LONGEST_DENSE
    # Of a scale, the law of every generation of a schedule is inverted anew; symbols' times are read off the rows.
    return _LONGEST_SCALE_SCHEDULE if isinstance(statistic, ScaleTail) else _LONGEST_SCHEDULE


def _moments(recursion: Recursion, statistic: Statistic, wanted: Generations) -> tuple[Result, ...]:
    """What is known exactly of a scale whose tail is not."""
    asked = (MeanVariance(), MeanSquaredDrift()) if isinstance(statistic, ScaleTail) else ()
    return tuple(found for each in asked if (found := _law(recursion, each, wanted, "exact")) is not None)


def _law(recursion: Recursion, statistic: Statistic, wanted: Generations, method: Method) -> Result | None:
    try:
        found = solve(recursion, statistic, wanted, method=method)[statistic.name]
    except NoAnswerError:
        return None
    curve_of(found)  # refuses what has several values per generation
    return found
