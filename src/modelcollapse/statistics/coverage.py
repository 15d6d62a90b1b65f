"""Coverage: which share of the real data has drawn data near it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.neighbours import NeighbourObserver, NeighbourStatistic


@dataclass(frozen=True)
class Coverage(NeighbourStatistic):
    """Expected share of the real data with a drawn datum nearer than their nearest real neighbours: the diversity kept.

    Both samples are cut to at most `points`, chosen by a fixed shuffle. If draws are as the real data, and as many,
    it is about 1 - 2^{-neighbours}.

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
    >>> from modelcollapse.statistics import Coverage
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=200)
    >>> near, far = solve(recursion, Coverage(points=200), [1, 200], replicates=100, rng=1)["coverage"].value
    >>> bool(near > 0.95 > 0.85 > far)
    True
    """

    name: ClassVar[str] = "coverage"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return (0.0, 1.0)

    def observer(self, recursion: Recursion) -> NeighbourObserver:
        """Return an observer of balls that are not empty."""
        return _CoverageObserver(recursion, self)


class _CoverageObserver(NeighbourObserver):
    def of_balls(self, inside: NDArray[np.bool_]) -> float:
        return float(inside.any(axis=1).mean())
