"""Workers of a Dask cluster: one that is there, or one of its own on this machine (needs the extra ``dask``)."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.runs import worker
from modelcollapse.runs.batch import Finished, Task
from modelcollapse.runs.executor import Executor, WorkerDiedError
from modelcollapse.runs.processes import as_workers_see_it, processors

_SECONDS_TO_CONNECT = 10
_SECONDS_TO_LEAVE = 10
_SILENT = 100  # what goes wrong is told by this package
_ENDED = "its worker has ended: killed, out of memory, or out of time"


class DaskCluster(Executor):
    """The workers of a Dask cluster.

    Parameters
    ----------
    address : str, optional
        Of a scheduler, as ``tcp://host:8786``; a cluster on this machine is started if not given.
    workers : int, optional
        Of the cluster that is started; as many as there are processors if not given.
    memory : int, optional
        Bytes that each of them may use; Dask ends a worker that uses more.

    Raises
    ------
    InputError
        If Dask is not installed.
    ModelCollapseError
        If nobody answers at the address.
    """

    def __init__(self, address: str | None = None, workers: int | None = None, memory: int | None = None) -> None:
        try:
            import distributed
        except ImportError as error:
            raise InputError("Dask is not installed: pip install 'modelcollapse[dask]'.") from error
        self._own = None if address else _own_cluster(workers or processors(), memory)
        connect: Any = distributed.Client
        try:
            self._client = connect(address or self._own, set_as_default=False, timeout=_SECONDS_TO_CONNECT)
        except OSError as error:
            raise ModelCollapseError(f"no Dask scheduler answers at {address}: {error}") from error

    @property
    def workers(self) -> int:
        """How many tasks the cluster runs at once; it may grow and shrink."""
        return max(1, sum(self._client.nthreads().values()))

    @property
    def processes(self) -> list[int]:
        """Numbers of the worker processes, on their own machines."""
        return sorted(each["pid"] for each in self._client.run(_about_process).values())

    def submit(self, task: Task) -> Future[Finished]:
        """Begin a batch."""
        outer: Future[Finished] = Future()
        inner = self._client.submit(worker.work_anywhere, task, pure=False, retries=0)
        inner.add_done_callback(lambda ended: _hand_on(ended, outer))
        return outer

    def stop(self) -> None:
        """Batches that have begun end by themselves; they are short."""

    def close(self) -> None:
        """Leave the cluster; end it, if it was started here."""
        if self._own is not None:  # a worker that is just being replaced would hold the end up for long
            with suppress(TimeoutError):
                self._client.wait_for_workers(len(self._own.workers), timeout=_SECONDS_TO_LEAVE)
        with suppress(TimeoutError):
            self._client.close(timeout=_SECONDS_TO_LEAVE)
        if self._own is not None:
            with suppress(TimeoutError, KeyError):  # Dask forgets workers that have ended while it lists them
                self._own.close(timeout=_SECONDS_TO_LEAVE)


def _own_cluster(workers: int, memory: int | None) -> Any:
    """Start a cluster that gives a task up as soon as its worker has died: this package counts attempts itself."""
    import dask
    import distributed

    make: Any = distributed.LocalCluster
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), as_workers_see_it():
        return make(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=memory or 0,
            dashboard_address=":0",
            silence_logs=_SILENT,
        )


def _hand_on(inner: Any, outer: Future[Finished]) -> None:
    """Hand on what came of a batch."""
    from distributed import KilledWorker

    try:
        error = inner.exception()
        if error is None:
            outer.set_result(inner.result())
        elif isinstance(error, KilledWorker):
            outer.set_exception(WorkerDiedError(_ENDED))
        else:
            outer.set_exception(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is for who waits
        outer.set_exception(WorkerDiedError(f"it was lost by the cluster: {type(error).__name__}"))


def _about_process() -> dict[str, int]:
    import os

    return {"pid": os.getpid()}
