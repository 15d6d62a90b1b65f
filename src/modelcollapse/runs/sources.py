"""What can be iterated: each key of `[recursion]` that says so, how it is built, and which code of others it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from modelcollapse.errors import ModelCollapseError
from modelcollapse.families import Family
from modelcollapse.families.base import ScaleFamily
from modelcollapse.learners import Learned, registered
from modelcollapse.learners.recipe import BUILT_IN
from modelcollapse.rating.questions import unit_start
from modelcollapse.runs.choices import FAMILY, build, named
from modelcollapse.runs.problem import Path, Problems
from modelcollapse.start import Start
from modelcollapse.statistics import Measured

Iterated = tuple[Family[Any, Any], Start | None]


@dataclass(frozen=True)
class Source:
    """A key of `[recursion]` that names what is iterated.

    Parameters
    ----------
    build : callable
        ``build(value, path, problems)`` returns the family, and the start where none needs to be given; None if there
        is a problem, which it adds.
    code : callable
        ``code(value)`` returns the names of code outside of this package that `build` or the run would import, without
        importing it.
    """

    build: Callable[[Any, Path, Problems], Iterated | None]
    code: Callable[[Any], list[str]]


def _family(value: Any, path: Path, problems: Problems) -> Iterated | None:
    family = build(FAMILY, value, path, problems)
    if family is None:
        return None
    return family, unit_start(family) if isinstance(family, ScaleFamily) else None


def _learner(value: Any, path: Path, problems: Problems) -> Iterated | None:
    """Return a learner as a family: a name, or a table with `name` and what the learner takes."""
    table = named(value)
    name = None if table is None else table.pop("name", None)
    if table is None or not isinstance(name, str):
        problems.add(path, f"is {value!r}, but must be a name or an address, or a table with a name and parameters")
        return None
    try:
        return Learned(name, **table), None
    except ModelCollapseError as error:
        problems.add(path, str(error))
        return None


def _no_code(_: Any) -> list[str]:
    return []


def _learner_code(value: Any) -> list[str]:
    name = (named(value) or {}).get("name")
    if not isinstance(name, str) or name in BUILT_IN:
        return []
    address = registered().get(name, name)
    return [address] if ":" in address else []  # a name that nobody registered leads to no code


SOURCES: Mapping[str, Source] = MappingProxyType(
    {"family": Source(_family, _no_code), "learner": Source(_learner, _learner_code)}
)


def code_named(recursion: Mapping[str, Any], statistics: Sequence[Any] = ()) -> list[str]:
    """Return the names of code outside of this package that a recursion, or a statistic of a user's own, would run.

    Examples
    --------
    >>> code_named({"family": "gaussian"}), code_named({"learner": "my_model:MyModel"})
    ([], ['my_model:MyModel'])
    >>> code_named({"learner": "kernel-density"}, [{"name": "measured", "function": "my_model:spread"}])
    ['my_model:spread']
    """
    found = [name for key, source in SOURCES.items() if key in recursion for name in source.code(recursion[key])]
    for value in statistics:
        table = named(value) or {}
        if table.get("name") == Measured.name:
            found.append(str(table.get("function", Measured.function)))
    return found
