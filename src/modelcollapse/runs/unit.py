"""The unit of work: one call of the door, known by the hash of its parameters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modelcollapse.runs.grid import at, points
from modelcollapse.runs.problem import Problems
from modelcollapse.runs.question import UnitQuestion, question_of
from modelcollapse.runs.spec import Spec

KEY_BYTES = 16
# Made once, as it is called for every unit.
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode


@dataclass(frozen=True)
class Unit:
    """One call of the door.

    Parameters
    ----------
    key : str
        Hash of the parameters, 32 hexadecimal digits.
    parameters : mapping
        Everything that the answer depends on: recursion, statistics, generations, method, replicates, seed, part.
    """

    key: str
    parameters: Mapping[str, Any]

    @property
    def entropy(self) -> int:
        """Seeds the random numbers: the key itself, so that they depend on nothing but the parameters."""
        return int(self.key, 16)

    def question(self) -> UnitQuestion:
        """Return what is asked.

        Raises
        ------
        InputError
            If the parameters do not fit each other.
        """
        problems = Problems()
        question = question_of(self.parameters, problems)
        problems.raise_any("unit")
        assert question is not None
        return question


def key_of(parameters: Mapping[str, Any]) -> str:
    """Return the key of a unit; it does not depend on the order in which parameters were written.

    Examples
    --------
    >>> key_of({"seed": 1, "part": 0}) == key_of({"part": 0, "seed": 1})
    True
    """
    return hashlib.blake2b(_canonical(parameters).encode(), digest_size=KEY_BYTES).hexdigest()


def units_of(spec: Spec) -> Iterator[tuple[dict[str, Any], Unit]]:
    """Yield each unit with what is varied at its point, in the order of the grid, part after part.

    Examples
    --------
    >>> from modelcollapse.runs import spec_of
    >>> table = {"recursion": {"family": "gaussian", "sample_size": 10}, "statistics": ["mean_scale"]}
    >>> spec = spec_of({**table, "generations": 5, "grid": {"recursion.sample_size": [10, 20]}})
    >>> for point, unit in units_of(spec):
    ...     print(point, unit.key[:8])
    {'recursion.sample_size': 10} ec04eae3
    {'recursion.sample_size': 20} e01a7eba
    """
    base = spec.base
    for point in points(spec):
        parameters = at(base, point)
        for part in range(spec.parts):
            whole = _of_part(parameters, part, spec.parts)
            yield point, Unit(key_of(whole), whole)


def _of_part(parameters: dict[str, Any], part: int, parts: int) -> dict[str, Any]:
    if parts == 1:
        return parameters
    each, more = divmod(parameters["replicates"], parts)
    return {**parameters, "part": part, "replicates": each + (part < more)}
