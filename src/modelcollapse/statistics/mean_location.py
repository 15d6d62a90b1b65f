"""Mean location: where the model has drifted to on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.scales import ScaleObserver, require_scale


@dataclass(frozen=True)
class MeanLocation(Statistic):
    """E (location_k - location_0) / scale_0, for each coordinate; dimensions (generation, coordinate).

    Its standard deviation over realisations is the drift. Minima and maxima drift inwards, means on average nowhere.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import MeanLocation
    >>> recursion = Recursion(Gaussian(), Parameters(mean=5.0, scale=1.0), sample_size=10)
    >>> solve(recursion, MeanLocation(), [10], rng=1)["mean_location"].sd.round(1)
    array([[1.]])
    """

    name: ClassVar[str] = "mean_location"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "coordinate")

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the numbers of the coordinates; the model must have a location."""
        family = require_scale(recursion, self.name)
        location = family.location(family.initial(recursion.start.truth, 1))
        return {"coordinate": list(range(location.shape[1]))}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of locations."""
        return _LocationObserver(recursion, self.name)


class _LocationObserver(ScaleObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return self.relative_shift(snapshot.model)
