"""Collapse time: when the scale is below a threshold with a given certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.scale_tail import ScaleTail
from modelcollapse.statistics.scales import checked_threshold, require_scale


@dataclass(frozen=True, eq=False)
class CollapseTime(Statistic):
    """Smallest k with Pr(scale_k <= threshold x scale_0) >= level; dimensions (level,).

    Scales are not monotone: the first passage of a single run comes earlier. No horizon is needed.

    Parameters
    ----------
    threshold : float
        Above 0, in units of the scale of generation 0.
    levels : sequence of float
        Each above 0 and below 1.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import CollapseTime
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, CollapseTime(0.1, [0.1, 0.5, 0.9]), [])["collapse_time"].value
    array([17., 41., 94.])
    """

    threshold: float = 0.1
    levels: Sequence[float] = (0.1, 0.5, 0.9)

    name: ClassVar[str] = "collapse_time"
    dimensions: ClassVar[tuple[str, ...]] = ("level",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", checked_threshold(self.threshold))
        for level in self.levels:
            if not 0 < arguments.real("levels", level, low=0, high=1) < 1:
                raise InputError(arguments.message("levels", level, "above 0 and below 1"))

    def followed(self, recursion: Recursion) -> tuple[Statistic, NDArray[np.float64]]:  # noqa: ARG002
        """Return the scale tail, and one minus the levels."""
        return ScaleTail(self.threshold), 1.0 - np.asarray(self.levels, dtype=np.float64)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the levels; the model must have a scale."""
        require_scale(recursion, self.name)
        return {"level": list(self.levels)}
