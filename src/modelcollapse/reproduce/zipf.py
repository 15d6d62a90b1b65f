"""Zipf's law: how much of the vocabulary is left, from a first sample of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.families import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.base import PanelFigure
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.start import Empirical, Known
from modelcollapse.statistics import Vocabulary

SYMBOLS = SAMPLE = 1000
SETTINGS = ((1.0, 2.7), (2.0, 5.0))
GENERATIONS = 10


@dataclass(frozen=True)
class Zipf(PanelFigure):
    """Expected share of the vocabulary present, generation 1 being the first sample of the law.

    Parameters
    ----------
    paper_compatible : bool
        Take p_i proportional to 1 / (i + b)^a, as the original program does, instead of 1 / (i + a)^b, as its text
        says.
    """

    paper_compatible: bool = False

    name: ClassVar[str] = "zipf"
    title: ClassVar[str] = "Zipf's law: share of the vocabulary still present"
    recursion: ClassVar[str] = (
        "counts_k = Multinomial(n, counts_{k-1} / n), counts_1 = Multinomial(n, p); the statistic is the expected "
        "number of symbols with a positive count, divided by m"
    )
    published: ClassVar[str] = (
        "m = n = 1,000; p_i proportional to 1 / (i + a)^b (the program: 1 / (i + b)^a), (a, b) = (1, 2.7) and (2, 5); "
        "200 paths; the start P_0 is itself a sample, so that its generations 0 to 9 are our 1 to 10"
    )
    caption: ClassVar[str] = (
        "Simulated from a sample, as published; the law is that of the recursion from p itself, one generation later. "
        "The first point is the first generation that was learned from a sample. Shares are of all symbols, of which a "
        "first sample shows few."
    )
    runs: ClassVar[int] = 200

    def panels(self) -> Sequence[Panel]:
        """Return one panel per setting: the law of k + 1 from p is that of k from a sample of p."""
        return [self._panel(a, b) for a, b in SETTINGS]

    def _panel(self, a: float, b: float) -> Panel:
        law = Known(zipf(a, b, swapped=self.paper_compatible))
        return Panel(
            self._name(a, b),
            Recursion(Categorical(), law, SAMPLE),
            Vocabulary(),
            GENERATIONS,
            range(1, GENERATIONS),
            unit=SYMBOLS,
            simulated=Recursion(Categorical(), Empirical(law, SAMPLE), SAMPLE),
            shift=1,
        )

    def _name(self, a: float, b: float) -> str:
        return f"p(i) ~ 1/(i + {b:g})^{a:g}" if self.paper_compatible else f"p(i) ~ 1/(i + {a:g})^{b:g}"

    def views(self) -> Mapping[str, View]:
        """Return a linear axis, or one to the height of the first generation where that is low."""
        drawn = ("suresh_2024.corollary_1", "modelcollapse.ancestry_bracket")
        view = View(y=f"Share of all {SYMBOLS:,} symbols", low=0.0, drawn=drawn)
        return {self._name(a, b): view for a, b in SETTINGS}

    def facts(self) -> dict[str, Any]:
        """Return whose formula was taken."""
        return {"paper_compatible": self.paper_compatible}


def zipf(a: float, b: float, *, swapped: bool = False) -> np.ndarray:
    """Return p_i proportional to 1 / (i + a)^b, i = 1, ..., m; with a and b the other way round if `swapped`.

    Examples
    --------
    >>> zipf(1.0, 2.0)[:2].round(3)
    array([0.388, 0.173])
    """
    shift, power = (b, a) if swapped else (a, b)
    weights = (np.arange(1.0, SYMBOLS + 1.0) + shift) ** -power
    return np.asarray(weights / weights.sum())
