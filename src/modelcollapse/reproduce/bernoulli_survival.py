"""Bernoulli: is the symbol still present? Theorem 1 against the exact law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.families import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.base import PanelFigure
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.start import Known
from modelcollapse.statistics import Survival

SETTINGS = ((0.001, 10_000), (0.01, 100))
SHOWN = (1, 6, 11, 17, 22, 28, 33, 39, 44, 50)


@dataclass(frozen=True)
class BernoulliSurvival(PanelFigure):
    """Pr(P_k != 0) of two Bernoulli recursions."""

    name: ClassVar[str] = "bernoulli-survival"
    title: ClassVar[str] = "Bernoulli: chance that the symbol is still present"
    recursion: ClassVar[str] = "P_k = Binomial(n, P_{k-1}) / n, P_0 = p; the statistic is Pr(P_k != 0)"
    published: ClassVar[str] = (
        "(p, n) = (0.001, 10,000) and (0.01, 100); 50 generations; 5,000 paths; 10 generations shown"
    )
    caption: ClassVar[str] = (
        "Theorem 1 is close below. Above, its factor 1 - 3 n p^2 - 3 k p costs it everything at n = 100 from "
        "generation 33 on; the ancestry bracket, which holds for every n, p and k, stays within a few thousandths."
    )
    runs: ClassVar[int] = 5_000

    def panels(self) -> Sequence[Panel]:
        """Return one panel per setting."""
        return [Panel(panel_name(p, n), bernoulli(p, n), Survival([0]), horizon=50, shown=SHOWN) for p, n in SETTINGS]

    def views(self) -> Mapping[str, View]:
        """Return a linear axis for the first setting and a logarithmic one for the second, as published."""
        drawn = ("suresh_2024.theorem_1", "suresh_2024.theorem_1_printed", "modelcollapse.ancestry_bracket")
        first, second = (panel_name(p, n) for p, n in SETTINGS)
        return {
            first: View(low=0.0, high=1.0, drawn=drawn),
            second: View(low=0.01, high=1.0, log_y=True, drawn=drawn),
        }


def bernoulli(p: float, n: int) -> Recursion:
    """Return the Bernoulli recursion."""
    return Recursion(Categorical(), Known([p, 1.0 - p]), n)


def panel_name(p: float, n: int) -> str:
    """Return how a setting is called."""
    return f"p = {p:g}, n = {n:,}"
