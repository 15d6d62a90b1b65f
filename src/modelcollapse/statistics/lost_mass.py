"""Lost mass: the share of the true law whose symbols the model has forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Statistic
from modelcollapse.statistics.symbols import discrete_start


@dataclass(frozen=True)
class LostMass(Statistic):
    """Expected share of P_0 that lies on symbols absent at generation k: the tokens that can no longer be written.

    Examples
    --------
    >>> from modelcollapse import Categorical, Corpus, Recursion, solve
    >>> from modelcollapse.statistics import LostMass
    >>> recursion = Recursion(Categorical(), Corpus([1] * 50 + [50]), sample_size=100)
    >>> solve(recursion, LostMass(), generations=[1, 10])["lost_mass"].value.round(4)
    array([0.183 , 0.4193])
    """

    name: ClassVar[str] = "lost_mass"
    trend: ClassVar[Literal["falls", "rises"] | None] = "rises"

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that adds up P_0 over the absent symbols."""
        return _LostMassObserver(discrete_start(recursion, self.name).probabilities)


class _LostMassObserver(MeanObserver):
    def __init__(self, truth: NDArray[np.float64]) -> None:
        super().__init__()
        self._truth = truth

    def measure(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        return (model == 0) @ self._truth
