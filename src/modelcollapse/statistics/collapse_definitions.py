"""What collapse may mean: definitions in use, named as in the survey of Schaeffer et al. (2025).

Four of their eight are statements about one run of one recursion and can be watched here. The others are not: an
asymptotically diverging risk is a property of the whole sequence, a change in scaling law compares models of many
sizes, entangled modes need a model that has modes, and hallucinated data cannot appear where models never leave the
support of the truth.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import NoAnswerError
from modelcollapse.families.base import ScaleFamily, SymbolFamily
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver
from modelcollapse.statistics.divergence import Divergence, SymbolDivergence
from modelcollapse.statistics.diversity import Diversity
from modelcollapse.statistics.scale_moments import MeanVariance
from modelcollapse.statistics.symbols import discrete_start
from modelcollapse.statistics.tail_mass import TailMass

Floats = NDArray[np.float64]


class CollapseDefinition(ABC):
    """When a run counts as collapsed: a quantity that each replicate has, and where it must lie."""

    name: ClassVar[str]

    @abstractmethod
    def quantity(self, recursion: Recursion) -> MeanObserver:
        """Return an observer whose `measure` is the quantity."""

    @abstractmethod
    def crossed(self, values: Floats, recursion: Recursion) -> NDArray[np.bool_]:
        """Return for which values of the quantity a model is collapsed."""

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}


@dataclass(frozen=True)
class AnyIncreaseOfRisk(CollapseDefinition):
    """The population risk, the mean log-loss on true data, is above the truth's own: true of any error at all.

    Examples
    --------
    >>> from modelcollapse.statistics import AnyIncreaseOfRisk
    >>> AnyIncreaseOfRisk().name
    'any increase of population risk'
    """

    name: ClassVar[str] = "any increase of population risk"

    def quantity(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the excess risk, KL(P_0 || P_k)."""
        return _excess_risk(recursion)

    def crossed(self, values: Floats, recursion: Recursion) -> NDArray[np.bool_]:  # noqa: ARG002
        """Return where it is above 0, beyond rounding."""
        return np.asarray(values > 1e-12)


@dataclass(frozen=True)
class CatastrophicIncreaseOfRisk(CollapseDefinition):
    """The population risk exceeds the truth's own by at least so many nats a datum; infinitely, once a symbol is lost.

    Parameters
    ----------
    nats : float
        Above 0.

    Examples
    --------
    >>> from modelcollapse.statistics import CatastrophicIncreaseOfRisk
    >>> CatastrophicIncreaseOfRisk(2.0).nats
    2.0
    """

    nats: float = 1.0

    name: ClassVar[str] = "catastrophic increase of population risk"

    def __post_init__(self) -> None:
        object.__setattr__(self, "nats", arguments.real("nats", self.nats, low=1e-12, high=1e300))

    def quantity(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the excess risk, KL(P_0 || P_k)."""
        return _excess_risk(recursion)

    def crossed(self, values: Floats, recursion: Recursion) -> NDArray[np.bool_]:  # noqa: ARG002
        """Return where it is at least as large."""
        return np.asarray(values >= self.nats)


@dataclass(frozen=True)
class CollapsingVariance(CollapseDefinition):
    """The variance (scale squared) or the diversity of symbols is at most a share of the truth's.

    Parameters
    ----------
    share : float
        Above 0 and below 1.

    Examples
    --------
    >>> from modelcollapse.statistics import CollapsingVariance
    >>> CollapsingVariance(0.01).share
    0.01
    """

    share: float = 0.1

    name: ClassVar[str] = "collapsing variance"

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", _checked_share(self.share))

    def quantity(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of relative variance, or of diversity."""
        return (MeanVariance() if isinstance(recursion.family, ScaleFamily) else Diversity()).observer(recursion)

    def crossed(self, values: Floats, recursion: Recursion) -> NDArray[np.bool_]:
        """Return where it is at most the share of what it was."""
        if isinstance(recursion.family, ScaleFamily):
            return np.asarray(values <= self.share)
        truth = discrete_start(recursion, self.name).probabilities
        return np.asarray(values <= self.share * (1.0 - (truth**2).sum()) + 1e-15)


@dataclass(frozen=True)
class DisappearanceOfTail(CollapseDefinition):
    """The model gives the tail of the truth at most a share of its true probability.

    Parameters
    ----------
    tail : float
        The share of P_0 that the tail has, as in `TailMass`.
    left : float
        At most this part of it is left; 0 where all of it must be gone.

    Examples
    --------
    >>> from modelcollapse.statistics import DisappearanceOfTail
    >>> DisappearanceOfTail(tail=0.05).name
    'disappearance of real tail data'
    """

    tail: float = 0.1
    left: float = 0.1

    name: ClassVar[str] = "disappearance of real tail data"

    def __post_init__(self) -> None:
        object.__setattr__(self, "tail", _checked_share(self.tail, "tail"))
        object.__setattr__(self, "left", arguments.real("left", self.left, low=0.0, high=1.0 - 1e-12))

    def quantity(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the tail's probability."""
        return TailMass(self.tail).observer(recursion)

    def crossed(self, values: Floats, recursion: Recursion) -> NDArray[np.bool_]:
        """Return where the tail has at most that part of its true probability."""
        if isinstance(recursion.family, ScaleFamily):
            return np.asarray(values <= self.left * self.tail)
        ordered = np.sort(discrete_start(recursion, self.name).probabilities)
        held = ordered[np.cumsum(ordered) <= self.tail + 1e-12].sum()
        if held == 0.0:
            raise NoAnswerError(
                f"`tail` is {self.tail:g}, but every symbol has more of the truth, so that the tail is empty; raise it."
            )
        return np.asarray(values <= self.left * held + 1e-15)


def _excess_risk(recursion: Recursion) -> MeanObserver:
    """An observer of KL(P_0 || P_k): of single runs it is of use even where its mean is infinite."""
    statistic = Divergence("from_start")
    if isinstance(recursion.family, SymbolFamily):
        return SymbolDivergence(recursion, statistic)
    return statistic.observer(recursion)


def _checked_share(value: object, name: str = "share") -> float:
    return arguments.real(name, value, low=1e-12, high=1.0 - 1e-12)
