"""The door: one recursion, some statistics, some generations; an exact law, every bound, or a simulation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.bounds import BOUNDS, Bound
from modelcollapse.bounds.tighten import tightened
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.laws import LAWS, Answer, Law
from modelcollapse.provenance import Provenance, versions
from modelcollapse.recursion import Recursion
from modelcollapse.result import Kind, Result, Results
from modelcollapse.simulate.checkpoint import Checkpoints
from modelcollapse.simulate.effort import Effort, Rng, simulated, simulated_time
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.estimate import Estimate
from modelcollapse.statistics.base import Statistic

Method = Literal["auto", "exact", "sampled", "asymptotic", "bounds", "simulate"]
Generations = NDArray[np.int64]


def solve(
    recursion: Recursion,
    statistics: Statistic | Sequence[Statistic],
    generations: int | Sequence[int] | NDArray[np.integer],
    *,
    method: Method = "auto",
    replicates: int | None = None,
    precision: float | None = None,
    rng: Rng = None,
    n_jobs: int = 1,
    progress: bool = False,
    laws: Sequence[Law] = LAWS,
    bounds: Sequence[Bound] = BOUNDS,
    tighten: bool = False,
    checkpoints: Checkpoints | None = None,
) -> Results:
    """Answer questions about a recursion.

    Parameters
    ----------
    recursion : Recursion
        What is iterated.
    statistics : Statistic or sequence of Statistic
        What is asked.
    generations : int or sequence of int
        A number K asks for generations 1..K; a sequence for those it lists, ascending. May be empty if no
        statistic has a generation axis.
    method : {"auto", "exact", "sampled", "asymptotic", "bounds", "simulate"}
        "auto" takes the exact law where one covers the question, else a law whose one step is sampled, and simulates
        otherwise; "exact" takes nothing but exact laws, "sampled" refuses to simulate; "bounds" returns every bound
        that applies, "asymptotic" every law that holds in a limit only.
    replicates : int, optional
        Simulated runs, up to 10^12; 1,000 if neither this nor `precision` is given.
    precision : float, optional
        Instead of `replicates`: half the width of every 95 % interval, absolute for probabilities, relative to the
        largest value for others. As many runs are made as that takes.
    rng : int, Generator or SeedSequence, optional
        Seed of a simulation; fresh entropy if not given, recorded in the result either way.
    n_jobs : int
        Threads of a simulation; -1 for all processors. No number depends on it.
    progress : bool
        Show a progress bar of a simulation on a terminal's standard error.
    laws, bounds : sequence
        What to choose from; everything the package knows unless told otherwise.
    tighten : bool
        Bounds only: clip each curve to what is possible and, where the answer can move one way only, let the curve
        keep the best that it has said. Otherwise bounds are as they were stated.
    checkpoints : Checkpoints, optional
        Where a simulation of a family that keeps its data is saved on the way; asked again with the same `rng`, it
        goes on from there with the same bits. Other simulations are not saved.

    Returns
    -------
    Results
        One result per statistic, by its name; with "bounds", one per bound and side, with "asymptotic", one per law.

    Raises
    ------
    InputError
        If an argument is outside of what is allowed.
    NoAnswerError
        If nothing answers the question.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import Survival
    >>> coin = Recursion(Categorical(), Known([0.01, 0.99]), sample_size=100)
    >>> print(solve(coin, Survival([0]), generations=[10, 50, 100])["survival"])
    survival: exact (ancestry, relative error at most 1e-10)
    generation        value
            10   0.16138936
            50  0.041121842
           100  0.023044089
    """
    if not isinstance(recursion, Recursion):
        raise InputError(arguments.message("recursion", recursion, "a `Recursion`"))
    asked = _asked(statistics)
    if method not in ("auto", "exact", "sampled", "asymptotic", "bounds", "simulate"):
        allowed = "'auto', 'exact', 'sampled', 'asymptotic', 'bounds' or 'simulate'"
        raise InputError(arguments.message("method", method, allowed))
    if tighten and method != "bounds":
        raise InputError(arguments.message("tighten", tighten, "False unless `method` is 'bounds'"))
    wanted = _generations(asked, generations)
    if method == "bounds":
        return Results([r for s in asked for r in _bounded(recursion, s, wanted, bounds, tighten)])
    if method == "asymptotic":
        return Results([r for s in asked for r in _asymptotic(recursion, s, wanted, laws)])
    exact = {} if method == "simulate" else _exact(recursion, asked, wanted, laws, sampled=method != "exact")
    open_ = [s for s in asked if id(s) not in exact]
    if open_ and method in ("exact", "sampled"):
        raise NoAnswerError(_no_law(recursion, open_[0]))
    why = "a simulation was asked for" if method == "simulate" else "no exact law covers the question"
    if open_ and _is_empty(generations):
        raise NoAnswerError(_no_horizon(open_[0]))
    effort = Effort.of(replicates, precision, rng, n_jobs, checkpoints)
    found = _simulated(recursion, open_, wanted, effort, progress, why) if open_ else {}
    return Results([exact.get(id(s)) or found[id(s)] for s in asked])


def _asked(statistics: Statistic | Sequence[Statistic]) -> list[Statistic]:
    given: Any = statistics  # a class of statistics is iterable in name only
    asked = list(given) if isinstance(given, Iterable) and not isinstance(given, type | str) else [given]
    for statistic in asked:
        if not isinstance(statistic, Statistic):
            raise InputError(arguments.message("statistics", statistic, "statistics, as `Survival()`"))
    return asked


def _is_empty(generations: object) -> bool:
    return isinstance(generations, Sequence | np.ndarray) and np.size(generations) == 0


def _generations(asked: list[Statistic], generations: int | Sequence[int] | NDArray[np.integer]) -> Generations:
    timeless = all("generation" not in s.dimensions for s in asked)
    if timeless and _is_empty(generations):
        return np.array([1], dtype=np.int64)
    return arguments.generations(generations)


def _exact(
    recursion: Recursion, asked: list[Statistic], wanted: Generations, laws: Sequence[Law], sampled: bool
) -> dict[int, Result]:
    found = {}
    for statistic in asked:
        for law in laws:
            left_out = law.asymptotic or (law.sampled and not sampled)
            answer = None if left_out else law.speaks(recursion, statistic, wanted)
            if answer is not None:
                found[id(statistic)] = _law_result(recursion, statistic, wanted, law, answer)
                break
    return found


def _asymptotic(recursion: Recursion, statistic: Statistic, wanted: Generations, laws: Sequence[Law]) -> list[Result]:
    statistic.coordinates(recursion)
    answers = [(law, law.speaks(recursion, statistic, wanted)) for law in laws if law.asymptotic]
    return [_law_result(recursion, statistic, wanted, law, answer) for law, answer in answers if answer is not None]


def _law_result(recursion: Recursion, statistic: Statistic, wanted: Generations, law: Law, answer: Answer) -> Result:
    reason = f"the law '{law.name}' covers the question: {law.statement}"
    kind: Kind = "asymptotic" if law.asymptotic else "estimate" if law.sampled else "exact"
    return _result(
        recursion,
        statistic,
        wanted,
        kind=kind,
        source=law.name,
        value=answer.value,
        error=answer.error,
        error_is_absolute=answer.absolute,
        sd=answer.sd,
        sd_error=answer.sd_error if answer.sd is not None else None,
        low=answer.low,
        high=answer.high,
        references=law.references,
        method="sampled" if law.sampled else kind,
        reason=reason,
    )


def _bounded(
    recursion: Recursion, statistic: Statistic, wanted: Generations, bounds: Sequence[Bound], tighten: bool
) -> list[Result]:
    statistic.coordinates(recursion)
    results = []
    for bound in bounds if recursion.is_plain else ():
        bracket = (tightened if tighten else type(bound).bracket)(bound, recursion, statistic, wanted)
        if bracket is None:
            continue
        sides: list[tuple[Kind, Any]] = [("lower", bracket.lower), ("upper", bracket.upper)]
        for kind, value in sides:
            if value is not None:
                reason = f"{bound.statement} ({bound.basis}); valid for {bound.validity}"
                reason += "; tightened" if tighten else ""
                results.append(
                    _result(
                        recursion,
                        statistic,
                        wanted,
                        kind=kind,
                        source=bound.name,
                        value=value,
                        references=(bound.reference,),
                        method="bounds",
                        reason=reason,
                    )
                )
    return results


def _simulated(
    recursion: Recursion,
    asked: list[Statistic],
    wanted: Generations,
    effort: Effort,
    progress: bool,
    why: str,
) -> dict[int, Result]:
    """Simulate what has a value at each generation together, then each time with the curve that it is read off."""
    found: dict[int, Result] = {}
    curves = [s for s in asked if s.followed(recursion) is None]
    if curves:
        estimates, run_ = simulated(recursion, curves, wanted, effort, progress=progress)
        found = {id(s): _estimated(recursion, s, wanted, e, run_, why) for s, e in zip(curves, estimates, strict=True)}
    for statistic in asked:
        if id(statistic) not in found:
            time, run_ = simulated_time(recursion, statistic, wanted, effort, progress=progress)
            read = f"{why}; read off the simulated curve up to generation {wanted[-1]}, infinite if not reached by then"
            found[id(statistic)] = _estimated(recursion, statistic, wanted, time, run_, read)
    return found


def _estimated(
    recursion: Recursion, statistic: Statistic, wanted: Generations, found: Estimate, run_: Simulation, why: str
) -> Result:
    return _result(
        recursion,
        statistic,
        wanted,
        kind="estimate",
        source="simulation",
        value=found.value,
        sd=found.sd,
        low=found.low,
        high=found.high,
        undefined=found.undefined,
        replicates=run_.replicates,
        references=(),
        method="simulate",
        reason=f"{why}; {run_.replicates} replicates in {run_.blocks} blocks, {run_.route.name}",
        entropy=run_.entropy,
    )


def _result(
    recursion: Recursion,
    statistic: Statistic,
    wanted: Generations,
    *,
    method: str,
    reason: str,
    entropy: int | None = None,
    **details: Any,
) -> Result:
    coordinates = dict(statistic.coordinates(recursion))
    if "generation" in statistic.dimensions:
        coordinates = {"generation": wanted.tolist(), **coordinates}
    return Result(
        statistic=statistic.name,
        dimensions=statistic.dimensions,
        coordinates=coordinates,
        provenance=Provenance(recursion.to_dict(), statistic.to_dict(), method, reason, versions(), entropy),
        **details,
    )


def _no_horizon(statistic: Statistic) -> str:
    return (
        f"No exact law covers {statistic.name} here, and a simulation must know how far to look; give `generations`, "
        "as 1000."
    )


def _no_law(recursion: Recursion, statistic: Statistic) -> str:
    return (
        f"No exact law covers {statistic.name} of {recursion!r}; `method='simulate'` estimates it, "
        "`method='bounds'` and `method='asymptotic'` give what bounds and limits are known."
    )
