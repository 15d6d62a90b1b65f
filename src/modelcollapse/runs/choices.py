"""From plain values to the objects they name: what is allowed is read off the constructors, not listed again."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from modelcollapse.errors import ModelCollapseError
from modelcollapse.families import FAMILIES
from modelcollapse.families.smoothing import Additive, GoodTuring, Smoothing
from modelcollapse.runs.problem import Path, Problems, suggestion
from modelcollapse.runs.starts import STARTS
from modelcollapse.samplers import SAMPLERS
from modelcollapse.start import Start
from modelcollapse.statistics import (
    STATISTICS,
    AnyIncreaseOfRisk,
    CatastrophicIncreaseOfRisk,
    CollapseDefinition,
    CollapsingVariance,
    DisappearanceOfTail,
)
from modelcollapse.workflows import WORKFLOWS

Kinds = Mapping[str, Callable[..., Any]]

_DEFINITIONS = (AnyIncreaseOfRisk, CatastrophicIncreaseOfRisk, CollapsingVariance, DisappearanceOfTail)


def _by_name(kinds: Iterable[Any]) -> dict[str, Callable[..., Any]]:
    return {kind.name: kind for kind in kinds}


FAMILY, WORKFLOW, SAMPLER, STATISTIC = map(_by_name, (FAMILIES, WORKFLOWS, SAMPLERS, STATISTICS))
# A parameter of one of these types is itself named, with parameters of its own.
_NESTED: dict[Any, Kinds] = {
    Smoothing: _by_name((Additive, GoodTuring)),
    CollapseDefinition: _by_name(_DEFINITIONS),
    Start: STARTS,
}


def build(kinds: Kinds, value: Any, path: Path, problems: Problems) -> Any:
    """Return the object that a name, or a table with `name` and parameters, stands for; None if there is a problem.

    Parameters
    ----------
    kinds : mapping of str to callable
        What there is, by name.
    value : str or mapping
        As in the spec.
    path : tuple
        Where it stands in the spec.
    problems : Problems
        Gets what is wrong.

    Examples
    --------
    >>> problems = Problems()
    >>> build(WORKFLOW, {"name": "fresh-mix", "fresh": 0.5}, ("workflow",), problems)
    FreshMix(fresh=0.5)
    >>> build(WORKFLOW, "fresh-mist", ("workflow",), problems)
    >>> list(problems.found)
    [('workflow.name', "'fresh-mist' is unknown; did you mean 'fresh-mix'?")]
    """
    table = named(value)
    if table is None:
        problems.add(path, f"is {value!r}, but must be a name, or a table with a name and parameters")
        return None
    name = table.pop("name", None)
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        wrong = "no name is given" if name is None else f"{name!r} is unknown"
        problems.add((*path, "name"), f"{wrong}; {suggestion(name, kinds)}")
        return None
    before = problems.count
    for key, others in _nested(kind).items():
        if key in table:
            table[key] = build(others, table[key], (*path, key), problems)
    checked = _checked(kind, table, path, problems)
    return None if checked is None or problems.count > before else _made(kind, checked, path, problems)


def named(value: Any) -> dict[str, Any] | None:
    """Return a table with a name: what is only a name has no parameters."""
    if isinstance(value, str):
        return {"name": value}
    return dict(value) if isinstance(value, Mapping) else None


def _checked(kind: Callable[..., Any], table: dict[str, Any], path: Path, problems: Problems) -> dict[str, Any] | None:
    """Return the parameters that are given, if they are of the right names and types."""
    model = _model(kind)
    try:
        found = model.model_validate(table)
    except ValidationError as error:
        problems.add_validation(path, error, list(model.model_fields))
        return None
    return {name: getattr(found, name) for name in found.model_fields_set}


def _made(kind: Callable[..., Any], parameters: dict[str, Any], path: Path, problems: Problems) -> Any:
    try:
        return kind(**parameters)
    except ModelCollapseError as error:
        problems.add(path, str(error))
        return None


@lru_cache(maxsize=256)
def _parameters(kind: Callable[..., Any]) -> dict[str, tuple[Any, Any, bool]]:
    """Each parameter of a constructor: its type, its default, and whether it stands for any name."""
    constructor = kind.__init__ if inspect.isclass(kind) else kind
    hints = get_type_hints(constructor)
    return {
        name: (hints.get(name, Any), parameter.default, parameter.kind is parameter.VAR_KEYWORD)
        for name, parameter in inspect.signature(kind).parameters.items()
    }


def _nested(kind: Callable[..., Any]) -> dict[str, Kinds]:
    return {name: _NESTED[hint] for name, (hint, _, _) in _parameters(kind).items() if hint in _NESTED}


@lru_cache(maxsize=256)
def _model(kind: Callable[..., Any]) -> type[BaseModel]:
    """Return a pydantic model of the parameters; types that only the constructor can check are left to it."""
    fields: dict[str, Any] = {}
    others = False
    for name, (hint, default, any_name) in _parameters(kind).items():
        known = Any if hint in _NESTED or "numpy" in str(hint) else hint
        if any_name:
            others = True
        else:
            fields[name] = (known, ... if default is inspect.Parameter.empty else None)
    config = ConfigDict(extra="allow" if others else "forbid", strict=True, arbitrary_types_allowed=True)
    return create_model("Parameters", __config__=config, **fields)
