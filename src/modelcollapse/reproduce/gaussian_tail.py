"""Gaussian: is the scale still above a threshold? Theorem 3, its fractional moment, and the bound of Bertrand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse.families import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.base import PanelFigure
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.start import Parameters
from modelcollapse.statistics import ScaleTail

HORIZON = 200
SHOWN = tuple(int(k) for k in np.linspace(1, HORIZON, 10).astype(int))
_NAMES = {1: "unbiased variance, ddof = 1 (as published)", 0: "maximum likelihood, ddof = 0"}


@dataclass(frozen=True)
class GaussianTail(PanelFigure):
    """Pr(Sigma_k > eps) for the unbiased variance and for maximum likelihood."""

    name: ClassVar[str] = "gaussian-tail"
    title: ClassVar[str] = "Gaussian: chance that the standard deviation is above 0.1"
    recursion: ClassVar[str] = (
        "mu_k, Sigma_k^2 = mean and variance (divisor n - ddof) of n draws from N(mu_{k-1}, Sigma_{k-1}^2); "
        "the statistic is Pr(Sigma_k > eps Sigma_0)"
    )
    published: ClassVar[str] = (
        "n = 10, eps = 0.1, Sigma_0 = 1, ddof = 1; 200 generations; 1,000 paths; with Bertrand's bound and the moment "
        "of order 0.7"
    )
    caption: ClassVar[str] = (
        "Theorem 3 is Bertrand's bound with its factor rounded up, so it never beats it; the moment of order 0.7 does "
        "up to generation 312. The best moment at each generation is better than all. With the maximum-likelihood "
        "variance the typical scale falls about twice as fast, and the bound has another rate. A bar "
        "without a point: in no replicate was it above."
    )
    runs: ClassVar[int] = 1_000

    def panels(self) -> Sequence[Panel]:
        """Return one panel per estimator."""
        return [
            Panel(
                name,
                Recursion(Gaussian(ddof=ddof), Parameters(mean=0.0, scale=1.0), 10),
                ScaleTail(0.1),
                horizon=HORIZON,
                shown=SHOWN,
            )
            for ddof, name in _NAMES.items()
        ]

    def views(self) -> Mapping[str, View]:
        """Return logarithmic axes."""
        return {name: View(low=1e-4, high=1.0, log_y=True) for name in _NAMES.values()}
