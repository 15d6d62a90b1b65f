"""Blocks whose replicates are run one after the other, each from a stream of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import watch
from modelcollapse.statistics.base import Snapshot, Sums


def one_by_one(
    block: Experiment,
    seed: np.random.SeedSequence,
    snapshots: Callable[[Experiment, np.random.SeedSequence], Iterator[Snapshot | None]],
) -> list[Sums]:
    """Run each replicate of a block, and add up what the observers leave."""
    total: list[Sums] | None = None
    alone = block.of(1)
    for number in range(block.replicates):
        sums = watch(alone, snapshots(alone, stream_of(seed, number)))
        total = sums if total is None else [_joined(a, b) for a, b in zip(total, sums, strict=True)]
    assert total is not None
    return total


def stream_of(seed: np.random.SeedSequence, number: int) -> np.random.SeedSequence:
    """Return what `seed.spawn` would give a replicate; `seed` stays as it is, so that the block can be replayed."""
    return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, number))


def _joined(left: Sums, right: Sums) -> Sums:
    """Add up the sums of two replicates of one block: an addition between blocks would count batches."""
    return Sums.of_block(
        left.replicates + right.replicates,
        left.total + right.total,
        left.squares + right.squares,
        left.undefined + right.undefined,
    )
