"""The spec of a sweep: what stands in a TOML file, checked before anything is run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modelcollapse.errors import InputError
from modelcollapse.runs.paths import flattened, set_path
from modelcollapse.runs.problem import Problems
from modelcollapse.runs.settings import RunSettings

Axes = dict[str, list[Any]]
_NOT_OF_UNITS = {"run", "name", "grid", "zip", "parts"}


class Spec(BaseModel):
    """A sweep: one recursion, what is asked of it, and what is varied.

    Parameters
    ----------
    recursion : mapping
        Family (or learner), start, sample size, workflow and sampler.
    statistics : list
        Names, or tables with a name and parameters.
    generations : int or list of int
    method : {"auto", "exact", "simulate", "bounds", "asymptotic"}
    replicates : int
    precision : float, optional
        Instead of `replicates`.
    seed : int
        All random numbers follow from it and from the parameters of a unit.
    parts : int
        Into so many units the replicates of each point are split.
    grid : mapping of str to list
        Values of a path; every combination is run.
    zip : mapping of str to list
        Values of several paths that change together; all lists are of one length.
    run : RunSettings
    name : str
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    recursion: dict[str, Any]
    statistics: Annotated[list[str | dict[str, Any]], Field(min_length=1)]
    generations: int | list[int]
    method: Literal["auto", "exact", "simulate", "bounds", "asymptotic"] = "auto"
    replicates: Annotated[int, Field(ge=1, le=10**12)] | None = None
    precision: Annotated[float, Field(ge=1e-9, le=1.0)] | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    parts: Annotated[int, Field(ge=1, le=10**6)] = 1
    grid: Axes = {}
    zip: Axes = {}
    run: RunSettings = RunSettings()
    name: str = ""

    @property
    def base(self) -> dict[str, Any]:
        """What every unit has unless the grid says otherwise."""
        given = self.model_dump(exclude=_NOT_OF_UNITS, exclude_none=True)
        if "precision" not in given:
            given.setdefault("replicates", 1000)
        return given

    @property
    def identity(self) -> dict[str, Any]:
        """What the results depend on; how they are run is no part of it."""
        return self.model_dump(exclude={"run", "name"}, exclude_none=True)


def read_spec(path: str | Path, changes: Sequence[str] = ()) -> Spec:
    """Read a spec from a TOML file.

    Parameters
    ----------
    path : str or path
    changes : sequence of str
        Each ``path=value``, the value as in TOML; text needs no quotes.

    Raises
    ------
    InputError
        If the file cannot be read, is no TOML, or is refused: all problems at once, each with its path.

    Examples
    --------
    >>> read_spec("none.toml")
    Traceback (most recent call last):
        ...
    modelcollapse.errors.InputError: cannot read none.toml: No such file or directory
    """
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no TOML: {error}") from error
    return spec_of(table, changes, source=str(path))


def spec_of(table: Mapping[str, Any], changes: Sequence[str] = (), *, source: str = "the spec") -> Spec:
    """Check a spec that is given as plain values.

    Raises
    ------
    InputError
        If it is refused.

    Examples
    --------
    >>> table = {"recursion": {"family": "gaussian"}, "statistics": ["mean_scale"], "generations": 5}
    >>> spec_of(table, ["recursion.sample_size=10", "recursion.family=laplace"]).base["recursion"]
    {'family': 'laplace', 'sample_size': 10}
    """
    from modelcollapse.runs.checking import check
    from modelcollapse.runs.starts import with_hashes

    problems = Problems()
    changed = {**table, **{key: _axes(table[key]) for key in ("grid", "zip") if key in table}}
    for change in changes:
        changed = _changed(changed, change)
    changed = with_hashes(changed)
    try:
        spec = Spec.model_validate(changed)
    except ValidationError as error:
        problems.add_validation((), error, _known(error))
        problems.raise_any(source)
        raise
    check(spec, problems)
    problems.raise_any(source)
    return spec


def _axes(value: Any) -> Any:
    """Axes by dotted path, however they were nested by TOML."""
    return flattened(value) if isinstance(value, Mapping) else value


def _changed(table: dict[str, Any], change: str) -> dict[str, Any]:
    path, equals, text = change.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise InputError(f"`set` is {change!r}, but must be path=value, as recursion.sample_size=100.")
    if keys[0] in ("grid", "zip") and len(keys) > 1:
        keys = [keys[0], ".".join(keys[1:])]
    try:
        return set_path(table, keys, _toml_value(text.strip()))
    except (LookupError, ValueError):
        raise InputError(f"`set` is {change!r}, but the spec has no such place; paths lead through tables.") from None


def _toml_value(text: str) -> Any:
    try:
        found = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return found["value"] if len(found) == 1 else text


def _known(error: ValidationError) -> list[str]:
    """The keys that there are where an unknown one was met."""
    within_run = any(detail["loc"][:1] == ("run",) for detail in error.errors(include_url=False))
    return [*Spec.model_fields, *(RunSettings.model_fields if within_run else ())]
