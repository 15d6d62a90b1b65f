"""Workers on this machine: one process each, so that a worker that is killed costs one batch and no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from modelcollapse.errors import ModelCollapseError
from modelcollapse.runs import worker
from modelcollapse.runs.batch import Finished, Task
from modelcollapse.runs.executor import NO_UNIT, Executor, WorkerDiedError

# Workers stand side by side: threads of linear algebra would fight for the processors.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMBA_NUM_THREADS",
    ),
    "1",
)
_MOST_VAIN_DEATHS = 5  # in a row, with no unit to blame: then workers cannot live here at all


class Processes(Executor):
    """A number of worker processes, each replaced when it ends.

    Parameters
    ----------
    workers : int, optional
        As many as there are processors if not given.
    memory : int, optional
        Bytes that each may use beyond what it has when it starts.
    """

    def __init__(self, workers: int | None = None, memory: int | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="modelcollapse-")
        places = range(workers or processors())
        self._slots = [_Slot(Path(self._folder.name) / str(place), memory) for place in places]

    @property
    def workers(self) -> int:
        """How many processes there are."""
        return len(self._slots)

    def submit(self, task: Task) -> Future[Finished]:
        """Begin a batch on a worker that is free."""
        return next(slot for slot in self._slots if slot.free).submit(task)

    def stop(self) -> None:
        """Ask workers to end after the unit that they are at."""
        for slot in self._slots:
            slot.stop()

    def so_far(self, batch: Future[Finished]) -> bytes | None:
        """Return what the worker of a batch has written when it was asked to stop."""
        return next((slot.so_far() for slot in self._slots if slot.batch is batch), b"")

    def close(self) -> None:
        """Kill every worker."""
        for slot in self._slots:
            slot.kill()
        self._folder.cleanup()


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Slot:
    """The place of one worker: a pool of a single process, made anew after that has ended."""

    def __init__(self, trace: Path, memory: int | None) -> None:
        self.free = True
        self.batch: Future[Finished] | None = None
        self._trace, self._memory = trace, memory
        self._part = trace.with_suffix(".part")
        self._pool: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None
        self._state: Any = None
        self._vain_deaths = 0

    def submit(self, task: Task) -> Future[Finished]:
        outer: Future[Finished] = Future()
        self.free, self.batch = False, outer
        inner = self._begin(task)
        inner.add_done_callback(lambda ended: self._end(ended, outer))
        return outer

    def stop(self) -> None:
        if self._state is not None:
            self._state[worker.STOP] = 1

    def so_far(self) -> bytes | None:
        try:
            return self._part.read_bytes()
        except FileNotFoundError:
            return None

    def kill(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        if self._process is not None:
            with suppress(ValueError):  # closed already
                self._process.kill()

    def _begin(self, task: Task) -> Future[Finished]:
        """Send a batch; a worker that has ended while it had none is replaced."""
        while True:
            pool = self._pool or self._new_pool()
            self._state[worker.PLACE], self._state[worker.STOP] = NO_UNIT, 0
            self._part.unlink(missing_ok=True)
            before = set(multiprocessing.active_children())
            try:
                with as_workers_see_it():
                    future = pool.submit(worker.work, task)
            except BrokenProcessPool:
                self._forget()
                continue
            started = set(multiprocessing.active_children()) - before
            self._process = next(iter(started), self._process)
            return future

    def _new_pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        self._state = context.Array("q", [NO_UNIT, 0], lock=False)
        self._trace.unlink(missing_ok=True)
        given = (self._state, str(self._trace), str(self._part), self._memory)
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=worker.begin, initargs=given)
        return self._pool

    def _end(self, inner: Future[Finished], outer: Future[Finished]) -> None:
        """Hand on what came of a batch, the place being free again."""
        try:
            finished = inner.result()
        except BrokenProcessPool:
            death = self._death()
            self._forget()
            self.free = True
            outer.set_exception(death)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is for who waits
            self.free = True
            outer.set_exception(error)
        else:
            self._vain_deaths = 0
            if finished.worn:
                self._forget()
            self.free = True
            outer.set_result(finished)

    def _death(self) -> Exception:
        place = int(self._state[worker.PLACE])
        self._vain_deaths = self._vain_deaths + 1 if place == NO_UNIT else 0
        if self._vain_deaths >= _MOST_VAIN_DEATHS:
            return ModelCollapseError(
                f"worker processes end before they begin a unit, {_MOST_VAIN_DEATHS} in a row{self._status()}: there "
                "is too little memory, or the calling script does not protect its work by `if __name__ == '__main__':`"
            )
        trace = self._trace.read_text(encoding="utf-8", errors="replace") if self._trace.exists() else ""
        if trace.startswith("Timeout"):
            return WorkerDiedError(f"it did not return in time{worker.innermost(trace)}", place)
        return WorkerDiedError(f"its worker process has ended{self._status()}", place)

    def _status(self) -> str:
        if self._process is None:
            return ""
        self._process.join(1.0)
        code = self._process.exitcode
        if code is None:
            return ""
        return f" (killed by signal {-code})" if code < 0 else f" (exit status {code})"

    def _forget(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False)


@contextmanager
def as_workers_see_it() -> Iterator[None]:
    """While a process may be started: one thread of linear algebra, and interruptions are for the parent alone."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    blocked = None
    if hasattr(signal, "pthread_sigmask"):
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
