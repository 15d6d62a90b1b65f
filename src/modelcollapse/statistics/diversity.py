"""Diversity: the chance that two draws from the model differ (Simpson, heterozygosity)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver


@dataclass(frozen=True)
class Diversity(Statistic):
    """E[1 - sum of squared probabilities] at generation k.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import Diversity
    >>> recursion = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=10)
    >>> solve(recursion, Diversity(), generations=2)["diversity"].value
    array([0.45 , 0.405])
    """

    name: ClassVar[str] = "diversity"
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of 1 - sum P_k^2."""
        return _DiversityObserver(recursion, self.name)


class _DiversityObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return 1.0 - (self.frequencies(snapshot) ** 2).sum(axis=1)
