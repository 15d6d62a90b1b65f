"""Rate at which the scale of the drawn data grows or shrinks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Snapshot
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows
from modelcollapse.statistics.log_scale import log_scale, require_scale, true_log_scale


@dataclass(frozen=True)
class GrowthRate(DataStatistic):
    """E ln(scale_k / scale_since) / (k - since), in nats per generation: the rate at which scales grow, or shrink.

    Each run has its own rate, so that the interval holds whatever the steps depend on. Scale_0 is as for `LogScale`.
    There is no rate up to generation `since`; a run whose scale is 0 at either end is counted and left out.

    Parameters
    ----------
    since : int
        0 or later.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import GrowthRate
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, GrowthRate(), [50], rng=1)["growth_rate"].value.round(3)  # the law says -0.0576
    array([-0.057])
    """

    since: int = 0

    name: ClassVar[str] = "growth_rate"
    watches_all: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", arguments.integer("since", self.since, least=0))

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer that remembers the scales of generation `since`."""
        return _RateObserver(recursion, self)


class _RateObserver(DataObserver):
    def __init__(self, recursion: Recursion, asked: GrowthRate) -> None:
        super().__init__(recursion, asked.name)
        self._since = asked.since
        self._generation = 0
        self._before = np.array([np.nan])
        if self._since == 0:
            require_scale(recursion, asked.name)
        self._recursion, self._statistic = recursion, asked.name

    def of_rows(self, rows: Rows) -> Any:
        return log_scale(rows)

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        if self._since == self._generation == 0:
            self._before = np.array([true_log_scale(self._recursion, self._statistic)])
        self._generation += 1
        if self._generation < self._since:
            return np.full(len(snapshot.model), np.nan)
        scales = super().measure(snapshot)
        if self._generation == self._since:
            self._before = scales
        if self._generation <= self._since:
            return np.full(len(scales), np.nan)
        return (scales - self._before) / (self._generation - self._since)

    def notes(self) -> dict[str, NDArray[Any]]:
        return {**super().notes(), "generation": np.array(self._generation), "before": self._before}

    def resume(self, notes: Mapping[str, NDArray[Any]]) -> None:
        super().resume(notes)
        self._generation, self._before = int(notes["generation"]), notes["before"]
