"""Which units come next: batches sized by how long units take, failed units again and alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from modelcollapse.runs.batch import Failure, Finished
from modelcollapse.runs.unit import Unit

_MOST = 1000  # units of a batch
_GROWTH = 4  # a batch is at most so many times as large as the one before


class Queue:
    """Units that are still to be run.

    Parameters
    ----------
    units : iterable of Unit
    workers : int
    batch_seconds : float
        How long a batch should take.
    attempts : int
        How often a unit is tried.

    Examples
    --------
    >>> queue = Queue([Unit("a", {}), Unit("b", {})], workers=1, batch_seconds=1.0, attempts=1)
    >>> [unit.key for unit in queue.take()]
    ['a']
    """

    def __init__(self, units: Iterable[Unit], workers: int, batch_seconds: float, attempts: int) -> None:
        self._waiting = deque(units)
        self._alone: deque[Unit] = deque()
        self._workers = workers
        self.batch_seconds = batch_seconds
        self._attempts = attempts
        self._tried: dict[str, int] = {}
        self._seconds: float | None = None  # of a unit, of late
        self._size = 1

    def __len__(self) -> int:
        return len(self._waiting) + len(self._alone)

    def take(self) -> list[Unit]:
        """Return the next batch: units whose batch went wrong one by one, then as many as fill the time."""
        if self._alone:
            return [self._alone.popleft()]
        size = min(self._size, max(1, len(self._waiting) // (2 * self._workers)))
        return [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]

    def learn(self, finished: Finished) -> None:
        """Size the next batches by how long the units of this one took."""
        number = len(finished.units) + len(finished.failures)
        if number == 0:
            return
        each = finished.seconds / number
        self._seconds = each if self._seconds is None else 0.5 * (self._seconds + each)
        fitting = self.batch_seconds / max(self._seconds, 1e-6)
        self._size = max(1, min(int(fitting), _GROWTH * self._size, _MOST))

    def put_back(self, units: Iterable[Unit]) -> None:
        """Take units back that were not begun, to be run next."""
        self._waiting.extendleft(reversed(list(units)))

    def isolate(self, units: Iterable[Unit]) -> None:
        """Run units one by one: one of them has ended its worker, but it is not known which."""
        self._alone.extend(units)

    def failed(self, unit: Unit, failure: Failure) -> int | None:
        """Count an attempt; return how many there were if it was the last, otherwise run the unit again, alone."""
        tried = self._tried[unit.key] = self._tried.get(unit.key, 0) + 1
        if failure.final or tried >= self._attempts:
            return tried
        self._alone.append(unit)
        return None


def by_key(units: Iterable[Unit]) -> Mapping[str, Unit]:
    """Return units by their keys."""
    return {unit.key: unit for unit in units}
