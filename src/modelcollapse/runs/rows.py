"""From results to the rows of a shard: one row per value, everything that says what the value is beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modelcollapse.provenance import plain
from modelcollapse.result import Result

if TYPE_CHECKING:
    import pyarrow as pa

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
        self._columns: dict[str, list[Any]] = {name: [] for name in _names()}

    def add(self, unit: str, results: Sequence[Result]) -> None:
        """Add the results of a unit."""
        for result in results:
            size = result.value.size
            generation, coordinates = _axes(result)
            details = _details(result)
            repeated = {
                "unit": unit,
                "statistic": result.statistic,
                "details": details,
                "kind": result.kind,
                "source": result.source,
                "error": result.error,
                "error_is_absolute": result.error_is_absolute,
                "replicates": result.replicates,
            }
            for name, value in repeated.items():
                self._columns[name].append([value] * size)
            self._columns["generation"].append(generation)
            self._columns["coordinates"].append(coordinates)
            self._columns["undefined"].append(_listed(result.undefined, size))
            for name in NUMBERS:
                self._columns[name].append(_listed(getattr(result, name), size))

    def table(self) -> pa.Table:
        """Return the rows so far."""
        import pyarrow as pa

        joined = {name: [value for part in parts for value in part] for name, parts in self._columns.items()}
        return pa.table(joined, schema=schema())


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


def _axes(result: Result) -> tuple[list[int | None], list[str | None]]:
    """The generation of each value, and its place along all other axes."""
    nowhere: list[int | None] = [None] * result.value.size
    unnamed: list[str | None] = [None] * result.value.size
    axes = [np.asarray(range(len(result.coordinates[name]))) for name in result.dimensions]
    if not axes:
        return nowhere, unnamed
    places = dict(zip(result.dimensions, (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")), strict=True))
    along = places.pop("generation", None)
    generations = list(result.coordinates["generation"]) if along is not None else []
    generation = nowhere
    if along is not None:
        generation = [int(generations[place]) for place in along]
    if not places:
        return generation, unnamed
    labels = {name: [plain(label) for label in result.coordinates[name]] for name in places}
    cells = zip(*([labels[name][place] for place in places[name]] for name in places), strict=True)
    return generation, [json.dumps(dict(zip(places, cell, strict=True))) for cell in cells]


def _listed(array: Any, size: int) -> list[Any]:
    return [None] * size if array is None else np.asarray(array).ravel().tolist()
