"""Squared error: how far the model has moved from the truth, in squared Euclidean distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, discrete_start


@dataclass(frozen=True)
class SquaredError(Statistic):
    """Expected sum over symbols of (P_k - P_0)^2 at generation k.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import SquaredError
    >>> recursion = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=10)
    >>> solve(recursion, SquaredError(), generations=2)["squared_error"].value
    array([0.05 , 0.095])
    """

    name: ClassVar[str] = "squared_error"
    trend: ClassVar[Literal["falls", "rises"] | None] = "rises"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 2, the largest squared distance of two laws."""
        return 0.0, 2.0

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the start must be discrete."""
        discrete_start(recursion, self.name)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the squared distance to P_0."""
        return _SquaredErrorObserver(recursion, self.name)


class _SquaredErrorObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        away = self.frequencies(snapshot) - self.truth(snapshot)
        return np.asarray((away**2).sum(axis=1) + self.missing_truth(snapshot, power=2.0))
