"""A language model that learns from its own text, as two charts: the words left, and how long a count lasts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from modelcollapse.rating.text import MEDIAN_PER_COUNT, TextRate
from modelcollapse.report import chart_style as style
from modelcollapse.report.wording import percent, shorten

if TYPE_CHECKING:
    import altair as alt

LAW, SIMULATED = "words drawn one by one, exact law", "language model, simulated, 95 % interval"
THUMB, PACE = "words drawn one by one, law of thumb", "language model, simulated"
_MOST_SIMULATED = 25

Rows = list[dict[str, Any]]


def text_rate_chart(rate: TextRate, *, across: bool = True) -> Any:
    """Return both charts, side by side or one below the other; the second only where the law can be compared with.

    Examples
    --------
    >>> from modelcollapse import Recursion
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> from modelcollapse.rating.text import rate_text
    >>> text = TextCorpus.from_sentences([["a", "rose", "is", "a", "rose"], ["a", "nose"]])
    >>> len(text_rate_chart(rate_text(Recursion(NGram(2), text, 7), 3, replicates=20, rng=1)).hconcat)
    2
    """
    import altair as alt

    charts = [_vocabulary(rate)]
    if pace_rows(rate):
        charts.append(_pace(rate))
    place = alt.hconcat if across else alt.vconcat
    figure = place(*charts, spacing=48).resolve_scale(fill="independent", stroke="independent")
    return figure.properties(config=alt.Config(**style.CONFIG), description=description(rate))


def vocabulary_rows(rate: TextRate) -> Rows:
    """Return the words left, as shares of all: of the law one row per generation, of the simulation some."""
    types, result = rate.types, rate.vocabulary
    rows: Rows = []
    if rate.unigram is not None:
        places = style.thin(rate.generation, logarithmic=False)
        rows = [_row(LAW, 0, 1.0)]
        rows += [_row(LAW, int(rate.generation[i]), float(rate.unigram.value[i]) / types) for i in places]
    assert result.low is not None
    assert result.high is not None
    last = len(rate.generation) - 1
    for i in np.unique(np.linspace(0, last, min(last + 1, _MOST_SIMULATED)).round().astype(int)):
        row = _row(SIMULATED, int(rate.generation[i]), float(result.value[i]) / types)
        low, high = (
            float(side[i]) / types if rate.replicates > 1 else row["share"] for side in (result.low, result.high)
        )
        rows.append({**row, "low": low, "high": high})
    return rows


def pace_rows(rate: TextRate) -> Rows:
    """Return how long the words of a count last: the law of thumb as a line, and each range of counts as a point."""
    size = rate.recursion.constant_size
    known = [pace for pace in rate.by_count if pace.times_as_long is not None]
    if size is None or not known:
        return []
    thumb = MEDIAN_PER_COUNT * size / rate.text.tokens
    ends = [known[0].mean_count / 1.5, known[-1].mean_count * 1.5]
    rows: Rows = [{"kind": THUMB, "count": end, "generations": thumb * end} for end in ends]
    for pace in known:
        assert pace.times_as_long is not None
        generations = thumb * pace.mean_count * pace.times_as_long
        row = {"kind": PACE, "count": pace.mean_count, "generations": generations, "range": pace.count}
        rows.append({**row, "words": pace.words, "times": pace.times_as_long})
    return rows


def description(rate: TextRate) -> str:
    """Return what the charts show, for those who cannot see them."""
    last, left = int(rate.generation[-1]), float(rate.vocabulary.value[-1])
    text = f"Line chart: share of the {rate.types:,} different words still present, by generation. After {last:,} "
    text += f"generations the language model has {left:,.0f} ({percent(left / rate.types)})"
    if rate.unigram is not None:
        text += f", words drawn one by one {rate.unigram.value[-1]:,.0f} by the exact law"
    return f"{text}. {linearity(rate)}".strip()


def linearity(rate: TextRate) -> str:
    """Return what the time to forget has to do with the count, in a sentence; empty if that cannot be told."""
    if rate.per_count is None or rate.exponent is None:
        return ""
    size = rate.recursion.constant_size or 0
    thumb = MEDIAN_PER_COUNT * size / rate.text.tokens
    return (
        f"Half of the words of a count are forgotten after about {rate.per_count:.3g} generations for each occurrence "
        f"({thumb:.4g} by the law of thumb); the time grows like the count to the power {rate.exponent:.2f}."
    )


def _row(kind: str, generation: int, share: float) -> dict[str, Any]:
    return {"kind": kind, "generation": generation, "share": share}


def _vocabulary(rate: TextRate) -> alt.LayerChart:
    import altair as alt

    last = int(rate.generation[-1])
    axis = style.whole_axis("Generation", 0, last, grid=False, labelFlush=False)
    x = alt.X("generation:Q", scale=alt.Scale(domain=[0, last], nice=False), axis=axis)
    percents = alt.Axis(
        title="Share of the vocabulary still present",
        labelExpr="round(100 * datum.value) + ' %'",
        values=[0, 0.2, 0.4, 0.6, 0.8, 1],
    )
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1.03], nice=False), axis=percents)
    law, simulated = _split(vocabulary_rows(rate), LAW)
    points = alt.Chart(alt.InlineData(values=simulated))
    layers = [
        _line(law, x, y, LAW),
        points.mark_rule(color=style.INK, strokeWidth=1, aria=False).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        _points(points, x, y, {"Generation": "generation", "Share": "share", "Low": "low", "High": "high"}),
    ]
    title = alt.TitleParams("What is left of the vocabulary", subtitle=_subtitle(rate))
    return alt.LayerChart(layer=layers).properties(width=style.WIDTH, height=style.HEIGHT, title=title)


def _pace(rate: TextRate) -> alt.LayerChart:
    import altair as alt

    rows = pace_rows(rate)
    counts, times = ([float(row[name]) for row in rows] for name in ("count", "generations"))
    low, high = min(times) / 1.2, max(times) * 1.2
    count_axis = style.log_axis("Occurrences in the corpus", min(counts), max(counts))
    x = alt.X("count:Q", scale=style.log_scale(min(counts), max(counts)), axis=count_axis)
    time_axis = style.log_axis("Generations until half are forgotten", low, high)
    y = alt.Y("generations:Q", scale=style.log_scale(low, high), axis=time_axis)
    law, simulated = _split(rows, THUMB)
    facts = {"Count": "range", "Words": "words", "Generations": "generations", "Times the law's": "times"}
    layers = [_line(law, x, y, THUMB), _points(alt.Chart(alt.InlineData(values=simulated)), x, y, facts)]
    constant, power = rate.per_count or 0.0, "" if rate.exponent is None else f", power {rate.exponent:.2f}"
    subtitle = [
        f"Language model: {constant:.3g} generations for each occurrence{power}",
        "Told from how far each count has come by the last generation",
    ]
    title = alt.TitleParams("How long the words of a count last", subtitle=subtitle)
    return alt.LayerChart(layer=layers).properties(width=style.WIDTH, height=style.HEIGHT, title=title)


def _split(rows: Rows, law: str) -> tuple[Rows, Rows]:
    return [row for row in rows if row["kind"] == law], [row for row in rows if row["kind"] != law]


def _line(rows: Rows, x: Any, y: Any, name: str) -> Any:
    import altair as alt

    line = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=2.2, clip=True, aria=False).encode(x=x, y=y)
    return style.named(line, ["stroke"], name, [alt.Scale(domain=[name], range=[style.BLUE])])


def _points(chart: Any, x: Any, y: Any, facts: dict[str, str]) -> Any:
    import altair as alt

    scale = alt.Scale(domain=[PACE if "Count" in facts else SIMULATED], range=[style.VERMILION])
    tips = [alt.Tooltip(f"{field}:{'N' if field == 'range' else 'Q'}", title=title) for title, field in facts.items()]
    legend = alt.Legend(symbolType="circle", symbolSize=50)
    points = chart.mark_point(filled=True, size=34, opacity=1, aria=False)
    return points.encode(x=x, y=y, fill=alt.Fill("kind:N", scale=scale, legend=legend), tooltip=tips)


def _subtitle(rate: TextRate) -> list[str]:
    order = getattr(rate.recursion.family, "order", None)
    sizes = rate.recursion.sample_size
    each = f"{sizes:,}" if isinstance(sizes, int) else f"{min(sizes):,} to {max(sizes):,}"
    model = f"N-gram model of order {order}" if order else rate.recursion.family.name
    return [
        f"{shorten(Path(rate.text.name).name)}: {rate.types:,} different words, {rate.text.tokens:,} in all",
        f"{model}, {each} words a generation, {rate.recursion.workflow.name}, {rate.replicates:,} runs",
    ]
