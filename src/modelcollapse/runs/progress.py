"""How far a run is: a bar for who watches, and a small file for `modelcollapse status`."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from modelcollapse.errors import ModelCollapseError
from modelcollapse.runs.place import Place

FOLDER = "progress"
_EVERY = 1.0  # seconds between two writes of the file


class Progress:
    """Counts units and tells.

    Parameters
    ----------
    place : Place
        Of the store.
    part : str or None
        "i/k" where a run is one part of a sweep.
    total, done : int
        Units of the run, and how many of them were done before it began.
    workers : int
    bar : bool
        Whether to draw one on standard error.
    """

    def __init__(self, place: Place, part: str | None, total: int, done: int, workers: int, *, bar: bool) -> None:
        self._place, self._name = place, f"{FOLDER}/{(part or 'whole').replace('/', '-of-')}.json"
        self._total, self._before, self._workers = total, done, workers
        self.done, self.failed = 0, 0
        self._start = self._written = time.monotonic()
        self._began = _now()
        self._bar = _bar(total, done) if bar and sys.stderr.isatty() else None
        self._write("running")

    def note(self, done: int, failed: int) -> None:
        """Take note of units that are newly done or have failed for good."""
        self.done += done
        self.failed += failed
        if self._bar is not None:
            self._bar.set_postfix(failed=self.failed) if self.failed else None
            self._bar.update(done + failed)
        if time.monotonic() - self._written >= _EVERY:
            self._write("running")

    def end(self, how: str) -> None:
        """Say how the run has ended: "finished", "interrupted" or "broken off"."""
        if self._bar is not None:
            self._bar.close()
        self._write(how)

    def _write(self, state: str) -> None:
        self._written = time.monotonic()
        elapsed = self._written - self._start
        rate = (self.done + self.failed) / elapsed if elapsed > 0 else 0.0
        left = self._total - self._before - self.done - self.failed
        about: dict[str, Any] = {
            "state": state,
            "process": os.getpid(),
            "host": socket.gethostname(),
            "workers": self._workers,
            "began": self._began,
            "updated": _now(),
            "units": self._total,
            "done": self._before + self.done,
            "failed": self.failed,
            "units_per_second": round(rate, 4),
            "seconds_left": round(left / rate, 1) if rate and state == "running" else None,
        }
        with suppress(ModelCollapseError):  # it is no result: what cannot be written is written next time
            self._place.write(self._name, (json.dumps(about) + "\n").encode(), lasting=False)


def read_progress(place: Place) -> dict[str, dict[str, Any]]:
    """Return what the parts of a sweep last said, by "whole" or "i-of-k"."""
    found = {}
    for name in place.names(FOLDER):
        with suppress(ValueError, FileNotFoundError):
            found[name.removesuffix(".json")] = dict(json.loads(place.read(f"{FOLDER}/{name}")))
    return found


def _bar(total: int, done: int) -> Any:
    from tqdm import tqdm

    return tqdm(total=total, initial=done, desc="units", unit="unit", smoothing=0.1)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
