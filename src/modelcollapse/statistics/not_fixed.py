"""Not fixed: is the symbol still in play, neither lost nor alone?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, Symbols, SymbolSets, discrete_start, labels, symbol_sets

_NEARLY_ALL = 0.999  # from this probability on 1 less it has lost digits that large samples see


@dataclass(frozen=True, eq=False)
class NotFixed(Statistic):
    """Pr(the symbol, or set, is present at generation k and others are too); dimensions (generation, symbol).

    Parameters
    ----------
    symbols : sequence, optional
        Indices, or sets of indices; all symbols if not given.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import NotFixed
    >>> recursion = Recursion(Categorical(), Known([0.2, 0.8]), sample_size=100)
    >>> solve(recursion, NotFixed([0]), generations=[10, 100])["not_fixed"].value.round(6)
    array([[0.977379],
           [0.3458  ]])
    """

    symbols: Symbols = None

    name: ClassVar[str] = "not_fixed"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "symbol")
    is_probability: ClassVar[bool] = True
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def sets(self, recursion: Recursion) -> SymbolSets:
        """Return the sets of symbols that are asked about."""
        return symbol_sets(recursion, self.name, self.symbols)

    def rarer(self, recursion: Recursion) -> NDArray[np.float64]:
        """Return the probability of each set or of all other symbols, whichever is less: both are fixed, or neither."""
        sets, p = self.sets(recursion), discrete_start(recursion, self.name).probabilities
        inside = sets.total(p)
        others = 1.0 - inside
        for place in np.flatnonzero(inside > _NEARLY_ALL).tolist():
            others[place] = np.delete(p, sets.members[sets.owner == place]).sum()
        return np.asarray(np.minimum(inside, others))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the labels of the symbols."""
        return {"symbol": labels(self.symbols, self.sets(recursion))}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that compares the symbols present inside and outside of each set."""
        return _NotFixedObserver(recursion, self)


class _NotFixedObserver(SymbolObserver):
    def __init__(self, recursion: Recursion, statistic: NotFixed) -> None:
        super().__init__(recursion, statistic.name)
        self._sets = statistic.sets(recursion)

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        present = self.present(snapshot).astype(np.float64)
        inside = self._sets.total(present, snapshot.columns)
        return (inside > 0) & (inside < present.sum(axis=1, keepdims=True))
