"""What statistics of data share: the family must keep its data, and there are real data to compare with."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.base import Family, SymbolFamily
from modelcollapse.families.data import rows_of
from modelcollapse.recursion import Recursion
from modelcollapse.start import Sample
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic

Rows = NDArray[np.float64]  # (datum, dimension)
_MOST_REFERENCE_NUMBERS = 10**7


class DataStatistic(Statistic):
    """A question about the data drawn at generation k; they are those that model k - 1, or the workflow, yields."""

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the family must keep its data."""
        require_data(recursion, self.name)
        return {}


class DataObserver(MeanObserver):
    """Observer of the data that each replicate draws; a subclass says what it measures."""

    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__()
        require_data(recursion, statistic)

    @abstractmethod
    def of_rows(self, rows: Rows) -> Any:
        """Return what is measured of one replicate's draws: a number, or an array of them."""

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """Measure replicate after replicate."""
        return np.array([self.of_rows(rows) for rows in rows_of(snapshot.drawn)], dtype=np.float64)


def require_data(recursion: Recursion, statistic: str) -> Family[Any, Any]:
    """Return the family, or raise `InputError` if its batches do not hold the data."""
    family = recursion.family
    if isinstance(family, SymbolFamily):
        raise InputError(
            f"The statistic {statistic} is about data that are numbers, but those of the {family.name} family are "
            "symbols; ask for `Vocabulary()`, `Diversity()` or `Entropy()`."
        )
    if not family.values_per_datum:
        raise InputError(
            f"The statistic {statistic} is about data, but the {family.name} family keeps summaries of them only; "
            "ask it of `Learned(...)`, or of a family that keeps its data, as `Gaussian().uncompressed()`."
        )
    return family


def dimension_of(recursion: Recursion) -> int:
    """Return how many numbers a datum has."""
    return recursion.family.datum_size(recursion.start.truth)


def real_data(recursion: Recursion, most: int) -> Rows:
    """Return at most so many real data: rows of the sample that the recursion starts from, else draws of the truth.

    Which rows, and which draws, is the same every time; no simulation's random numbers are used.
    """
    truth, family = recursion.start.truth, recursion.family
    if isinstance(truth, Sample):
        return some_rows(truth.values, most)
    size = max(2, min(most, _MOST_REFERENCE_NUMBERS // dimension_of(recursion)))
    return rows_of(family.sample(family.initial(truth, 1), size, np.random.default_rng(0)))[0]


def some_rows(rows: Rows, most: int) -> Rows:
    """Return at most so many rows, spread over all by a fixed shuffle: no order of the rows can bias the choice.

    Examples
    --------
    >>> len(some_rows(np.zeros((10, 2)), 3)), len(some_rows(np.zeros((10, 2)), 30))
    (3, 10)
    """
    if len(rows) <= most:
        return rows
    return rows[np.random.default_rng(0).choice(len(rows), size=most, replace=False)]


def checked_points(value: object) -> int:
    """Return how many data distances are computed between, at most: from 2 to 20,000."""
    remedy = "Time and memory grow with its square."
    return arguments.integer("points", value, least=2, most=20_000, remedy=remedy)
