"""First loss: is every symbol of the start still present?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Statistic
from modelcollapse.statistics.symbols import discrete_start


@dataclass(frozen=True)
class FirstLoss(Statistic):
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

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the start must be discrete."""
        discrete_start(recursion, self.name)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that counts the symbols present."""
        probabilities = discrete_start(recursion, self.name).probabilities
        return _FirstLossObserver(int((probabilities > 0).sum()))


class _FirstLossObserver(MeanObserver):
    def __init__(self, symbols: int) -> None:
        super().__init__()
        self._symbols = symbols

    def measure(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        return (model > 0).sum(axis=1) == self._symbols
