"""Energy distance between the drawn data and the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows, checked_points, real_data, some_rows


@dataclass(frozen=True)
class EnergyDistance(DataStatistic):
    """Expected energy distance between the data drawn at generation k and the real data; 0 for equal samples only.

    2 E|X - Y| - E|X - X'| - E|Y - Y'| with Euclidean distances, the means over all pairs of the two samples: exact
    for the data it sees, which are at most `points` of either, chosen by a fixed shuffle. The real data are those of
    the start, or as many draws of the known law.

    Parameters
    ----------
    points : int
        From 2 to 20,000; time grows with its square.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import EnergyDistance
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=100)
    >>> near, far = solve(recursion, EnergyDistance(200), [1, 50], replicates=100, rng=1)["energy_distance"].value
    >>> bool(near < 0.05 < far)
    True
    """

    points: int = 1000

    name: ClassVar[str] = "energy_distance"

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", checked_points(self.points))

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer of distances."""
        return _EnergyObserver(recursion, self)


class _EnergyObserver(DataObserver):
    def __init__(self, recursion: Recursion, asked: EnergyDistance) -> None:
        super().__init__(recursion, asked.name)
        self._points, self._recursion = asked.points, recursion

    @cached_property
    def _real(self) -> tuple[Rows, float]:
        """The real data and the mean distance between them."""
        real = real_data(self._recursion, self._points)
        return real, _mean_distance(real, real)

    def of_rows(self, rows: Rows) -> Any:
        real, within = self._real
        seen = some_rows(rows, self._points)
        between = 2.0 * _mean_distance(seen, real)
        return max(between - _mean_distance(seen, seen) - within, 0.0)  # rounding may fall below


def _mean_distance(first: Rows, second: Rows) -> float:
    from scipy.spatial.distance import cdist

    return float(cdist(first, second).mean())
