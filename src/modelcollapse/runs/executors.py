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
    return Processes(settings.jobs, settings.memory)
