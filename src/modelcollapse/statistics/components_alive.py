"""Components alive: how many components of a mixture are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.families.normal_mixture import NormalMixture
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic


@dataclass(frozen=True)
class ComponentsAlive(Statistic):
    """Expected number of components of a normal mixture that have data to explain at generation k.

    Examples
    --------
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.families import Components, NormalMixture
    >>> from modelcollapse.statistics import ComponentsAlive
    >>> start = Components([0.1, 0.9], means=[-9.0, 9.0], covariances=[1.0, 1.0])
    >>> recursion = Recursion(NormalMixture(components=2), start, sample_size=5)
    >>> alive = solve(recursion, ComponentsAlive(), [1, 5], replicates=50, rng=1)["components_alive"].value
    >>> bool(2.0 > alive[0] > alive[1] >= 1.0)
    True
    """

    name: ClassVar[str] = "components_alive"

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must be a normal mixture."""
        _require_mixture(recursion, self.name)
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:
        """Return 0 and the number of components at the start."""
        return (0.0, float(_require_mixture(recursion, self.name).components))

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of weights."""
        return _AliveObserver(_require_mixture(recursion, self.name))


class _AliveObserver(MeanObserver):
    def __init__(self, family: NormalMixture) -> None:
        super().__init__()
        self._family = family

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return np.asarray((self._family.weights(snapshot.model) > 0.0).sum(axis=1))


def _require_mixture(recursion: Recursion, statistic: str) -> NormalMixture:
    if not isinstance(recursion.family, NormalMixture):
        raise InputError(
            f"The statistic {statistic} is about components, but the family is {recursion.family.name}; "
            "ask it of `NormalMixture()`."
        )
    return recursion.family
