"""Total collapse: a single symbol is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Statistic
from modelcollapse.statistics.symbols import discrete_start


@dataclass(frozen=True)
class TotalCollapse(Statistic):
    """Pr(only one symbol is present at generation k).

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import TotalCollapse
    >>> recursion = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=2)
    >>> solve(recursion, TotalCollapse(), generations=3)["total_collapse"].value
    array([0.5  , 0.75 , 0.875])
    """

    name: ClassVar[str] = "total_collapse"
    is_probability: ClassVar[bool] = True
    trend: ClassVar[Literal["falls", "rises"] | None] = "rises"

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of single survivors."""
        discrete_start(recursion, self.name)
        return _TotalCollapseObserver()


class _TotalCollapseObserver(MeanObserver):
    def measure(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        return (model > 0).sum(axis=1) == 1
