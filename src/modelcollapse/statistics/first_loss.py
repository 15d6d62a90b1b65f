"""First loss: is every symbol of the start still present?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot
from modelcollapse.statistics.symbols import SymbolObserver, SymbolStatistic


@dataclass(frozen=True)
class FirstLoss(SymbolStatistic):
    """Pr(every symbol of positive probability is present at generation k): the first loss comes later than k.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import FirstLoss
    >>> recursion = Recursion(Categorical(), Known([0.2, 0.3, 0.5]), sample_size=100)
    >>> solve(recursion, FirstLoss(), generations=[10, 50])["first_loss"].value.round(6)
    array([0.974745, 0.371549])
    """

    name: ClassVar[str] = "first_loss"
    is_probability: ClassVar[bool] = True
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that counts the symbols present."""
        return _FirstLossObserver(recursion, self.name)


class _FirstLossObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return self.present(snapshot).sum(axis=1) == (self._truth > 0).sum()
