"""From results to the rows of a shard: one row per value, everything that says what the value is beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.provenance import plain
from modelcollapse.result import Result
from modelcollapse.runs.columns import numbers, texts

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = tuple[NDArray[Any], NDArray[np.bool_]]

NUMBERS = ("value", "sd", "low", "high")
TEXTS = ("unit", "statistic", "details", "kind", "source", "coordinates")


class Rows:
    """The rows of a batch, as they are made.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import MeanVariance
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0, scale=1), sample_size=10)
    >>> rows = Rows()
    >>> rows.add("00", list(solve(recursion, MeanVariance(), 2).values()))
    >>> rows.table().select(["generation", "value"]).to_pylist()
    [{'generation': 1, 'value': 1.0}, {'generation': 2, 'value': 1.0}]
    """

    def __init__(self) -> None:
        self._texts: dict[str, list[str | None]] = {name: [] for name in TEXTS}
        self._numbers: dict[str, list[Numbers]] = {name: [] for name in _names() if name not in TEXTS}

    def add(self, unit: str, results: Sequence[Result]) -> None:
        """Add the results of a unit."""
        for result in results:
            size = result.value.size
            generation, coordinates = _axes(result)
            named = {"unit": unit, "details": _details(result)}
            named |= {name: getattr(result, name) for name in ("statistic", "kind", "source")}
            for name, text in named.items():
                self._texts[name] += [text] * size
            self._texts["coordinates"] += coordinates
            for name, parts in self._numbers.items():
                parts.append(_numbers(generation if name == "generation" else getattr(result, name), size))

    def table(self) -> pa.Table:
        """Return the rows so far."""
        import pyarrow as pa

        types = schema()
        made = {name: texts(values) for name, values in self._texts.items()}
        for name, parts in self._numbers.items():
            values = np.concatenate([part[0] for part in [*parts, _numbers(None, 0)]])
            given = np.concatenate([part[1] for part in [*parts, _numbers(None, 0)]])
            made[name] = numbers(values, given, types.field(name).type)
        return pa.Table.from_arrays([made[name] for name in types.names], schema=types)


def schema() -> pa.Schema:
    """Return names and types of the columns."""
    import pyarrow as pa

    types = {
        **dict.fromkeys(TEXTS, pa.string()),
        **dict.fromkeys((*NUMBERS, "error"), pa.float64()),
        **dict.fromkeys(("generation", "undefined", "replicates"), pa.int64()),
        "error_is_absolute": pa.bool_(),
    }
    return pa.schema([(name, types[name]) for name in _names()])


def _names() -> tuple[str, ...]:
    front = ("unit", "statistic", "details", "kind", "source", "generation", "coordinates")
    return (*front, *NUMBERS, "error", "error_is_absolute", "undefined", "replicates")


def _details(result: Result) -> str | None:
    given = {name: value for name, value in result.provenance.statistic.items() if name != "name"}
    return json.dumps(_plain(given), sort_keys=True) if given else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return plain(value.to_dict() if hasattr(value, "to_dict") else value)


def _axes(result: Result) -> tuple[Any, list[str | None]]:
    """The generation of each value, None without such an axis, and its place along all others."""
    axes = np.indices(result.value.shape).reshape(result.value.ndim, result.value.size)
    places = dict(zip(result.dimensions, axes, strict=True))
    along = places.pop("generation", None)
    generation = None if along is None else np.asarray(result.coordinates["generation"], dtype=np.int64)[along]
    if not places:
        return generation, [None] * result.value.size
    labels = {name: [plain(label) for label in result.coordinates[name]] for name in places}
    cells = zip(*([labels[name][place] for place in places[name]] for name in places), strict=True)
    return generation, [json.dumps(dict(zip(places, cell, strict=True))) for cell in cells]


def _numbers(value: Any, size: int) -> Numbers:
    """Numbers, and where there are any: an array for each row, one number for all, or none."""
    if value is None:
        return np.zeros(size), np.zeros(size, dtype=bool)
    array = np.asarray(value)
    return array.ravel() if array.size == size and array.ndim else np.full(size, value), np.ones(size, dtype=bool)
