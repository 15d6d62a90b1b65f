"""What coverage and density share: balls around the real data that reach to their nearest neighbours."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows, checked_points, real_data, some_rows


@dataclass(frozen=True)
class NeighbourStatistic(DataStatistic):
    """A statistic of which drawn data fall into the balls around real data (Naeem et al. 2020).

    The ball of a real datum reaches to its nearest real neighbour of number `neighbours`, and its rim is outside.
    """

    neighbours: int = 5
    points: int = 1000

    def __post_init__(self) -> None:
        object.__setattr__(self, "neighbours", arguments.integer("neighbours", self.neighbours, least=1, most=1000))
        object.__setattr__(self, "points", checked_points(self.points))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; there must be as many neighbours."""
        super().coordinates(recursion)
        held = min(self.points, recursion.start.truth.real_size or self.points)
        if held <= self.neighbours:
            raise InputError(
                f"`neighbours` is {self.neighbours}, but must be below the {held} real data that {self.name} compares "
                "with; lower it, or raise `points`."
            )
        return {}


class NeighbourObserver(DataObserver):
    """Observer of who falls into which ball; a subclass says what it makes of it."""

    def __init__(self, recursion: Recursion, asked: NeighbourStatistic) -> None:
        super().__init__(recursion, asked.name)
        asked.coordinates(recursion)
        self.asked, self._recursion = asked, recursion

    @cached_property
    def _balls(self) -> tuple[Rows, Rows]:
        """The real data and the radius of the ball around each."""
        from scipy.spatial import KDTree

        real = real_data(self._recursion, self.asked.points)
        radii, _ = KDTree(real).query(real, k=[self.asked.neighbours + 1])  # the first is the datum itself
        return real, np.asarray(radii)

    @abstractmethod
    def of_balls(self, inside: NDArray[np.bool_]) -> float:
        """Return what is measured, from whether each drawn datum is in each real datum's ball: (real, drawn)."""

    def of_rows(self, rows: Rows) -> Any:
        """Look which balls the draws fall into."""
        from scipy.spatial.distance import cdist

        real, radii = self._balls
        return self.of_balls(cdist(real, some_rows(rows, self.asked.points)) < radii)
