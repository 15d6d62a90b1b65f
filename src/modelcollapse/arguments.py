"""Checks of arguments, one wording for all: the argument, the value, what is allowed, the remedy."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.errors import InputError

LARGEST_SAMPLE_SIZE = 10**13


def integer(name: str, value: object, *, least: int, most: int | None = None, remedy: str = "") -> int:
    """Return `value` as an int within [least, most], or raise `InputError` that says what is allowed.

    Examples
    --------
    >>> integer("generations", 10, least=1)
    10
    """
    allowed = f"a whole number of at least {least:,}"
    if most is not None:
        allowed += f" and at most {most:,}"
    try:
        # The protocol is slow to ask; nearly all values are plain.
        number = operator.index(value) if type(value) is int or isinstance(value, SupportsIndex) else None
        if number is None and isinstance(value, float) and value.is_integer():
            number = int(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise InputError(message(name, value, allowed, remedy))
    if most is not None and number > most:
        raise InputError(message(name, value, allowed, remedy))
    return number


def real(name: str, value: object, *, low: float, high: float, remedy: str = "") -> float:
    """Return `value` as a float within [low, high], or raise `InputError`; NaN is refused."""
    allowed = f"a number from {low:g} to {high:g}"
    found = number(value)
    if not low <= found <= high:
        raise InputError(message(name, value, allowed, remedy))
    return found


def flag(name: str, value: object) -> bool:
    """Return `value` as a bool if it is True or False, or raise `InputError`."""
    if not isinstance(value, bool | np.bool_):
        raise InputError(message(name, value, "True or False"))
    return bool(value)


def number(value: object) -> float:
    """Return `value` as a float, NaN if it is none."""
    try:
        return float(value) if isinstance(value, float | int | SupportsFloat | str) else math.nan
    except (ValueError, TypeError, OverflowError):
        return math.nan


def message(name: str, value: object, allowed: str, remedy: str = "") -> str:
    """Compose the wording of a refused argument."""
    shown = repr(value.tolist() if isinstance(value, np.ndarray) else value)
    if len(shown) > 80:
        shown = shown[:77] + "..."
    return f"`{name}` is {shown}, but must be {allowed}." + (f" {remedy}" if remedy else "")


def generations(value: int | Sequence[int] | NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the generations asked for, ascending: a whole number K stands for 1, 2, ..., K.

    Examples
    --------
    >>> generations(3)
    array([1, 2, 3])
    """
    if isinstance(value, SupportsIndex) and not isinstance(value, np.ndarray):
        horizon = integer("generations", value, least=1, most=10**7)
        return np.arange(1, horizon + 1, dtype=np.int64)
    allowed = "a number of generations, or generations in ascending order, each once"
    listed = np.asarray(value, dtype=object)
    if listed.ndim != 1:
        raise InputError(message("generations", value, allowed))
    asked = [integer("generations", k, least=1, most=2**62) for k in listed.tolist()]
    if not asked or asked != sorted(set(asked)):
        raise InputError(message("generations", value, allowed))
    return np.array(asked, dtype=np.int64)


def probabilities(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return a probability vector: finite, not negative, adding up to 1 within 1e-9."""
    allowed = "a list of finite probabilities, none negative"
    vector = _vector(name, value, allowed).astype(np.float64)
    if not np.all(np.isfinite(vector)) or np.any(vector < 0):
        raise InputError(message(name, value, allowed))
    if abs(vector.sum() - 1.0) > 1e-9:
        remedy = f"They add up to {vector.sum():.12g}; divide by the sum."
        raise InputError(message(name, value, "probabilities that add up to 1", remedy))
    return vector


def shares(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return numbers from 0 to 1, in an array of any shape but empty.

    Examples
    --------
    >>> shares("p", [0, 0.5]).tolist()
    [0.0, 0.5]
    """
    allowed = "numbers from 0 to 1"
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        raise InputError(message(name, value, allowed)) from None
    if array.size == 0 or array.dtype.kind not in "iuf" or not np.all((array >= 0) & (array <= 1)):
        raise InputError(message(name, value, allowed))
    return array.astype(np.float64)


def table(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return data as rows of finite numbers, shape (datum, dimension); a list of numbers has dimension 1.

    Examples
    --------
    >>> table("data", [1, 2]).shape
    (2, 1)
    """
    allowed = "rows of finite numbers, all of one length, at least one row"
    try:
        rows = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        raise InputError(message(name, value, allowed)) from None
    rows = rows[:, None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or rows.size == 0 or rows.dtype.kind not in "iufb" or not np.all(np.isfinite(rows)):
        raise InputError(message(name, value, allowed))
    held = np.array(rows, dtype=np.float64, order="C")
    held.setflags(write=False)
    return held


def counts(name: str, value: ArrayLike) -> NDArray[np.int64]:
    """Return counts: whole numbers, none negative, at least one positive, together below 2^63."""
    allowed = "a list of whole numbers, none negative, at least one positive, together below 2^63"
    vector = _vector(name, value, allowed)
    if vector.dtype.kind == "f" and not np.all(np.isfinite(vector) & (vector == np.floor(vector))):
        raise InputError(message(name, value, allowed))
    if not np.all(vector >= 0) or not 0 < _exact_sum(vector) < 2**63:
        raise InputError(message(name, value, allowed))
    return vector.astype(np.int64)


def _exact_sum(vector: NDArray[Any]) -> int:
    """Sum in Python's integers where 64 bits might wrap around in silence."""
    roughly = float(vector.sum(dtype=np.float64))
    return int(vector.sum()) if roughly < 2**62 else int(vector.astype(object).sum())


def _vector(name: str, value: ArrayLike, allowed: str) -> NDArray[Any]:
    """Return a list of numbers as an array of one dimension."""
    try:
        vector = np.atleast_1d(np.asarray(value))
    except (ValueError, TypeError, OverflowError):
        raise InputError(message(name, value, allowed)) from None
    if vector.ndim != 1 or vector.dtype.kind not in "iuf":
        raise InputError(message(name, value, allowed))
    return vector
