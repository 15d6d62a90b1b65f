"""Single replicates, generation by generation: for looking at, where sums over replicates are for measuring."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.loop import snapshots
from modelcollapse.statistics.base import Snapshot

MOST_VALUES = 10**7


def paths(
    recursion: Recursion,
    measure: Callable[[Snapshot], NDArray[np.float64]],
    generations: int,
    replicates: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return what `measure` says of every replicate at every generation, shape (generation, replicate, ...).

    Parameters
    ----------
    recursion : Recursion
    measure : callable
        Of a `Snapshot` to an array whose first axis is the replicate.
    generations : int
        Generations 1 to this one.
    replicates : int
    rng : Generator

    Raises
    ------
    InputError
        If more than 10^7 values would be kept.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known
    >>> coin = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=10)
    >>> found = paths(coin, lambda seen: seen.model[:, 0], 5, 3, np.random.default_rng(1))
    >>> found.shape, bool(np.all((found >= 0) & (found <= 1)))
    ((5, 3), True)
    """
    horizon = arguments.integer("generations", generations, least=1)
    runs = arguments.integer("replicates", replicates, least=1)
    if horizon * runs > MOST_VALUES:
        raise InputError(
            f"`replicates` x `generations` is {runs:,} x {horizon:,} values, but paths keep at most {MOST_VALUES:,}; "
            "ask for fewer, or for a statistic with `solve`, which keeps sums alone."
        )
    return np.stack([measure(snapshot) for snapshot in snapshots(recursion, horizon, runs, rng)])
