"""What is simulated: replicates of a recursion, looked at by statistics at some generations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic

Generations = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Experiment:
    """So many replicates of a recursion, and what is asked of them; a block of a simulation is a smaller one.

    Parameters
    ----------
    recursion : Recursion
    statistics : sequence of Statistic
    generations : array of int
        Generations at which they are observed, ascending.
    replicates : int
    """

    recursion: Recursion
    statistics: Sequence[Statistic]
    generations: Generations
    replicates: int

    @property
    def horizon(self) -> int:
        """The last generation that is simulated."""
        return int(self.generations[-1])

    @property
    def watched(self) -> set[int]:
        """The generations that somebody looks at: all of them, if a statistic follows the run."""
        if any(statistic.watches_all for statistic in self.statistics):
            return set(range(1, self.horizon + 1))
        return set(self.generations.tolist())

    def of(self, replicates: int) -> Experiment:
        """Return the same with another number of replicates."""
        return Experiment(self.recursion, self.statistics, self.generations, replicates)
