"""What a route of a simulation is: the generic loop, or a shortcut with the same law that costs less."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from modelcollapse.simulate.experiment import Experiment
from modelcollapse.statistics.base import Sums


class Route(ABC):
    """A way to simulate some experiments.

    Whether a route is taken, and how large its blocks are, follows from the experiment alone: never from the machine,
    from timing or from what ran before. A block is the unit of replay.
    """

    name: ClassVar[str]

    @abstractmethod
    def covers(self, experiment: Experiment) -> bool:
        """Whether this is a way to answer."""

    @abstractmethod
    def block_size(self, experiment: Experiment) -> int:
        """Return the most replicates that a block may have."""

    @abstractmethod
    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Simulate one block; return what each statistic's observer leaves behind. All randomness is from `seed`."""
