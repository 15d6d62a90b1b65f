"""Presence of single symbols, and of a Poisson rate: the count alone is followed, and only where it is above 0.

A symbol's count is a Markov chain by itself, whatever the other symbols do. So few symbols are simulated one by one,
each from draws of its own: every answer is about one of them, and none about two together.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.compiling import announced, loaded
from modelcollapse.families.categorical import Categorical
from modelcollapse.families.poisson import Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.experiment import Experiment, Generations
from modelcollapse.simulate.route import Route
from modelcollapse.start import DiscreteStart, Parameters
from modelcollapse.statistics.base import Statistic, Sums
from modelcollapse.statistics.nonzero import NonZero
from modelcollapse.statistics.not_fixed import NotFixed
from modelcollapse.statistics.survival import Survival
from modelcollapse.workflows.replace import Replace

Counts = NDArray[np.int64]

MOST_SYMBOLS = 20
KERNEL_WORK = 2 * 10**7  # replicates x generations that NumPy takes about a second for: less waits for no compiler
_LARGEST_MEAN = 10**10  # beyond it too many of the kernel's draws would need the distribution function


class PresenceRoute(Route):
    """A way to follow counts; a subclass says how."""

    def covers(self, experiment: Experiment) -> bool:
        """Whether all that is asked is the presence of few symbols, or of a rate, under replace with one size."""
        recursion, work = experiment.recursion, experiment.replicates * experiment.horizon
        fits = is_plain_replace(recursion) and _fits(recursion, experiment.statistics)
        return bool(fits and self.worth(recursion, work))

    @abstractmethod
    def worth(self, recursion: Recursion, work: int) -> bool:
        """Whether so many replicates x generations are worth this way."""

    @abstractmethod
    def follow(
        self, n: int, first: float, horizon: int, replicates: int, seed: np.random.SeedSequence, poisson: bool
    ) -> tuple[Counts, Counts]:
        """Return for generations 1 to horizon how many replicates have a count above 0, and how many of all n.

        The first count is Bin(n, first/n), or Poisson(first).
        """

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Simulate each probability that occurs once, however many statistics ask about it."""
        recursion, statistics = block.recursion, block.statistics
        n, poisson = recursion.constant_size or 0, isinstance(recursion.family, Poisson)
        firsts = [_first_means(recursion, statistic) for statistic in statistics]
        distinct = list(dict.fromkeys(mean for means in firsts for mean in means))
        # What `seed.spawn` would give, but `seed` stays as it is, so that the block can be replayed.
        keys = [(*seed.spawn_key, number) for number in range(len(distinct))]
        streams = {m: np.random.SeedSequence(seed.entropy, spawn_key=k) for m, k in zip(distinct, keys, strict=True)}
        followed = {m: self.follow(n, m, block.horizon, block.replicates, s, poisson) for m, s in streams.items()}
        return [
            _sums(statistic, [followed[mean] for mean in means], block.generations, block.replicates)
            for statistic, means in zip(statistics, firsts, strict=True)
        ]


class Presence(PresenceRoute):
    """Draw the counts that are above 0 by NumPy."""

    name: ClassVar[str] = "counts above 0"

    def worth(self, recursion: Recursion, work: int) -> bool:  # noqa: ARG002
        """Whether it is about symbols: the generic loop follows a rate as fast."""
        return isinstance(recursion.family, Categorical)

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return 32,768: the counts fit into the processor's cache."""
        return 2**15

    def follow(
        self, n: int, first: float, horizon: int, replicates: int, seed: np.random.SeedSequence, poisson: bool
    ) -> tuple[Counts, Counts]:
        """Draw live counts generation by generation."""
        assert not poisson
        rng = np.random.default_rng(seed)
        present, fixed = np.zeros(horizon, np.int64), np.zeros(horizon, np.int64)
        live = rng.binomial(n, min(first / n, 1.0), size=replicates)
        for k in range(horizon):
            if k:
                live = rng.binomial(n, live / n)
            live = live[live > 0]
            present[k], fixed[k] = len(live), np.count_nonzero(live == n)
        return present, fixed


