"""From the parameters of a unit to what the door is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelcollapse.arguments import generations as checked_generations
from modelcollapse.errors import ModelCollapseError
from modelcollapse.recursion import Recursion
from modelcollapse.result import Result
from modelcollapse.runs.choices import SAMPLER, STATISTIC, WORKFLOW, build
from modelcollapse.runs.problem import Path, Problems, suggestion
from modelcollapse.runs.sources import SOURCES
from modelcollapse.runs.starts import STARTS
from modelcollapse.simulate.checkpoint import Checkpoints
from modelcollapse.statistics import Statistic

_KEYS = ("start", "sample_size", "workflow", "sampler")


@dataclass(frozen=True, eq=False)
class UnitQuestion:
    """One call of the door.

    Parameters
    ----------
    recursion : Recursion
    statistics : list of Statistic
    parameters : mapping
        As of the unit: generations, method, replicates or precision.
    """

    recursion: Recursion
    statistics: list[Statistic]
    parameters: Mapping[str, Any]

    def answer(
        self, entropy: int, replicates: int | None = None, checkpoints: Checkpoints | None = None
    ) -> list[Result]:
        """Ask, all random numbers following from `entropy`; what can be saved on the way is."""
        from modelcollapse.door import solve

        given = self.parameters
        results = solve(
            self.recursion,
            self.statistics,
            given["generations"],
            method=given["method"],
            replicates=replicates or given.get("replicates"),
            precision=given.get("precision"),
            rng=entropy,
            checkpoints=checkpoints,
        )
        return [result for name in results for result in results.of(name)]


def question_of(parameters: Mapping[str, Any], problems: Problems) -> UnitQuestion | None:
    """Return what a unit asks; None if there is a problem, which `problems` then holds."""
    before = problems.count
    recursion = _recursion(parameters["recursion"], problems)
    listed = parameters["statistics"]
    statistics = [build(STATISTIC, value, ("statistics", i), problems) for i, value in enumerate(listed)]
    _try(("generations",), problems, lambda: checked_generations(parameters["generations"]))
    if recursion is None or problems.count > before:
        return None
    for place, statistic in enumerate(statistics):
        _try(("statistics", place), problems, lambda asked=statistic: asked.coordinates(recursion))
    return None if problems.count > before else UnitQuestion(recursion, statistics, parameters)


def _recursion(table: Mapping[str, Any], problems: Problems) -> Recursion | None:
    """Build every part, even after a problem with another."""
    path: Path = ("recursion",)
    given = [key for key in SOURCES if key in table]
    for key in table:
        if key not in SOURCES and key not in _KEYS:
            problems.add((*path, key), f"unknown key; {suggestion(key, [*SOURCES, *_KEYS])}")
    if len(given) != 1:
        problems.add(path, f"must have exactly one of {' and '.join(SOURCES)}")
    if "sample_size" not in table:
        problems.add((*path, "sample_size"), "missing, but needed: draws per generation")
    iterated = SOURCES[given[0]].build(table[given[0]], (*path, given[0]), problems) if len(given) == 1 else None
    family, start = iterated or (None, None)
    if "start" in table:
        start = build(STARTS, table["start"], (*path, "start"), problems)
    elif iterated is not None and start is None:
        problems.add((*path, "start"), f"missing, but needed; {suggestion(None, STARTS)}")
    workflow = build(WORKFLOW, table.get("workflow", "replace"), (*path, "workflow"), problems)
    sampler = build(SAMPLER, table.get("sampler", "plain"), (*path, "sampler"), problems)
    parts = (family, start, table.get("sample_size"), workflow, sampler)
    if any(part is None for part in parts):
        return None
    return _try(path, problems, lambda: Recursion(*parts))  # type: ignore[arg-type]


def _try(path: Path, problems: Problems, make: Any) -> Any:
    try:
        return make()
    except ModelCollapseError as error:
        problems.add(path, str(error))
        return None
