"""Mixture of two Gaussians: is the scale still above a threshold? Theorem 4, for both estimators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import ApproximateLikelihood, Gaussian, Mixture
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import Curve, FigureData, Verdict
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel, PanelData, stays
from modelcollapse.reproduce.root_finder import RootFinderMixture
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Parameters
from modelcollapse.statistics import ScaleTail

N, EPS, HORIZON = 10, 0.1, 200
SHOWN = tuple(int(k) for k in np.linspace(1, HORIZON, 10).astype(int))
START = Parameters(mean=1.0, scale=1.0)
APPROXIMATE, JOINT = "Algorithm 1", "joint maximum likelihood"
THEOREM_4 = "suresh_2024.theorem_4"
NEAREST = "Gaussian, ddof = 0 (exact)"


@dataclass(frozen=True)
class MixtureTail(Figure):
    """Pr(Sigma_k > eps) under both estimators.

    Parameters
    ----------
    paper_compatible : bool
        Algorithm 1 with a = 50, the joint estimate by a root finder from one start, and Theorem 4 drawn one generation
        early, as the original program does.
    """

    paper_compatible: bool = False

    name: ClassVar[str] = "mixture-tail"
    title: ClassVar[str] = "Mixture: chance that the standard deviation is above 0.1"
    recursion: ClassVar[str] = (
        "mu_k, Sigma_k = estimate from n draws of X mu_{k-1} + Sigma_{k-1} Z, X = 1 or -1 with chance 1/2; the "
        "statistic is Pr(Sigma_k > eps Sigma_0)"
    )
    published: ClassVar[str] = "n = 10, mu_0 = Sigma_0 = 1, eps = 0.1; 200 generations; 500 paths; both estimators"
    caption: ClassVar[str] = (
        "No exact law is known. Left: Theorem 4 says something from generation 93 on, when the simulated chance has "
        "been below 1 % for long; the exact tail of a wider Gaussian (mixture_walk) is a far better bound. Right: "
        "no theorem covers joint likelihood; it follows the Gaussian that it becomes once the components are apart. "
        "A bar without a point: in no replicate was it above."
    )
    runs: ClassVar[int] = 500

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Simulate both estimators, and hold them against the bounds of the first."""
        first, second = spawned(rng, 2)
        estimator = ApproximateLikelihood(paper_compatible=self.paper_compatible)
        approximate = Recursion(Mixture(estimator), START, N)
        joint = Recursion(RootFinderMixture() if self.paper_compatible else Mixture(), START, N)
        left = Panel(APPROXIMATE, approximate, ScaleTail(EPS), HORIZON, SHOWN).compute(
            replicates, first, comparisons=2 * len(SHOWN)
        )
        right = Panel(JOINT, joint, ScaleTail(EPS), HORIZON, SHOWN).compute(replicates, second)
        (theorem,) = [curve for curve in left.curves if curve.name == THEOREM_4]
        drawn = replace(theorem, x=theorem.x - 1.0) if self.paper_compatible else theorem
        curves = [drawn if curve is theorem else curve for curve in left.curves]
        return FigureData(
            (*curves, *right.curves, _nearest(), replace(drawn, panel=JOINT)),
            (*left.verdicts, _uncovered(right, theorem, replicates)),
            left.references,
            {"replicates": replicates, "paper_compatible": self.paper_compatible},
        )

    def chart(self, data: FigureData) -> Any:
        """Draw both on logarithmic axes."""
        from modelcollapse.reproduce.drawing import panels_chart

        views = {name: View(low=1e-3, high=1.0, log_y=True) for name in (APPROXIMATE, JOINT)}
        return panels_chart(self.title, views, data.curves)


def _nearest() -> Curve:
    """The law of a Gaussian by maximum likelihood: what the mixture is once no datum's sign is in doubt."""
    every = np.arange(1, HORIZON + 1)
    gaussian = Recursion(Gaussian(ddof=0), Parameters(mean=0.0, scale=1.0), N)
    law = solve(gaussian, ScaleTail(EPS), every, method="exact")["scale_tail"]
    return Curve.of(JOINT, NEAREST, "asymptotic", every, law.value)


def _uncovered(panel: PanelData, theorem: Curve, replicates: int) -> Verdict:
    """Joint likelihood keeps the bound too, though no theorem says so."""
    (seen,) = [curve for curve in panel.curves if curve.kind == "estimate"]
    bound = replace(theorem, panel=JOINT)
    return stays(bound, seen, replicates, 2 * len(SHOWN), note=", which does not cover them,")
