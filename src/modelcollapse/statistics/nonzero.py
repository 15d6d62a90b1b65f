"""Nonzero rate: has the Poisson model not yet become the law that only ever says 0?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.families.poisson import Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic


def require_poisson(recursion: Recursion, statistic: str) -> None:
    """Raise `InputError` if the recursion's model has no Poisson rate."""
    if not isinstance(recursion.family, Poisson):
        raise InputError(
            f"The statistic {statistic} is about a Poisson rate, but the family is {recursion.family.name}; "
            "ask it of the family poisson, or ask for the statistic 'survival' of symbols."
        )


@dataclass(frozen=True)
class NonZero(Statistic):
    """Pr(the Poisson rate is not 0 at generation k). A rate of 0 is for ever under replace.

    Examples
    --------
    >>> from modelcollapse import Parameters, Poisson, Recursion, solve
    >>> from modelcollapse.statistics import NonZero
    >>> recursion = Recursion(Poisson(), Parameters(rate=1.0), sample_size=10)
    >>> solve(recursion, NonZero(), generations=[10, 100])["nonzero"].value.round(6)
    array([0.821389, 0.177516])
    """

    name: ClassVar[str] = "nonzero"
    is_probability: ClassVar[bool] = True
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must be Poisson."""
        require_poisson(recursion, self.name)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of positive rates."""
        require_poisson(recursion, self.name)
        return _NonZeroObserver()


class _NonZeroObserver(MeanObserver):
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        return (snapshot.model[:, 0] > 0).astype(np.float64)
