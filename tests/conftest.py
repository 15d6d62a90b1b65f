"""Settings of all tests: one thread of linear algebra per worker, no deadlines, the same examples every time."""

import os

# Before NumPy is first imported: workers side by side would otherwise fight for the same cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("project", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("project")
