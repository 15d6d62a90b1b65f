"""What statistics of scales share: the family must have one, and answers are in units of the true scale."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.base import ScaleFamily
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import FiniteObserver


def require_scale(recursion: Recursion, statistic: str) -> ScaleFamily[Any, Any]:
    """Return the family, or raise `InputError` if its models have no scale."""
    if not isinstance(recursion.family, ScaleFamily):
        raise InputError(
            f"The statistic {statistic} is about a scale, but the family is {recursion.family.name}; "
            "ask it of `Gaussian()` or another family with a scale."
        )
    return recursion.family


def checked_threshold(value: object) -> float:
    """Return a threshold, in units of the true scale: a finite number above 0."""
    remedy = "It is in units of the scale of generation 0."
    threshold = arguments.number(value)
    if isinstance(value, bool) or not 0 < threshold < np.inf:
        raise InputError(arguments.message("threshold", value, "a finite number above 0", remedy))
    return threshold


class ScaleObserver(FiniteObserver):
    """Observer of what a model's location and scale say, in units of the true scale; a subclass says what."""

    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__(statistic)
        self.family = require_scale(recursion, statistic)
        truth = self.family.initial(recursion.start.truth, 1)
        self._true_location, self._true_scale = self.family.location(truth), float(self.family.scale(truth)[0])

    def relative_scale(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return scale_k / scale_0, shape (replicate,)."""
        return self.family.scale(model) / self._true_scale

    def relative_shift(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (location_k - location_0) / scale_0, shape (replicate, dimension)."""
        return (self.family.location(model) - self._true_location) / self._true_scale
