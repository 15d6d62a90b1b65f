"""Kullback-Leibler divergence between the model and the truth, in either direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.base import SymbolFamily
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver
from modelcollapse.statistics.wasserstein import GaussianObserver, require_gaussian


@dataclass(frozen=True)
class Divergence(Statistic):
    """Expected Kullback-Leibler divergence between model k and the truth, in nats.

    Parameters
    ----------
    direction : {"to_start", "from_start"}
        "to_start" is KL(P_k || P_0), the cost of coding the model's data by the truth: it grows with k linearly.
        "from_start" is KL(P_0 || P_k), the cost of coding true data by the model, its excess risk: for a Gaussian it
        grows exponentially, and it is infinite as soon as a symbol is lost. Its mean over symbols therefore exists
        only where no symbol can be lost, under smoothing with a known alphabet.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import Divergence
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, Divergence(), generations=2)["divergence"].value.round(6)
    array([0.107603, 0.215206])
    """

    direction: Literal["to_start", "from_start"] = "to_start"

    name: ClassVar[str] = "divergence"

    def __post_init__(self) -> None:
        if self.direction not in ("to_start", "from_start"):
            raise InputError(arguments.message("direction", self.direction, "'to_start' or 'from_start'"))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must be Gaussian or of symbols."""
        if not isinstance(recursion.family, SymbolFamily):
            require_gaussian(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of divergences."""
        if not isinstance(recursion.family, SymbolFamily):
            return _GaussianDivergence(recursion, self)
        if self.direction == "from_start" and recursion.family.absorbing:
            raise NoAnswerError(
                "The mean divergence KL(P_0 || P_k) over symbols is infinite at every generation: with some "
                "probability a symbol is lost, and then it is infinite itself. Ask for `Divergence('to_start')`, for "
                "`LostMass()` or for `NotCollapsed()` of a risk; or smooth, `Smoothed(Additive(...))`."
            )
        return SymbolDivergence(recursion, self)


class _GaussianDivergence(GaussianObserver):
    def __init__(self, recursion: Recursion, statistic: Divergence) -> None:
        super().__init__(recursion, statistic.name)
        self._to_start = statistic.direction == "to_start"

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        model = snapshot.model
        shift, factor = self.relative_shift(model), self.relative_factor(model)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            logs = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
            if not self._to_start:
                if np.any(np.isneginf(logs)):
                    return np.full(len(model), np.inf)
                factor = np.asarray(np.linalg.inv(factor), float)
                shift, logs = (factor @ shift[:, :, None])[:, :, 0], -logs
            squares = (factor**2).sum(axis=(1, 2)) - self._gaussian.dimension + (shift**2).sum(axis=1)
            return np.asarray(0.5 * squares - logs)


class SymbolDivergence(SymbolObserver):
    """Observer of divergences between laws of symbols; infinite where the truth has what the model has lost."""

    def __init__(self, recursion: Recursion, statistic: Divergence) -> None:
        super().__init__(recursion, statistic.name)
        self._to_start = statistic.direction == "to_start"

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """Return sum p ln(p/q), p being the law that is coded and q the one that codes."""
        model, truth = self.frequencies(snapshot), self.truth(snapshot)
        p, q = (model, truth) if self._to_start else (truth, model)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=1)
        return found if self._to_start or self.missing_truth(snapshot) == 0 else np.full(len(model), np.inf)
