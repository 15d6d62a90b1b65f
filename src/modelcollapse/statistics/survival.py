"""Survival: is the symbol, or any symbol of a set, still present at generation k?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, Symbols, SymbolSets, labels, symbol_sets


@dataclass(frozen=True, eq=False)
class Survival(Statistic):
    """Pr(present at generation k), for each symbol or set of symbols; dimensions (generation, symbol).

    Parameters
    ----------
    symbols : sequence, optional
        An index stands for a symbol, a sequence of indices for a set (a topic, a dialect, a class), which is
        present if any of its symbols is. All symbols, one by one, if not given.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import Survival
    >>> recursion = Recursion(Categorical(), Corpus([1, 2, 97]), sample_size=100)
    >>> result = solve(recursion, Survival([0, 1, (0, 1)]), generations=[10])["survival"]
    >>> result.value.round(6)
    array([[0.161389, 0.297624, 0.412485]])
    """

    symbols: Symbols = None

    name: ClassVar[str] = "survival"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "symbol")
    is_probability: ClassVar[bool] = True
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def sets(self, recursion: Recursion) -> SymbolSets:
        """Return the sets of symbols that are asked about."""
        return symbol_sets(recursion, self.name, self.symbols)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the labels of the symbols."""
        return {"symbol": labels(self.symbols, self.sets(recursion))}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that notes which sets are present."""
        return _SurvivalObserver(recursion, self)


class _SurvivalObserver(SymbolObserver):
    def __init__(self, recursion: Recursion, statistic: Survival) -> None:
        super().__init__(recursion, statistic.name)
        self._sets = statistic.sets(recursion)

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        present = self.present(snapshot).astype(np.float64)
        return (self._sets.total(present, snapshot.columns) > 0).astype(np.float64)
