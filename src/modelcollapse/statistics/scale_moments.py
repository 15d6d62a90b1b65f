"""Moments of location and scale, in units of the true scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.scales import ScaleObserver, require_scale


class _ScaleMoment(Statistic):
    """A moment of a model that has a scale."""

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must have a scale."""
        require_scale(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)


@dataclass(frozen=True)
class MeanScale(_ScaleMoment):
    """E scale_k / scale_0. A few runs that keep a large scale carry it: the typical scale is far smaller.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import MeanScale
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, MeanScale(), generations=[1, 100])["mean_scale"].value.round(6)
    array([0.972659, 0.062528])
    """

    name: ClassVar[str] = "mean_scale"

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of scales."""
        return _PowerObserver(recursion, self.name, 1)


@dataclass(frozen=True)
class MeanVariance(_ScaleMoment):
    """E scale_k^2 / scale_0^2; for a Gaussian in one dimension the mean variance: 1 for ddof = 1.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import MeanVariance
    >>> recursion = Recursion(Gaussian(ddof=0), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, MeanVariance(), generations=2)["mean_variance"].value.round(6)
    array([0.9 , 0.81])
    """

    name: ClassVar[str] = "mean_variance"

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of squared scales."""
        return _PowerObserver(recursion, self.name, 2)


@dataclass(frozen=True)
class MeanSquaredDrift(_ScaleMoment):
    """E (location_k - location_0)^2 / scale_0^2; in several dimensions the squared distance.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import MeanSquaredDrift
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, MeanSquaredDrift(), generations=2)["mean_squared_drift"].value.round(6)
    array([0.1, 0.2])
    """

    name: ClassVar[str] = "mean_squared_drift"

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of squared distances of the locations."""
        return _DriftObserver(recursion, self.name)


class _PowerObserver(ScaleObserver):
    def __init__(self, recursion: Recursion, statistic: str, power: int) -> None:
        super().__init__(recursion, statistic)
        self._power = power

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return np.asarray(self.relative_scale(snapshot.model) ** self._power)


class _DriftObserver(ScaleObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return np.asarray((self.relative_shift(snapshot.model) ** 2).sum(axis=1))
