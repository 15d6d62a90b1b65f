"""Extinction time: the first generation at which a Poisson rate is 0. Zero is for ever under replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.absorption import require_absorbing
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.nonzero import NonZero, require_poisson


@dataclass(frozen=True, eq=False)
class ExtinctionTime(Statistic):
    """Quantiles of the extinction time: the smallest k with Pr(the rate is 0 at k) >= level; dimensions (level,).

    Extinction is certain, but its mean is infinite: quote quantiles. No horizon is needed.
    Where sample sizes vary, quantiles beyond the last of them are infinite.

    Parameters
    ----------
    levels : sequence of float
        Each above 0 and below 1.

    Examples
    --------
    >>> from modelcollapse import Parameters, Poisson, Recursion, solve
    >>> from modelcollapse.statistics import ExtinctionTime
    >>> recursion = Recursion(Poisson(), Parameters(rate=1.0), sample_size=10)
    >>> solve(recursion, ExtinctionTime([0.1, 0.5, 0.9]), [])["extinction_time"].value
    array([  8.,  27., 188.])
    """

    levels: Sequence[float] = (0.1, 0.5, 0.9)

    name: ClassVar[str] = "extinction_time"
    dimensions: ClassVar[tuple[str, ...]] = ("level",)

    def __post_init__(self) -> None:
        for level in self.levels:
            if not 0 < arguments.real("levels", level, low=0, high=1) < 1:
                raise InputError(arguments.message("levels", level, "above 0 and below 1"))

    def followed(self, recursion: Recursion) -> tuple[Statistic, NDArray[np.float64]]:
        """Return the chance of a rate above 0, and one minus the levels."""
        require_absorbing(recursion, self.name)
        return NonZero(), 1.0 - np.asarray(self.levels, dtype=np.float64)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the levels; the model must be Poisson."""
        require_poisson(recursion, self.name)
        return {"level": list(self.levels)}
