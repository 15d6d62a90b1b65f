"""Eigenvalues of the covariance of the drawn data: which directions are forgotten first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows, dimension_of


@dataclass(frozen=True)
class CovarianceSpectrum(DataStatistic):
    """Expected eigenvalues of the covariance of the data drawn at generation k, largest first; (generation, rank).

    Parameters
    ----------
    ddof : float
        The covariance is divided by n - ddof; 0 or more. It does not exist for n <= ddof.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import CovarianceSpectrum
    >>> family = Gaussian(dimension=2).uncompressed()
    >>> recursion = Recursion(family, Parameters(mean=0.0, scale=1.0), sample_size=20)
    >>> solve(recursion, CovarianceSpectrum(), [1, 20], rng=1)["covariance_spectrum"].value.round(1)
    array([[1.3, 0.7],
           [1.9, 0.1]])
    """

    ddof: float = 1.0

    name: ClassVar[str] = "covariance_spectrum"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "rank")

    def __post_init__(self) -> None:
        object.__setattr__(self, "ddof", arguments.real("ddof", self.ddof, low=0.0, high=1e13))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the ranks, 1 for the largest."""
        super().coordinates(recursion)
        return {"rank": list(range(1, dimension_of(recursion) + 1))}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer of eigenvalues."""
        return _SpectrumObserver(recursion, self)


class _SpectrumObserver(DataObserver):
    def __init__(self, recursion: Recursion, asked: CovarianceSpectrum) -> None:
        super().__init__(recursion, asked.name)
        self._ddof = asked.ddof

    def of_rows(self, rows: Rows) -> Any:
        return singular_values(rows) ** 2 / (len(rows) - self._ddof) if len(rows) > self._ddof else rows[0] * np.nan


def singular_values(rows: Rows) -> Rows:
    """Return the singular values of data about their mean, largest first, one for each coordinate.

    Examples
    --------
    >>> singular_values(np.array([[1.0, 0.0], [5.0, 0.0]])).round(6)
    array([2.828427, 0.      ])
    """
    away = rows - rows.mean(axis=0)
    if away.shape[1] == 1:
        return np.sqrt((away**2).sum(axis=0))
    found = np.linalg.svd(away, compute_uv=False)
    return np.pad(found, (0, away.shape[1] - len(found)))
