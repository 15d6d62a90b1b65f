"""Memory is predicted before it is spent."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from modelcollapse.errors import NoAnswerError
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.generic import GenericLoop, values_held

_COPIES = 4  # a block's numbers, the batch they came from, and what an observer makes of them
_BYTES = 8


def require_memory(simulation: Simulation, n_jobs: int) -> None:
    """Raise `NoAnswerError`, with the number and the remedy, if a simulation would need more than is free."""
    needed, free = predicted_bytes(simulation, n_jobs), free_bytes()
    if free is not None and needed > free:
        raise NoAnswerError(
            f"The simulation would need about {needed / 1e9:.3g} GB and {free / 1e9:.3g} GB are free; ask for fewer "
            "generations or symbols, lower `sample_size`, use fewer `n_jobs`, or choose a workflow that keeps less."
        )


def predicted_bytes(simulation: Simulation, n_jobs: int) -> int:
    """Return about how much memory a simulation needs: blocks that run at once, and what is kept of them."""
    # A shortcut keeps its blocks small by itself.
    generic = isinstance(simulation.route, GenericLoop)
    block = simulation.block_size * values_held(simulation.recursion, simulation.horizon) if generic else 0
    kept = 0
    for statistic in simulation.statistics:
        axes = [len(labels) for labels in statistic.coordinates(simulation.recursion).values()]
        kept += 5 * len(simulation.generations) * int(np.prod(axes, dtype=object))
    running = min(n_jobs, simulation.blocks)
    return _BYTES * (running * (_COPIES * block + kept) + 2 * kept)


def free_bytes() -> int | None:
    """Return how much memory is free or can be freed, None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
