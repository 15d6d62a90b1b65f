"""Chosen vocabulary: how many of some symbols are present at generation k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, discrete_start


@dataclass(frozen=True, eq=False)
class ChosenVocabulary(Statistic):
    """Number of the chosen symbols that are present at generation k: expected value, and its standard deviation.

    Parameters
    ----------
    symbols : array_like of int, optional
        Indices of the symbols that count, each once; all if not given, which is `Vocabulary()`.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import ChosenVocabulary
    >>> recursion = Recursion(Categorical(), Corpus([1] * 50 + [50]), sample_size=100)
    >>> result = solve(recursion, ChosenVocabulary(range(10)), generations=[10])["chosen_vocabulary"]
    >>> result.value.round(4), result.sd.round(4)
    (array([1.6139]), array([1.1284]))
    """

    symbols: ArrayLike | None = None

    name: ClassVar[str] = "chosen_vocabulary"
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def chosen(self, recursion: Recursion) -> NDArray[np.int64]:
        """Return the indices of the chosen symbols that are in the law, ascending.

        Raises
        ------
        InputError
            If the start is not discrete, or an index is out of range or given twice.
        """
        probabilities = discrete_start(recursion, self.name).probabilities
        if self.symbols is None:
            return np.flatnonzero(probabilities > 0)
        wanted = np.atleast_1d(np.asarray(self.symbols))
        sound = wanted.dtype.kind in "iu" and wanted.ndim == 1 and len(wanted) > 0
        unique = np.unique(wanted) if sound else wanted
        if not sound or len(unique) < len(wanted) or unique[0] < 0 or unique[-1] >= len(probabilities):
            allowed = f"different indices from 0 to {len(probabilities) - 1}"
            raise InputError(arguments.message("symbols", self.symbols, allowed))
        return unique[probabilities[unique] > 0].astype(np.int64)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the indices must be those of symbols."""
        self.chosen(recursion)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return 0, and the number of chosen symbols."""
        return 0.0, float(len(self.chosen(recursion)))

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that counts the chosen symbols present."""
        return _ChosenObserver(recursion, self)

    def to_dict(self) -> dict[str, Any]:
        """Return the name and how many symbols are chosen."""
        return {"name": self.name, "symbols": None if self.symbols is None else int(np.size(np.asarray(self.symbols)))}


class _ChosenObserver(SymbolObserver):
    def __init__(self, recursion: Recursion, statistic: ChosenVocabulary) -> None:
        super().__init__(recursion, statistic.name)
        self._chosen = statistic.chosen(recursion)

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        present = self.present(snapshot)
        if snapshot.columns is None:
            return present[:, self._chosen].sum(axis=1)
        return present[:, np.isin(snapshot.columns, self._chosen)].sum(axis=1)
