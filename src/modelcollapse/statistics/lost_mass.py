"""Lost mass: the share of the true law whose symbols the model has forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.symbols import SymbolObserver


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
        return _LostMassObserver(recursion, self.name)


class _LostMassObserver(SymbolObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return ~self.present(snapshot) @ self.truth(snapshot) + self.missing_truth(snapshot)
