"""Which words are there at the last generation, by how often they occur: where nothing is lost for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modelcollapse.forecasting import Forecast
from modelcollapse.report import chart_style as style

if TYPE_CHECKING:
    import altair as alt

_FACTS = {
    "Occurrences in the corpus": "format(point.count, ',')",
    "Words that occur so often": "format(point.words, ',')",
    "Chance to be there": "format(100 * point.present, '.3~g') + ' %'",
}


def presence_layers(forecast: Forecast) -> alt.LayerChart:
    """Return the chart without the project's look, to be set beside others."""
    import altair as alt

    rows = presence_rows(forecast)
    counts = [row["count"] for row in rows]
    low, high = min(counts), max(counts)
    title = "Occurrences in the corpus"
    x = alt.X("count:Q", scale=style.log_scale(low, high), axis=style.log_axis(title, low, high))
    y = alt.Y(
        "present:Q",
        scale=alt.Scale(domain=[0, 1.03], nice=False),
        axis=alt.Axis(
            title=f"Chance to be there at generation {int(forecast.generation[-1]):,}",
            labelExpr="round(100 * datum.value) + ' %'",
            values=[0, 0.2, 0.4, 0.6, 0.8, 1],
        ),
    )
    base = alt.Chart().encode(x=x, y=y)
    area = alt.Size("words:Q", scale=alt.Scale(type="sqrt", range=[8, 220]), legend=None)
    layers: list[Any] = [
        base.mark_line(color=style.BLUE, strokeWidth=2.2, aria=False),
        base.mark_point(color=style.BLUE, filled=True, opacity=0.6, aria=False).encode(size=area),
        style.hover("presence_hover", "count", x, _FACTS),
    ]
    return alt.LayerChart(data=alt.InlineData(values=rows), layer=layers).properties(
        width=style.WIDTH,
        height=style.HEIGHT,
        title=alt.TitleParams("Which words are there", subtitle=["What is absent may come back: no word has a time"]),
        description=_description(forecast),
    )


def presence_rows(forecast: Forecast) -> list[dict[str, Any]]:
    """Return what the chart shows, one row per count."""
    by_count = forecast.by_count
    places = style.thin(by_count.count, logarithmic=True)
    columns = (by_count.count, by_count.words, by_count.survival)
    rows = zip(*(column[places].tolist() for column in columns), strict=True)
    return [{"count": count, "words": words, "present": present} for count, words, present in rows]


def _description(forecast: Forecast) -> str:
    by_count = forecast.by_count
    return (
        f"Line chart: chance to be there at generation {int(forecast.generation[-1]):,}, by number of occurrences. For "
        f"words that occur {style.times(int(by_count.count[0]))} it is {by_count.survival[0]:.3g}."
    )
