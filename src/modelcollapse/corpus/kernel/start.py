"""Starting the kernel, with a word to the user if it has to be compiled first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelcollapse.compiling import announced, loaded

if TYPE_CHECKING:
    from modelcollapse.corpus.kernel.kernel_counter import KernelCounter


def kernel_counter() -> KernelCounter:
    """Import the kernel, compile it or load it from the disk cache, and return a new counter."""
    counter = loaded(_kernel_class)()
    with announced("the word counter", seconds=10):
        counter.add(b"")
    return counter


def _kernel_class() -> type[KernelCounter]:
    from modelcollapse.corpus.kernel.kernel_counter import KernelCounter

    return KernelCounter
