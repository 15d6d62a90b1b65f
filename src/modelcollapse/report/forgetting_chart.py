"""When a word is forgotten, by how often it occurs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from modelcollapse.forecasting import Forecast
from modelcollapse.report import chart_style as style
from modelcollapse.report.wording import generation, shorten

if TYPE_CHECKING:
    import altair as alt

_FEW = 20  # counts up to which single bars are drawn instead of a band
_BAND = "chance 5 % to 95 %"
_FACTS = {
    "Occurrences in the corpus": "format(point.count, ',')",
    "Words that occur so often": "format(point.words, ',')",
    "Lost by generation, chance 5 %": "point.early_text",
    "Lost by generation, chance 50 %": "point.median_text",
    "Lost by generation, chance 95 %": "point.late_text",
    "Law of thumb for 50 %": "format(point.thumb, ',.1f')",
}
_MEDIAN = "chance 50 %"


def forgetting_layers(forecast: Forecast) -> alt.LayerChart:
    """Return the chart without the project's look, to be set beside others."""
    import altair as alt

    rows = forgetting_rows(forecast)
    data = alt.InlineData(values=rows)
    x, y = _axes(rows)
    thumb = f"law of thumb, {_thumb(forecast)}"
    names = [_MEDIAN, thumb]
    colour = alt.Scale(domain=names, range=[style.BLUE, style.VERMILION])
    dash = alt.Scale(domain=names, range=[[1, 0], [6, 4]])
    base = alt.Chart().mark_line(strokeWidth=2.2, clip=True, aria=False, invalid="break-paths-show-domains")
    lines = [
        style.named(base.encode(x=x, y=alt.Y(field)), ["stroke", "strokeDash"], name, [colour, dash])
        for field, name in zip(("median:Q", "thumb:Q"), names, strict=True)
    ]
    tips = style.hover("forgetting_hover", "count", x, _FACTS)
    layers: list[Any] = [_band(rows, x, y), lines[0], _dots(x), lines[1], tips]
    return alt.LayerChart(data=data, layer=layers).properties(
        width=style.WIDTH,
        height=style.HEIGHT,
        title=alt.TitleParams("When a word is forgotten", subtitle=_subtitle(forecast)),
        description=_description(forecast),
    )


def forgetting_rows(forecast: Forecast) -> list[dict[str, Any]]:
    """Return what the chart shows, one row per count; a generation that is never reached is None."""
    by_count = forecast.by_count
    places = style.thin(by_count.count, logarithmic=True)
    return [
        {
            "count": int(by_count.count[i]),
            "words": int(by_count.words[i]),
            **{
                name: float(value) if math.isfinite(value) else None
                for name, value in zip(("early", "median", "late"), by_count.forgotten[:, i], strict=True)
            },
            "thumb": float(by_count.thumb[i]),
            **{
                f"{name}_text": generation(value)
                for name, value in zip(("early", "median", "late"), by_count.forgotten[:, i], strict=True)
            },
        }
        for i in places
    ]


def _axes(rows: list[dict[str, Any]]) -> tuple[alt.X, alt.Y]:
    import altair as alt

    first, last = rows[0]["count"], rows[-1]["count"]
    high = _highest(rows)
    x_title = "Occurrences of the word in the corpus"
    y_title = "Generation by which it is forgotten"
    return (
        alt.X("count:Q", scale=style.log_scale(first, last), axis=style.log_axis(x_title, first, max(last, first + 1))),
        alt.Y("top:Q", scale=style.log_scale(1, high), axis=style.log_axis(y_title, 1, high)),
    )


def _highest(rows: list[dict[str, Any]]) -> float:
    """The top of the chart."""
    reached = [row[name] for row in rows for name in ("early", "median", "late", "thumb") if row[name] is not None]
    return max(10.0, *reached)


def _band(rows: list[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    """The range from 5 % to 95 %, up to the top of the chart where 95 % is never reached."""
    import altair as alt

    top = f"isValid(datum.late) ? datum.late : {_highest(rows):g}"
    base = alt.Chart().transform_filter("isValid(datum.early)").transform_calculate(top=top)
    look: dict[str, Any] = {"opacity": 0.22, "clip": True, "aria": False}
    drawn = base.mark_area(**look) if len(rows) > _FEW else base.mark_bar(width=8, **look)
    scale = alt.Scale(domain=[_BAND], range=[style.BLUE])
    return style.named(drawn.encode(x=x, y=y, y2="early:Q"), ["fill"], _BAND, [scale])


def _dots(x: alt.X) -> alt.Chart:
    """A dot per count, its area growing with the number of words."""
    import altair as alt

    size = alt.Size("words:Q", legend=None, scale=alt.Scale(type="sqrt", range=[5, 260], zero=True))
    dot = alt.Chart().mark_circle(color=style.BLUE, opacity=0.75, clip=False, aria=False)
    return dot.encode(x=x, y=alt.Y("median:Q"), size=size)


def _thumb(forecast: Forecast) -> str:
    return "2.885 × count" if forecast.sample_size == forecast.table.tokens else "2.885 n p"


def _subtitle(forecast: Forecast) -> list[str]:
    early, _, late = forecast.by_count.forgotten
    never = np.any(np.isfinite(early) & ~np.isfinite(late))
    return [
        f"{shorten(forecast.table.name)}; each generation learns from {forecast.sample_size:,} tokens",
        "Line and band are exact; a dot's area grows with the number of words",
        *(["Where the band stays at the top, 95 % is never reached"] if never else []),
    ]


def _description(forecast: Forecast) -> str:
    by_count = forecast.by_count
    ends = [
        f"half of the words that occur {style.times(int(by_count.count[i]))} are gone by generation "
        f"{generation(by_count.forgotten[1, i])}"
        for i in (0, int(np.argmin(np.abs(by_count.count - 100))))
    ]
    return (
        f"Line chart on logarithmic axes: generation by which a word is forgotten, against how often it occurs. "
        f"For example, {'; '.join(dict.fromkeys(ends))}."
    )
