"""Sentence lengths: how they are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.text import TextObserver, corpus_of
from modelcollapse.text_corpus import END, Tokens


@dataclass(frozen=True)
class SentenceLength(Statistic):
    """Expected share of the sentences of generation k that have so many words; dimensions (generation, length).

    Lengths are taken together in ranges. A sentence that was cut is as long as what is left of it.

    Parameters
    ----------
    least : sequence of int, optional
        The least length of each range, ascending from 1; the last range has no end. 1, 2, 4, 8, ... up to the longest
        sentence of the corpus if not given.

    Raises
    ------
    InputError
        If `least` does not ascend from 1; when asked, if the models write no text.

    Examples
    --------
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> text = TextCorpus.from_sentences(["the cat sat on the mat".split(), "the dog sat down".split()])
    >>> recursion = Recursion(NGram(2), text, sample_size=text.tokens)
    >>> result = solve(recursion, SentenceLength(), [1], rng=1)["sentence_length"]
    >>> result.coordinates["length"], result.value.round(2)
    (['1', '2-3', '4+'], array([[0.  , 0.37, 0.63]]))
    """

    least: Sequence[int] | None = None

    name: ClassVar[str] = "sentence_length"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "length")

    def __post_init__(self) -> None:
        if self.least is not None:
            edges = tuple(arguments.integer("least", edge, least=1) for edge in self.least)
            if not edges or edges[0] != 1 or list(edges) != sorted(set(edges)):
                raise InputError(arguments.message("least", self.least, "lengths in ascending order, the first one 1"))
            object.__setattr__(self, "least", edges)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the ranges, as '4-7' and '8+'."""
        edges = self._edges(recursion)
        ranges = [f"{a}" if b == a + 1 else f"{a}-{b - 1}" for a, b in pairwise(edges)]
        return {"length": [*ranges, f"{edges[-1]}+"]}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> TextObserver:
        """Return an observer of lengths."""
        return _SentenceLengthObserver(self._edges(recursion))

    def _edges(self, recursion: Recursion) -> list[int]:
        longest = int(np.diff(corpus_of(recursion, self.name).ends, prepend=0).max())
        return list(self.least or [2**power for power in range(longest.bit_length())])


class _SentenceLengthObserver(TextObserver):
    def __init__(self, edges: list[int]) -> None:
        super().__init__()
        self._edges = np.array(edges)

    def of_text(self, tokens: Tokens) -> NDArray[Any]:
        ends = np.flatnonzero(tokens == END)
        lengths = np.diff(ends, prepend=-1) - 1
        place = np.searchsorted(self._edges, lengths, side="right") - 1
        return np.bincount(place, minlength=len(self._edges)) / len(ends)
