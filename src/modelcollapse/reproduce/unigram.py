"""Unigram text: how much of the vocabulary is left? Corollary 1 against the exact law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from modelcollapse.corpus import CountTable, embedded
from modelcollapse.families import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.base import PanelFigure
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary
from modelcollapse.text_corpus import TextCorpus

GENERATIONS = 10
_LONGEST_NAME = 40


@dataclass(frozen=True, eq=False)
class Unigram(PanelFigure):
    """Expected share of the vocabulary present, for the embedded corpus and for one that is given.

    Parameters
    ----------
    corpus : TextCorpus or None
        A text to show beside the embedded corpus.
    """

    corpus: TextCorpus | None = None

    name: ClassVar[str] = "unigram"
    title: ClassVar[str] = "Unigram text: share of the vocabulary still present"
    recursion: ClassVar[str] = (
        "counts_k = Multinomial(n, counts_{k-1} / n), counts_0 those of the corpus, n its length; the statistic is the "
        "expected number of words with a positive count, divided by that of the corpus"
    )
    published: ClassVar[str] = "the first 500,000 words of WikiText-2; 10 generations; 5 paths; n = number of tokens"
    caption: ClassVar[str] = (
        "The bracket of Corollary 1 is narrower than the line at so many tokens. Each run of one corpus is so close to "
        "the mean that five are enough. The embedded corpus is the King James Bible."
    )
    runs: ClassVar[int] = 5

    def tables(self) -> list[CountTable]:
        """Return the corpora that are shown."""
        return [embedded(), *([_table(self.corpus)] if self.corpus is not None else [])]

    def panels(self) -> Sequence[Panel]:
        """Return one panel per corpus."""
        return [_panel(table) for table in self.tables()]

    def views(self) -> Mapping[str, View]:
        """Return shares from 0 to 1."""
        y = "Share of the vocabulary"
        drawn = ("suresh_2024.corollary_1", "modelcollapse.ancestry_bracket")
        return {_name(table): View(y=y, low=0.0, high=1.0, drawn=drawn) for table in self.tables()}

    def facts(self) -> dict[str, Any]:
        """Return the corpora."""
        return {"corpora": [str(table) for table in self.tables()]}

    def to_dict(self) -> dict[str, Any]:
        """Return the name, and what identifies the corpora."""
        return {"name": self.name, "corpora": [identity(table) for table in self.tables()]}


def _table(text: TextCorpus) -> CountTable:
    assert text.vocabulary is not None
    occurs = text.counts > 0
    words = [word for word, there in zip(text.vocabulary, occurs, strict=True) if there]
    return CountTable.from_counts(words, text.counts[occurs], name=text.name)


def identity(table: CountTable) -> dict[str, Any]:
    """Return name and counts (their hash) of a corpus."""
    return {"corpus": table.name, **Corpus(table.counts).to_dict()}


def _panel(table: CountTable) -> Panel:
    recursion = Recursion(Categorical(), Corpus(table.counts), table.tokens)
    every = range(1, GENERATIONS + 1)
    return Panel(_name(table), recursion, Vocabulary(), GENERATIONS, every, unit=table.types)


def short_name(corpus: str) -> str:
    """Return the name of a corpus without the folders, and not too long for a title.

    Examples
    --------
    >>> short_name("texts/book.txt and 3 more")
    'book.txt and 3 more'
    """
    name = corpus.rpartition("/")[2] or corpus
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 3] + "..."


def _name(table: CountTable) -> str:
    return f"{short_name(table.name)}: {table.tokens:,} tokens, {table.types:,} words"
