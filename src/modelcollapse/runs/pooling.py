"""Parts of one point put together: each is an independent run of its share of the replicates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def pooled(rows: Iterable[Row], one: Sequence[str]) -> list[dict[str, Any]]:
    """Return one row for all rows that are the same in the columns `one`, in the order of the first of each.

    Examples
    --------
    >>> few = {"x": 1, "value": 1.0, "sd": None, "low": 0.5, "high": 1.5, "replicates": 10, "undefined": None}
    >>> pooled([few, {**few, "value": 2.0, "low": None}], ["x"])
    [{'x': 1, 'value': 1.5, 'sd': None, 'low': None, 'high': None, 'replicates': 20, 'undefined': None}]
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in one), []).append(row)
    return [pooled_row(parts) for parts in groups.values()]


def pooled_row(parts: Sequence[Row]) -> dict[str, Any]:
    """Return the row of several parts: means by replicates with a value, intervals as of normal means.

    What does not depend on the replicates, as an exact value or a bound, is that of the first part.
    """
    first = dict(parts[0])
    if len(parts) == 1 or any(part["value"] is None or part["replicates"] is None for part in parts):
        return first
    numbers = [part["replicates"] - (part["undefined"] or 0) for part in parts]
    total = max(1, sum(numbers))
    shares = [number / total for number in numbers]
    means = [part["value"] for part in parts]
    value = sum(share * mean for share, mean in zip(shares, means, strict=True))
    first |= {"value": value, "low": None, "high": None, "sd": None}
    if all(part["low"] is not None and part["high"] is not None for part in parts):
        halves = [(part["high"] - part["low"]) / 2.0 for part in parts]
        half = math.sqrt(sum((share * each) ** 2 for share, each in zip(shares, halves, strict=True)))
        first |= {"low": value - half, "high": value + half}
    if all(part["sd"] is not None for part in parts):
        deviations = [part["sd"] for part in parts]
        within = sum(max(0, n - 1) * sd**2 for n, sd in zip(numbers, deviations, strict=True))
        between = sum(n * (mean - value) ** 2 for n, mean in zip(numbers, means, strict=True))
        first["sd"] = math.sqrt((within + between) / max(1, total - 1))
    undefined = [part["undefined"] for part in parts if part["undefined"] is not None]
    return first | {
        "replicates": sum(part["replicates"] for part in parts),
        "undefined": sum(undefined) if undefined else None,
    }
