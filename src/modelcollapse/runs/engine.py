"""The loop of a run: batches go out, shards come in, failures are counted, and nothing that is done is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from modelcollapse.runs.batch import Evaluate, Failure, Finished, Task, evaluate
from modelcollapse.runs.executor import NO_UNIT, Executor, WorkerDiedError
from modelcollapse.runs.queue import Queue, by_key
from modelcollapse.runs.shard import units_in
from modelcollapse.runs.store import Store
from modelcollapse.runs.unit import Unit

_GRACE = 0.4  # seconds that workers get to end the units that they are at
_PATIENCE = 0.6  # and then to hand in what was done before those
_MOMENT = 0.02
_REFRESH = 0.2

Note = Callable[[int, int], None]  # told how many units are newly done, and how many newly failed


class Engine:
    """Runs units until none is left.

    Parameters
    ----------
    store : Store
    executor : Executor
    queue : Queue
    spec : mapping
        Written into every shard.
    timeout : float or None
        Seconds that a unit may take.
    note : callable
        Told of progress, also where there is none: several times a second.
    interrupted : callable
        Whether the run should end.
    evaluate : callable
        How a unit is answered.
    """

    def __init__(
        self,
        store: Store,
        executor: Executor,
        queue: Queue,
        spec: Mapping[str, Any],
        *,
        timeout: float | None = None,
        note: Note = lambda done, failed: None,  # noqa: ARG005
        interrupted: Callable[[], bool] = lambda: False,
        evaluate: Evaluate = evaluate,
    ) -> None:
        self._store, self._executor, self._queue = store, executor, queue
        self._spec, self._timeout, self._note, self._evaluate = spec, timeout, note, evaluate
        self._interrupted = interrupted
        self._running: dict[Future[Finished], Sequence[Unit]] = {}
        self.seconds = 0.0  # that workers spent on units
        self.failed: dict[str, str] = {}

    def run(self) -> None:
        """Run everything; on an interruption, keep what is done and leave within two seconds.

        Raises
        ------
        ModelCollapseError
            If a shard cannot be written; everything before is kept.
        KeyboardInterrupt
            After an interruption.
        """
        while self._queue or self._running:
            if self._interrupted():
                self._gather()
                raise KeyboardInterrupt
            while self._queue and len(self._running) < self._executor.workers:
                self._send(self._queue.take())
            self._collect(_REFRESH)

    def _send(self, units: Sequence[Unit]) -> None:
        task = Task(units, self._spec, self._timeout, 2 * self._queue.batch_seconds, self._evaluate)
        self._running[self._executor.submit(task)] = units

    def _collect(self, seconds: float) -> None:
        ended, _ = wait(self._running, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in ended:
            units = self._running.pop(future)
            try:
                finished = future.result()
            except WorkerDiedError as death:
                self._bury(units, death)
            else:
                self._keep(units, finished)
        if not ended:
            self._note(0, 0)

    def _gather(self) -> None:
        """Take in what workers have done so far, also of batches that hang on one long unit."""
        self._executor.stop()
        deadline = time.monotonic() + _GRACE
        while self._running and (left := deadline - time.monotonic()) > 0:
            self._collect(left)
        deadline = time.monotonic() + _PATIENCE
        while self._running and time.monotonic() < deadline:
            for batch, units in list(self._running.items()):
                shard = self._executor.so_far(batch)
                if shard is not None and not batch.done():
                    del self._running[batch]
                    self._keep_part(shard, by_key(units))
            self._collect(_MOMENT)

    def _keep_part(self, shard: bytes, known: Mapping[str, Unit]) -> None:
        units = units_in(shard) if shard else []
        if units and known.keys() >= set(units):
            self._store.add(shard, units)
            self._note(len(units), 0)

    def _keep(self, units: Sequence[Unit], finished: Finished) -> None:
        if finished.shard is not None:
            self._store.add(finished.shard, finished.units)
        self.seconds += finished.seconds
        self._queue.learn(finished)
        known = by_key(units)
        self._queue.put_back(known[key] for key in finished.left)
        failed = sum(self._fail(known[failure.unit], failure) for failure in finished.failures)
        self._note(len(finished.units), failed)

    def _bury(self, units: Sequence[Unit], death: WorkerDiedError) -> None:
        """A worker died: the unit that it was at is to blame, or, if that is not known, each is tried alone."""
        place = 0 if len(units) == 1 and death.place is None else death.place
        if place is None or place == NO_UNIT:
            (self._queue.isolate if place is None else self._queue.put_back)(units)
            self._note(0, 0)
            return
        self._queue.put_back([unit for i, unit in enumerate(units) if i != place])
        self._note(0, int(self._fail(units[place], Failure(units[place].key, death.reason))))

    def _fail(self, unit: Unit, failure: Failure) -> bool:
        attempts = self._queue.failed(unit, failure)
        if attempts is None:
            return False
        self._store.add_failure(unit.key, failure.reason, attempts)
        self.failed[unit.key] = failure.reason
        return True
