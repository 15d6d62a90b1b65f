"""Categorical recursions with many symbols: only those still alive are drawn, so that cost falls as symbols die."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.compiling import announced, loaded
from modelcollapse.families.categorical import Categorical
from modelcollapse.families.symbol_counts import multinomial_counts
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import watch
from modelcollapse.simulate.route import Route
from modelcollapse.simulate.shortcuts.one_by_one import one_by_one
from modelcollapse.simulate.shortcuts.presence import alias_table
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics.base import Snapshot, Sums
from modelcollapse.workflows.replace import Replace

KERNEL_WORK = 2 * 10**7  # replicates x generations x symbols: about a second of NumPy
_LARGEST_SIZE = 10**12  # of the kernel: counts are its Poisson means, and their sum is repaired by sqrt(n) draws
_LARGEST_NARROW = 2**30  # of int32 counts: their Poisson numbers, of mean n and less, stay far below 2^31
_LEAST_SYMBOLS = 2000  # with fewer, NumPy draws a block of replicates at once and is as fast


class SurvivorsRoute(Route):
    """What the ways to draw survivors share."""

    def covers(self, experiment: Experiment) -> bool:
        """Whether it is categorical, under replace, drawn plainly."""
        recursion = experiment.recursion
        plain = isinstance(recursion.workflow, Replace) and recursion.is_plain
        return plain and isinstance(recursion.family, Categorical) and self.worth(experiment)

    def worth(self, experiment: Experiment) -> bool:  # noqa: ARG002
        """Whether so much work is worth this way."""
        return True


class Survivors(SurvivorsRoute):
    """Draw a block of replicates by NumPy, with a column for each symbol that is alive in any of them."""

    name: ClassVar[str] = "survivors"

    def block_size(self, experiment: Experiment) -> int:
        """Return as many replicates as hold a million counts."""
        assert isinstance(experiment.recursion.start, DiscreteStart)
        return int(max(1, min(2048, 2**20 // len(experiment.recursion.start.probabilities))))

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Draw, leave out columns that have died, and show the rest."""
        return watch(block, self._snapshots(block, np.random.default_rng(seed)))

    def _snapshots(self, block: Experiment, rng: np.random.Generator) -> Iterator[Snapshot]:
        recursion = block.recursion
        assert isinstance(recursion.start, DiscreteStart)
        truth = recursion.start.probabilities
        columns = np.flatnonzero(truth > 0)
        model = np.broadcast_to(truth[columns], (block.replicates, len(columns)))
        for n in recursion.sizes(block.horizon).tolist():
            counts = multinomial_counts(n, model, rng)
            alive = counts.any(axis=0)
            if not alive.all():
                columns, counts = columns[alive], counts[:, alive]
            model = counts / n
            yield Snapshot(model, counts, counts, columns)


class SurvivorsKernel(SurvivorsRoute):
    """Draw one replicate after the other by a compiled kernel."""

    name: ClassVar[str] = "survivors, compiled"

    def worth(self, experiment: Experiment) -> bool:
        """Whether symbols are many and would take NumPy a second, with one sample size in range."""
        recursion = experiment.recursion
        assert isinstance(recursion.start, DiscreteStart)
        symbols, n = len(recursion.start.probabilities), recursion.constant_size
        work = experiment.replicates * experiment.horizon * symbols
        return symbols >= _LEAST_SYMBOLS and n is not None and n <= _LARGEST_SIZE and work >= KERNEL_WORK

    def block_size(self, experiment: Experiment) -> int:  # noqa: ARG002
        """Return 16: a block is run replicate by replicate, and holds one at a time."""
        return 16

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Run each replicate with a key of its own, and add up what the observers leave."""
        return one_by_one(block, seed, self._snapshots)

    def _snapshots(self, block: Experiment, seed: np.random.SeedSequence) -> Iterator[Snapshot | None]:
        recursion, watched = block.recursion, block.watched
        assert isinstance(recursion.start, DiscreteStart)
        n = recursion.constant_size or 0
        step, (table, rows) = compiled(), alias_table(10, 0.0, poisson=True)
        key = seed.generate_state(1, np.uint64)[0]
        # The first batch is drawn from probabilities, the others from counts.
        counts = multinomial_counts(n, recursion.start.probabilities[None, :], np.random.default_rng(seed))[0]
        # Half the memory to go through; Poisson numbers may exceed n before they are repaired.
        narrow = np.int32 if n <= _LARGEST_NARROW else np.int64
        symbols = np.flatnonzero(counts)
        counts, live = counts[symbols].astype(narrow), len(symbols)
        symbols = symbols.astype(np.int32)
        fresh, sums = np.empty_like(counts), np.empty(live // 32 + 1, np.int64)
        for k in range(1, block.horizon + 1):
            if k > 1:
                live = step(counts, symbols, live, n, k, key, table, rows, fresh, sums)
            yield _snapshot(counts[:live], symbols[:live], n) if k in watched else None


def _snapshot(counts: NDArray[np.int64], symbols: NDArray[np.int64], n: int) -> Snapshot:
    drawn = counts[None, :].astype(np.int64)
    return Snapshot(drawn / n, drawn, drawn, symbols.astype(np.int64))


@cache
def compiled() -> Any:
    """Return the kernel, after a word to the user if it has to be compiled."""
    step = loaded(_kernel)
    with announced("the simulation of categorical models", seconds=10):
        counts, symbols = np.array([5, 400], np.int32), np.array([0, 1], np.int32)
        table, rows = alias_table(10, 0.0, poisson=True)
        step(counts, symbols, 2, 405, 1, np.uint64(1), table, rows, np.empty_like(counts), np.empty(1, np.int64))
    return step


def _kernel() -> Any:
    from modelcollapse.simulate.kernels.multinomial import generation

    return generation
