"""How much of the vocabulary is left, generation by generation."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from modelcollapse.forecasting import Forecast
from modelcollapse.report import chart_style as style
from modelcollapse.report.wording import percent, shorten
from modelcollapse.report.workflow_words import real_data

if TYPE_CHECKING:
    import altair as alt

_LONGEST_LINEAR = 1000
_SUBTITLE_WIDTH = 80
_EXPECTED = "expected (exact)"
_FACTS = {
    "Generation": "format(point.generation, ',')",
    "Words expected to be left": "format(point.words, ',.0f')",
    "Share of the vocabulary": "format(100 * point.share, '.1f') + ' %'",
    "90 % interval": "point.interval",
}
_INTERVAL = "90 % interval (normal approximation)"


def vocabulary_layers(forecast: Forecast) -> alt.LayerChart:
    """Return the chart without the project's look, to be set beside others."""
    import altair as alt

    logarithmic = int(forecast.generation[-1]) > _LONGEST_LINEAR
    data = alt.InlineData(values=vocabulary_rows(forecast))
    x = _x(forecast, logarithmic)
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.03], nice=False),  # so that the label of 100 % does not stick out
        axis=alt.Axis(
            title="Share of the vocabulary still present",
            labelExpr="round(100 * datum.value) + ' %'",
            values=[0, 0.2, 0.4, 0.6, 0.8, 1],
        ),
    )
    base = alt.Chart()
    band = base.mark_area(opacity=0.3, aria=False).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    line = base.mark_line(strokeWidth=2.2, aria=False).encode(x=x, y=y)
    tips = style.hover("vocabulary_hover", "generation", x, _FACTS)
    layers: list[Any] = [
        style.named(band, ["fill"], _INTERVAL, [alt.Scale(domain=[_INTERVAL], range=[style.BLUE])]),
        style.named(line, ["stroke"], _EXPECTED, [alt.Scale(domain=[_EXPECTED], range=[style.BLUE])]),
        *_half_gone(forecast, logarithmic),
        tips,
    ]
    return alt.LayerChart(data=data, layer=layers).properties(
        width=style.WIDTH,
        height=style.HEIGHT,
        title=alt.TitleParams("What is left of the vocabulary", subtitle=_subtitle(forecast)),
        description=_description(forecast),
    )


def vocabulary_rows(forecast: Forecast) -> list[dict[str, Any]]:
    """Return what the chart shows, one row per generation, thinned to what can be seen; shares of the vocabulary."""
    types = forecast.table.types
    logarithmic = int(forecast.generation[-1]) > _LONGEST_LINEAR
    places = style.thin(forecast.generation, logarithmic=logarithmic)
    start = [] if logarithmic else [_row(0, types, types, types, types)]
    return start + [
        _row(
            int(forecast.generation[i]), float(forecast.mean[i]), float(forecast.low[i]), float(forecast.high[i]), types
        )
        for i in places
    ]


def _row(generation: int, mean: float, low: float, high: float, types: int) -> dict[str, Any]:
    return {
        "generation": generation,
        "words": mean,
        "share": mean / types,
        "low": low / types,
        "high": high / types,
        "interval": f"{low:,.0f} to {high:,.0f} words",
    }


def _x(forecast: Forecast, logarithmic: bool) -> alt.X:
    import altair as alt

    horizon = int(forecast.generation[-1])
    if logarithmic:
        return alt.X("generation:Q", scale=style.log_scale(1, horizon), axis=style.log_axis("Generation", 1, horizon))
    axis = style.whole_axis("Generation", 0, horizon, grid=False, labelFlush=False)
    return alt.X("generation:Q", scale=alt.Scale(domain=[0, horizon], nice=False), axis=axis)


def _half_gone(forecast: Forecast, logarithmic: bool) -> list[Any]:
    """A dashed line and a label where half of the vocabulary is gone, if that is on the chart."""
    import altair as alt

    half, horizon = forecast.half_gone, int(forecast.generation[-1])
    if not 1 <= half <= horizon:
        return []
    share = float(np.interp(half, forecast.generation, forecast.mean)) / forecast.table.types
    data = alt.InlineData(values=[{"generation": half, "share": share, "zero": 0}])
    base = alt.Chart(data).encode(x="generation:Q", y="share:Q")
    along = math.log(half) / math.log(horizon) if logarithmic else half / horizon
    beside: dict[str, Any] = (
        {"align": "left", "dx": 9, "dy": -9} if along < 0.5 else {"align": "right", "dx": -9, "dy": 14}
    )
    label = f"half gone by generation {half:,.0f}"
    return [
        base.mark_rule(strokeDash=[4, 3], color=style.FAINT_INK, aria=False).encode(y2="zero:Q"),
        base.mark_point(filled=True, size=55, opacity=1, color=style.BLUE, aria=False),
        base.mark_text(color=style.INK, fontSize=12, aria=False, **beside).encode(text=alt.value(label)),
    ]


def _subtitle(forecast: Forecast) -> list[str]:
    table = forecast.table
    learns = f"Each generation learns from {forecast.sample_size:,} tokens"
    learns += " of the one before" if forecast.forgets else f"; {real_data(forecast.workflow)}"
    lines = [f"{shorten(table.name)}: {table.types:,} different words, {table.tokens:,} tokens"]
    lines += textwrap.wrap(learns, _SUBTITLE_WIDTH)
    if forecast.generation[-1] < forecast.half_gone < math.inf:
        lines.append(f"Half is gone by generation {forecast.half_gone:,.0f}, beyond this chart")
    return lines


def _description(forecast: Forecast) -> str:
    mean, types = forecast.mean[-1], forecast.table.types
    half = f" Half is gone by generation {forecast.half_gone:,.0f}." if math.isfinite(forecast.half_gone) else ""
    return (
        f"Line chart: share of the {types:,} different words still present, by generation. After "
        f"{int(forecast.generation[-1]):,} generations {mean:,.0f} are expected to be left ({percent(mean / types)})."
        f"{half}"
    )
