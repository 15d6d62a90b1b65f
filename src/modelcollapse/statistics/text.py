"""What statistics of text share: who they can be asked of, and one replicate after the other."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.families.text import Text
from modelcollapse.families.text_family import TextFamily
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot
from modelcollapse.text_corpus import TextCorpus, Tokens


def text_family(recursion: Recursion, statistic: str) -> TextFamily[Any]:
    """Return the family, or raise `InputError` if it writes no text."""
    if not isinstance(recursion.family, TextFamily):
        raise InputError(
            f"The statistic {statistic} is about text, but models of the family {recursion.family.name} write none; "
            "take the family ngram, and start from a text."
        )
    return recursion.family


def corpus_of(recursion: Recursion, statistic: str) -> TextCorpus:
    """Return the text at the start, or raise `InputError`."""
    text_family(recursion, statistic)
    start = recursion.start.truth
    assert isinstance(start, TextCorpus)
    return start


class TextObserver(MeanObserver):
    """Observer of the texts drawn, one replicate after the other; a subclass says what it measures."""

    @abstractmethod
    def of_text(self, tokens: Tokens) -> NDArray[Any]:
        """Return what is measured of one text with its ends of sentences."""

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """Measure the text of each replicate."""
        text: Text = snapshot.drawn
        rows = zip(text.rows[:-1].tolist(), text.rows[1:].tolist(), strict=True)
        return np.array([self.of_text(text.tokens[start:stop]) for start, stop in rows], dtype=np.float64)
