"""Entropy rate: how uncertain a language model is of its next token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.text_family import TextFamily
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.text import corpus_of, text_family


@dataclass(frozen=True)
class EntropyRate(Statistic):
    """Expected entropy of a token given what is before it, under model k, in nats; ends of sentences are tokens.

    Contexts count as often as they occurred in the training text: that is how often the model comes to them, but for
    the ends that a cut made.

    Examples
    --------
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> text = TextCorpus.from_sentences(["the cat sat on the mat".split(), "the dog sat down".split()])
    >>> recursion = Recursion(NGram(2), text, sample_size=text.tokens)
    >>> solve(recursion, EntropyRate(), [1, 10], rng=1)["entropy_rate"].value.round(2)
    array([0.28, 0.06])
    """

    name: ClassVar[str] = "entropy_rate"

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the models must write text."""
        text_family(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return 0 and the logarithm of the number of tokens."""
        return 0.0, float(np.log(corpus_of(recursion, self.name).symbols + 1))

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of entropy rates; families that have none raise."""
        family = text_family(recursion, self.name)
        family.entropy_rate(family.initial(recursion.start.truth, 1))
        return _EntropyRateObserver(family)


class _EntropyRateObserver(MeanObserver):
    def __init__(self, family: TextFamily[Any]) -> None:
        super().__init__()
        self._family = family

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return self._family.entropy_rate(snapshot.model)
