"""Verbatim copies: how much of a text stands word for word in the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.text import TextObserver, corpus_of, text_family
from modelcollapse.text_corpus import END, TextCorpus, Tokens, numbered, words_before

_LONGEST = 1000


@dataclass(frozen=True)
class VerbatimCopies(Statistic):
    """Expected share of the words of generation k that lie in a run of so many words that stands in the corpus.

    A run lies within a sentence, of the text and of the corpus. Shorter sentences hold none and count as no copies.

    Parameters
    ----------
    length : int
        Words in a run, 1 to 1000.

    Raises
    ------
    InputError
        If `length` is out of range; when asked, if the models write no text.

    Examples
    --------
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> text = TextCorpus.from_sentences(["the cat sat on the mat".split(), "the dog sat down".split()])
    >>> recursion = Recursion(NGram(2), text, sample_size=text.tokens)
    >>> solve(recursion, VerbatimCopies(3), [1], rng=1)["verbatim_copies"].value.round(2)
    array([0.7])
    """

    length: int = 8

    name: ClassVar[str] = "verbatim_copies"

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", arguments.integer("length", self.length, least=1, most=_LONGEST))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the models must write text."""
        text_family(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> TextObserver:
        """Return an observer that looks runs up."""
        return _VerbatimObserver(corpus_of(recursion, self.name), self.length)


class _VerbatimObserver(TextObserver):
    def __init__(self, corpus: TextCorpus, length: int) -> None:
        super().__init__()
        self._corpus, self._length = corpus, length
        self._known = words_before(corpus.running) >= length

    def of_text(self, tokens: Tokens) -> NDArray[Any]:
        runs = numbered(np.concatenate([self._corpus.running, tokens]), self._corpus.symbols, self._length)
        old, new = np.split(runs.ids, [len(self._known)])
        in_corpus = np.zeros(runs.number, dtype=bool)
        in_corpus[old[self._known]] = True
        ends = np.flatnonzero(in_corpus[new] & (words_before(tokens) >= self._length))  # behind the last word of a copy
        steps = np.zeros(len(tokens) + 1, dtype=np.int64)
        steps[ends - self._length] += 1  # no two runs end at the same place
        steps[ends] -= 1
        return np.array(np.count_nonzero(np.cumsum(steps)) / np.count_nonzero(tokens != END))
