"""The points of a sweep: every combination of the grid, and what changes together."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from modelcollapse.runs.paths import set_path
from modelcollapse.runs.spec import Spec


def points(spec: Spec) -> Iterator[dict[str, Any]]:
    """Yield what is varied at each point, by path: the axis `zip` first, the last path of the grid moving fastest.

    Examples
    --------
    >>> from modelcollapse.runs import spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian", "sample_size": 10}, "statistics": ["mean_scale"], "generations": 5,
    ...     "grid": {"recursion.sample_size": [10, 20], "recursion.family.ddof": [0, 1]}})
    >>> for point in points(spec):
    ...     print(point)
    {'recursion.sample_size': 10, 'recursion.family.ddof': 0}
    {'recursion.sample_size': 10, 'recursion.family.ddof': 1}
    {'recursion.sample_size': 20, 'recursion.family.ddof': 0}
    {'recursion.sample_size': 20, 'recursion.family.ddof': 1}
    """
    together = [dict(zip(spec.zip, values, strict=True)) for values in zip(*spec.zip.values(), strict=True)] or [{}]
    for moved in together:
        for values in itertools.product(*spec.grid.values()):
            yield {**moved, **dict(zip(spec.grid, values, strict=True))}


def number_of_points(spec: Spec) -> int:
    """Return how many points there are."""
    together = min((len(values) for values in spec.zip.values()), default=1)
    return together * math.prod(len(values) for values in spec.grid.values())


def at(base: Mapping[str, Any], point: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters at a point."""
    found = dict(base)
    for path, value in point.items():
        found = set_path(found, path.split("."), value)
    return found
