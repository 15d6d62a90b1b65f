"""Overhead of sweeps: engine and store against a plain loop over the same units, many short units, a finished sweep.

    python benchmarks/bench_runs.py [--markdown FILE]

Overhead is CPU time of a whole run, workers and all, over that of a loop that answers the same units in this process
and keeps nothing; what a worker needs once, to start, is measured by a run of as many units as workers and
taken off. CPU time does not see what waiting for a disk costs. Exits with status 1 on a miss.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from modelcollapse.provenance import Provenance
from modelcollapse.result import Result
from modelcollapse.runs import Spec, Unit, run, spec_of, units_of

WORKERS = 2
GENERATIONS = list(range(1, 21))


def sweep(units: int, name: str = "") -> Spec:
    """A sweep of so many units."""
    return spec_of(
        {
            "name": name,
            "recursion": {"family": "gaussian", "sample_size": 10},
            "statistics": ["mean_variance"],
            "generations": GENERATIONS,
            "grid": {"seed": list(range(units))},
            "run": {"jobs": WORKERS},
        }
    )


def busy(unit: Unit, seconds: float) -> list[Result]:
    """Use the processor for a time, and return numbers that follow from the key."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    value = np.random.default_rng(unit.entropy).random(len(GENERATIONS))
    about = Provenance({}, {"name": "number"}, "simulate", "", {})
    labels = {"generation": GENERATIONS}
    return [Result("number", "estimate", "benchmark", value, ("generation",), labels, (), about, low=value, high=value)]


def long_unit(unit: Unit) -> list[Result]:
    """A unit of 0.1 s."""
    return busy(unit, 0.1)


def short_unit(unit: Unit) -> list[Result]:
    """A unit of 1 ms."""
    return busy(unit, 0.001)


def no_unit(unit: Unit) -> list[Result]:
    """A unit that takes no time."""
    return busy(unit, 0.0)


def processor_seconds() -> float:
    """CPU time of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def settled() -> float:
    """CPU time when no worker is left whose time is not yet known."""
    for worker in multiprocessing.active_children():
        worker.join()
    return processor_seconds()


def cost(spec: Spec, evaluate, folder: Path) -> float:
    """CPU seconds of a run."""
    before = processor_seconds()
    run(spec, folder, evaluate=evaluate)
    return settled() - before


def overhead(folder: Path, units: int = 100) -> float:
    """Per cent by which a run of units of 0.1 s costs more than a loop over them."""
    listed = [unit for _, unit in units_of(sweep(units))]
    before = processor_seconds()
    for unit in listed:
        long_unit(unit)
    plain = processor_seconds() - before
    start = cost(sweep(WORKERS), no_unit, folder / "start")
    return (cost(sweep(units), long_unit, folder / "long") - start) / plain * 100 - 100


def many_short(folder: Path, units: int = 10_000) -> float:
    """CPU seconds per worker for 10,000 units of 1 ms, from start to end."""
    return cost(sweep(units), short_unit, folder / "short") / WORKERS


def resumed(folder: Path, units: int = 100_000) -> float:
    """CPU seconds until a finished sweep of 100,000 units, stored by short batches, is known to be finished."""
    spec = sweep(units)
    run(spec, folder / "many", evaluate=no_unit)
    before = time.process_time()
    assert run(spec, folder / "many", evaluate=no_unit).run == 0
    return time.process_time() - before


FIGURES = (
    ("overhead, units of 0.1 s", overhead, 5.0, "% of CPU time"),
    ("10,000 units of 1 ms", many_short, 30.0, f"s of CPU time on each of {WORKERS} processors"),
    ("resuming 100,000 finished units", resumed, 5.0, "s of CPU time"),
)


def main() -> None:
    """Measure, print, and leave with status 1 on a miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, help="write the table there, too")
    given = parser.parse_args()
    lines, missed = ["| what | measured | at most | |", "|---|---|---|---|"], False
    with tempfile.TemporaryDirectory() as name:
        for what, measure, most, unit in FIGURES:
            found = measure(Path(name))
            missed |= found > most
            lines.append(f"| {what} | {found:.1f} | {most:.0f} | {unit} |")
            print(lines[-1], flush=True)
    if given.markdown:
        given.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(missed)


if __name__ == "__main__":
    main()
