"""Loading kernels that numba compiles: once per installation, with a word to the user who waits for it."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

Loaded = TypeVar("Loaded")


def loaded(load: Callable[[], Loaded]) -> Loaded:
    """Return what `load` imports, with a cache of its own where numba may write neither beside it nor at the user's."""
    try:
        return load()
    except RuntimeError:
        import numba

        folder = tempfile.mkdtemp(prefix="modelcollapse-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]
        return load()


def announced(what: str, seconds: int) -> AbstractContextManager[None]:
    """Say on standard error what the user waits for as soon as numba starts to compile; loading runs no such pass."""
    from numba.core import event

    class Announcement(event.Listener):
        made = False

        def on_start(self, event: Any) -> None:  # noqa: ARG002
            if not self.made:
                sys.stderr.write(f"modelcollapse: compiling {what}, once per installation (about {seconds} s) ...\n")
            self.made = True

        def on_end(self, event: Any) -> None:
            """Nothing to say."""

    return cast("AbstractContextManager[None]", event.install_listener("numba:run_pass", Announcement()))
