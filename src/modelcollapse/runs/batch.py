"""What a worker does: the units of a batch, one after the other, and a shard of those that succeeded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.provenance import versions
from modelcollapse.result import Result
from modelcollapse.runs.rows import Rows
from modelcollapse.runs.shard import encode
from modelcollapse.runs.unit import Unit
from modelcollapse.simulate.checkpoint import Checkpoints

Evaluate = Callable[[Unit], list[Result]]


def evaluate(unit: Unit, folder: str | None = None) -> list[Result]:
    """Answer a unit through the door; given a folder, a long one that was stopped goes on from what it saved there."""
    checkpoints = None if folder is None else Checkpoints(Path(folder) / unit.key)
    return unit.question().answer(unit.entropy, checkpoints=checkpoints)


@dataclass(frozen=True)
class Task:
    """A batch as it is sent to a worker.

    Parameters
    ----------
    units : sequence of Unit
    spec : mapping
        Of the sweep; written into the shard.
    timeout : float or None
        Seconds that a unit may take; a worker that needs longer ends itself.
    seconds : float or None
        After which no further unit is begun: what is done should not wait long for its shard.
    evaluate : callable
        How a unit is answered.
    """

    units: Sequence[Unit]
    spec: Mapping[str, Any]
    timeout: float | None = None
    seconds: float | None = None
    evaluate: Evaluate = evaluate


@dataclass(frozen=True)
class Failure:
    """Why a unit has no result.

    Parameters
    ----------
    unit : str
    reason : str
    final : bool
        Whether another attempt would fail in the same way.
    """

    unit: str
    reason: str
    final: bool = False


@dataclass(frozen=True)
class Finished:
    """What came of a batch.

    Parameters
    ----------
    shard : bytes or None
        Rows of the units that succeeded.
    units : list of str
        Their keys.
    failures : list of Failure
    left : list of str
        Keys of units that were not begun.
    seconds : float
        Spent on units.
    worn : bool
        Whether the worker should be replaced: it has run out of memory once.
    """

    shard: bytes | None
    units: list[str]
    failures: list[Failure]
    left: list[str]
    seconds: float
    worn: bool = False


class SoFar:
    """What is done of a batch; another thread may ask at any time.

    Parameters
    ----------
    spec : mapping
        Of the sweep; written into the shard.
    """

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.units: list[str] = []
        self._rows, self._spec = Rows(), spec
        self._lock = threading.Lock()

    def add(self, unit: str, results: list[Result]) -> None:
        """Add a unit that succeeded."""
        with self._lock:
            self._rows.add(unit, results)
            self.units.append(unit)

    def shard(self) -> bytes | None:
        """Return the shard of the units so far, None if there are none."""
        with self._lock:
            return encode(self._rows.table(), self.units, self._spec, versions()) if self.units else None


class Watch:
    """What a worker tells and is told while it works; the plain one does neither."""

    stopped = False  # whether this process was told to stop, so that the unit that it is at may be broken off

    def follow(self, so_far: SoFar) -> None:
        """A batch begins; what is done of it can be asked of `so_far`."""

    def begin(self, place: int, timeout: float | None) -> bool:  # noqa: ARG002
        """Begin the unit at a place of the batch; whether it should."""
        return True

    def end(self) -> None:
        """The unit has ended."""


def run_batch(task: Task, watch: Watch | None = None) -> Finished:
    """Run a batch; a unit that raises costs itself alone.

    Raises
    ------
    nothing
        Whatever a unit raises becomes a failure of that unit.
    """
    watch = watch or Watch()
    so_far, failures = SoFar(task.spec), list[Failure]()
    begun, worn = 0, False
    watch.follow(so_far)
    start = time.perf_counter()
    for place, unit in enumerate(task.units):
        late = begun and task.seconds is not None and time.perf_counter() - start > task.seconds
        if late or not watch.begin(place, task.timeout):
            break
        begun += 1
        try:
            results = task.evaluate(unit)
        except KeyboardInterrupt:  # those before it are kept
            if not watch.stopped:
                raise
            begun -= 1
            break
        except MemoryError:
            failures.append(Failure(unit.key, "it needs more memory than a worker may use"))
            worn = True
            break
        except (InputError, NoAnswerError) as error:
            failures.append(Failure(unit.key, str(error), final=True))
        except Exception as error:  # noqa: BLE001 - the code may be a user's own, and raise anything
            failures.append(Failure(unit.key, f"{type(error).__name__}: {error}"))
        else:
            so_far.add(unit.key, results)
        finally:
            watch.end()
    seconds = time.perf_counter() - start
    left = [unit.key for unit in task.units[begun:]]
    return Finished(so_far.shard(), so_far.units, failures, left, seconds, worn)
