"""Running a simulation: blocks of replicates on threads, added up in order, to be interrupted and continued at will.

A block is the unit of replay. Its generator is spawned from the entropy and the block's own number, and its size and
its route follow from the experiment alone. So no number depends on what else was run, in what order, or by how many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from modelcollapse.errors import LearnerError
from modelcollapse.simulate.checkpoint import Checkpoints, can_be_saved, saved_block
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import GenericLoop
from modelcollapse.simulate.route import Route
from modelcollapse.simulate.shortcuts import SHORTCUTS
from modelcollapse.statistics.base import Sums

ROUTES: tuple[Route, ...] = (*SHORTCUTS, GenericLoop())
_LEAST_BLOCKS = 20  # intervals of means come from the differences between blocks


@dataclass(frozen=True, eq=False)
class Simulation(Experiment):
    """An experiment that is laid out and can be run block by block.

    Parameters
    ----------
    recursion, statistics, generations, replicates
        As of an `Experiment`.
    entropy : int
        Seeds everything.
    checkpoints : Checkpoints, optional
        Where blocks are saved on the way, if their data are kept: one that was stopped goes on with the same bits.
    tell : callable, optional
        Called after each generation of each block, where the generic loop runs it and nothing is saved on the way.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Categorical, Known, Recursion
    >>> from modelcollapse.statistics import Diversity
    >>> coin = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=10)
    >>> simulation = Simulation(coin, [Diversity()], np.array([1, 5]), replicates=1000, entropy=1)
    >>> simulation.blocks, simulation.route.name
    (20, 'survivors')
    >>> again = simulation.run_block(7)[0].total == simulation.run_block(7)[0].total
    >>> bool(again.all())
    True
    """

    entropy: int
    checkpoints: Checkpoints | None = None
    tell: Callable[[], object] | None = None

    @property
    def route(self) -> Route:
        """The first route that covers the experiment."""
        return next(route for route in ROUTES if route.covers(self))

    @property
    def block_size(self) -> int:
        """Replicates of each block but the last; probabilities need no differences between blocks."""
        size = self.route.block_size(self)
        if all(statistic.is_probability for statistic in self.statistics):
            return min(size, self.replicates)
        return max(1, min(size, self.replicates // _LEAST_BLOCKS))

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.replicates // self.block_size)

    def run_block(self, number: int) -> list[Sums]:
        """Run block `number`, from 0 on; the same at any time, alone or among others."""
        size = self.block_size
        block = self.of(min(size, self.replicates - number * size))
        seed = np.random.SeedSequence(self.entropy, spawn_key=(number,))
        try:
            if self.checkpoints is not None and isinstance(self.route, GenericLoop) and can_be_saved(self.recursion):
                return saved_block(block, seed, self.checkpoints, number)
            route = GenericLoop(self.tell) if isinstance(self.route, GenericLoop) else self.route
            return route.run_block(block, seed)
        except LearnerError as error:
            raise error.after(number * size) from error.__cause__


@dataclass(frozen=True, eq=False)
class Partial:
    """The first blocks of a simulation, added up; can be stored, and continued by `run`.

    Parameters
    ----------
    blocks : int
        How many blocks are in.
    sums : tuple of Sums
        One per statistic.
    """

    blocks: int
    sums: tuple[Sums, ...]


def run(simulation: Simulation, *, n_jobs: int = 1, done: Partial | None = None) -> Iterator[Partial]:
    """Run the blocks that are not done, on `n_jobs` threads, and yield what there is after each, in order.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Categorical, Known, Recursion
    >>> from modelcollapse.statistics import Diversity
    >>> coin = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=10)
    >>> simulation = Simulation(coin, [Diversity()], np.array([1]), replicates=1000, entropy=1)
    >>> *_, whole = run(simulation)
    >>> some = next(run(simulation))
    >>> *_, continued = run(simulation, n_jobs=2, done=some)
    >>> bool(continued.sums[0].total == whole.sums[0].total)
    True
    """
    sums = None if done is None else done.sums
    first = 0 if done is None else done.blocks
    for number, block in enumerate(_in_order(simulation, first, n_jobs), start=first):
        sums = tuple(block) if sums is None else tuple(a + b for a, b in zip(sums, block, strict=True))
        yield Partial(number + 1, sums)


def _in_order(simulation: Simulation, first: int, n_jobs: int) -> Iterator[list[Sums]]:
    """Yield the blocks in order, a few of them running ahead."""
    if n_jobs == 1:
        yield from map(simulation.run_block, range(first, simulation.blocks))
        return
    pool = ThreadPoolExecutor(n_jobs)
    try:
        ahead: deque[Future[list[Sums]]] = deque()
        for number in range(first, simulation.blocks):
            ahead.append(pool.submit(simulation.run_block, number))
            if len(ahead) > 2 * n_jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
