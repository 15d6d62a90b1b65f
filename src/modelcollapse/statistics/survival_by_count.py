"""Survival by count: of the words that occur so often in the corpus, which share is still present?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, discrete_start
from modelcollapse.text_corpus import TextCorpus

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class SurvivalByCount(Statistic):
    """Expected share of the symbols of a count that are present at generation k; dimensions (generation, count).

    The count is that in the corpus. Counts are taken together in ranges.

    Parameters
    ----------
    least : sequence of int, optional
        The least count of each range, ascending; a range ends before the next begins. Ranges in which there is no
        symbol are left out. 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, ... if not given.

    Raises
    ------
    InputError
        If `least` is not ascending and positive; when asked, if the start is no corpus.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> recursion = Recursion(Categorical(), Corpus([1] * 50 + [2] * 25 + [100]), sample_size=200)
    >>> result = solve(recursion, SurvivalByCount(), [1, 10], rng=1)["survival_by_count"]
    >>> result.coordinates["count"], result.value.round(1)
    (['1', '2', '96-100'], array([[0.6, 0.9, 1. ],
           [0.2, 0.3, 1. ]]))
    """

    least: Sequence[int] | None = None

    name: ClassVar[str] = "survival_by_count"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "count")
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def __post_init__(self) -> None:
        if self.least is not None:
            edges = tuple(arguments.integer("least", edge, least=1) for edge in self.least)
            if not edges or list(edges) != sorted(set(edges)):
                raise InputError(arguments.message("least", self.least, "counts in ascending order, each once"))
            object.__setattr__(self, "least", edges)

    def ranges(self, recursion: Recursion) -> list[tuple[int, int, Counts]]:
        """Return the least and the largest count of each range, and the symbols in it."""
        counts = corpus_counts(recursion, self.name)
        most = int(counts.max())
        edges = [edge for edge in (self.least or _doubling(most)) if edge <= most]
        found = []
        for low, high in zip(edges, [*(edge - 1 for edge in edges[1:]), most][: len(edges)], strict=True):
            symbols = np.flatnonzero((counts >= low) & (counts <= high))
            if len(symbols):
                found.append((low, high, symbols))
        if not found:
            raise InputError(arguments.message("least", self.least, f"counts of at most {most}, that of some symbol"))
        return found

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the ranges, as '4-5'."""
        return {"count": [f"{a}" if a == b else f"{a}-{b}" for a, b, _ in self.ranges(recursion)]}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of shares."""
        return _SurvivalByCountObserver(recursion, self)


def corpus_counts(recursion: Recursion, statistic: str) -> Counts:
    """Return how often each symbol occurs in the corpus, or raise `InputError`."""
    start = recursion.start.truth
    if not isinstance(start, Corpus | TextCorpus):
        raise InputError(
            f"The statistic {statistic} is about counts in a corpus, but the start is {recursion.start!r}; start from "
            "a corpus."
        )
    return np.asarray(start.counts)


def _doubling(most: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12, ..."""
    edges, power = [1, 2, 3], 4
    while power <= most:
        edges += [power, power * 3 // 2]
        power *= 2
    return edges


class _SurvivalByCountObserver(SymbolObserver):
    def __init__(self, recursion: Recursion, statistic: SurvivalByCount) -> None:
        super().__init__(recursion, statistic.name)
        symbols = len(discrete_start(recursion, statistic.name).probabilities)
        ranges = statistic.ranges(recursion)
        self._owner = np.full(symbols, len(ranges))
        for number, (_, _, members) in enumerate(ranges):
            self._owner[members] = number
        self._sizes = np.bincount(self._owner, minlength=len(ranges) + 1)[: len(ranges)]

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        owner = self._owner if snapshot.columns is None else self._owner[snapshot.columns]
        present = self.present(snapshot)
        rows, columns = np.nonzero(present)
        ranges = len(self._sizes)
        kept = owner[columns] < ranges
        keys = rows[kept] * ranges + owner[columns[kept]]
        found = np.bincount(keys, minlength=len(present) * ranges).reshape(len(present), ranges)
        return np.asarray(found / self._sizes)
