"""What a route of a simulation is: the generic loop, or a shortcut with the same law that costs less."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic, Sums

Generations = NDArray[np.int64]


class Route(ABC):
    """A way to simulate some questions about some recursions.

    Whether a route is taken, and how large its blocks are, follows from the question and the amount of work alone:
    never from the machine, from timing or from what ran before. A block is the unit of replay.
    """

    name: ClassVar[str]

    @abstractmethod
    def covers(
        self, recursion: Recursion, statistics: Sequence[Statistic], generations: Generations, replicates: int
    ) -> bool:
        """Whether this is a way to answer."""

    @abstractmethod
    def block_size(
        self, recursion: Recursion, statistics: Sequence[Statistic], generations: Generations, replicates: int
    ) -> int:
        """Return the most replicates that a block may have."""

    @abstractmethod
    def run_block(
        self,
        recursion: Recursion,
        statistics: Sequence[Statistic],
        generations: Generations,
        replicates: int,
        seed: np.random.SeedSequence,
    ) -> list[Sums]:
        """Simulate one block; return what each statistic's observer leaves behind. All randomness is from `seed`."""
