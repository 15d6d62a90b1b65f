"""The route that every question has: the generic loop, watched by the statistics' own observers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.experiment import Experiment, Generations
from modelcollapse.simulate.loop import simulated_family, snapshots
from modelcollapse.simulate.route import Route
from modelcollapse.statistics.base import Observer, Snapshot, Statistic, Sums

_LARGEST_BLOCK = 2048
_VALUES_PER_BLOCK = 2**20
_MOST_COUNTED = 9e18


@dataclass(frozen=True)
class GenericLoop(Route):
    """Draw, pool, fit, as the workflow's recipes say.

    Parameters
    ----------
    tell : callable, optional
        Called after each generation of a block.
    """

    tell: Callable[[], object] | None = None

    name: ClassVar[str] = "generic loop"

    def covers(self, experiment: Experiment) -> bool:  # noqa: ARG002
        """Return True."""
        return True

    def block_size(self, experiment: Experiment) -> int:
        """Return as many replicates as hold a million numbers."""
        held = values_held(experiment.recursion, experiment.horizon)
        return max(1, min(_LARGEST_BLOCK, _VALUES_PER_BLOCK // held))

    def run_block(self, block: Experiment, seed: np.random.SeedSequence) -> list[Sums]:
        """Simulate one block by the generic loop."""
        seen = snapshots(block.recursion, block.horizon, block.replicates, np.random.default_rng(seed))
        return watch(block, seen if self.tell is None else _telling(seen, self.tell))


def _telling(seen: Iterable[Snapshot], tell: Callable[[], object]) -> Iterator[Snapshot]:
    for snapshot in seen:
        tell()
        yield snapshot


def watch(block: Experiment, seen: Iterable[Snapshot | None]) -> list[Sums]:
    """Show the snapshots of generations 1, 2, ... to an observer of each statistic, at the generations asked for.

    There may be None in the place of a snapshot that nobody asked for.
    """
    observers = [statistic.observer(block.recursion) for statistic in block.statistics]
    wanted = set(block.generations.tolist())
    for generation, snapshot in enumerate(seen, start=1):
        show(block.statistics, observers, snapshot, generation in wanted)
    return left_behind(block.statistics, observers, block.generations)


def show(
    statistics: Sequence[Statistic], observers: Sequence[Observer], snapshot: Snapshot | None, wanted: bool
) -> None:
    """Show a snapshot to those observers that want to see it: all, if its generation was asked for."""
    for statistic, observer in zip(statistics, observers, strict=True):
        if statistic.watches_all or wanted:
            assert snapshot is not None
            observer.observe(snapshot)


def left_behind(statistics: Sequence[Statistic], observers: Sequence[Observer], generations: Generations) -> list[Sums]:
    """Return what the observers have to say of the generations asked for."""
    finished = zip(statistics, [observer.finish() for observer in observers], strict=True)
    return [sums.at(generations - 1) if statistic.watches_all else sums for statistic, sums in finished]


def values_held(recursion: Recursion, horizon: int) -> int:
    """Return how many numbers one replicate holds at most: its model, its batch, its data where they are kept."""
    family, truth = simulated_family(recursion), recursion.start.truth
    per_datum = family.values_per_datum * family.datum_size(truth)
    compressed = family.values_per_replicate(truth) + family.values_per_batch(truth)
    return compressed + per_datum * data_held(recursion, horizon)


def data_held(recursion: Recursion, horizon: int) -> int:
    """Return how many data one replicate is trained on at most."""
    recipe, sizes = recursion.workflow.recipe(2), recursion.sizes(horizon)
    data = sum(sizes.tolist()) if recipe.pool else int(sizes.max())
    return data + (recursion.start.real_size if recipe.pool or 0 in recipe.batches else 0)


def require_countable(recursion: Recursion, horizon: int) -> None:
    """Raise `InputError` if the data of a growing pool are too many for a count of 64 bits, whatever they weigh."""
    held, weight = data_held(recursion, horizon), max(1.0, *recursion.workflow.recipe(2).batches.values())
    if held * weight >= _MOST_COUNTED:
        raise InputError(
            f"The workflow {recursion.workflow.name} would pool {held:.3g} data by generation {horizon}, but counts "
            f"end at {_MOST_COUNTED:.0e}; lower `sample_size`, the corpus, or `generations`."
        )
