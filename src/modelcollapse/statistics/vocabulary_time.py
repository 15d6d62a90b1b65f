"""Vocabulary time: when the expected vocabulary first falls to a share of what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.absorption import require_absorbing
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.symbols import SymbolStatistic, discrete_start
from modelcollapse.statistics.vocabulary import Vocabulary


@dataclass(frozen=True)
class VocabularyTime(SymbolStatistic):
    """The smallest k at which the expected number of symbols present is at most `share` of all; no dimensions.

    Infinite if that is never reached: one symbol always stays. Where sample sizes vary, it is looked for up to the last
    of them.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import VocabularyTime
    >>> recursion = Recursion(Categorical(), Corpus([1] * 50 + [50]), sample_size=100)
    >>> float(solve(recursion, VocabularyTime(0.5), [])["vocabulary_time"].value)
    2.0
    """

    share: float = 0.5

    name: ClassVar[str] = "vocabulary_time"
    dimensions: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        arguments.real("share", self.share, low=0.0, high=1.0)

    def followed(self, recursion: Recursion) -> tuple[Statistic, NDArray[np.float64]]:
        """Return the expected vocabulary, and the share of the one at the start."""
        discrete_start(recursion, self.name)
        require_absorbing(recursion, self.name)
        vocabulary = Vocabulary()
        return vocabulary, np.array(self.share * vocabulary.possible(recursion)[1])
