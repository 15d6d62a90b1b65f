"""Counting blocks of UTF-8 text: words, n-grams, or what a tokenizer makes of lines.

All counters take blocks that were cut where no word is, and give the same counts however the text
was cut into blocks. Lines end at a line feed or a carriage return; n-grams do not cross them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from modelcollapse.corpus.encoding import decoded
from modelcollapse.corpus.kernel.code_points import is_safe_to_cut_after
from modelcollapse.corpus.tokenizer import Splitter, splitter_of

if TYPE_CHECKING:
    from modelcollapse.corpus.options import ReadOptions

KERNEL_PAYS_FROM = 64_000_000  # bytes of text
LONGEST_LINE = 16 << 20  # code points; longer lines are cut where no word is

WORD = re.compile(r"\w+")
LINE_END = re.compile(r"[\r\n]+")


class AbstractCounter(Protocol):
    """What every counter does."""

    def add(self, block: bytes) -> None:
        """Count a block of UTF-8."""

    def end_of_text(self) -> None:
        """Tell that the next block belongs to another text."""

    def counts(self) -> dict[str, int]:
        """Return what was counted, and how often."""

    @property
    def undecodable(self) -> int:
        """Bytes that were no UTF-8."""


class WordCounter:
    r"""Counts words by Python's own rule: ``re.findall(r"\w+", text.lower())``."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.undecodable = 0

    def add(self, block: bytes) -> None:
        """Count a block of UTF-8."""
        text, undecodable = decoded(block)
        self._counts.update(WORD.findall(text.lower()))
        self.undecodable += undecodable

    def end_of_text(self) -> None:
        """Nothing is kept from one block to the next."""

    def counts(self) -> dict[str, int]:
        """Return words, and how often each was seen."""
        return dict(self._counts)


class LargeTextCounter:
    """Counts words by the rule of `WordCounter`, by the kernel from the byte on where it pays."""

    def __init__(self, expected_bytes: int = 0) -> None:
        self._plain = WordCounter()
        self._kernel: AbstractCounter | None = None
        self._before_kernel = 0 if expected_bytes >= KERNEL_PAYS_FROM else KERNEL_PAYS_FROM

    def add(self, block: bytes) -> None:
        """Count a block of UTF-8."""
        if self._kernel is not None:
            self._kernel.add(block)
        elif self._before_kernel > 0:
            self._before_kernel -= len(block)
            self._plain.add(block)
        else:
            from modelcollapse.corpus.kernel.start import kernel_counter

            self._kernel = kernel_counter()
            self._kernel.add(block)

    def end_of_text(self) -> None:
        """Nothing is kept from one block to the next."""

    def counts(self) -> dict[str, int]:
        """Return words, and how often each was seen."""
        if self._kernel is None:
            return self._plain.counts()
        merged = Counter(self._kernel.counts())
        merged.update(self._plain.counts())
        return dict(merged)

    @property
    def undecodable(self) -> int:
        """Bytes that were no UTF-8."""
        return self._plain.undecodable + (self._kernel.undecodable if self._kernel else 0)


class Lines:
    """Puts the lines of a text together from blocks of it; a line longer than allowed comes in pieces."""

    def __init__(self) -> None:
        self._unfinished: list[str] = []  # the line that the next block goes on with
        self._length = 0
        self.undecodable = 0

    def add(self, block: bytes) -> list[tuple[str, bool]]:
        """Return the lines, or pieces of one, that are complete with this block, and whether each ends its line."""
        text, undecodable = decoded(block)
        self.undecodable += undecodable
        *complete, rest = LINE_END.split(text)
        found: list[tuple[str, bool]] = []
        if complete:
            complete[0] = "".join([*self._unfinished, complete[0]])
            self._unfinished, self._length = [], 0
            found = [piece for line in complete for piece in _pieces(line)]
        self._unfinished.append(rest)
        self._length += len(rest)
        if self._length > LONGEST_LINE:
            *pieces, last = _pieces("".join(self._unfinished))
            self._unfinished, self._length = [last[0]], len(last[0])
            found += pieces
        return found

    def end_of_text(self) -> list[tuple[str, bool]]:
        """Return the last line, which may have no line end."""
        found = list(_pieces("".join(self._unfinished)))
        self._unfinished, self._length = [], 0
        return found


class LineCounter:
    """Counts n-grams of what a splitter makes of lines; ``ngram=1``: of single words."""

    def __init__(self, splitter: Splitter, ngram: int) -> None:
        self._splitter, self._ngram = splitter, ngram
        self._counts: Counter[str] = Counter()
        self._lines = Lines()
        self._context: list[str] = []  # the last words of the part of a line that was counted already

    def add(self, block: bytes) -> None:
        """Count a block of UTF-8."""
        self._count(self._lines.add(block))

    def end_of_text(self) -> None:
        """Count the last line, which may have no line end."""
        self._count(self._lines.end_of_text())

    def counts(self) -> dict[str, int]:
        """Return words, and how often each was seen."""
        return dict(self._counts)

    @property
    def undecodable(self) -> int:
        """Bytes that were no UTF-8."""
        return self._lines.undecodable

    def _count(self, pieces: list[tuple[str, bool]]) -> None:
        split = self._splitter([text for text, _ in pieces])
        if self._ngram == 1:
            self._counts.update(chain.from_iterable(split))
            return
        for words, (_, ends_line) in zip(split, pieces, strict=True):
            joined = [*self._context, *words]
            shifted = (joined[start:] for start in range(self._ngram))
            self._counts.update(map(" ".join, zip(*shifted, strict=False)))
            self._context = [] if ends_line else joined[1 - self._ngram :]


def _pieces(line: str) -> Iterable[tuple[str, bool]]:
    """Cut a line longer than allowed, counted from its start; say whether a piece ends the line."""
    start = 0
    while len(line) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        while end > start and not is_safe_to_cut_after(line[end - 1]):
            end -= 1
        end = end if end > start else start + LONGEST_LINE
        yield line[start:end], False
        start = end
    yield line[start:] if start else line, True


def split_words(lines: list[str]) -> Iterable[Sequence[str]]:
    """Split lines into words by the word rule."""
    return (WORD.findall(line.lower()) for line in lines)


def make_counter(options: ReadOptions, expected_bytes: int) -> AbstractCounter:
    """Choose the counter; `expected_bytes` is what is known of the size of the text."""
    if options.counts_words:
        return LargeTextCounter(expected_bytes)
    if options.tokenizer is None:
        return LineCounter(split_words, options.ngram)
    return LineCounter(splitter_of(options.tokenizer), options.ngram)
