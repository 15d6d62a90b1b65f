"""Vocabulary: how many symbols are still present at generation k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, discrete_start


@dataclass(frozen=True)
class Vocabulary(Statistic):
    """Number of symbols present at generation k: expected value, and its standard deviation over realisations.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import Vocabulary
    >>> recursion = Recursion(Categorical(), Corpus([1] * 50 + [50]), sample_size=100)
    >>> result = solve(recursion, Vocabulary(), generations=[10])["vocabulary"]
    >>> result.value.round(4), result.sd.round(4)
    (array([9.0695]), array([2.1408]))
    """

    name: ClassVar[str] = "vocabulary"
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return one, as one symbol always stays, and the number of symbols of the start."""
        return 1.0, float((discrete_start(recursion, self.name).probabilities > 0).sum())

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that counts the symbols present."""
        return _VocabularyObserver(recursion, self.name)


class _VocabularyObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return self.present(snapshot).sum(axis=1)
