"""How much to simulate, and doing it: replicates or a precision, a seed, threads, a progress bar."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.checkpoint import Checkpoints
from modelcollapse.simulate.engine import Partial, Simulation, run
from modelcollapse.simulate.estimate import Estimate, estimate, time_estimate
from modelcollapse.simulate.expected_time import warning
from modelcollapse.simulate.experiment import Generations
from modelcollapse.simulate.generic import GenericLoop, require_countable
from modelcollapse.simulate.memory import require_memory
from modelcollapse.simulate.precision import replicates_for
from modelcollapse.statistics.base import Statistic

Rng = int | np.random.Generator | np.random.SeedSequence | None

DEFAULT_REPLICATES = 1000
MOST_REPLICATES = 10**12


@dataclass(frozen=True)
class Effort:
    """How much a simulation may cost, and what seeds it.

    Parameters
    ----------
    replicates : int or None
        Runs; None where `precision` decides.
    precision : float or None
        Half the width of every 95 % interval.
    entropy : int
    n_jobs : int
        Threads.
    checkpoints : Checkpoints or None
        Where blocks are saved on the way.
    """

    replicates: int | None
    precision: float | None
    entropy: int
    n_jobs: int
    checkpoints: Checkpoints | None = None

    @classmethod
    def of(
        cls,
        replicates: int | None,
        precision: float | None,
        rng: Rng,
        n_jobs: int,
        checkpoints: Checkpoints | None = None,
    ) -> Effort:
        """Return what a user asked for, checked.

        Raises
        ------
        InputError
            If both replicates and a precision are given, or something is out of range.
        """
        if precision is not None:
            if replicates is not None:
                raise InputError(
                    f"`replicates` is {replicates!r} and `precision` is {precision!r}, but only one may be given; "
                    "a precision decides how many replicates it takes."
                )
            precision = arguments.real("precision", precision, low=1e-9, high=1.0)
        elif replicates is None:
            replicates = DEFAULT_REPLICATES
        else:
            replicates = arguments.integer("replicates", replicates, least=1, most=MOST_REPLICATES)
        return cls(replicates, precision, entropy_of(rng), _threads(n_jobs), checkpoints)

    def simulation(self, recursion: Recursion, asked: Sequence[Statistic], generations: Generations) -> Simulation:
        """Lay a simulation out."""
        replicates = self.replicates
        if replicates is None:
            assert self.precision is not None
            replicates = replicates_for(self.precision, recursion, asked, generations, self.entropy)
        return Simulation(recursion, asked, generations, replicates, self.entropy, self.checkpoints)


def simulated(
    recursion: Recursion, asked: Sequence[Statistic], generations: Generations, effort: Effort, *, progress: bool
) -> tuple[list[Estimate], Simulation]:
    """Return an estimate of each statistic, and the simulation that they are from."""
    for statistic in asked:
        statistic.observer(recursion)
    recursion.family.require_size(int(recursion.sizes(int(generations[-1])).max()))
    require_countable(recursion, int(generations[-1]))
    simulation = effort.simulation(recursion, asked, generations)
    require_memory(simulation, effort.n_jobs)
    *_, last = _shown(simulation, effort.n_jobs, progress)
    found = [estimate(recursion, s, sums) for s, sums in zip(asked, last.sums, strict=True)]
    return found, simulation


def simulated_time(
    recursion: Recursion, statistic: Statistic, generations: Generations, effort: Effort, *, progress: bool
) -> tuple[Estimate, Simulation]:
    """Return an estimate of a time: every generation up to the last one named is looked at."""
    statistic.coordinates(recursion)
    followed = statistic.followed(recursion)
    assert followed is not None
    horizon = arguments.integer("generations", int(generations[-1]), least=1, most=10**7)
    every = np.arange(1, horizon + 1, dtype=np.int64)
    (curve,), simulation = simulated(recursion, [followed[0]], every, effort, progress=progress)
    return time_estimate(statistic, recursion, curve, every), simulation


def _shown(simulation: Simulation, n_jobs: int, progress: bool) -> Iterator[Partial]:
    """Run a simulation; say first if it takes long, and show a bar where somebody watches."""
    if progress and (long := warning(simulation)):
        sys.stderr.write(f"{long}\n")
    if not (progress and sys.stderr.isatty()):
        yield from run(simulation, n_jobs=n_jobs)
        return
    from tqdm import tqdm

    if isinstance(simulation.route, GenericLoop) and simulation.checkpoints is None:
        steps = simulation.blocks * simulation.horizon
        with tqdm(total=steps, desc="simulating", unit="generation", delay=2.0) as bar:
            yield from run(replace(simulation, tell=bar.update), n_jobs=n_jobs)
        return
    yield from tqdm(run(simulation, n_jobs=n_jobs), total=simulation.blocks, desc="simulating", unit="block", delay=2.0)


def _threads(n_jobs: int) -> int:
    if n_jobs == -1:
        return os.cpu_count() or 1
    return arguments.integer("n_jobs", n_jobs, least=1, most=1024, remedy="-1 stands for all processors.")


def entropy_of(rng: Rng) -> int:
    """Return the entropy that a seed stands for; fresh where none is given."""
    if rng is None:
        return secrets.randbits(128)
    if isinstance(rng, np.random.SeedSequence):
        return int.from_bytes(rng.generate_state(4).tobytes(), "little")
    if isinstance(rng, np.random.Generator):
        return int.from_bytes(rng.bytes(16), "little")
    return arguments.integer("rng", rng, least=0)
