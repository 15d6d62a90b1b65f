"""The door: one recursion, some statistics, some generations; an exact law, every bound, or a simulation."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
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
from modelcollapse.simulate import intervals
from modelcollapse.simulate.loop import block_generator, blocks, run_block
from modelcollapse.statistics.base import Statistic, Sums

Method = Literal["auto", "exact", "asymptotic", "bounds", "simulate"]
Rng = int | np.random.Generator | np.random.SeedSequence | None
Generations = NDArray[np.int64]

DEFAULT_REPLICATES = 1000


def solve(
    recursion: Recursion,
    statistics: Statistic | Sequence[Statistic],
    generations: int | Sequence[int] | NDArray[np.integer],
    *,
    method: Method = "auto",
    replicates: int = DEFAULT_REPLICATES,
    rng: Rng = None,
    progress: bool = False,
    laws: Sequence[Law] = LAWS,
    bounds: Sequence[Bound] = BOUNDS,
    tighten: bool = False,
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
    method : {"auto", "exact", "asymptotic", "bounds", "simulate"}
        "auto" takes the exact law where one covers the question and simulates otherwise; "exact" refuses to
        simulate; "bounds" returns every bound that applies, "asymptotic" every law that holds in a limit only.
    replicates : int
        Simulated runs.
    rng : int, Generator or SeedSequence, optional
        Seed of a simulation; fresh entropy if not given, recorded in the result either way.
    progress : bool
        Show a progress bar of a simulation on a terminal's standard error.
    laws, bounds : sequence
        What to choose from; everything the package knows unless told otherwise.
    tighten : bool
        Bounds only: clip each curve to what is possible and, where the answer can move one way only, let the curve
        keep the best that it has said. Otherwise bounds are as they were stated.

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
    asked = [statistics] if isinstance(statistics, Statistic) else list(statistics)
    for statistic in asked:
        if not isinstance(statistic, Statistic):
            raise InputError(arguments.message("statistics", statistic, "statistics, as `Survival()`"))
    if method not in ("auto", "exact", "asymptotic", "bounds", "simulate"):
        allowed = "'auto', 'exact', 'asymptotic', 'bounds' or 'simulate'"
        raise InputError(arguments.message("method", method, allowed))
    if tighten and method != "bounds":
        raise InputError(arguments.message("tighten", tighten, "False unless `method` is 'bounds'"))
    wanted = _generations(asked, generations)
    if method == "bounds":
        return Results([r for s in asked for r in _bounded(recursion, s, wanted, bounds, tighten)])
    if method == "asymptotic":
        return Results([r for s in asked for r in _asymptotic(recursion, s, wanted, laws)])
    exact = {} if method == "simulate" else _exact(recursion, asked, wanted, laws)
    open_ = [s for s in asked if id(s) not in exact]
    if open_ and method == "exact":
        raise NoAnswerError(_no_law(recursion, open_[0]))
    why = "a simulation was asked for" if method == "simulate" else "no exact law covers the question"
    simulated = _simulated(recursion, open_, wanted, replicates, rng, progress, why) if open_ else {}
    return Results([exact.get(id(s)) or simulated[id(s)] for s in asked])


def _generations(asked: list[Statistic], generations: int | Sequence[int] | NDArray[np.integer]) -> Generations:
    timeless = all("generation" not in s.dimensions for s in asked)
    if timeless and not isinstance(generations, int) and len(generations) == 0:
        return np.array([1], dtype=np.int64)
    return arguments.generations(generations)


def _exact(recursion: Recursion, asked: list[Statistic], wanted: Generations, laws: Sequence[Law]) -> dict[int, Result]:
    found = {}
    for statistic in asked:
        for law in laws:
            answer = None if law.asymptotic else law.answer(recursion, statistic, wanted)
            if answer is not None:
                found[id(statistic)] = _law_result(recursion, statistic, wanted, law, answer)
                break
    return found


def _asymptotic(recursion: Recursion, statistic: Statistic, wanted: Generations, laws: Sequence[Law]) -> list[Result]:
    statistic.coordinates(recursion)
    answers = [(law, law.answer(recursion, statistic, wanted)) for law in laws if law.asymptotic]
    return [_law_result(recursion, statistic, wanted, law, answer) for law, answer in answers if answer is not None]


def _law_result(recursion: Recursion, statistic: Statistic, wanted: Generations, law: Law, answer: Answer) -> Result:
    reason = f"the law '{law.name}' covers the question: {law.statement}"
    return _result(
        recursion,
        statistic,
        wanted,
        kind="asymptotic" if law.asymptotic else "exact",
        source=law.name,
        value=answer.value,
        error=answer.error,
        error_is_absolute=answer.absolute,
        sd=answer.sd,
        sd_error=answer.sd_error if answer.sd is not None else None,
        references=law.references,
        method="asymptotic" if law.asymptotic else "exact",
        reason=reason,
    )


def _bounded(
    recursion: Recursion, statistic: Statistic, wanted: Generations, bounds: Sequence[Bound], tighten: bool
) -> list[Result]:
    statistic.coordinates(recursion)
    results = []
    for bound in bounds:
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
    replicates: int,
    rng: Rng,
    progress: bool,
    why: str,
) -> dict[int, Result]:
    arguments.integer("replicates", replicates, least=1, most=10**9)
    entropy = _entropy(rng)
    sizes = blocks(recursion, replicates)
    sums: list[Sums] | None = None
    for number, size in enumerate(_bar(sizes, progress)):
        generator = block_generator(entropy, number)
        block = run_block(recursion, asked, wanted, size, generator)
        sums = block if sums is None else [a + b for a, b in zip(sums, block, strict=True)]
    assert sums is not None
    reason = f"{why}; {replicates} replicates in {len(sizes)} blocks"
    return {
        id(statistic): _estimate(recursion, statistic, wanted, block, entropy, reason)
        for statistic, block in zip(asked, sums, strict=True)
    }


def _estimate(
    recursion: Recursion,
    statistic: Statistic,
    wanted: Generations,
    sums: Sums,
    entropy: int,
    reason: str,
) -> Result:
    interval = intervals.clopper_pearson if statistic.is_probability else intervals.normal
    low, high = interval(sums)
    return _result(
        recursion,
        statistic,
        wanted,
        kind="estimate",
        source="simulation",
        value=sums.total / sums.replicates,
        sd=None if statistic.is_probability else intervals.standard_deviation(sums),
        low=low,
        high=high,
        references=(),
        method="simulate",
        reason=reason,
        entropy=entropy,
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


def _entropy(rng: Rng) -> int:
    if rng is None:
        return secrets.randbits(128)
    if isinstance(rng, np.random.SeedSequence):
        return int.from_bytes(rng.generate_state(4).tobytes(), "little")
    if isinstance(rng, np.random.Generator):
        return int.from_bytes(rng.bytes(16), "little")
    return arguments.integer("rng", rng, least=0)


def _bar(sizes: list[int], progress: bool) -> Any:
    if not (progress and sys.stderr.isatty()):
        return sizes
    from tqdm import tqdm

    return tqdm(sizes, desc="simulating", unit="block", delay=2.0)


def _no_law(recursion: Recursion, statistic: Statistic) -> str:
    return (
        f"No exact law covers {statistic.name} of {recursion!r}; `method='simulate'` estimates it, "
        "`method='bounds'` and `method='asymptotic'` give what bounds and limits are known."
    )
