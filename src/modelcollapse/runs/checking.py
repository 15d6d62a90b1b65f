"""Is a spec sound? Each value of each axis is tried by itself; combinations are checked unit by unit before a run."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

from modelcollapse.runs.grid import at, number_of_points, points
from modelcollapse.runs.problem import Problems, suggestion
from modelcollapse.runs.question import question_of
from modelcollapse.runs.sources import code_named
from modelcollapse.runs.spec import Axes, Spec

MOST_UNITS = 10**6
_VARIED = ("recursion", "statistics", "generations", "method", "replicates", "precision", "seed")


def check(spec: Spec, problems: Problems) -> None:
    """Add everything that is wrong with a spec beyond its form."""
    if spec.replicates is not None and spec.precision is not None:
        problems.add(("precision",), "given besides replicates, but only one may be; a precision decides how many")
    if spec.parts > 1 and spec.precision is not None:
        problems.add(("parts",), "given besides precision, but only a number of replicates can be split")
    if spec.parts > (spec.replicates or 1000):
        problems.add(("parts",), f"is {spec.parts}, more than there are replicates")
    units = number_of_points(spec) * spec.parts
    if units > MOST_UNITS:
        problems.add(("grid",), f"asks for {units:,} units, but at most {MOST_UNITS:,} can be run; split the sweep")
        return
    sound = _sound_axes(spec, problems)
    if not code_of(sound):  # code of others is not even imported before its names were told
        _check_values(sound, problems)


def code_of(spec: Spec) -> list[str]:
    """Return the names of code outside of this package that a sweep would run, each once."""
    named = (code_named(varied["recursion"], varied["statistics"]) for varied in _varied(spec))
    return list(dict.fromkeys(name for names in named for name in names))


def _varied(spec: Spec) -> list[Mapping[str, Any]]:
    """The parameters as each value of each axis alone makes them."""
    found: list[Mapping[str, Any]] = [spec.base]
    for path, values in itertools.chain(spec.grid.items(), spec.zip.items()):
        found += [at(spec.base, {path: value}) for value in values]
    return found


def _sound_axes(spec: Spec, problems: Problems) -> Spec:
    """Check the axes, and return the spec with those that are sound."""
    sound: dict[str, Axes] = {}
    for name, axes in (("grid", spec.grid), ("zip", spec.zip)):
        sound[name] = {path: values for path, values in axes.items() if _is_sound(spec, name, path, values, problems)}
    lengths = sorted({len(values) for values in spec.zip.values()})
    if len(lengths) > 1:
        problems.add(("zip",), f"lists are of lengths {', '.join(map(str, lengths))}, but must be of one length")
        sound["zip"] = {}
    for path in spec.grid.keys() & spec.zip.keys():
        problems.add(("grid", path), "stands in zip, too; leave one out")
    return spec.model_copy(update=sound)


def _is_sound(spec: Spec, name: str, path: str, values: list[Any], problems: Problems) -> bool:
    before = problems.count
    first = path.split(".")[0]
    if first not in _VARIED:
        problems.add((name, path), f"cannot be varied; {suggestion(first, _VARIED)}")
        return False
    if not values:
        problems.add((name, path), "lists no value; give at least one, or leave it out")
    if name == "grid" and len({json.dumps(value, sort_keys=True, default=str) for value in values}) < len(values):
        problems.add((name, path), "lists a value twice, which would be the same unit; leave one out")
    try:
        for value in values:
            at(spec.base, {path: value})
    except (LookupError, ValueError):
        problems.add((name, path), "leads to no place of the spec")
    return problems.count == before


def _check_values(spec: Spec, problems: Problems) -> None:
    """Try each value of the grid at the first point, and each step of zip."""
    first = next(points(spec))
    tried = [first]
    for path, values in spec.grid.items():
        tried += [{**first, path: value} for value in values[1:]]
    for step in zip(*spec.zip.values(), strict=True):
        tried.append({**first, **dict(zip(spec.zip, step, strict=True))})
    for point in tried:
        question_of(at(spec.base, point), problems)
