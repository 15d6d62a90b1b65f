"""Lyapunov spectrum: how fast each principal direction of a model shrinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from modelcollapse.errors import InputError
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic


@dataclass(frozen=True)
class LyapunovSpectrum(Statistic):
    """Rates of the principal standard deviations of a Gaussian, in nats per generation, largest first.

    Almost surely ln(i-th principal standard deviation at k) / k tends to the i-th of them. Negative where it shrinks.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import LyapunovSpectrum
    >>> recursion = Recursion(Gaussian(dimension=3), Parameters(mean=0.0, scale=1.0), sample_size=20)
    >>> solve(recursion, LyapunovSpectrum(), [])["lyapunov_spectrum"].value.round(6)
    array([-0.026777, -0.055325, -0.0856  ])
    """

    name: ClassVar[str] = "lyapunov_spectrum"
    dimensions: ClassVar[tuple[str, ...]] = ("direction",)
    not_simulated: ClassVar[str] = (
        "it is a limit of infinitely many generations; ask for it of a Gaussian under replace, where a law covers it"
    )

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return 1, ..., d; the model must be Gaussian."""
        if not isinstance(recursion.family, Gaussian):
            raise InputError(
                f"The statistic {self.name} is about directions of a Gaussian, but the family is "
                f"{recursion.family.name}; ask it of `Gaussian(dimension=3)`."
            )
        return {"direction": list(range(1, recursion.family.dimension + 1))}
