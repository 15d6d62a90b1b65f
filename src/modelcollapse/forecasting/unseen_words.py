"""The forecast corrected for the words that the corpus never saw: of all words, how many are left?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.corpus import CountTable
from modelcollapse.door import solve
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus
from modelcollapse.statistics import Survival, VocabularyTime
from modelcollapse.unseen import Unseen, unseen
from modelcollapse.workflows import Replace

Floats = NDArray[np.float64]

ASSUMPTIONS = (
    "The corpus was drawn token by token, independently, from the language.",
    "The number of unseen words is a lower bound (Chao), reached if all of them are equally frequent.",
    "If there are more of them, less of all words is left.",
    "The models see the corpus alone: no unseen word comes in later, fresh data included.",
)
_MOST_SHIFTED = 10_000  # occurrences; beyond, one less changes a chance by less than 1e-4
_COLUMNS = 1000  # counts at a time, which bounds memory


@dataclass(frozen=True, eq=False)
class UnseenForecast:
    """What is left of all words of the language, those included that the corpus never saw.

    Parameters
    ----------
    estimate : Unseen
        How many words are unseen, and how much of the language they make up.
    share, share_low, share_high : array, shape (generation,)
        Expected share of all words still present; for the ends of the 95 % interval of their number.
    lost_mass : array, shape (generation,)
        Expected share of the language's tokens whose word was never seen or is absent.
    half_gone : float
        First generation at which half of all words is expected to be gone: 0 if the corpus lacks them; infinite if
        never.
    """

    estimate: Unseen
    share: Floats
    share_low: Floats
    share_high: Floats
    lost_mass: Floats
    half_gone: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            **self.estimate.to_dict(),
            "vocabulary_share": plain(self.share),
            "share_low_95": plain(self.share_low),
            "share_high_95": plain(self.share_high),
            "lost_mass": plain(self.lost_mass),
            "half_gone": int(self.half_gone) if np.isfinite(self.half_gone) else None,
            "assumptions": list(ASSUMPTIONS),
        }


def with_unseen(
    recursion: Recursion, corpus: CountTable, generation: NDArray[np.int64], mean: Floats, lost_mass: Floats
) -> UnseenForecast:
    """Correct a forecast: `mean` words present, and `lost_mass` of the corpus's own tokens, by generation."""
    found = unseen(corpus)
    return UnseenForecast(
        estimate=found,
        share=mean / (corpus.types + found.words),
        share_low=mean / (corpus.types + found.high),
        share_high=mean / (corpus.types + found.low),
        lost_mass=_lost(recursion, corpus, generation, lost_mass),
        half_gone=_half_gone(recursion, corpus, generation, mean, found.words),
    )


def _lost(recursion: Recursion, corpus: CountTable, generation: NDArray[np.int64], lost_mass: Floats) -> Floats:
    """Expected share of the language on words that are absent, each token standing for the words of one less.

    Take one token out of the corpus: it is a draw from the language, and its word has one occurrence less in the rest,
    none if it was the only one. So the mean over tokens of the chance that a word of one less is absent estimates the
    language's lost share without bias, unseen words included: Good's argument, for any function of the count.
    """
    count, words = corpus.distinct()
    chosen = count <= _MOST_SHIFTED
    count, share = count[chosen], (words * count)[chosen] / corpus.tokens
    fewer = Corpus([*(count - 1).tolist(), corpus.tokens - int((count - 1).sum())])
    ascending = np.asarray(corpus.counts)[::-1]
    representative = corpus.types - 1 - np.searchsorted(ascending, count)
    gain = np.zeros(len(generation))
    for first in range(0, len(count), _COLUMNS):
        block = slice(first, first + _COLUMNS)
        places = np.arange(len(count))[block]
        gain += _survival(recursion, representative[block], generation) @ share[block]
        gain -= _survival(replace(recursion, start=fewer), places, generation) @ share[block]
    return np.clip(lost_mass + gain, 0.0, 1.0)


def _survival(recursion: Recursion, symbols: NDArray[np.int64], generation: NDArray[np.int64]) -> Floats:
    return solve(recursion, Survival(symbols), generation, method="exact")["survival"].value


def _half_gone(
    recursion: Recursion, corpus: CountTable, generation: NDArray[np.int64], mean: Floats, words: float
) -> float:
    half = (corpus.types + words) / 2.0
    if corpus.types <= half:
        return 0.0
    if isinstance(recursion.workflow, Replace):
        question = VocabularyTime(half / corpus.types)
        return float(solve(recursion, question, [], method="exact")["vocabulary_time"].value)
    below = mean <= half
    return float(generation[below][0]) if below.any() else np.inf
