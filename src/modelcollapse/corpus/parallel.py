"""Several processes, one result: which process counts which unit makes no difference to the sum.

Every process takes the next unit from a shared counter until none is left or one was refused. Units
are taken in order, so the first refused unit of the list is always among those that were begun.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from modelcollapse.corpus.work import Work, work_through
from modelcollapse.errors import InputError, ModelCollapseError

if TYPE_CHECKING:
    from modelcollapse.corpus.options import ReadOptions
    from modelcollapse.corpus.unit import Unit

REFRESH = 0.2  # seconds between updates of the progress bar

_shared: dict[str, Any] = {}  # in a worker: what the parent shares with it


def work_in_processes(
    units: list[Unit],
    options: ReadOptions,
    expected_bytes: int,
    processes: int,
    on_bytes: Callable[[int], None],
) -> list[Work]:
    """Count all units in `processes` new processes; one piece of work each."""
    context = multiprocessing.get_context("spawn")
    next_place, done = context.Value("q", 0), context.Value("q", 0)
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(next_place, done)) as pool:
        try:
            futures = [pool.submit(_work_through_shared, units, options, expected_bytes) for _ in range(processes)]
            _watch(futures, done, on_bytes)
            return [future.result() for future in futures]
        except BrokenProcessPool:
            raise ModelCollapseError(
                "a worker process ended unexpectedly: it ran out of memory, was stopped, or the "
                "calling script does not protect its work by `if __name__ == '__main__':`; "
                "`n_jobs=1` reads in this process"
            ) from None


def _watch(futures: list[Future[Work]], done: Any, on_bytes: Callable[[int], None]) -> None:
    told = 0
    pending = set(futures)
    while pending:
        _, pending = wait(pending, timeout=REFRESH)
        now = done.value
        on_bytes(now - told)
        told = now


def _begin(next_place: Any, done: Any) -> None:
    """Keep what the parent shares, and end when the parent does."""
    _shared.update(next_place=next_place, done=done)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def end_with_parent() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=end_with_parent, daemon=True).start()


def _work_through_shared(units: list[Unit], options: ReadOptions, expected_bytes: int) -> Work:
    def on_bytes(number: int) -> None:
        with _shared["done"].get_lock():
            _shared["done"].value += number

    places = _places(_shared["next_place"], len(units))
    try:
        work = work_through(units, places, options, expected_bytes, on_bytes)
    except InputError as error:
        work = Work(refused=(-1, str(error)))
    if work.refused:
        with _shared["next_place"].get_lock():
            _shared["next_place"].value = len(units)  # nobody begins another
    return work


def _places(next_place: Any, number: int) -> Iterator[int]:
    while True:
        with next_place.get_lock():
            place = next_place.value
            next_place.value += 1
        if place >= number:
            return
        yield place
