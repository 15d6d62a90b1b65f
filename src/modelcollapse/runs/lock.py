"""One run at a time in a folder; parts of one sweep may run side by side, each once."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from modelcollapse.errors import ModelCollapseError
from modelcollapse.runs.place import Place

FILE = "lock"
_PATIENCE = 0.2  # seconds


@contextmanager
def locked(place: Place, part: str | None = None) -> Iterator[None]:
    """Hold the folder for oneself, or, as one part of a sweep, together with the other parts.

    The system lets go of the lock when the process ends, however it ends. On an object store there is no lock: two
    runs would do the same work twice and write the same shards.

    Raises
    ------
    ModelCollapseError
        If somebody else holds it; the message says who.
    """
    with ExitStack() as held:
        if place.folder is not None:
            place.make()
            held.enter_context(_held(place.folder / FILE, shared=part is not None))
            if part is not None:
                held.enter_context(_held(place.folder / f"{FILE}-{part.replace('/', '-of-')}", shared=False))
        yield


def is_locked(place: Place) -> bool:
    """Whether a run, or a part of one, holds the folder now."""
    if place.folder is None:
        return False
    return any(_is_held(path) for path in place.folder.glob(f"{FILE}*"))


def _is_held(path: Path) -> bool:
    with path.open("rb") as file:
        return not _lock(file, shared=True)


@contextmanager
def _held(path: Path, *, shared: bool) -> Iterator[None]:
    try:
        file = path.open("a+b")
    except OSError as error:
        raise ModelCollapseError(f"cannot write {path}: {error.strerror or error}") from error
    with file:
        if not _lock_soon(file, shared):
            holder = path.read_text(encoding="utf-8", errors="replace").strip() or "another process"
            raise ModelCollapseError(
                f"{path.parent} is in use by {holder}; wait for it or stop it, or give another folder. "
                "Parts of one sweep run side by side with --shard."
            )
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        file.flush()
        yield


def _lock_soon(file: IO[bytes], shared: bool) -> bool:
    """Lock, or try again for a moment: who only looks whether there is a lock holds it for as long as that takes."""
    deadline = time.monotonic() + _PATIENCE
    while not _lock(file, shared):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PATIENCE / 20)
    return True


def _lock(file: IO[bytes], shared: bool) -> bool:
    """Lock an open file, until it is closed; whether that could be done."""
    try:
        import fcntl
    except ImportError:
        return _lock_byte(file)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_byte(file: IO[bytes]) -> bool:
    """Lock on Windows, where no lock is shared: parts of a sweep need folders of their own there."""
    import msvcrt

    file.seek(10**6)  # far behind the note, which others must be able to read
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
