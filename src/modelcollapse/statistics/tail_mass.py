"""Tail mass: the probability that the model gives to what was rare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import NoAnswerError
from modelcollapse.families.base import ScaleFamily
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.scales import ScaleObserver
from modelcollapse.statistics.symbols import SymbolObserver, discrete_start


@dataclass(frozen=True)
class TailMass(Statistic):
    """Expected probability under model k of the tail of P_0.

    Of symbols, the tail are the rarest ones that together have at most `share` of P_0; its mean stays what it was where
    nothing is smoothed or shaped, but few runs come to carry it. Of a Gaussian in one dimension, it is what lies so far
    from the true mean, on both sides, that P_0 gives it `share`.

    Parameters
    ----------
    share : float
        Above 0 and below 1.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import TailMass
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=100)
    >>> solve(recursion, TailMass(0.01), [1, 100], rng=1)["tail_mass"].value.round(2)
    array([0.01, 0.06])
    """

    share: float = 0.1

    name: ClassVar[str] = "tail_mass"

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", arguments.real("share", self.share, low=1e-12, high=1.0 - 1e-12))

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return 0.0, 1.0

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the model must be of symbols, or a Gaussian of one dimension."""
        if not isinstance(recursion.family, ScaleFamily):
            discrete_start(recursion, self.name)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer of the tail's probability."""
        if not isinstance(recursion.family, ScaleFamily):
            return _RareObserver(recursion, self)
        if not isinstance(recursion.family, Gaussian) or recursion.family.dimension > 1:
            raise NoAnswerError(
                "The statistic tail_mass knows the tails of symbols and of Gaussians of one dimension; "
                "ask for `ScaleTail()` or `MeanScale()` of other scale families."
            )
        return _FarObserver(recursion, self)


class _RareObserver(SymbolObserver):
    def __init__(self, recursion: Recursion, statistic: TailMass) -> None:
        super().__init__(recursion, statistic.name)
        order = np.argsort(self._truth, kind="stable")
        self._tail = np.zeros(len(self._truth))
        self._tail[order[np.cumsum(self._truth[order]) <= statistic.share + 1e-12]] = 1.0

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        tail = self._tail if snapshot.columns is None else self._tail[snapshot.columns]
        return np.asarray(self.frequencies(snapshot) @ tail)


class _FarObserver(ScaleObserver):
    def __init__(self, recursion: Recursion, statistic: TailMass) -> None:
        from scipy.special import ndtri

        super().__init__(recursion, statistic.name)
        self._distance = -float(ndtri(statistic.share / 2.0))

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        from scipy.special import ndtr

        shift, scale = self.relative_shift(snapshot.model)[:, 0], self.relative_scale(snapshot.model)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            above, below = (self._distance - shift) / scale, (-self._distance - shift) / scale
        return np.where(scale > 0, ndtr(-above) + ndtr(below), (np.abs(shift) > self._distance).astype(np.float64))
