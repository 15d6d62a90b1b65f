"""Starting the kernel, with a word to the user if it has to be compiled first."""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from modelcollapse.corpus.kernel.kernel_counter import KernelCounter

MESSAGE = "modelcollapse: compiling the word counter, once per installation (about 10 s) ...\n"


def kernel_counter() -> KernelCounter:
    """Import the kernel, compile it or load it from the disk cache, and return a new counter."""
    counter = _kernel_class()()
    with _announced_compilation():
        counter.add(b"")
    return counter


def _kernel_class() -> type[KernelCounter]:
    try:
        from modelcollapse.corpus.kernel.kernel_counter import KernelCounter
    except RuntimeError:  # numba may write neither beside the source nor into the user's cache
        import numba

        folder = tempfile.mkdtemp(prefix="modelcollapse-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]
        from modelcollapse.corpus.kernel.kernel_counter import KernelCounter
    return KernelCounter


def _announced_compilation() -> AbstractContextManager[None]:
    """Say what the user waits for as soon as numba starts to compile; loading runs no compiler pass."""
    from numba.core import event

    class Announcement(event.Listener):
        made = False

        def on_start(self, event: Any) -> None:  # noqa: ARG002
            if not self.made:
                sys.stderr.write(MESSAGE)
            self.made = True

        def on_end(self, event: Any) -> None:
            """Nothing to say."""

    return cast("AbstractContextManager[None]", event.install_listener("numba:run_pass", Announcement()))
