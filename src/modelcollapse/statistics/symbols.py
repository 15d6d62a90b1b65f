"""Which symbols a statistic is asked of: all, some by index, or sets of several."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.base import SymbolFamily
from modelcollapse.recursion import Recursion
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic

Symbols = Sequence[int | Sequence[int]] | NDArray[np.integer] | None


@dataclass(frozen=True, eq=False)
class SymbolSets:
    """Sets of symbols, each of one or more: `members` lists indices, `owner` the set each belongs to."""

    members: NDArray[np.int64]
    owner: NDArray[np.int64]
    size: int

    def total(self, values: NDArray[np.float64], columns: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Add up values, shape (..., symbol), over each set; shape (..., set).

        `columns` names the symbols that the last axis stands for, ascending, if not all; the values of others are 0.
        """
        if columns is None:
            picked = values[..., self.members]
        else:
            place = np.minimum(np.searchsorted(columns, self.members), max(len(columns) - 1, 0))
            picked = np.where(columns[place] == self.members, values[..., place], 0.0)
        if self.size == len(self.members):
            return picked
        starts = np.flatnonzero(np.diff(self.owner, prepend=-1))
        return np.asarray(np.add.reduceat(picked, starts, axis=-1))


class SymbolStatistic(Statistic):
    """A statistic of all symbols together, without labels of its own."""

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the start must be discrete."""
        discrete_start(recursion, self.name)
        return {}


class SymbolObserver(MeanObserver):
    """Observer of symbols; a subclass says what it measures."""

    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__()
        self._truth = discrete_start(recursion, statistic).probabilities
        assert isinstance(recursion.family, SymbolFamily)
        self._family: SymbolFamily[Any, Any] = recursion.family

    def present(self, snapshot: Snapshot) -> NDArray[np.bool_]:
        """Return which symbols were drawn at this generation, shape (replicate, column)."""
        return np.asarray(self._family.counts(snapshot.drawn) > 0)

    def frequencies(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """Return the model's probabilities, shape (replicate, column)."""
        return self._family.frequencies(snapshot.model)

    def truth(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """Return P_0 of the symbols that have a column, shape (column,)."""
        return self._truth if snapshot.columns is None else self._truth[snapshot.columns]

    def missing_truth(self, snapshot: Snapshot, power: float = 1.0) -> float:
        """Return the sum of P_0 to a power over the symbols that have no column."""
        if snapshot.columns is None:
            return 0.0
        rest = np.delete(self._truth, snapshot.columns)
        return float((rest[rest > 0] ** power).sum())


def discrete_start(recursion: Recursion, statistic: str) -> DiscreteStart:
    """Return the start of a recursion on symbols, or raise `InputError`."""
    if not isinstance(recursion.start.truth, DiscreteStart):
        raise InputError(
            f"The statistic {statistic} is about symbols, but the start is {recursion.start!r}; "
            "start from `Known(probabilities)` or `Corpus(counts)`."
        )
    return recursion.start.truth


def symbol_sets(recursion: Recursion, statistic: str, symbols: Symbols) -> SymbolSets:
    """Return the sets that `symbols` names: None is every symbol, an index one, a sequence of indices a set.

    Raises
    ------
    InputError
        If an index is out of range or repeated within a set, or a set is empty.
    """
    number = len(discrete_start(recursion, statistic).probabilities)
    if symbols is None:
        everything = np.arange(number)
        return SymbolSets(everything, everything, number)
    try:
        sets = [[s] if isinstance(s, int | np.integer) else list(s) for s in symbols]
        members = np.array([operator.index(index) for group in sets for index in group], dtype=np.int64)
    except (TypeError, OverflowError):
        sets, members = [], np.array([-1])
    if len(members) and (members.min() < 0 or members.max() >= number):
        raise InputError(arguments.message("symbols", symbols, f"indices from 0 to {number - 1}, or sets of them"))
    if not sets or any(not group or len(set(group)) < len(group) for group in sets):
        raise InputError(arguments.message("symbols", symbols, "sets of at least one index, none twice"))
    owner = np.repeat(np.arange(len(sets)), [len(group) for group in sets])
    return SymbolSets(members, owner, len(sets))


def labels(symbols: Symbols, sets: SymbolSets) -> list[str]:
    """Return how each set is called in tables: its index, or its indices joined by '+'."""
    if symbols is None:
        return [str(index) for index in range(sets.size)]
    return [str(s) if isinstance(s, int | np.integer) else "+".join(str(index) for index in s) for s in symbols]
