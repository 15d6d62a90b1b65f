"""Density: how deep the drawn data lie among the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.neighbours import NeighbourObserver, NeighbourStatistic


@dataclass(frozen=True)
class Density(NeighbourStatistic):
    """Expected number of real data's balls that a drawn datum lies in, divided by `neighbours`: the fidelity kept.

    About 1 if draws are as the real data, more if they crowd where the real data do, less if they stray. Both samples
    are cut to at most `points`, chosen by a fixed shuffle.

    Parameters
    ----------
    neighbours : int
        Which nearest neighbour the ball around a real datum reaches to.
    points : int
        From 2 to 20,000; time grows with its square.

    References
    ----------
    Naeem, Oh, Uh, Choi, Yoo (2020), Reliable Fidelity and Diversity Metrics for Generative Models, arXiv 2002.09797.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import Density
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=200)
    >>> solve(recursion, Density(points=200), [1], replicates=100, rng=1)["density"].value.round(1)
    array([1.])
    """

    name: ClassVar[str] = "density"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)

    def observer(self, recursion: Recursion) -> NeighbourObserver:
        """Return an observer of how many balls a draw is in."""
        return _DensityObserver(recursion, self)


class _DensityObserver(NeighbourObserver):
    def of_balls(self, inside: NDArray[np.bool_]) -> float:
        return float(inside.sum(axis=0).mean() / self.asked.neighbours)
