"""Moments of the drawn data, coordinate by coordinate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows, dimension_of

_NAMES = ("mean", "variance", "skewness", "kurtosis")


@dataclass(frozen=True)
class Moments(DataStatistic):
    """Expected moments of the data drawn at generation k; dimensions (generation, moment, coordinate).

    Mean; variance, divisor n - ddof; skewness; kurtosis, 3 for a normal law. The last two divide by powers of the
    variance with divisor n, and do not exist where all data are equal.

    Parameters
    ----------
    order : int
        How many of them, 1 to 4.
    ddof : float
        0 or more.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import Moments
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=5.0, scale=1.0), sample_size=50)
    >>> solve(recursion, Moments(order=2), [10], rng=1)["moments"].value.round(1)
    array([[[5.],
            [1.]]])
    """

    order: int = 2
    ddof: float = 1.0

    name: ClassVar[str] = "moments"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "moment", "coordinate")

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", arguments.integer("order", self.order, least=1, most=4))
        object.__setattr__(self, "ddof", arguments.real("ddof", self.ddof, low=0.0, high=1e13))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the names of the moments and the numbers of the coordinates."""
        super().coordinates(recursion)
        return {"moment": list(_NAMES[: self.order]), "coordinate": list(range(dimension_of(recursion)))}

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer of moments."""
        return _MomentsObserver(recursion, self)


class _MomentsObserver(DataObserver):
    def __init__(self, recursion: Recursion, asked: Moments) -> None:
        super().__init__(recursion, asked.name)
        self._asked = asked

    def of_rows(self, rows: Rows) -> Any:
        n, mean = len(rows), rows.mean(axis=0)
        away = rows - mean
        square = (away**2).mean(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = square * n / (n - self._asked.ddof) if n > self._asked.ddof else np.full_like(mean, np.nan)
            unit = np.where(square > 0, away / np.sqrt(square), np.nan)
        return np.array([mean, variance, (unit**3).mean(axis=0), (unit**4).mean(axis=0)])[: self._asked.order]
