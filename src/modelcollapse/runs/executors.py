"""The executor that a spec asks for."""

from __future__ import annotations

from modelcollapse.runs.executor import Executor, Serial
from modelcollapse.runs.processes import Processes
from modelcollapse.runs.settings import RunSettings


def make_executor(settings: RunSettings) -> Executor:
    """Return what runs the units.

    Examples
    --------
    >>> make_executor(RunSettings(executor="serial")).workers
    1
    """
    if settings.executor == "serial":
        return Serial()
    if settings.executor == "dask":
        from modelcollapse.runs.dask_cluster import DaskCluster

        return DaskCluster(settings.address, settings.jobs, settings.memory)
    if settings.executor == "ray":
        from modelcollapse.runs.ray_cluster import RayCluster

        return RayCluster(settings.address, settings.jobs, settings.memory, settings.gpus)
    return Processes(settings.jobs, settings.memory)