class PresenceKernel(PresenceRoute):
    """Draw the counts that are above 0 by a compiled kernel."""

    name: ClassVar[str] = "counts above 0, compiled"

    def worth(self, recursion: Recursion, work: int) -> bool:
        """Whether it would take NumPy a second, and all counts are in range."""
        return work >= KERNEL_WORK and _largest_mean(recursion) <= _LARGEST_MEAN

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return 524,288: enough that starting a block costs nothing."""
        return 2**19

    def follow(
        self, n: int, first: float, horizon: int, replicates: int, seed: np.random.SeedSequence, poisson: bool
    ) -> tuple[Counts, Counts]:
        """Call the kernel."""
        from modelcollapse.simulate.kernels.alias_rows import LARGEST_MEAN

        table, rows = alias_table(n, first if first <= LARGEST_MEAN else 0.0, poisson)
        key = seed.generate_state(1, np.uint64)[0]
        kernel = compiled()
        present, fixed = kernel(n, first, horizon, replicates, key, table, rows, poisson, not poisson and n <= 10**7)
        return present[1:], fixed[1:]


@cache
def compiled() -> Any:
    """Return the kernel, after a word to the user if it has to be compiled."""
    kernel = loaded(_kernel)
    with announced("the simulation of counts", seconds=15):
        table, rows = alias_table(10, 1.0, poisson=False)
        kernel(10, 1.0, 2, 2, np.uint64(1), table, rows, False, True)
    return kernel


@cache
def alias_table(n: int, first: float, poisson: bool) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return alias rows; the free row is marked as not there where the first mean is 0."""
    from modelcollapse.simulate.kernels.alias_rows import alias_rows

    table, rows = alias_rows(n, first, poisson)
    if first == 0.0:
        rows[-1] = 0
    return table, rows


def _kernel() -> Any:
    from modelcollapse.simulate.kernels.presence import replicates_present

    return replicates_present


def is_plain_replace(recursion: Recursion) -> bool:
    """Whether all data are new draws of the model before, unshaped, and as many at every generation."""
    return isinstance(recursion.workflow, Replace) and recursion.is_plain and recursion.constant_size is not None


def _fits(recursion: Recursion, statistics: Sequence[Statistic]) -> bool:
    if isinstance(recursion.family, Poisson):
        return all(isinstance(statistic, NonZero) for statistic in statistics)
    if not isinstance(recursion.family, Categorical):
        return False
    asked = [s for s in statistics if isinstance(s, Survival | NotFixed)]
    return len(asked) == len(statistics) and sum(s.sets(recursion).size for s in asked) <= MOST_SYMBOLS


def _first_means(recursion: Recursion, statistic: Statistic) -> list[float]:
    """The mean of the count of generation 1, of each symbol or set asked about."""
    start = recursion.start
    if isinstance(start, Parameters):
        return [start.values["rate"] * (recursion.constant_size or 0)]
    assert isinstance(start, DiscreteStart)
    assert isinstance(statistic, Survival | NotFixed)
    chances = np.minimum(statistic.sets(recursion).total(start.probabilities), 1.0)
    return [float(p) * (recursion.constant_size or 0) for p in chances]


def _largest_mean(recursion: Recursion) -> float:
    """The largest mean that a count ever has: a Poisson sum can grow tenfold and more, but does so rarely."""
    if isinstance(recursion.start, Parameters):
        return 10.0 * recursion.start.values["rate"] * (recursion.constant_size or 0)
    return float(recursion.constant_size or 0)


def _sums(
    statistic: Statistic, followed: list[tuple[Counts, Counts]], generations: Generations, replicates: int
) -> Sums:
    """The observations are 0 or 1, so that their squares are they themselves."""
    columns = [present - fixed if isinstance(statistic, NotFixed) else present for present, fixed in followed]
    total = np.stack(columns, axis=1)[generations - 1].astype(np.float64)
    if isinstance(statistic, NonZero):
        total = total[:, 0]
    return Sums.of_block(replicates, total, total)
