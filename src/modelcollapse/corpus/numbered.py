"""The words of a text in their order, as numbers: for models that know more than how often a word occurs."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from modelcollapse.corpus.counters import Lines
from modelcollapse.corpus.tokenizer import Splitter
from modelcollapse.text_corpus import Tokens


class _Numbers(dict[str, int]):
    """Gives each new word the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class WordNumbers:
    """Numbers the words of lines by their first occurrence, and notes where lines with words end.

    It takes blocks like a counter, and gives the same numbers however the text was cut into blocks.
    """

    def __init__(self, splitter: Splitter) -> None:
        self._splitter, self._lines = splitter, Lines()
        self._numbers = _Numbers()
        self._words: list[Tokens] = []
        self._ends: list[NDArray[np.int64]] = []
        self._total = 0

    def add(self, block: bytes) -> None:
        """Number the words of a block of UTF-8."""
        self._take(self._lines.add(block))

    def end_of_text(self) -> None:
        """Number the words of the last line, which may have no line end."""
        self._take(self._lines.end_of_text())

    def counts(self) -> dict[str, int]:
        """Return words, and how often each was seen."""
        counts = np.bincount(self.words(), minlength=len(self._numbers))
        return dict(zip(self._numbers, counts.tolist(), strict=True))

    @property
    def undecodable(self) -> int:
        """Bytes that were no UTF-8."""
        return self._lines.undecodable

    def words(self) -> Tokens:
        """Return the number of each word, shape (word,)."""
        return np.concatenate([np.zeros(0, np.int32), *self._words])

    def ends(self) -> NDArray[np.int64]:
        """Return where each line that has words ends, shape (line,)."""
        ends = np.concatenate([np.zeros(0, np.int64), *self._ends])
        return ends[np.diff(ends, prepend=0) > 0]

    def vocabulary(self) -> tuple[str, ...]:
        """Return the word of each number."""
        return tuple(self._numbers)

    def _take(self, pieces: list[tuple[str, bool]]) -> None:
        split = [list(words) for words in self._splitter([text for text, _ in pieces])]
        lengths = np.fromiter(map(len, split), np.int64, len(split))
        numbers = map(self._numbers.__getitem__, chain.from_iterable(split))
        self._words.append(np.fromiter(numbers, np.int32, int(lengths.sum())))
        ends_line = np.fromiter((ends for _, ends in pieces), bool, len(pieces))
        self._ends.append((self._total + np.cumsum(lengths))[ends_line])
        self._total += int(lengths.sum())
