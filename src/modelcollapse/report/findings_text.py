"""What a sweep has found, as text for a terminal and as rows of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modelcollapse.report import findings_words as words
from modelcollapse.report.wording import table_lines
from modelcollapse.runs.findings import Curve, Findings, PointFindings

_MOST_POINTS, _MOST_CURVES = 100, 12
HEADS = ("statistic", "details", "place", "kind", "source", "generation", "value", "low", "high")


def findings_text(findings: Findings) -> str:
    """Return rates where there are any, and the last value of each curve.

    Examples
    --------
    >>> from modelcollapse.runs import findings, run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian"}, "statistics": ["mean_variance"], "generations": [3],
    ...     "grid": {"recursion.sample_size": [10, 20]}, "run": {"executor": "serial"}})
    >>> _ = run(spec, "memory://example-text")
    >>> print(findings_text(findings("memory://example-text")))
    example-text: 2 of 2 units done.
    <BLANKLINE>
    mean_variance at generation 3
      sample_size  value  low  high
      10               1    -     -
      20               1    -     -
    """
    lines = [f"{findings.name}: {words.progress(findings)}"]
    shown = findings.points[:_MOST_POINTS]
    axes = [words.short(path) for path in findings.points[0].varied] if findings.points else []
    if any(point.reading is not None for point in shown):
        heads = [*(axes or ["recursion"]), "rate, nats a generation", "that is", "effective sample size"]
        rows = [[*_places(point), *_rate_cells(point)] for point in shown if point.reading is not None]
        lines += ["", *rate_heading(findings), *_left(heads, rows), *_laws(shown)]
    keys = list(dict.fromkeys(_key(curve) for point in shown for curve in point.curves))
    for key in keys[:_MOST_CURVES]:
        lines += ["", *_last_values(key, shown, axes)]
    if len(keys) > _MOST_CURVES:
        lines += ["", f"and {len(keys) - _MOST_CURVES:,} more curves; --format csv and the page have them"]
    if len(findings.points) > _MOST_POINTS:
        lines += ["", f"and {len(findings.points) - _MOST_POINTS:,} more points; --format csv has them"]
    lines += ["", *_failures(findings)] if findings.status.failed else []
    return "\n".join(lines)


def rate_heading(findings: Findings) -> list[str]:
    """Say between which generations rates are measured."""
    spans = {(p.reading.quantity, p.reading.since, p.reading.until) for p in findings.points if p.reading is not None}
    told = [f"{quantity} from generation {since} to {until}" for quantity, since, until in sorted(spans)]
    return [f"Rate of {'; '.join(told)}, with 95 % intervals"]


def findings_rows(findings: Findings) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the heads and rows of a table with one row per value."""
    paths = list(dict.fromkeys(path for point in findings.points for path in point.varied))
    return [*paths, *HEADS], _rows(findings, paths)


def _rows(findings: Findings, paths: list[str]) -> Iterator[list[Any]]:
    for point in findings.points:
        for curve in point.curves:
            about = (curve.statistic, curve.details, curve.place, curve.kind, curve.source)
            for at in curve.values:
                varied = [point.varied.get(path) for path in paths]
                yield [*varied, *about, at.generation, at.value, at.low, at.high]


def _places(point: PointFindings) -> list[str]:
    return list(point.varied.values()) or ["the recursion"]


def _rate_cells(point: PointFindings) -> list[str]:
    assert point.reading is not None
    return [words.rate(point.reading), words.pace(point.reading), words.effective_size(point.reading)]


def _laws(points: tuple[PointFindings, ...]) -> list[str]:
    """Each law, or reason for none, once, with the points that it stands beside."""
    found: dict[str, list[str]] = {}
    for point in points:
        if point.reading is not None:
            found.setdefault(words.law(point.reading), []).append(words.point_name(point))
    return ["  nearest exact law:", *(f"    {law}: {'; '.join(names)}" for law, names in found.items())]


def _key(curve: Curve) -> tuple[str, ...]:
    return (curve.statistic, curve.details, curve.place, curve.kind, curve.source)


def _last_values(key: tuple[str, ...], points: tuple[PointFindings, ...], axes: list[str]) -> list[str]:
    rows, last = [], None
    for point in points:
        for curve in point.curves:
            if _key(curve) == key:
                at = curve.values[-1]
                last = at.generation
                rows.append([*_places(point), *map(words.number, (at.value, at.low, at.high))])
    statistic, _, place, kind, source = key
    bound = f", {kind} ({source})" if kind in ("lower", "upper", "asymptotic") else ""
    when = "" if last is None else f" at generation {last:,}"
    heading = f"{statistic}{f' ({place})' if place else ''}{bound}{when}"
    return [heading, *_left([*(axes or ["recursion"]), "value", "low", "high"], rows, 3)]


def _left(heads: list[str], rows: list[list[str]], numbers: int = 0) -> list[str]:
    """Lines of a table whose last `numbers` columns are aligned right and all others left."""
    wide = [max(len(head), *(len(row[i]) for row in rows)) for i, head in enumerate(heads)]
    first = len(heads) - numbers
    padded = [[cell.ljust(wide[i]) if i < first else cell for i, cell in enumerate(row)] for row in (heads, *rows)]
    return [line.rstrip() for line in table_lines(padded[0], padded[1:])]


def _failures(findings: Findings) -> list[str]:
    failed = list(findings.status.failed.items())
    lines = [f"failed: {key}: {record['reason']}" for key, record in failed[:10]]
    return [*lines, f"and {len(failed) - 10:,} more failed"] if len(failed) > 10 else lines
