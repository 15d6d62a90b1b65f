"""The work of one process: units of a list that all processes share, until none is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modelcollapse.corpus.counters import make_counter
from modelcollapse.corpus.encoding import UNDECODABLE_BYTES
from modelcollapse.corpus.tally import Tally
from modelcollapse.corpus.unit import Unit, count_unit
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from modelcollapse.corpus.options import ReadOptions


@dataclass
class Work:
    """What one process has counted, and where it had to stop.

    Parameters
    ----------
    counts : dict of str to int
        Words, and how often each was seen.
    tally : Tally
        What was passed over.
    refused : tuple of int and str, or None
        Place of the unit that was refused in the list, and the message.
    """

    counts: dict[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    refused: tuple[int, str] | None = None


def work_through(
    units: list[Unit],
    places: Iterator[int],
    options: ReadOptions,
    expected_bytes: int,
    on_bytes: Callable[[int], None],
) -> Work:
    """Count the units at `places`, which are ascending, up to the first that is refused."""
    work = Work()
    counter = make_counter(options, expected_bytes)
    tables: Counter[str] = Counter()
    for place in places:
        try:
            table = count_unit(units[place], options, counter, work.tally, on_bytes)
        except InputError as error:
            work.refused = (place, str(error))
            return work
        tables.update(table)
    work.counts = counter.counts()
    if tables:
        tables.update(work.counts)
        work.counts = dict(tables)
    work.tally.skip(UNDECODABLE_BYTES, counter.undecodable)
    return work
