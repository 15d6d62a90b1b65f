"""The chance baseline of a coverage: what one faithful resample of generation 0 would cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.door import solve
from modelcollapse.families.categorical import Categorical
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The share of generation 0's words that each generation covers, beside that of one faithful resample.

    Parameters
    ----------
    generation : array of int, shape (generation,)
        Later generations that were observed.
    observed : array, shape (generation,)
        Share of generation 0's words that occur.
    chance, chance_sd : array, shape (generation,)
        Expected share, and standard deviation, for as many tokens drawn from generation 0 itself; exact.
    """

    generation: NDArray[np.int64]
    observed: Floats
    chance: Floats
    chance_sd: Floats

    @property
    def score(self) -> Floats:
        """Observed minus expected share, in standard deviations; 0 where nothing can vary."""
        gap = self.observed - self.chance
        return np.divide(gap, self.chance_sd, out=np.zeros_like(gap), where=self.chance_sd > 0)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "generation": plain(self.generation),
            "observed": plain(self.observed),
            "chance_mean": plain(self.chance),
            "chance_sd": plain(self.chance_sd),
            "score": plain(self.score),
        }


def coverage(origin: NDArray[np.int64], generation: NDArray[np.int64], counts: NDArray[np.int64]) -> Coverage:
    """Return what each generation covers, beside what chance alone would leave.

    Parameters
    ----------
    origin : array of int, shape (symbol,)
        Counts of generation 0, or of the categories of any data set.
    generation : array of int, shape (generation,)
    counts : array of int, shape (generation, symbol)
        Counts of each generation, or of synthetic data sets.

    Examples
    --------
    >>> found = coverage(np.array([1, 1, 2]), np.array([1]), np.array([[0, 1, 3]]))
    >>> found.observed.round(4), found.chance.round(4), found.chance_sd.round(4)
    (array([0.6667]), array([0.7682]), array([0.1979]))
    """
    expected, sd = np.empty(len(counts)), np.empty(len(counts))
    sizes = counts.sum(axis=1)
    for size in np.unique(sizes):
        recursion = Recursion(Categorical(), Corpus(origin), int(size))
        one = solve(recursion, Vocabulary(), [1], method="exact")["vocabulary"]
        assert one.sd is not None
        expected[sizes == size], sd[sizes == size] = one.value[0], one.sd[0]
    types = int((origin > 0).sum())
    return Coverage(generation, (counts > 0).sum(axis=1) / types, expected / types, sd / types)
