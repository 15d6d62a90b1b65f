"""Entropy: how evenly the model spreads its probability, in nats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot
from modelcollapse.statistics.symbols import SymbolObserver, SymbolStatistic, discrete_start


@dataclass(frozen=True)
class Entropy(SymbolStatistic):
    """Expected Shannon entropy of model k, in nats.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import Entropy
    >>> recursion = Recursion(Categorical(), Known([0.2, 0.8]), sample_size=10)
    >>> solve(recursion, Entropy(), [1, 10], rng=1)["entropy"].value.round(1)
    array([0.4, 0.2])
    """

    name: ClassVar[str] = "entropy"

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return 0 and the logarithm of the number of symbols."""
        return 0.0, float(np.log((discrete_start(recursion, self.name).probabilities > 0).sum()))

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of entropies."""
        return _EntropyObserver(recursion, self.name)


class _EntropyObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        p = self.frequencies(snapshot)
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.where(p > 0, p * np.log(p), 0.0).sum(axis=1)
