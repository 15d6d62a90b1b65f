"""Workflows side by side: the vocabulary that each keeps, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modelcollapse.comparing import Comparison, WorkflowCurve
from modelcollapse.report import chart_style as style

if TYPE_CHECKING:
    import altair as alt

# Colours that colour-blind readers tell apart, Okabe and Ito's but for the olive.
_PALETTE = (style.BLUE, style.VERMILION, "#009E73", "#CC79A7", "#E69F00", "#999933", "#57606a")
_LONGEST_LINEAR = 1000


def comparison_layers(comparison: Comparison) -> alt.LayerChart:
    """Return the chart without the project's look, to be set beside others."""
    import altair as alt

    names = [_name(curve) for curve in comparison.curves]
    colour = alt.Scale(domain=names, range=[_PALETTE[i % len(_PALETTE)] for i in range(len(names))])
    horizon = int(comparison.generation[-1])
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.03], nice=False),
        axis=alt.Axis(
            title="Share of the vocabulary present",
            labelExpr="round(100 * datum.value) + ' %'",
            values=[0, 0.2, 0.4, 0.6, 0.8, 1],
        ),
    )
    base = alt.Chart().encode(x=_x(horizon))
    legend = alt.Legend(symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.5, columns=2, labelLimit=400)
    stroke = alt.Stroke("name:N", scale=colour, sort=names, legend=legend)
    fill = alt.Fill("name:N", scale=colour, sort=names, legend=legend)
    band = base.mark_area(opacity=0.2, aria=False).encode(y=alt.Y("low:Q"), y2="high:Q", fill=fill)
    line = base.mark_line(strokeWidth=2, aria=False).encode(y=y, stroke=stroke, tooltip=["name:N", "shown:N"])
    layers: list[Any] = [band, line]
    return alt.LayerChart(data=alt.InlineData(values=comparison_rows(comparison)), layer=layers).properties(
        width=style.WIDTH,
        height=style.HEIGHT,
        title=alt.TitleParams("Workflows side by side", subtitle=_subtitle(comparison)),
        description=f"Line chart: share of the vocabulary present, by generation, under {', '.join(names)}.",
    )


def comparison_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Return what the chart shows: one row per workflow and generation, shares of the vocabulary."""
    types = comparison.table.types
    places = style.thin(comparison.generation, logarithmic=int(comparison.generation[-1]) > _LONGEST_LINEAR)
    return [
        {
            "name": _name(curve),
            "generation": int(comparison.generation[i]),
            "share": float(curve.mean[i]) / types,
            "low": float(curve.low[i]) / types,
            "high": float(curve.high[i]) / types,
            "shown": f"generation {int(comparison.generation[i]):,}: {curve.mean[i]:,.0f} words",
        }
        for curve in comparison.curves
        for i in places
    ]


def _name(curve: WorkflowCurve) -> str:
    how = "" if curve.kind == "exact" else ", simulated"
    cost = "" if curve.cost is None else f", cost {curve.cost:.3g}"
    return f"{curve.label}{how}{cost}"


def _x(horizon: int) -> alt.X:
    import altair as alt

    if horizon > _LONGEST_LINEAR:
        return alt.X("generation:Q", scale=style.log_scale(1, horizon), axis=style.log_axis("Generation", 1, horizon))
    first = min(1, horizon - 1)
    axis = style.whole_axis("Generation", first, horizon, grid=False)
    return alt.X("generation:Q", scale=alt.Scale(domain=[first, horizon], nice=False), axis=axis)


def _subtitle(comparison: Comparison) -> list[str]:
    return [f"{comparison.sample_size:,} tokens are drawn in each generation", "Bands: 90 % interval"]
