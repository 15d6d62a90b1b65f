"""Pool support: how many symbols the training data still hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot
from modelcollapse.statistics.symbols import SymbolObserver, SymbolStatistic, discrete_start


@dataclass(frozen=True)
class PoolSupport(SymbolStatistic):
    """Expected number of symbols in all data that model k could be fitted to. Under replace it is the vocabulary.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import PoolSupport
    >>> recursion = Recursion(Categorical(), Known([0.2, 0.8]), sample_size=10)
    >>> solve(recursion, PoolSupport(), [1, 10], rng=1)["pool_support"].value.round(1)
    array([1.9, 1.3])
    """

    name: ClassVar[str] = "pool_support"

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return 0 and the number of symbols of the start."""
        return 0.0, float((discrete_start(recursion, self.name).probabilities > 0).sum())

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of symbols in the pool."""
        return _PoolSupportObserver(recursion, self.name)


class _PoolSupportObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return np.asarray((self._family.counts(snapshot.pool) > 0).sum(axis=1))
