"""Dotted paths into nested tables: `recursion.family.ddof`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def set_path(table: Mapping[str, Any], keys: Sequence[str], value: Any) -> dict[str, Any]:
    """Return the table with one value changed; what is not on the way is shared, not copied.

    A name on the way becomes a table with that name; a list is entered by place.

    Examples
    --------
    >>> set_path({"recursion": {"family": "gaussian"}}, ["recursion", "family", "ddof"], 0)
    {'recursion': {'family': {'name': 'gaussian', 'ddof': 0}}}
    >>> set_path({"statistics": ["mean_scale"]}, ["statistics", "0", "name"], "entropy")
    {'statistics': [{'name': 'entropy'}]}
    """
    first, rest = keys[0], keys[1:]
    changed = dict(table)
    changed[first] = _entered(table.get(first, {}), rest, value) if rest else value
    return changed


def _entered(inner: Any, keys: Sequence[str], value: Any) -> Any:
    if isinstance(inner, str):
        inner = {"name": inner}
    if isinstance(inner, Mapping):
        return set_path(inner, keys, value)
    if not isinstance(inner, list):
        raise LookupError(keys[0])  # noqa: TRY004 - a path that leads nowhere, not a wrong argument
    place, copy = int(keys[0]), list(inner)
    copy[place] = _entered(inner[place], keys[1:], value) if keys[1:] else value
    return copy


def flattened(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return what is no table, by its dotted path.

    Examples
    --------
    >>> flattened({"recursion": {"sample_size": [10, 20]}, "a.b": [1]})
    {'recursion.sample_size': [10, 20], 'a.b': [1]}
    """
    found: dict[str, Any] = {}
    for key, value in table.items():
        path = f"{before}{key}"
        found |= flattened(value, f"{path}.") if isinstance(value, Mapping) else {path: value}
    return found
