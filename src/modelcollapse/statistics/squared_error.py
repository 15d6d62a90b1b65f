"""Squared error: how far the model has moved from the truth, in squared Euclidean distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.linear_regression import LinearRegression
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import FiniteObserver, MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver, discrete_start


@dataclass(frozen=True)
class SquaredError(Statistic):
    """Expected sum over symbols of (P_k - P_0)^2 at generation k; of a regression, of its weights: |w_k - w_0|^2.

    For standard normal features that is the test error, less the variance of the noise. It is finite if every model is
    fitted to more than d + 1 rows, d being the number of features; other questions are refused. With less than d + 4
    rows its own variance is infinite, and intervals of a simulation say less than they seem to.

    Raises
    ------
    InputError
        If the start is no law of symbols and the family no regression, or the expectation is infinite.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Parameters, Recursion, solve
    >>> from modelcollapse.families import LinearRegression
    >>> from modelcollapse.statistics import SquaredError
    >>> recursion = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=10)
    >>> solve(recursion, SquaredError(), generations=2)["squared_error"].value
    array([0.05 , 0.095])
    >>> recursion = Recursion(LinearRegression(dimension=20), Parameters(weight=1.0), sample_size=61)
    >>> solve(recursion, SquaredError(), generations=2)["squared_error"].value
    array([0.5, 1. ])
    """

    name: ClassVar[str] = "squared_error"
    trend: ClassVar[Literal["falls", "rises"] | None] = "rises"

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return 0 and the largest squared distance: 2 of two laws, no limit for weights."""
        return 0.0, np.inf if isinstance(recursion.family, LinearRegression) else 2.0

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the start must be discrete, or the family a regression with a finite error."""
        if isinstance(recursion.family, LinearRegression):
            _require_finite(recursion, recursion.family.dimension)
        else:
            discrete_start(recursion, self.name)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the squared distance to the truth."""
        self.coordinates(recursion)
        if isinstance(recursion.family, LinearRegression):
            return _WeightsObserver(recursion, self.name)
        return _SquaredErrorObserver(recursion, self.name)


class _SquaredErrorObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        away = self.frequencies(snapshot) - self.truth(snapshot)
        return np.asarray((away**2).sum(axis=1) + self.missing_truth(snapshot, power=2.0))


class _WeightsObserver(FiniteObserver):
    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__(statistic)
        self._truth = recursion.family.initial(recursion.start.truth, 1)

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return np.asarray(((snapshot.model - self._truth) ** 2).sum(axis=1))


def _require_finite(recursion: Recursion, dimension: int) -> None:
    """Raise `InputError` if a model is fitted to so few rows that its expected squared error is infinite."""
    least, name = _fewest_rows(recursion)
    if least <= dimension + 1:
        allowed = f"at least {dimension + 2}, two more than there are features"
        remedy = "With fewer rows the expected squared error is infinite; train on more, or lower `dimension`."
        raise InputError(arguments.message(name, least, allowed, remedy))


def _fewest_rows(recursion: Recursion) -> tuple[int, str]:
    """Return the smallest number of rows that a model is fitted to, and what decides it."""
    recipe, real = recursion.workflow.recipe(1), recursion.start.real_size
    sizes = recursion.sample_size
    first, least = (sizes, sizes) if isinstance(sizes, int) else (sizes[0], min(sizes))
    if isinstance(recipe.subsample, int):
        fitted, name = recipe.subsample, "subsample"
    elif recipe.subsample is not None:
        fitted, name = least, "sample_size"
    elif recipe.pool:
        fitted, name = first + real, "sample_size"
    else:
        fitted, name = least + (real if 0 in recipe.batches else 0), "sample_size"
    return (real, "size") if 0 < real < fitted else (fitted, name)
