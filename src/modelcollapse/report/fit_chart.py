"""A fit as one chart: the vocabulary that was observed, that of the fit, and how it would go on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from modelcollapse.fitting import Fit
from modelcollapse.report import chart_style as style
from modelcollapse.report import fit_words as words
from modelcollapse.report.fit_text import short_name

if TYPE_CHECKING:
    import altair as alt

WORDS = "Words present"
OBSERVED, FITTED, BAND = "observed", "by the fit", "95 % of histories of the fit"
AHEAD = {"training-set": "if it goes on so", "sample": "in the training sets, if it goes on so"}
_WIDTH, _HEIGHT = 560, 340
_MARGIN = 0.06  # of the range drawn, above and below it
_NEAR_ZERO = 0.3  # of the largest number: an axis that would begin below it begins at 0


def fit_chart(fit: Fit) -> alt.LayerChart:
    """Return the chart: words present against generation.

    Examples
    --------
    >>> from modelcollapse import CountTable, fit
    >>> real = CountTable.from_counts(["a", "b", "c"], [50, 30, 20], name="real")
    >>> synthetic = CountTable.from_counts(["a", "b"], [60, 40], name="synthetic")
    >>> fit_chart(fit([real, synthetic], rng=1)).title.text
    'Words present, observed and by the fit'
    """
    import altair as alt

    rows, ahead = fitted_rows(fit), ahead_rows(fit)
    # Generation 0 is the real data itself: a line from there to samples of another size would show a loss that is none.
    fitted = rows if fit.counts_are == "training-set" else [row for row in rows if row["generation"] > 0]
    first, last = rows[0]["generation"], max(row["generation"] for row in (*rows, *ahead))
    low, high = extent(rows, fitted, ahead)
    x = alt.X(
        "generation:Q",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=style.whole_axis("Generation", first, last, grid=False, labelFlush=False),
    )
    axis = style.whole_axis(WORDS if low == 0.0 else f"{WORDS} (axis not from 0)", low, high)
    y = alt.Y("words:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=axis)
    base = alt.Chart(alt.InlineData(values=fitted))
    beyond = alt.Chart(alt.InlineData(values=ahead)).mark_line(strokeWidth=1.6, strokeDash=[5, 3], aria=False)
    layers: list[Any] = [
        _named(base.mark_area(opacity=0.3, aria=False).encode(x=x, y="low:Q", y2="high:Q"), "fill", BAND, style.BLUE),
        _named(beyond.encode(x=x, y=y), "stroke", AHEAD[fit.counts_are], style.FAINT_INK),
        _named(base.mark_line(strokeWidth=2, aria=False).encode(x=x, y=y), "stroke", FITTED, style.BLUE),
        _named(_points(rows).encode(x=x, y=alt.Y("observed:Q")), "fill", OBSERVED, style.VERMILION),
    ]
    chart = alt.LayerChart(layer=layers).resolve_scale(fill="independent", stroke="independent")
    return chart.properties(
        width=_WIDTH,
        height=_HEIGHT,
        title=alt.TitleParams("Words present, observed and by the fit", subtitle=_subtitle(fit)),
        description=_description(fit),
        config=alt.Config(**style.CONFIG),
    )


def fitted_rows(fit: Fit) -> list[dict[str, Any]]:
    """Return one row per generation observed."""
    found = fit.vocabulary
    return [
        {
            "generation": int(found.generation[i]),
            "observed": int(found.observed[i]),
            "words": float(found.mean[i]),
            "low": float(found.low[i]),
            "high": float(found.high[i]),
        }
        for i in range(len(found.generation))
    ]


def ahead_rows(fit: Fit) -> list[dict[str, Any]]:
    """Return the forecast from the last generation observed on; all of it where samples were observed."""
    result = fit.forecast
    if result is None:
        return []
    first = int(fit.vocabulary.generation[-1]) if fit.counts_are == "training-set" else 0
    pairs = zip(result.coordinates["generation"], result.value.tolist(), strict=True)
    rows = [{"generation": generation, "words": value} for generation, value in pairs if generation >= first]
    return rows or [{"generation": first, "words": float(fit.vocabulary.mean[-1])}]


def extent(rows: list[dict[str, Any]], fitted: list[dict[str, Any]], ahead: list[dict[str, Any]]) -> list[float]:
    """Return where the axis of words begins and ends: around what is drawn, so that a small loss is seen too."""
    drawn = [row["observed"] for row in rows]
    drawn += [row[end] for row in fitted for end in ("low", "words", "high")]
    drawn += [row["words"] for row in ahead]
    margin = max(_MARGIN * (max(drawn) - min(drawn)), 0.5)
    low, high = min(drawn) - margin, max(drawn) + margin
    if math.floor(high) <= math.ceil(low):
        low = float(math.floor(low))  # one whole number alone is no scale
    return [low if low > _NEAR_ZERO * high else 0.0, high]


def _points(rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.Chart(alt.InlineData(values=rows)).mark_point(filled=True, size=60, opacity=1, aria=False)


def _named(chart: Any, channel: str, name: str, colour: str) -> Any:
    import altair as alt

    return style.named(chart, [channel], name, [alt.Scale(domain=[name], range=[colour])])


def _subtitle(fit: Fit) -> list[str]:
    names = fit.observed.names
    return [
        f"{short_name(names[0])} to {short_name(names[-1])}: fresh share {words.fresh_with_interval(fit)}",
        f"Effective sample size {words.size_with_interval(fit.sample_size)}"
        + ("" if fit.fits else "; the model does not fit"),
    ]


def _description(fit: Fit) -> str:
    found = fit.vocabulary
    return (
        f"Line chart: words present by generation. Generation {int(found.generation[-1])} has "
        f"{int(found.observed[-1]):,}, and {found.mean[-1]:,.0f} by the fit."
    )
