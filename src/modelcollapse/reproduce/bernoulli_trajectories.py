"""Bernoulli: single runs of the frequency of one symbol, and the mean and spread that the law gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.door import solve
from modelcollapse.reproduce import trajectories
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.bernoulli_survival import bernoulli
from modelcollapse.reproduce.data import EXACT, Curve, FigureData, Verdict
from modelcollapse.reproduce.drawing import View
from modelcollapse.simulate.effort import Rng
from modelcollapse.simulate.paths import MOST_VALUES, paths
from modelcollapse.statistics import NotFixed, SquaredError, Survival

P, N, HORIZON, PATHS = 0.2, 100, 600, 25
CHECKED = (50, 100, 200, 400, 600)
SHOWN = (1, *range(50, HORIZON + 1, 50))
EVERY = 4  # generations between the points that are kept
FREQUENCY, LEFT = "frequency of the symbol", "both symbols still present"


@dataclass(frozen=True)
class BernoulliTrajectories(Figure):
    """25 runs of P_k, and how many of them have not ended at 0 or 1."""

    name: ClassVar[str] = "bernoulli-trajectories"
    title: ClassVar[str] = "Bernoulli: 25 runs"
    recursion: ClassVar[str] = "P_k = Binomial(n, P_{k-1}) / n, P_0 = p"
    published: ClassVar[str] = "p = 0.2, n = 100; 25 paths; 600 generations"
    caption: ClassVar[str] = (
        "Left: the mean stays at p for ever while every single run ends at 0 or 1; the band of one standard "
        "deviation is exact. Right: the share of runs in which both symbols are left, and its exact chance."
    )
    runs: ClassVar[int] = 25
    most_runs: ClassVar[int] = MOST_VALUES // HORIZON

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Draw the runs; count those that have not ended."""
        recursion, runs = bernoulli(P, N), replicates
        (seed,) = spawned(rng, 1)
        found = paths(recursion, lambda seen: seen.model[:, 0], HORIZON, runs, np.random.default_rng(seed))
        every = np.arange(1, HORIZON + 1)
        spread = np.sqrt(solve(recursion, SquaredError(), every)["squared_error"].value / 2.0)
        answers = solve(recursion, [NotFixed([0]), Survival([0])], every, method="exact")
        curves = [
            *trajectories.drawn(FREQUENCY, found, most=PATHS, start=P, every=EVERY),
            *trajectories.band(FREQUENCY, every, P, spread),
            Curve.of(LEFT, EXACT, "exact", every, answers["not_fixed"].value[:, 0]),
            trajectories.share(LEFT, SHOWN, (found > 0) & (found < 1)),
        ]
        return FigureData(
            tuple(curves),
            self._verdicts(found, answers),
            tuple(dict.fromkeys(r for name in answers for r in answers[name].references)),
            {"replicates": runs},
        )

    def _verdicts(self, found: np.ndarray, answers: Any) -> tuple[Verdict, ...]:
        events = {
            "runs with the symbol present": (found > 0, answers["survival"]),
            "runs with both symbols present": ((found > 0) & (found < 1), answers["not_fixed"]),
        }
        return trajectories.counted(
            FREQUENCY, CHECKED, {name: (seen, law.value[:, 0]) for name, (seen, law) in events.items()}
        )

    def chart(self, data: FigureData) -> Any:
        """Draw the runs and the share that has not ended."""
        from modelcollapse.reproduce.drawing import panels_chart

        views = {FREQUENCY: View(y="Frequency", low=0.0, high=1.0), LEFT: View(low=0.0, high=1.0)}
        return panels_chart(self.title, views, data.curves)
