"""What can be iterated: each key of `[recursion]` that says so, how it is built, and which code of others it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from modelcollapse.families import Family
from modelcollapse.families.base import ScaleFamily
from modelcollapse.questions import unit_start
from modelcollapse.runs.choices import FAMILY, build
from modelcollapse.runs.problem import Path, Problems
from modelcollapse.start import Start

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


def _no_code(_: Any) -> list[str]:
    return []


SOURCES: Mapping[str, Source] = MappingProxyType({"family": Source(_family, _no_code)})


def code_named(recursion: Mapping[str, Any]) -> list[str]:
    """Return the names of code outside of this package that a recursion would run.

    Examples
    --------
    >>> code_named({"family": "gaussian"})
    []
    """
    return [name for key, source in SOURCES.items() if key in recursion for name in source.code(recursion[key])]
