"""Starting the kernel: announced if it must be compiled, possible where nothing may be cached."""

import subprocess
import sys

from numba.core import event

from modelcollapse.corpus.kernel.start import MESSAGE, _announced_compilation

NO_CACHE = """
import numba

def njit(compile=numba.njit, **options):
    if not numba.config.CACHE_DIR:
        raise RuntimeError("cannot cache function: no locator available")
    return compile(**options)

numba.njit = njit
from modelcollapse.corpus.kernel.start import _kernel_class
print(_kernel_class().__name__)
"""


def test_compiling_is_announced_once(capsys):
    with _announced_compilation():
        for _ in range(3):
            with event.trigger_event("numba:run_pass"):
                pass
    assert capsys.readouterr().err == MESSAGE


def test_the_kernel_starts_where_no_folder_can_be_written():
    run = subprocess.run([sys.executable, "-c", NO_CACHE], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "KernelCounter"
