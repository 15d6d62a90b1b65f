"""Our own: survival over all counts and generations as one surface, and the line 2.885 c along its middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.door import solve
from modelcollapse.families import Categorical
from modelcollapse.rating.pace import MEDIAN_PER_COUNT
from modelcollapse.recursion import Recursion
from modelcollapse.report import chart_style as style
from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import EXACT, Curve, FigureData, Floats, Verdict
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Corpus
from modelcollapse.statistics import ForgettingTime, Survival

N = 10**6
COUNTS = np.unique(np.geomspace(1, 300, 32).round().astype(np.int64))
GENERATIONS = np.unique(np.geomspace(1, 1000, 48).round().astype(np.int64))
CHECKED_COUNTS, CHECKED = (1, 3, 10, 30), (1, 3, 10, 30, 100)
SURFACE, MIDDLE = "surface", "middle"
MEDIAN, THUMB = "chance 50 % (exact)", "2.885 × count"
_LABEL = "of {} occurrences"


@dataclass(frozen=True)
class SurvivalSurface(Figure):
    """Survival by count and generation."""

    name: ClassVar[str] = "survival-surface"
    title: ClassVar[str] = "Chance that a word is still present, by its count and the generation"
    recursion: ClassVar[str] = "P_k = Binomial(n, P_{k-1}) / n, P_0 = c/n; the statistic is Pr(P_k != 0)"
    published: ClassVar[str] = "none; n = 10^6, counts c = 1 to 300, generations 1 to 1,000"
    caption: ClassVar[str] = (
        "Exact at every point. As long as k is far below n, the chance depends on c/k alone: on logarithmic axes the "
        "surface is a ramp along the diagonal, and half of the words of count c are gone by generation 2.885 c."
    )
    runs: ClassVar[int] = 1_000

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Ask the law for the surface and for its middle; simulate four counts."""
        recursion = Recursion(Categorical(), _corpus(COUNTS), N)
        law = solve(recursion, Survival(range(len(COUNTS))), GENERATIONS, method="exact")["survival"]
        median = solve(recursion, ForgettingTime(range(len(COUNTS)), [0.5]), [])["forgetting_time"].value[0]
        curves = [
            Curve.of(SURFACE, _LABEL.format(c), "exact", GENERATIONS, law.value[:, i]) for i, c in enumerate(COUNTS)
        ]
        curves.append(Curve.of(MIDDLE, MEDIAN, "exact", COUNTS, median))
        curves.append(Curve.of(MIDDLE, THUMB, "asymptotic", COUNTS, MEDIAN_PER_COUNT * COUNTS))
        runs = replicates
        verdicts = (_thumb(median), *_bracketed(recursion, law.value), _simulated(runs, spawned(rng, 1)[0]))
        return FigureData(tuple(curves), verdicts, tuple(law.references), {"replicates": runs})

    def chart(self, data: FigureData) -> Any:
        """Draw the surface as coloured cells, and the two lines on it."""
        import altair as alt

        from modelcollapse.reproduce.drawing import styled

        counts, generations = _edges(COUNTS), _edges(GENERATIONS)
        cells = []
        for curve in data.curves:
            if curve.panel == SURFACE:
                row = int(np.searchsorted(COUNTS, int(curve.name.split()[1])))
                for column, value in enumerate(curve.value):
                    left, right = generations[column], generations[column + 1]
                    cell = {"x": left, "x2": right, "y": counts[row], "y2": counts[row + 1], "value": float(value)}
                    cells.append({name: round(number, 4) for name, number in cell.items()})
        x = alt.X("x:Q", scale=style.log_scale(1, 1000), axis=style.log_axis("Generation", 1, 1000))
        y = alt.Y("y:Q", scale=style.log_scale(1, 300), axis=style.log_axis("Occurrences in the corpus", 1, 300))
        legend = alt.Legend(
            title="Chance to be present",
            orient="right",
            gradientLength=200,
            format=".1f",
            titleFontWeight="normal",
            titleLimit=200,
        )
        colour = alt.Color("value:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=legend)
        surface = alt.Chart(alt.InlineData(values=cells)).mark_rect(clip=True, strokeWidth=0)
        layers = [surface.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", color=colour)]
        layers += [_line(curve, x, y) for curve in data.curves if curve.panel == MIDDLE]
        return styled(alt.LayerChart(layer=layers).properties(width=440, height=300), self.title)


def _corpus(counts: np.ndarray) -> Corpus:
    """One symbol of each count, and one that makes up the rest."""
    return Corpus([*counts.tolist(), N - int(counts.sum())])


def _thumb(median: Floats) -> Verdict:
    """2/(k + ln(k)/3 + 1) <= g_k <= 2/(k + 1), and at the median e^{-c g_k} = 1/2: k is 2.885 c up to 1 + ln(k)/3."""
    ahead = MEDIAN_PER_COUNT * COUNTS - median
    holds = bool(np.all((ahead >= 0) & (ahead <= 1.0 + np.log(median) / 3.0)))
    detail = f"by {ahead.min():.2f} to {ahead.max():.2f} generations"
    return Verdict(MIDDLE, "2.885 c is ahead of the exact median by at most 1 + ln(k)/3 generations", holds, detail)


def _bracketed(recursion: Recursion, law: Floats) -> list[Verdict]:
    verdicts = []
    for bound in solve(recursion, Survival(range(len(COUNTS))), GENERATIONS, method="bounds").of("survival"):
        sign = 1.0 if bound.kind == "lower" else -1.0
        room = sign * (law - bound.value)
        gap = np.abs(np.clip(bound.value, 0.0, 1.0) - law).max()
        statement = f"the exact law is {'above' if sign > 0 else 'below'} {bound.source} at all {law.size:,} points"
        holds = bool((room >= -1e-8 * law).all())
        verdicts.append(Verdict(SURFACE, statement, holds, f"loose by at most {gap:.2g}"))
    return verdicts


def _simulated(runs: int, seed: np.random.SeedSequence) -> Verdict:
    recursion = Recursion(Categorical(), _corpus(np.array(CHECKED_COUNTS)), N)
    question = Survival(range(len(CHECKED_COUNTS)))
    law = solve(recursion, question, CHECKED, method="exact")["survival"]
    seen = solve(recursion, question, CHECKED, method="simulate", replicates=runs, rng=seed)["survival"]
    chances = agreement.tails(seen, law, is_probability=True)
    statement = f"{runs:,} replicates agree with the {EXACT} at {chances.size} points"
    detail = f"least chance {chances.min():.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
    return Verdict(SURFACE, statement, agreement.agrees(chances), detail)


def _edges(values: np.ndarray) -> Floats:
    """Where the cells of a logarithmic axis meet: midway between neighbours, the first and the last cut there."""
    middle = np.sqrt(values[1:] * values[:-1].astype(np.float64))
    return np.r_[float(values[0]), middle, float(values[-1])]


def _line(curve: Curve, x: Any, y: Any) -> Any:
    import altair as alt

    rows = [{"x": g, "y": c} for c, g in zip(curve.x.tolist(), curve.value.tolist(), strict=True)]
    mark = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=2.2 if curve.name == MEDIAN else 1.6, clip=True)
    names = [MEDIAN, THUMB]
    scales = [
        alt.Scale(domain=names, range=[style.INK, style.VERMILION]),
        alt.Scale(domain=names, range=[[1, 0], [6, 4]]),
    ]
    return style.named(mark.encode(x=x, y=y), ["stroke", "strokeDash"], curve.name, scales)
