"""Our own: one occurrence in a corpus of 10^2 to 10^12 tokens; where the branching limit ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import Categorical, Poisson
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import SIMULATED, Curve, FigureData, Floats, Verdict
from modelcollapse.reproduce.drawing import View
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Corpus, Parameters
from modelcollapse.statistics import NonZero, Survival

POWERS = (2, 4, 6, 8, 10, 12)
GENERATIONS = np.unique(np.geomspace(1, 10**13, 105).round().astype(np.int64))
SIMULATED_POWERS, SHOWN, RUNS = (2, 4), (1, 3, 10, 32, 100, 316), 5000
LIMIT = "branching limit, 1 - exp(-g_k)"
PANEL = "one occurrence"


@dataclass(frozen=True)
class BranchingLimit(Figure):
    """Survival of a symbol of one occurrence at very different sample sizes."""

    name: ClassVar[str] = "branching-limit"
    title: ClassVar[str] = "One occurrence in a corpus of n tokens: chance to be still present"
    recursion: ClassVar[str] = "P_k = Binomial(n, P_{k-1}) / n, P_0 = 1/n; the statistic is Pr(P_k != 0)"
    published: ClassVar[str] = "none; n = 10^2, 10^4, ..., 10^12; 10^13 generations; 5,000 replicates where n <= 10^4"
    caption: ClassVar[str] = (
        "While k is far below n, the size of the corpus does not matter: all curves are that of the Poisson recursion, "
        "1 - exp(-g_k), about 2/k. Near k = n each turns and ends at 1/n, the chance that this very symbol outlives "
        "all others."
    )
    runs: ClassVar[int] = 5_000

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Ask the law at every size, the limit once, and the simulation at two sizes."""
        limit = solve(Recursion(Poisson(), Parameters(rate=1.0), 1), NonZero(), GENERATIONS, method="exact")["nonzero"]
        curves: list[Curve] = []
        verdicts: list[Verdict] = []
        references = [*limit.references]
        seeds = dict(zip(SIMULATED_POWERS, spawned(rng, len(SIMULATED_POWERS)), strict=True))
        for power in POWERS:
            recursion = Recursion(Categorical(), Corpus([1, 10**power - 1]), 10**power)
            law = solve(recursion, Survival([0]), GENERATIONS, method="exact")["survival"]
            curves.append(Curve.of(PANEL, f"n = 10^{power}", "exact", GENERATIONS, law.value[:, 0]))
            verdicts += [_bracketed(recursion, power, law.value[:, 0]), _leaves(power, law.value[:, 0], limit.value)]
            references += law.references
            if power in seeds:
                curve, verdict = _simulated(recursion, power, replicates, seeds[power])
                curves.append(curve)
                verdicts.append(verdict)
        curves.append(Curve.of(PANEL, LIMIT, "asymptotic", GENERATIONS, limit.value))
        facts = {"replicates": replicates}
        return FigureData(tuple(curves), tuple(verdicts), tuple(dict.fromkeys(references)), facts)

    def chart(self, data: FigureData) -> Any:
        """Draw all sizes on logarithmic axes."""
        from modelcollapse.reproduce.drawing import panels_chart

        view = View(log_x=True, log_y=True, low=1e-13, high=1.0, title="")
        return panels_chart(self.title, {PANEL: view}, data.curves, ramp=True)


def _bracketed(recursion: Recursion, power: int, law: Floats) -> Verdict:
    """The bounds that hold at every size and generation."""
    names, short = {}, []
    for bound in solve(recursion, Survival([0]), GENERATIONS, method="bounds").of("survival"):
        sign = 1.0 if bound.kind == "lower" else -1.0
        gap = np.abs(np.clip(bound.value[:, 0], 0.0, 1.0) - law).max()
        names[f"{bound.source} ({bound.kind})"] = f"loose by at most {gap:.2g}"
        short.append(sign * (law - bound.value[:, 0]) + 1e-8 * law)
    statement = f"n = 10^{power}: the exact law keeps {len(names)} bounds up to generation {GENERATIONS[-1]:.0e}"
    broken = [name for name, room in zip(names, short, strict=True) if not room.min() >= 0]
    return Verdict(PANEL, statement, not broken, ", ".join(broken or [f"{n} {loose}" for n, loose in names.items()]))


def _leaves(power: int, law: Floats, limit: Floats) -> Verdict:
    """The limit must be good to 1 % up to n / 100 generations, and is given up where it is off by 10 %."""
    apart = np.abs(law / limit - 1.0)
    early = max(1, 10**power // 100) >= GENERATIONS
    holds = bool(apart[early].max() <= 0.01)
    off = GENERATIONS[apart > 0.1]
    detail = f"10 % apart from generation {off[0]:,} on" if off.size else f"never 10 % apart up to {GENERATIONS[-1]:,}"
    return Verdict(PANEL, f"n = 10^{power}: the branching limit is good to 1 % up to generation n/100", holds, detail)


def _simulated(recursion: Recursion, power: int, runs: int, seed: np.random.SeedSequence) -> tuple[Curve, Verdict]:
    seen = solve(recursion, Survival([0]), SHOWN, method="simulate", replicates=runs, rng=seed)["survival"]
    law = solve(recursion, Survival([0]), SHOWN, method="exact")["survival"]
    assert seen.low is not None
    assert seen.high is not None
    chances = agreement.tails(seen, law, is_probability=True)
    holds = agreement.agrees(chances, len(SHOWN) * len(SIMULATED_POWERS))
    statement = f"n = 10^{power}: {runs:,} replicates agree with the exact law at {len(SHOWN)} generations"
    detail = f"least chance {chances.min():.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
    name = f"{SIMULATED}, n = 10^{power}"
    curve = Curve.of(PANEL, name, "estimate", SHOWN, seen.value[:, 0], low=seen.low[:, 0], high=seen.high[:, 0])
    return curve, Verdict(PANEL, statement, holds, detail)
