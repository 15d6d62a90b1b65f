"""Total collapse: a single symbol is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver


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
        return _TotalCollapseObserver(recursion, self.name)


class _TotalCollapseObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return self.present(snapshot).sum(axis=1) == 1
