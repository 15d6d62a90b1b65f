"""Starting the kernel: possible where nothing may be cached."""

import subprocess
import sys

NO_CACHE = """
import numba

def njit(compile=numba.njit, **options):
    if not numba.config.CACHE_DIR:
        raise RuntimeError("cannot cache function: no locator available")
    return compile(**options)

numba.njit = njit
from modelcollapse.compiling import loaded
from modelcollapse.corpus.kernel.start import _kernel_class
print(loaded(_kernel_class).__name__)
"""


def test_the_kernel_starts_where_no_folder_can_be_written():
    run = subprocess.run([sys.executable, "-c", NO_CACHE], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "KernelCounter"
