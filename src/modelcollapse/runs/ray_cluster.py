"""Workers of a Ray cluster: one that is there, or one of its own on this machine (needs the extra ``ray``)."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Future
from typing import Any

from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.runs import worker
from modelcollapse.runs.batch import Finished, Task
from modelcollapse.runs.executor import Executor, WorkerDiedError
from modelcollapse.runs.processes import as_workers_see_it, processors


class RayCluster(Executor):
    """The workers of a Ray cluster.

    Parameters
    ----------
    address : str, optional
        Of a cluster, as ``ray://host:10001``; one on this machine is started if not given.
    workers : int, optional
        Of the cluster that is started; as many as there are processors if not given.
    memory : int, optional
        Bytes that a task is given.
    gpus : float
        Of these each batch is given so many.

    Raises
    ------
    InputError
        If Ray is not installed.
    ModelCollapseError
        If nobody answers at the address.
    """

    def __init__(
        self, address: str | None = None, workers: int | None = None, memory: int | None = None, gpus: float = 0.0
    ) -> None:
        try:
            import ray
        except ImportError as error:
            raise InputError("Ray is not installed: pip install 'modelcollapse[ray]'.") from error
        self._ray: Any = ray
        self._gpus = gpus
        own: dict[str, Any] = {} if address else {"num_cpus": workers or processors(), "include_dashboard": False}
        # Workers find the modules that this process finds.
        environment = {"env_vars": {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}}
        try:
            with as_workers_see_it():
                ray.init(address or "local", log_to_driver=False, runtime_env=environment, **own)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ModelCollapseError(f"no Ray cluster answers at {address or 'this machine'}: {error}") from error
        options: dict[str, Any] = {
            "num_cpus": 1,
            "num_gpus": gpus,
            "max_retries": 0,
            **({"memory": memory} if memory else {}),
        }
        self._work = self._ray.remote(**options)(worker.work_anywhere)

    @property
    def workers(self) -> int:
        """How many batches the cluster runs at once; it may grow and shrink."""
        there = self._ray.cluster_resources()
        by_gpu = there.get("GPU", 0) / self._gpus if self._gpus else float("inf")
        return max(1, int(min(there.get("CPU", 1), by_gpu)))

    def submit(self, task: Task) -> Future[Finished]:
        """Begin a batch."""
        outer: Future[Finished] = Future()
        inner = self._work.remote(task).future()
        inner.add_done_callback(lambda ended: self._hand_on(ended, outer))
        return outer

    def stop(self) -> None:
        """Batches that have begun end by themselves; they are short."""

    def close(self) -> None:
        """Leave the cluster; end it, if it was started here."""
        self._ray.shutdown()

    def _hand_on(self, inner: Future[Finished], outer: Future[Finished]) -> None:
        """Hand on what came of a batch."""
        known = self._ray.exceptions
        try:
            outer.set_result(inner.result())
        except (known.WorkerCrashedError, known.NodeDiedError, known.OutOfMemoryError) as error:
            outer.set_exception(WorkerDiedError(f"its worker has ended ({type(error).__name__})"))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is for who waits
            outer.set_exception(error)
