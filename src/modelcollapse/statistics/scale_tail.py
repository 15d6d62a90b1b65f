"""Scale tail: is the model's scale still above a threshold?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.scales import ScaleObserver, checked_threshold, require_scale


@dataclass(frozen=True)
class ScaleTail(Statistic):
    """Pr(scale_k > threshold x scale_0) at generation k. Scales are not monotone: it is about generation k alone.

    Parameters
    ----------
    threshold : float
        Above 0, in units of the scale of generation 0.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import ScaleTail
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, ScaleTail(0.1), generations=[50, 200])["scale_tail"].value.round(8)
    array([0.37553802, 0.00403833])
    """

    threshold: float = 0.1

    name: ClassVar[str] = "scale_tail"
    is_probability: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", checked_threshold(self.threshold))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must have a scale."""
        require_scale(recursion, self.name)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of scales above the threshold."""
        return _TailObserver(recursion, self)


class _TailObserver(ScaleObserver):
    def __init__(self, recursion: Recursion, statistic: ScaleTail) -> None:
        super().__init__(recursion, statistic.name)
        self._threshold = statistic.threshold

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        scale = self.relative_scale(snapshot.model)
        # A scale that is no number is no collapse either: it stays undefined.
        return np.where(np.isnan(scale), np.nan, scale > self._threshold)
