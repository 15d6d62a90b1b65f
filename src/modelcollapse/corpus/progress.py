"""A progress bar on standard error: bytes and rate, and nothing where no person is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(total: int | None, *, wanted: bool) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes a number of bytes done; `total` is None where it is unknown."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc="reading", unit="B", unit_scale=True, leave=False, file=sys.stderr) as bar:
        yield lambda done: (bar.update(done), None)[1]
