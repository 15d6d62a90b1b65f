"""Principal scales: how wide a Gaussian model of several dimensions is along its axes, widest first."""

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

_ROUNDING = 1e-13  # of the widest axis: narrower ones are rounding errors of the decomposition


@dataclass(frozen=True)
class PrincipalScales(Statistic):
    """E ln(i-th largest principal standard deviation / scale_0), for each i; dimensions (generation, direction).

    Their mean over i is E ln(scale_k / scale_0). Axes narrower than 1e-13 of the widest have no value.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import PrincipalScales
    >>> recursion = Recursion(Gaussian(dimension=2), Parameters(mean=0.0, scale=1.0), sample_size=20)
    >>> solve(recursion, PrincipalScales(), [100], rng=1)["principal_scales"].value.round(0)
    array([[-2., -6.]])
    """

    name: ClassVar[str] = "principal_scales"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "direction")

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the number of each direction, from 1; the model must be Gaussian."""
        return {"direction": [str(i + 1) for i in range(_family(recursion, self.name).dimension)]}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the axes."""
        _family(recursion, self.name)
        return _AxesObserver(recursion, self.name)


class _AxesObserver(ScaleObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        assert isinstance(self.family, Gaussian)
        factor = self.family.factor(snapshot.model)
        axes = np.linalg.svd(factor, compute_uv=False)
        seen = (axes > 0) & (axes > _ROUNDING * axes[:, :1])
        return np.where(seen, np.log(np.where(seen, axes, 1.0) / self._true_scale), np.nan)


def _family(recursion: Recursion, statistic: str) -> Gaussian:
    if not isinstance(recursion.family, Gaussian):
        raise InputError(
            f"The statistic {statistic} is about the covariance of a Gaussian model, but the family is "
            f"{recursion.family.name}; ask it of `Gaussian(dimension=...)`."
        )
    return recursion.family
