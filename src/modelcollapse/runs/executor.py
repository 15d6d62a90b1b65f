"""What runs batches: the contract, and the plainest of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import Future
from typing import Any

from modelcollapse.runs.batch import Finished, Task, Watch, run_batch

NO_UNIT = -1


class WorkerDiedError(Exception):
    """The worker of a batch has ended before the batch; nothing of it is left.

    Parameters
    ----------
    reason : str
    place : int or None
        The unit that it was at, by its place in the batch; `NO_UNIT` if it was between two; None if that is not known.
    """

    def __init__(self, reason: str, place: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class Executor(ABC):
    """Runs batches, each on a worker of its own.

    Futures end with what came of a batch, or with `WorkerDiedError`, after which the executor has a new worker.
    """

    @property
    @abstractmethod
    def workers(self) -> int:
        """How many batches run at once."""

    @abstractmethod
    def submit(self, task: Task) -> Future[Finished]:
        """Begin a batch; never more than `workers` at once."""

    @abstractmethod
    def stop(self) -> None:
        """Ask workers to end their batches early; units that are done are kept. May be called by a signal."""

    def so_far(self, batch: Future[Finished]) -> bytes | None:  # noqa: ARG002
        """Return the shard of what was done of a batch when it was asked to stop, empty if there is nothing to have.

        None as long as the worker has not handed it in. Executors that cannot know return nothing to have.
        """
        return b""

    @abstractmethod
    def close(self) -> None:
        """End all workers now, whatever they do."""

    def __enter__(self) -> Executor:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class Serial(Executor):
    """Runs batches in this process: nothing protects it from units that never return or end the process."""

    def __init__(self) -> None:
        self._watch = _Stopped()

    @property
    def workers(self) -> int:
        """One."""
        return 1

    def submit(self, task: Task) -> Future[Finished]:
        """Run a batch."""
        future: Future[Finished] = Future()
        self._watch.stopped = False
        future.set_result(run_batch(task, self._watch))
        return future

    def stop(self) -> None:
        """End the batch after the unit that it is at."""
        self._watch.stopped = True

    def close(self) -> None:
        """Nothing is left to end."""


class _Stopped(Watch):
    """Begins no unit once it is stopped."""

    def begin(self, place: int, timeout: float | None) -> bool:  # noqa: ARG002
        return not self.stopped
