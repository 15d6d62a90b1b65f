"""Our own: a Gaussian of several dimensions collapses along each of its axes at a rate of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import SIMULATED, Curve, FigureData, Verdict
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.panel import Panel
from modelcollapse.result import Result
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Parameters
from modelcollapse.statistics import PrincipalScales, ScaleTail

DIMENSION, N, HORIZON = 5, 20, 100
SHOWN = (1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
AXES, SCALE = "principal axes, widest first", "scale det(Σ)^(1/10) above 0.05"
RATE = "rate of axis {} (in the limit)"


@dataclass(frozen=True)
class CollapseSpectrum(Figure):
    """Logarithms of the principal standard deviations, and the scale, which has an exact law."""

    name: ClassVar[str] = "collapse-spectrum"
    title: ClassVar[str] = "Gaussian of 5 dimensions: the collapse spectrum"
    recursion: ClassVar[str] = (
        "mean and covariance (ddof = 1) of n draws from the Gaussian before; the statistics are the expected "
        "logarithms of the principal standard deviations, and Pr(det(Sigma_k)^{1/2d} > eps)"
    )
    published: ClassVar[str] = "none; d = 5, n = 20, eps = 0.05; 100 generations; 1,000 replicates"
    caption: ClassVar[str] = (
        "Left: each axis shrinks at its own rate, lambda_i = (psi((n - i)/2) - ln((n - 1)/2))/2: the model becomes a "
        "needle long before it is a point. Lines have the limiting slopes; the widest axis stays above its line, the "
        "narrowest below. Right: the scale, whose law is exact in every dimension."
    )
    runs: ClassVar[int] = 1_000

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Simulate the axes; hold the scale against its law."""
        first, second = spawned(rng, 2)
        recursion = Recursion(Gaussian(dimension=DIMENSION), Parameters(mean=0.0, scale=1.0), N)
        runs = replicates
        question = PrincipalScales()
        (law,) = solve(recursion, question, HORIZON, method="asymptotic").of(question.name)
        seen = solve(recursion, question, SHOWN, method="simulate", replicates=runs, rng=first)[question.name]
        scale = Panel(SCALE, recursion, ScaleTail(0.05), HORIZON, SHOWN)
        found = scale.compute(replicates, second, comparisons=2 * len(SHOWN))
        return FigureData(
            (*_axes(law, seen), *found.curves),
            (*_beyond_the_rates(law, seen), *found.verdicts),
            tuple(dict.fromkeys([*law.references, *found.references])),
            {"replicates": runs},
        )

    def chart(self, data: FigureData) -> Any:
        """Draw the axes, and the chance that the scale is above its threshold."""
        from modelcollapse.reproduce.drawing import panels_chart

        bounds = ("modelcollapse.optimal_moment", *(RATE.format(i + 1) for i in range(DIMENSION)))
        views = {AXES: View(y="E ln(standard deviation)", drawn=bounds), SCALE: View(low=0.0, high=1.0, drawn=bounds)}
        return panels_chart(self.title, views, data.curves)


def _axes(law: Result, seen: Result) -> list[Curve]:
    assert seen.low is not None
    assert seen.high is not None
    curves = [
        Curve.of(AXES, RATE.format(i + 1), "asymptotic", law.coordinates["generation"], law.value[:, i])
        for i in range(DIMENSION)
    ]
    return curves + [
        Curve.of(AXES, SIMULATED, "estimate", SHOWN, seen.value[:, i], low=seen.low[:, i], high=seen.high[:, i])
        for i in range(DIMENSION)
    ]


def _beyond_the_rates(law: Result, seen: Result) -> list[Verdict]:
    """Singular values majorise the diagonal of a triangular matrix: the widest is above it, the narrowest below."""
    assert seen.sd is not None
    assert seen.replicates is not None
    error = seen.sd / np.sqrt(seen.replicates)
    expected = law.value[np.array(SHOWN) - 1]
    verdicts = []
    for axis, sign, side in ((0, 1.0, "widest axis is above"), (DIMENSION - 1, -1.0, "narrowest axis is below")):
        ahead = sign * (seen.value[:, axis] - expected[:, axis])
        chances = agreement.normal_tails(ahead / np.maximum(error[:, axis], 1e-300))
        detail = f"by {ahead.min():.2g} to {ahead.max():.2g} nats; false alarm {agreement.FALSE_ALARM:.0e}"
        holds = agreement.agrees(chances, 2 * len(SHOWN))
        verdicts.append(Verdict(AXES, f"the simulated {side} its limiting rate", holds, detail))
    return verdicts
