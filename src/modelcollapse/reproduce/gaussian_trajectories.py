"""Gaussian: single runs of mean and standard deviation, and what the law says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import Gaussian
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce import agreement, trajectories
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import EXACT, Curve, FigureData, Floats, Verdict
from modelcollapse.reproduce.drawing import View
from modelcollapse.simulate.effort import Rng
from modelcollapse.simulate.paths import MOST_VALUES, paths
from modelcollapse.start import Parameters
from modelcollapse.statistics import CollapseTime, MeanSquaredDrift, ScaleTail

N, HORIZON, PATHS = 100, 2500, 25
LEVELS = (0.05, 0.5, 0.95)
EVERY = 40  # generations between the points that are kept
THRESHOLDS = np.geomspace(0.7, 1e-14, 16)
MEAN, OUTER = "mean, ddof = 1", "chance 5 % and 95 % (exact)"
_DDOF = {1: "standard deviation, ddof = 1 (as published)", 0: "standard deviation, ddof = 0"}


@dataclass(frozen=True)
class GaussianTrajectories(Figure):
    """25 runs of mean and standard deviation."""

    name: ClassVar[str] = "gaussian-trajectories"
    title: ClassVar[str] = "Gaussian: 25 runs"
    recursion: ClassVar[str] = (
        "mu_k, Sigma_k^2 = mean and variance (divisor n - ddof) of n draws from N(mu_{k-1}, Sigma_{k-1}^2)"
    )
    published: ClassVar[str] = "mu_0 = 0, Sigma_0 = 1, n = 100, ddof = 1; 25 paths; 2,500 generations"
    caption: ClassVar[str] = (
        "Left: the mean wanders, ever less as the standard deviation goes; with ddof = 1 its expected square is "
        "exactly k/n, carried by the few runs that stay wide. Middle and right: the exact generations by which a "
        "standard deviation is passed with chance 5, 50 and 95 %; maximum likelihood takes half the time."
    )
    runs: ClassVar[int] = 25
    most_runs: ClassVar[int] = MOST_VALUES // HORIZON

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Draw the runs under both estimators; count those above the median of the law and above its tails."""
        seeds, runs = spawned(rng, len(_DDOF)), replicates
        curves: list[Curve] = []
        verdicts: list[Verdict] = []
        references: list[Any] = []
        for (ddof, panel), seed in zip(_DDOF.items(), seeds, strict=True):
            recursion = Recursion(Gaussian(ddof=ddof), Parameters(mean=0.0, scale=1.0), N)
            found = paths(recursion, lambda seen: seen.model, HORIZON, runs, np.random.default_rng(seed))
            if ddof == 1:
                curves += self._means(recursion, found[:, :, 0])
            curves += trajectories.drawn(panel, found[:, :, 1], most=PATHS, start=1.0, every=EVERY)
            times = crossings(recursion)
            curves.append(Curve.of(panel, EXACT, "exact", times[:, 1], THRESHOLDS))
            curves += [Curve.of(panel, OUTER, "spread", times[:, level], THRESHOLDS) for level in (0, 2)]
            verdicts += [
                agreement_at(recursion, panel, found[:, :, 1], level, time)
                for level, time in zip(LEVELS, times.T, strict=True)
            ]
            references += solve(recursion, ScaleTail(0.1), [1], method="exact")["scale_tail"].references
        return FigureData(tuple(curves), tuple(verdicts), tuple(dict.fromkeys(references)), {"replicates": runs})

    def _means(self, recursion: Recursion, found: Floats) -> list[Curve]:
        every = np.arange(1, HORIZON + 1)
        spread = np.sqrt(solve(recursion, MeanSquaredDrift(), every)["mean_squared_drift"].value)
        return [
            *trajectories.drawn(MEAN, found, most=PATHS, start=0.0, every=EVERY),
            *trajectories.band(MEAN, every, 0.0, spread),
        ]

    def chart(self, data: FigureData) -> Any:
        """Draw means, and standard deviations on logarithmic axes."""
        from modelcollapse.reproduce.drawing import panels_chart

        views = {MEAN: View(y="Mean")}
        views |= {
            panel: View(y="Standard deviation", log_y=True, low=1e-14, high=10.0, last=HORIZON)
            for panel in _DDOF.values()
        }
        return panels_chart(self.title, views, data.curves)


def crossings(recursion: Recursion) -> Floats:
    """Return the generation by which each threshold is passed with each chance, shape (threshold, level)."""
    questions = [CollapseTime(eps, LEVELS) for eps in THRESHOLDS]
    return np.array([solve(recursion, question, [])["collapse_time"].value for question in questions])


def agreement_at(recursion: Recursion, panel: str, scales: Floats, level: float, times: Floats) -> Verdict:
    """Count at those generations the runs still above the threshold, and compare with the exact chance."""
    within = [i for i, time in enumerate(times) if time <= HORIZON][::2]
    chances = []
    for i in within:
        generation, eps, runs = int(times[i]), float(THRESHOLDS[i]), scales.shape[1]
        law = solve(recursion, ScaleTail(eps), [generation], method="exact")["scale_tail"].value
        seen = (scales[generation - 1] > eps).mean(keepdims=True)
        chances.append(float(agreement.probability_tails(seen, runs, law)[0]))
    comparisons = len(THRESHOLDS) * len(LEVELS) * len(_DDOF)
    statement = (
        f"{scales.shape[1]:,} runs agree with the exact law at {len(within)} thresholds, each at the generation by "
        f"which it is passed with chance {100 * level:.0f} %"
    )
    detail = f"least chance {min(chances):.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
    return Verdict(panel, statement, agreement.agrees(np.array(chances), comparisons), detail)
