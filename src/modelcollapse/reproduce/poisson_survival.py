"""Poisson: is the rate still above 0? Theorem 2, which is exact with g_k itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.families import Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.base import PanelFigure
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.start import Parameters
from modelcollapse.statistics import NonZero

RATES = (1.0, 10.0)
SHOWN = (1, 56, 112, 167, 223, 278, 334, 389, 445, 500)


@dataclass(frozen=True)
class PoissonSurvival(PanelFigure):
    """Pr(Lambda_k != 0) from two rates."""

    name: ClassVar[str] = "poisson-survival"
    title: ClassVar[str] = "Poisson: chance that the rate is not yet 0"
    recursion: ClassVar[str] = (
        "Lambda_k = Poisson(n Lambda_{k-1}) / n, Lambda_0 = lambda; the statistic is Pr(Lambda_k != 0)"
    )
    published: ClassVar[str] = "lambda = 1 and 10, n = 10; 500 generations; 5,000 paths; logarithmic axis"
    caption: ClassVar[str] = (
        "Exactly 1 - exp(-n lambda g_k), g_1 = 1, g_{k+1} = 1 - exp(-g_k). The printed range 1/k <= g_k <= 3/k is "
        "loose by a factor of 2 below and 1.5 above; 2/(k + ln(k)/3 + 1) <= g_k <= 2/(k + 1) is not visibly so."
    )
    runs: ClassVar[int] = 5_000

    def panels(self) -> Sequence[Panel]:
        """Return one panel per rate."""
        return [
            Panel(
                panel_name(rate),
                Recursion(Poisson(), Parameters(rate=rate), 10),
                NonZero(),
                horizon=500,
                shown=SHOWN,
            )
            for rate in RATES
        ]

    def views(self) -> Mapping[str, View]:
        """Return logarithmic axes."""
        return {panel_name(rate): View(low=0.01, high=1.0, log_y=True) for rate in RATES}


def panel_name(rate: float) -> str:
    """Return how a rate is called."""
    return f"λ = {rate:g}, n = 10"
