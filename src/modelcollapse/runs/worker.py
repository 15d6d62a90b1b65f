"""Inside a worker process: it ends with its parent, with its unit's time, or with its memory, and says where it is."""

from __future__ import annotations

import ctypes
import faulthandler
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from modelcollapse.runs.batch import Finished, SoFar, Task, Watch, run_batch
from modelcollapse.runs.executor import NO_UNIT

# What parent and worker share, by place: which unit of the batch it is at, and whether it should stop.
PLACE, STOP = 0, 1
_HEARING = 0.05  # seconds from one look at what the parent wants to the next
_KILL_ON_PARENT_DEATH = 1  # PR_SET_PDEATHSIG

_own: dict[str, Any] = {}  # in a worker: what the parent shares with it


def begin(state: Any, trace: str, part: str, memory: int | None) -> None:
    """Prepare a worker process."""
    for interruption in (signal.SIGINT, signal.SIGTERM):
        signal.signal(interruption, signal.SIG_IGN)  # the parent is told, and tells
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    watch = _Told(state, Path(trace).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the worker lives
    _own["watch"] = watch
    threading.Thread(target=watch.hand_in, args=(Path(part),), daemon=True).start()
    _end_with_parent()
    if memory is not None:
        _limit_memory(memory)


def work(task: Task) -> Finished:
    """Run a batch in a worker process."""
    return run_batch(task, _own["watch"])


def work_anywhere(task: Task) -> Finished:
    """Run a batch in a worker that somebody else has started: it, too, ends with its unit's time."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        return run_batch(task, _Told([NO_UNIT, 0], nowhere))


class _Told(Watch):
    """Tells the parent which unit is run, ends the process if that takes too long, and stops when told to."""

    def __init__(self, state: Any, trace: IO[str]) -> None:
        self._state, self._trace = state, trace
        self._so_far: SoFar | None = None

    def follow(self, so_far: SoFar) -> None:
        self._so_far = so_far

    def hand_in(self, part: Path) -> None:
        """Wait to be told to stop, and write what is done by then: the unit that is run may never return."""
        while True:
            time.sleep(_HEARING)
            so_far = self._so_far
            if not self._state[STOP] or so_far is None:
                continue
            self._so_far = None
            with suppress(Exception):  # the parent does not wait for it for long
                beside = part.with_suffix(".new")
                beside.write_bytes(so_far.shard() or b"")
                beside.replace(part)

    def begin(self, place: int, timeout: float | None) -> bool:
        if self._state[STOP]:
            return False
        self._state[PLACE] = place
        if timeout is not None:
            # A thread of C, which code that never lets go of the interpreter cannot keep from ending the process.
            faulthandler.dump_traceback_later(timeout, exit=True, file=self._trace)
        return True

    def end(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._state[PLACE] = NO_UNIT


def innermost(trace: str) -> str:
    r"""Return where a process was, from what it wrote before it ended.

    Examples
    --------
    >>> innermost('Timeout (0:00:01)!\nThread 0x1 (most recent call first):\n  File "a.py", line 3 in fit')
    '; it was at line 3 of a.py, in fit'
    >>> innermost("")
    ''
    """
    frames = re.findall(r'^  File "(.+)", line (\d+) in (\S+)', trace.rpartition("Thread ")[2], re.MULTILINE)
    return "; it was at line {1} of {0}, in {2}".format(*frames[0]) if frames else ""


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
    if sys.platform == "linux":  # also where a unit never lets that thread run
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_KILL_ON_PARENT_DEATH, signal.SIGKILL)


def _limit_memory(memory: int) -> None:
    """Let allocations beyond the limit fail, where the system can; what the worker has by now is not counted."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = _data_bytes() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _data_bytes() -> int:
    """Bytes of this process that the limit counts; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)
