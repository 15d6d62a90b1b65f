"""Distances of a Gaussian model from the truth: Wasserstein, and Kullback-Leibler in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.scales import ScaleObserver


class _GaussianDistance(Statistic):
    """A distance between Gaussian laws."""

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must be Gaussian."""
        _require_gaussian(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)


@dataclass(frozen=True)
class Wasserstein(_GaussianDistance):
    """Expected squared Wasserstein distance W_2^2 between model k and the truth, in units of scale_0^2.

    Examples
    --------
    >>> from modelcollapse import Parameters, Recursion, solve
    >>> from modelcollapse.families import Gaussian
    >>> from modelcollapse.statistics import Wasserstein
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, Wasserstein(), generations=2)["wasserstein"].value.round(6)
    array([0.154681, 0.307868])
    """

    name: ClassVar[str] = "wasserstein"

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of squared distances."""
        return _WassersteinObserver(recursion, self.name)


@dataclass(frozen=True)
class Divergence(_GaussianDistance):
    """Expected Kullback-Leibler divergence between model k and the truth, in nats.

    Parameters
    ----------
    direction : {"to_start", "from_start"}
        "to_start" is KL(P_k || P_0), the cost of coding the model's data by the truth: it grows with k linearly.
        "from_start" is KL(P_0 || P_k), the cost of coding true data by the model: it grows exponentially.

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

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of divergences."""
        return _DivergenceObserver(recursion, self)


class _GaussianObserver(ScaleObserver):
    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__(recursion, statistic)
        self._gaussian = _require_gaussian(recursion, statistic)

    def relative_factor(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """The factor of the covariance, in units of the true scale."""
        return self._gaussian.factor(model) / self._true_scale

    def principal(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """The principal standard deviations, in units of the true scale."""
        factor = self.relative_factor(model)
        return factor[:, :, 0] if factor.shape[1] == 1 else np.asarray(np.linalg.svd(factor, compute_uv=False), float)


class _WassersteinObserver(_GaussianObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        moved = (self.relative_shift(snapshot.model) ** 2).sum(axis=1)
        return np.asarray(moved + ((self.principal(snapshot.model) - 1.0) ** 2).sum(axis=1))


class _DivergenceObserver(_GaussianObserver):
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


def _require_gaussian(recursion: Recursion, statistic: str) -> Gaussian:
    if not isinstance(recursion.family, Gaussian):
        raise InputError(
            f"The statistic {statistic} is about Gaussian laws, but the family is {recursion.family.name}; "
            "ask it of `Gaussian()`."
        )
    return recursion.family
