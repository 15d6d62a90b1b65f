"""Wasserstein distance of a Gaussian model from the truth, and what observers of Gaussian models share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.scales import ScaleObserver


@dataclass(frozen=True)
class Wasserstein(Statistic):
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

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must be Gaussian."""
        require_gaussian(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and infinity."""
        return (0.0, np.inf)

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of squared distances."""
        return _WassersteinObserver(recursion, self.name)


class GaussianObserver(ScaleObserver):
    """Observer of Gaussian models in units of the true scale; a subclass says what it measures."""

    def __init__(self, recursion: Recursion, statistic: str) -> None:
        super().__init__(recursion, statistic)
        self._gaussian = require_gaussian(recursion, statistic)

    def relative_factor(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """The factor of the covariance, in units of the true scale."""
        return self._gaussian.factor(model) / self._true_scale

    def principal(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """The principal standard deviations, in units of the true scale."""
        factor = self.relative_factor(model)
        return factor[:, :, 0] if factor.shape[1] == 1 else np.asarray(np.linalg.svd(factor, compute_uv=False), float)


class _WassersteinObserver(GaussianObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        moved = (self.relative_shift(snapshot.model) ** 2).sum(axis=1)
        return np.asarray(moved + ((self.principal(snapshot.model) - 1.0) ** 2).sum(axis=1))


def require_gaussian(recursion: Recursion, statistic: str) -> Gaussian:
    """Return the family, or raise `InputError` if it is not Gaussian."""
    if not isinstance(recursion.family, Gaussian):
        raise InputError(
            f"The statistic {statistic} is about Gaussian laws, but the family is {recursion.family.name}; "
            "ask it of `Gaussian()`."
        )
    return recursion.family
