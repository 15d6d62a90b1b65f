"""Many replicates of one symbol's count: their histogram over the counts is drawn instead of each of them.

Replicates are exchangeable, so all that matters for the curve is how many have each count. Those of one count go to the
counts of the next generation by one multinomial draw. The cost does not depend on the number of replicates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts.presence import Counts, PresenceRoute

_LARGEST_SIZE = 500  # the transition matrix has the square of it
_REPLICATES_PER_COUNT = 1000  # from so many on, drawing the histogram costs less than drawing the replicates


class ReplicateHistogram(PresenceRoute):
    """Draw the histogram of the replicates' counts; worth it for far more replicates than there are counts."""

    name: ClassVar[str] = "histogram of replicates"

    def covers(self, experiment: Experiment) -> bool:
        """Whether the counts are few beside the replicates."""
        recursion = experiment.recursion
        few = recursion.constant_size is not None and recursion.constant_size <= _LARGEST_SIZE
        if not few or experiment.replicates < _REPLICATES_PER_COUNT * (recursion.constant_size or 0):
            return False
        return super().covers(experiment)

    def worth(self, recursion: Recursion, work: int) -> bool:  # noqa: ARG002
        """Whether it is about symbols: a Poisson sum has no largest value."""
        return isinstance(recursion.family, Categorical)

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return all of them: one block."""
        return 2**62

    def follow(
        self, n: int, first: float, horizon: int, replicates: int, seed: np.random.SeedSequence, poisson: bool
    ) -> tuple[Counts, Counts]:
        """Move the histogram, one multinomial draw for each count that occurs."""
        assert not poisson
        rng, law = np.random.default_rng(seed), _transition(n)
        present, fixed = np.zeros(horizon, np.int64), np.zeros(horizon, np.int64)
        histogram = rng.multinomial(replicates, _row(n, first / n))
        for k in range(horizon):
            if k:
                occupied = np.flatnonzero(histogram)
                histogram = rng.multinomial(histogram[occupied], law[occupied]).sum(axis=0)
            present[k], fixed[k] = replicates - histogram[0], histogram[n]
        return present, fixed


@lru_cache(maxsize=4)
def _transition(n: int) -> NDArray[np.float64]:
    """The law of the next count for each count 0, ..., n."""
    return np.array([_row(n, count / n) for count in range(n + 1)])


def _row(n: int, p: float) -> NDArray[np.float64]:
    from scipy.stats import binom

    law = np.asarray(binom.pmf(np.arange(n + 1), n, min(p, 1.0)))
    return law / law.sum()
