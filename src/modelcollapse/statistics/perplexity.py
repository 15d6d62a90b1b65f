"""Perplexity: how well model k still predicts the original text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.text import corpus_of, text_family


@dataclass(frozen=True)
class Perplexity(Statistic):
    """Expected perplexity of the original text under model k, mixed with a small share of the uniform law.

    A model by maximum likelihood finds every text impossible that has a run of words it has not seen; its perplexity is
    infinite as soon as one is lost. So it is asked together with a model that finds no token impossible: each token has
    the probability (1 - `uniform`) P_k + `uniform` / (different words + 1).

    Parameters
    ----------
    uniform : float
        The share, from 0 to 1. With 0 the model stands alone; runs with no finite perplexity are counted, not averaged.

    Raises
    ------
    InputError
        If `uniform` is not from 0 to 1; when asked, if the models write no text.

    Examples
    --------
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> text = TextCorpus.from_sentences(["the cat sat on the mat".split(), "the dog sat down".split()])
    >>> recursion = Recursion(NGram(2), text, sample_size=text.tokens)
    >>> solve(recursion, Perplexity(), [1, 10], rng=1)["perplexity"].value.round(1)
    array([ 9.2, 99.1])
    """

    uniform: float = 0.01

    name: ClassVar[str] = "perplexity"

    def __post_init__(self) -> None:
        object.__setattr__(self, "uniform", arguments.real("uniform", self.uniform, low=0.0, high=1.0))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the models must write text."""
        text_family(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 1 and no limit."""
        return 1.0, np.inf

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of perplexities."""
        return _PerplexityObserver(recursion, self)


class _PerplexityObserver(MeanObserver):
    def __init__(self, recursion: Recursion, statistic: Perplexity) -> None:
        super().__init__()
        self._family = text_family(recursion, statistic.name)
        self._corpus = corpus_of(recursion, statistic.name)
        self._uniform = statistic.uniform
        self._tokens = int(np.count_nonzero(self._corpus.counts)) + 1

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        chances = self._family.chances(snapshot.model, self._corpus)
        chances = (1.0 - self._uniform) * chances + self._uniform / self._tokens
        possible = np.all(chances > 0, axis=1)
        surprise = -np.log(np.where(possible[:, None], chances, 1.0)).mean(axis=1)
        return np.where(possible, np.exp(surprise), np.nan)
