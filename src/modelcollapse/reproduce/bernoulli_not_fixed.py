"""Bernoulli: are both symbols still there? The two-sided Theorem 1 and the bound of Seddik and others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.reproduce.base import PanelFigure
from modelcollapse.reproduce.bernoulli_survival import SETTINGS, SHOWN, bernoulli, panel_name
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.statistics import NotFixed


@dataclass(frozen=True)
class BernoulliNotFixed(PanelFigure):
    """Pr(P_k is neither 0 nor 1) of two Bernoulli recursions."""

    name: ClassVar[str] = "bernoulli-not-fixed"
    title: ClassVar[str] = "Bernoulli: chance that neither symbol is lost"
    recursion: ClassVar[str] = "P_k = Binomial(n, P_{k-1}) / n, P_0 = p; the statistic is Pr(0 < P_k < 1)"
    published: ClassVar[str] = "as bernoulli-survival, beside the bounds of Seddik and others"
    caption: ClassVar[str] = (
        "Seddik's bounds follow the diversity, which falls by 1/n a generation: they say little while k is far below "
        "n. Theorem 1, applied to both symbols, falls below 0 from generation 57 on at n = 100."
    )
    runs: ClassVar[int] = 5_000

    def panels(self) -> Sequence[Panel]:
        """Return one panel per setting."""
        return [Panel(panel_name(p, n), bernoulli(p, n), NotFixed([0]), horizon=50, shown=SHOWN) for p, n in SETTINGS]

    def views(self) -> Mapping[str, View]:
        """Return a linear axis for the first setting and a logarithmic one for the second."""
        drawn = ("suresh_2024.theorem_1_two_sided", "seddik_2024.binary", "modelcollapse.ancestry_bracket")
        first, second = (panel_name(p, n) for p, n in SETTINGS)
        return {
            first: View(low=0.0, high=1.0, drawn=drawn),
            second: View(low=0.01, high=1.0, log_y=True, drawn=drawn),
        }
