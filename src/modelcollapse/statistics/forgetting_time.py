"""Forgetting time: the first generation at which a symbol, or a whole set, is absent. Absence is for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.absorption import require_absorbing
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.survival import Survival
from modelcollapse.statistics.symbols import Symbols, SymbolSets, labels, symbol_sets


@dataclass(frozen=True, eq=False)
class ForgettingTime(Statistic):
    """Quantiles of the forgetting time: the smallest k with Pr(absent at k) >= level; dimensions (level, symbol).

    A symbol fixes, and is then never forgotten, with probability P_0(symbol): levels above 1 - P_0(symbol) are
    never reached and their quantile is infinite. No horizon is needed: medians of 10^12 generations are found.
    Where sample sizes vary, quantiles beyond the last of them are infinite.

    Parameters
    ----------
    symbols : sequence, optional
        Indices, or sets of indices; all symbols if not given.
    levels : sequence of float
        Each above 0 and below 1.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import ForgettingTime
    >>> recursion = Recursion(Categorical(), Corpus([1, 10, 100, 9889]), sample_size=10_000)
    >>> solve(recursion, ForgettingTime([0, 1, 2], levels=[0.5]), [])["forgetting_time"].value
    array([[  2.,  27., 289.]])
    """

    symbols: Symbols = None
    levels: Sequence[float] = (0.1, 0.5, 0.9)

    name: ClassVar[str] = "forgetting_time"
    dimensions: ClassVar[tuple[str, ...]] = ("level", "symbol")

    def __post_init__(self) -> None:
        if not isinstance(self.levels, Sequence | np.ndarray) or isinstance(self.levels, str):
            raise InputError(arguments.message("levels", self.levels, "a list of levels above 0 and below 1"))
        for level in self.levels:
            if not 0 < arguments.real("levels", level, low=0, high=1) < 1:
                raise InputError(arguments.message("levels", level, "above 0 and below 1"))

    def sets(self, recursion: Recursion) -> SymbolSets:
        """Return the sets of symbols that are asked about."""
        return symbol_sets(recursion, self.name, self.symbols)

    def followed(self, recursion: Recursion) -> tuple[Statistic, NDArray[np.float64]]:
        """Return survival, and one minus the levels; refuse a workflow under which a symbol may come back."""
        require_absorbing(recursion, self.name)
        return Survival(self.symbols), 1.0 - np.asarray(self.levels, dtype=np.float64)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return levels and symbols."""
        return {
            "level": list(self.levels),
            "symbol": labels(self.symbols, self.sets(recursion)),
        }


@dataclass(frozen=True, eq=False)
class MeanForgettingTime(Statistic):
    """Mean forgetting time *given that the symbol is forgotten at all*, in generations; dimensions (symbol,).

    The mean is dominated by rare long survivals, of the order of the sample size: quote medians. Where sample sizes
    vary, the recursion ends with the last of them, and the mean is given that the symbol is forgotten by then.

    Parameters
    ----------
    symbols : sequence, optional
        Indices, or sets of indices; all symbols if not given.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import MeanForgettingTime
    >>> recursion = Recursion(Categorical(), Corpus([1, 50, 949]), sample_size=1000)
    >>> solve(recursion, MeanForgettingTime([0, 1]), [])["mean_forgetting_time"].value.round(2)
    array([ 13.18, 313.31])
    """

    symbols: Symbols = None

    name: ClassVar[str] = "mean_forgetting_time"
    not_simulated: ClassVar[str] = (
        "runs that have not forgotten when a simulation ends are the ones that decide the mean; "
        "ask for quantiles, the statistic 'forgetting_time'"
    )
    dimensions: ClassVar[tuple[str, ...]] = ("symbol",)

    def sets(self, recursion: Recursion) -> SymbolSets:
        """Return the sets of symbols that are asked about."""
        return symbol_sets(recursion, self.name, self.symbols)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the labels of the symbols."""
        return {"symbol": labels(self.symbols, self.sets(recursion))}
