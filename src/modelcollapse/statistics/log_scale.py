"""Logarithm of the scale of the drawn data: a straight line where a model collapses or explodes exponentially."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.start import Sample
from modelcollapse.statistics.covariance_spectrum import singular_values
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows, real_data

_REFERENCE = 100_000


@dataclass(frozen=True)
class LogScale(DataStatistic):
    """E ln(scale_k / scale_0) of the data drawn at generation k, in nats; scale = det(covariance)^{1/(2 dimension)}.

    Covariances have divisor n - 1. Scale_0 is that of the real data, or of 100,000 draws of the known law. A run
    whose data lie on a line or a point has a scale of 0 and no logarithm: such runs are counted and left out.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import LogScale
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, LogScale(), [10, 50], rng=1)["log_scale"].value.round(1)
    array([-0.5, -2.8])
    """

    name: ClassVar[str] = "log_scale"

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer of logarithms of scales."""
        return _LogScaleObserver(recursion, self.name)


class _LogScaleObserver(DataObserver):
    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__(recursion, statistic)
        self._recursion, self._statistic = recursion, statistic
        require_scale(recursion, statistic)

    @cached_property
    def _true(self) -> float:
        return true_log_scale(self._recursion, self._statistic)

    def of_rows(self, rows: Rows) -> Any:
        return log_scale(rows) - self._true


def require_scale(recursion: Recursion, statistic: str) -> None:
    """Raise `InputError` if the start is real data without a scale; a known law is drawn from when it is needed."""
    if isinstance(recursion.start.truth, Sample):
        true_log_scale(recursion, statistic)


def true_log_scale(recursion: Recursion, statistic: str) -> float:
    """Return the logarithm of the scale of the real data, or raise `InputError` if they have none."""
    found = log_scale(real_data(recursion, _REFERENCE))
    if not np.isfinite(found):
        raise InputError(
            f"The statistic {statistic} compares with the real data, but their scale is 0: a coordinate is constant or "
            "follows from others, or there are fewer data than coordinates; ask for `Moments()`."
        )
    return found


def log_scale(rows: Rows) -> float:
    """Return ln det(covariance) / (2 dimension), divisor n - 1; not a number where the determinant is 0.

    Examples
    --------
    >>> round(log_scale(np.array([[0.0], [2.0]])), 6), log_scale(np.array([[2.0], [2.0]]))
    (0.346574, nan)
    """
    values = singular_values(rows) if len(rows) > 1 else np.zeros(1)
    tiny = values.max() * max(rows.shape) * np.finfo(np.float64).eps if len(values) > 1 else 0.0
    if values.min() <= tiny:
        return float("nan")
    return float(np.log(values).mean() - 0.5 * np.log(len(rows) - 1))
