"""Hellinger distance between the model and the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot
from modelcollapse.statistics.symbols import SymbolObserver, SymbolStatistic


@dataclass(frozen=True)
class Hellinger(SymbolStatistic):
    """Expected Hellinger distance between model k and P_0: the root of 1 - sum over symbols of sqrt(P_k P_0).

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import Hellinger
    >>> recursion = Recursion(Categorical(), Known([0.2, 0.8]), sample_size=10)
    >>> solve(recursion, Hellinger(), [1, 10], rng=1)["hellinger"].value.round(1)
    array([0.1, 0.3])
    """

    name: ClassVar[str] = "hellinger"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of distances."""
        return _HellingerObserver(recursion, self.name)


class _HellingerObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        shared = np.sqrt(self.frequencies(snapshot) * self.truth(snapshot)).sum(axis=1)
        return np.sqrt(np.maximum(1.0 - shared, 0.0))
