"""Which symbols a statistic is asked of: all, some by index, or sets of several."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.start import DiscreteStart

Symbols = Sequence[int | Sequence[int]] | NDArray[np.integer] | None


@dataclass(frozen=True, eq=False)
class SymbolSets:
    """Sets of symbols, each of one or more: `members` lists indices, `owner` the set each belongs to."""

    members: NDArray[np.int64]
    owner: NDArray[np.int64]
    size: int

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up values, shape (..., symbol), over each set; shape (..., set)."""
        picked = values[..., self.members]
        if self.size == len(self.members):
            return picked
        starts = np.flatnonzero(np.diff(self.owner, prepend=-1))
        return np.asarray(np.add.reduceat(picked, starts, axis=-1))


def discrete_start(recursion: Recursion, statistic: str) -> DiscreteStart:
    """Return the start of a recursion on symbols, or raise `InputError`."""
    if not isinstance(recursion.start, DiscreteStart):
        raise InputError(
            f"The statistic {statistic} is about symbols, but the start is {recursion.start!r}; "
            "start from `Known(probabilities)` or `Corpus(counts)`."
        )
    return recursion.start


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
