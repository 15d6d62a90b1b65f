"""Total variation: the largest difference that the model and the truth give any event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot
from modelcollapse.statistics.symbols import SymbolObserver, SymbolStatistic


@dataclass(frozen=True)
class TotalVariation(SymbolStatistic):
    """Expected total variation distance between model k and P_0: half the sum over symbols of |P_k - P_0|.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import TotalVariation
    >>> recursion = Recursion(Categorical(), Known([0.2, 0.8]), sample_size=10)
    >>> solve(recursion, TotalVariation(), [1, 10], rng=1)["total_variation"].value.round(1)
    array([0.1, 0.3])
    """

    name: ClassVar[str] = "total_variation"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of distances."""
        return _TotalVariationObserver(recursion, self.name)


class _TotalVariationObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        away = np.abs(self.frequencies(snapshot) - self.truth(snapshot)).sum(axis=1)
        return np.asarray(0.5 * (away + self.missing_truth(snapshot)))
