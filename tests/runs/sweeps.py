"""Small sweeps, what their units may do wrong, and what a store holds."""

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from modelcollapse.provenance import Provenance
from modelcollapse.result import Result
from modelcollapse.runs import Spec, spec_of
from modelcollapse.runs.place import Place
from modelcollapse.runs.rows import schema
from modelcollapse.runs.store import Store

TABLE = {
    "recursion": {"family": "gaussian"},
    "statistics": ["mean_variance", {"name": "scale_tail", "threshold": 0.5}],
    "generations": 4,
    "method": "simulate",
    "replicates": 40,
    "grid": {"recursion.sample_size": [5, 10, 20], "recursion.family.ddof": [0, 1]},
}
SOON = 60.0  # seconds: a deadline that only a failure meets


def sweep(**changes) -> Spec:
    """A sweep of six units that take milliseconds."""
    run = {"executor": "serial", "jobs": 2, **changes.pop("run", {})}
    return spec_of({**TABLE, **changes, "run": run})


def counted(number: int, **run) -> Spec:
    """A sweep of so many units, which differ in their seed alone and are answered by a function of this module."""
    recursion = {"family": "gaussian", "sample_size": 5}
    return sweep(recursion=recursion, grid={"seed": list(range(number))}, run={"executor": "processes", **run})


def held(store) -> pa.Table:
    """All rows of a store in an order of their own, whatever shards they are in."""
    kept = Store(Place(store))
    tables = list(kept.tables(kept.contents()))
    rows = pa.concat_tables(tables) if tables else schema().empty_table()
    order = [(name, "ascending") for name in ("unit", "statistic", "generation")]
    return rows.sort_by(order)


def shards(store: Path) -> list[Path]:
    """The files of a store's shards."""
    return sorted((store / "shards").glob("*.parquet"))


def until(condition, deadline: float = SOON):
    """Wait until a condition holds, and return what it returned."""
    end = time.monotonic() + deadline
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.01)
    return found


def alive(process: int) -> bool:
    """Whether a process still does anything."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def answered(unit) -> list[Result]:
    """Answer a unit by a number that follows from its key."""
    value = np.random.default_rng(unit.entropy).random(3)
    provenance = Provenance({}, {"name": "number"}, "simulate", "", {})
    return [Result("number", "estimate", "test", value, ("generation",), {"generation": [1, 2, 3]}, (), provenance)]


def seed_of(unit) -> int:
    """The seed by which units of `counted` differ."""
    return unit.parameters["seed"]


def raising(unit):
    """Raise at unit 3."""
    if seed_of(unit) == 3:
        raise ZeroDivisionError("a unit of the test")
    return answered(unit)


def killed(unit):
    """Kill the worker at unit 3, as the system does when memory runs out."""
    if seed_of(unit) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return answered(unit)


def never_returning(unit):
    """Loop for ever at unit 3."""
    while seed_of(unit) == 3:
        pass
    return answered(unit)


leaked = []


def leaking(unit):
    """Keep ever more memory."""
    leaked.append(np.ones(20_000_000))
    return answered(unit)


def greedy(unit):
    """Ask for more memory than there is at unit 3."""
    if seed_of(unit) == 3:
        np.ones(10**9)
    return answered(unit)


def telling(unit):
    """Leave a file beside the store that says which process was at which unit, and wait for a file that allows it."""
    folder = Path(os.environ["MODELCOLLAPSE_TEST_FOLDER"])
    begun = folder / f"begun-{seed_of(unit)}"
    begun.write_text(str(os.getpid()))
    begun.rename(folder / f"at-{seed_of(unit)}")
    if seed_of(unit) >= int(os.environ.get("MODELCOLLAPSE_TEST_WAIT_FROM", "1000000000")):
        until((folder / "go").exists)
    return answered(unit)


def interrupting(unit):
    """Interrupt this process at unit 3, and again, which breaks the unit off, at unit 6."""
    for _ in range({3: 1, 6: 2}.get(seed_of(unit), 0)):
        signal.raise_signal(signal.SIGINT)
    return answered(unit)


def slowly(unit):
    """Leave a file that names the process, and take some milliseconds."""
    folder = Path(os.environ["MODELCOLLAPSE_TEST_FOLDER"])
    (folder / f"worker-{os.getpid()}").touch()
    end = time.process_time() + 0.004
    while time.process_time() < end:
        pass
    return answered(unit)
