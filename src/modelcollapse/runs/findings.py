"""What a sweep has found so far: the curves of each point, its parts put together, and the rates that they show."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelcollapse.learners import KnownDistribution, Rate, Reading, reading_of
from modelcollapse.learners.reading import Quantity
from modelcollapse.provenance import plain
from modelcollapse.runs.choices import build
from modelcollapse.runs.exporting import label, table
from modelcollapse.runs.overview import Status, status
from modelcollapse.runs.place import Place
from modelcollapse.runs.pooling import Row, pooled_row
from modelcollapse.runs.problem import Problems
from modelcollapse.runs.spec import Spec
from modelcollapse.runs.starts import STARTS
from modelcollapse.runs.store import Store
from modelcollapse.runs.unit import units_of
from modelcollapse.start import Sample

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Value:
    """One value of a curve, with its 95 % interval where it is an estimate.

    Parameters
    ----------
    generation : int or None
        None for what is about the recursion as a whole.
    value, low, high : float or None
        None for what is never reached, or where there is no interval.
    """

    generation: int | None
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Curve:
    """The answer to one question at one point, along the generations.

    Parameters
    ----------
    statistic, details : str
        What was asked, and its parameters as JSON.
    place : str
        Along axes other than the generation, as "moment=variance, coordinate=0"; empty where there are none.
    kind, source : str
    values : tuple of Value
        Ascending generations.
    """

    statistic: str
    details: str
    place: str
    kind: str
    source: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class PointFindings:
    """What was found at one point of the grid.

    Parameters
    ----------
    varied : mapping of str to str
        Path and value of what is varied.
    parts, done : int
        Units of the point, and how many have results.
    curves : tuple of Curve
    reading : Reading or None
        The measured rate, where the spec asked for something that has one.
    """

    varied: Mapping[str, str]
    parts: int
    done: int
    curves: tuple[Curve, ...]
    reading: Reading | None


@dataclass(frozen=True)
class Findings:
    """What a sweep has found so far.

    Parameters
    ----------
    status : Status
    spec : Spec
    name : str
        Of the store.
    points : tuple of PointFindings
        In the order of the grid.
    """

    status: Status
    spec: Spec
    name: str
    points: tuple[PointFindings, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "status": self.status.to_dict(),
            "spec": json.loads(json.dumps(self.spec.identity, default=str)),
            "points": [
                {
                    "varied": dict(point.varied),
                    "parts": point.parts,
                    "done": point.done,
                    "reading": None if point.reading is None else point.reading.to_dict(),
                    "curves": [{**vars(c), "values": [plain(vars(v)) for v in c.values]} for c in point.curves],
                }
                for point in self.points
            ],
        }


def findings(store: str | os.PathLike[str]) -> Findings:
    """Return what the sweep in a store has found, finished or not; no code of a learner is run.

    Raises
    ------
    InputError
        If there is no sweep.

    Examples
    --------
    >>> from modelcollapse.runs import run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian"}, "statistics": ["mean_variance"], "generations": [3],
    ...     "grid": {"recursion.sample_size": [10, 20]}, "run": {"executor": "serial"}})
    >>> _ = run(spec, "memory://example-findings")
    >>> point = findings("memory://example-findings").points[0]
    >>> dict(point.varied), point.curves[0].values[0].value
    ({'recursion.sample_size': '10'}, 1.0)
    """
    place = Place(store)
    kept = Store(place)
    spec = kept.require_spec(kept.contents())
    by_unit: dict[str, list[Row]] = {}
    for row in table(store).to_pylist():
        by_unit.setdefault(row["unit"], []).append(row)
    grouped: dict[str, tuple[dict[str, Any], list[Any]]] = {}
    for point, unit in units_of(spec):
        shown = {path: label(value) for path, value in point.items()}
        grouped.setdefault(json.dumps(shown), (shown, []))[1].append(unit)
    points = tuple(_of_point(shown, units, by_unit) for shown, units in grouped.values())
    name = place.address.rstrip("/").rpartition("/")[2].removesuffix(".run")
    return Findings(status(store), spec, name, points)


def _of_point(shown: Mapping[str, str], units: Sequence[Any], by_unit: Mapping[str, list[Row]]) -> PointFindings:
    held = [by_unit[unit.key] for unit in units if unit.key in by_unit]
    curves = tuple(_curves(row for rows in held for row in rows))
    return PointFindings(shown, len(units), len(held), curves, _reading(curves, units[0].parameters))


def _curves(rows: Iterable[Row]) -> Iterable[Curve]:
    """Yield each curve once, values of several parts put together."""
    found: dict[tuple[str, ...], dict[int | None, list[Row]]] = {}
    for row in rows:
        key = tuple(row[name] or "" for name in ("statistic", "details", "coordinates", "kind", "source"))
        found.setdefault(key, {}).setdefault(row["generation"], []).append(row)
    for (statistic, details, coordinates, kind, source), along in found.items():
        ordered = sorted(along.items(), key=lambda item: -1 if item[0] is None else item[0])
        values = tuple(_together(generation, parts) for generation, parts in ordered)
        place = ", ".join(f"{axis}={where}" for axis, where in json.loads(coordinates or "{}").items())
        yield Curve(statistic, details, place, kind, source, values)


def _together(generation: int | None, parts: Sequence[Row]) -> Value:
    """Put the estimates of parts together."""
    row = pooled_row(parts)
    return Value(generation, *(_finite(row[name]) for name in ("value", "low", "high")))


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _reading(curves: Sequence[Curve], parameters: Mapping[str, Any]) -> Reading | None:
    """Read the rate off what was asked: a growth rate, else the logarithm of the scale, else diversity of draws."""
    named = {curve.statistic: curve for curve in reversed(curves) if curve.kind == "estimate"}
    about = _about(parameters)
    if "growth_rate" in named:
        curve = named["growth_rate"]
        last = curve.values[-1]
        if last.value is None or last.low is None or last.high is None or last.generation is None:
            return None
        since = json.loads(curve.details or "{}").get("since", 0)
        return reading_of("scale", Rate(last.value, last.low, last.high), about, since, last.generation)
    if "log_scale" in named:
        return _of_ends(named["log_scale"], about, logarithms=True)
    return _of_ends(named["draw_diversity"], about, logarithms=False) if "draw_diversity" in named else None


def _of_ends(curve: Curve, about: Mapping[str, Any], *, logarithms: bool) -> Reading | None:
    """Read the rate between the first and the last value; its interval takes the two as independent."""
    first, last = curve.values[0], curve.values[-1]
    if first.generation is None or last.generation is None or first.generation == last.generation:
        return None
    heights, variances = [], []
    for end in (first, last):
        if end.value is None or end.low is None or end.high is None or (not logarithms and end.value <= 0):
            return None
        scale = 1.0 if logarithms else end.value
        heights.append(end.value if logarithms else math.log(end.value))
        variances.append(((end.high - end.low) / 2.0 / scale) ** 2)
    span = last.generation - first.generation
    value, half = (heights[1] - heights[0]) / span, math.sqrt(sum(variances)) / span
    quantity: Quantity = "scale" if logarithms else "diversity"
    return reading_of(quantity, Rate(value, value - half, value + half), about, first.generation, last.generation)


def _about(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a law must know of a recursion; the learner itself is not even looked for."""
    recursion = parameters["recursion"]
    workflow = recursion.get("workflow", "replace")
    size = recursion.get("sample_size")
    return {
        "sample_size": size if isinstance(size, int) else None,
        "dimension": 1 if "family" in recursion else _dimension(recursion.get("start")),
        "workflow": workflow if isinstance(workflow, str) else workflow.get("name"),
    }


def _dimension(start: Any) -> int | None:
    """The dimension of the real data; None where they are not to be had any more."""
    found = None if start is None else build(STARTS, start, (), Problems())
    truth = None if found is None else found.truth
    return truth.dimension if isinstance(truth, Sample | KnownDistribution) else None
