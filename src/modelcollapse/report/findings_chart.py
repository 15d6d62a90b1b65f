"""What a sweep has found, as charts: one for each curve that was asked for, coloured by what is varied first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelcollapse.report import chart_style as style
from modelcollapse.report import findings_words as words
from modelcollapse.runs.findings import Curve, Findings, PointFindings

if TYPE_CHECKING:
    import altair as alt

# Colours that colour-blind readers tell apart: Okabe and Ito's, but for yellow.
_PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#57606a", "#999933")
_MOST_PANELS, _COLUMNS = 6, 3
_WIDTHS = {1: 640, 2: 340, 3: 260}
_HEIGHT = 220
_LONGEST_LINEAR = 1000

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Picture:
    """A chart and what stands beside it.

    Parameters
    ----------
    title : str
    caption : str
        What is left out, if anything.
    chart : altair chart
    """

    title: str
    caption: str
    chart: alt.TopLevelMixin


def findings_charts(findings: Findings, most: int = 12) -> list[Picture]:
    """Return a chart of each curve along generations: colours for what is varied first, panels for all else.

    Examples
    --------
    >>> from modelcollapse.runs import findings, run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian"}, "statistics": ["mean_scale"], "generations": 3,
    ...     "grid": {"recursion.sample_size": [10, 20]}, "run": {"executor": "serial"}})
    >>> _ = run(spec, "memory://example-chart")
    >>> [picture.title for picture in findings_charts(findings("memory://example-chart"))]
    ['mean_scale']
    """
    asked = list(dict.fromkeys(_key(curve) for point in findings.points for curve in point.curves if _along(curve)))
    return [_picture(findings, key) for key in asked[:most]]


def _key(curve: Curve) -> tuple[str, str, str]:
    return (curve.statistic, curve.details, curve.place)


def _along(curve: Curve) -> bool:
    """Whether a curve has a shape along the generations that a chart can show; bounds are left to the numbers."""
    return curve.kind in ("exact", "estimate") and sum(at.generation is not None for at in curve.values) > 1


def _picture(findings: Findings, key: tuple[str, str, str]) -> Picture:
    rows, left_out = _rows(findings, key)
    statistic, details, place = key
    given = ", ".join(f"{name} {value}" for name, value in json.loads(details or "{}").items())
    title = ", ".join(part for part in (statistic, place, given) if part)
    parts = [f"{left_out:,} points are left out; the table has them."] if left_out else []
    if any("low" in row for row in rows):
        parts.append("Bands are 95 % intervals.")
    if any("law" in row for row in rows):
        parts.append("Dashed: the nearest exact law, from the first value on.")
    return Picture(title, " ".join(parts), _chart(rows, _value_title(key[0])))


def _value_title(statistic: str) -> str:
    return {"log_scale": "nats", "growth_rate": "nats per generation"}.get(statistic, "value")


def _rows(findings: Findings, key: tuple[str, str, str]) -> tuple[Rows, int]:
    """Return the values to draw, and how many points there is no room for."""
    rows: Rows = []
    colours: dict[str, None] = {}
    panels: dict[str, None] = {}
    left_out = 0
    for point in findings.points:
        colour, panel = _colour_and_panel(point)
        full = (colour not in colours and len(colours) == len(_PALETTE)) or (
            panel not in panels and len(panels) == _MOST_PANELS
        )
        curves = [curve for curve in point.curves if _key(curve) == key and _along(curve)]
        if not curves or full:
            left_out += bool(curves)
            continue
        colours[colour] = panels[panel] = None
        rows += _with_law(_values(curves[0], colour, panel), key[0], point)
    return rows, left_out


def _with_law(rows: Rows, statistic: str, point: PointFindings) -> Rows:
    """Add what the nearest exact law says of the logarithm of the scale, from the first value on."""
    reading = point.reading
    if statistic != "log_scale" or reading is None or reading.law_rate is None:
        return rows
    first = rows[0]
    return [
        {**row, "law": first["value"] + reading.law_rate * (row["generation"] - first["generation"])} for row in rows
    ]


def _colour_and_panel(point: PointFindings) -> tuple[str, str]:
    labels = list(point.varied.items())
    colour = labels[0][1] if labels else "the recursion"
    return colour, ", ".join(f"{words.short(path)} {value}" for path, value in labels[1:])


def _values(curve: Curve, colour: str, panel: str) -> Rows:
    import numpy as np

    values = [at for at in curve.values if at.generation is not None and at.value is not None]
    if not values:
        return []
    generations = np.array([at.generation for at in values])
    found = []
    for i in style.thin(generations, logarithmic=int(generations[-1]) > _LONGEST_LINEAR):
        at = values[i]
        row: dict[str, Any] = {"generation": at.generation, "value": at.value, "colour": colour, "panel": panel}
        if at.low is not None and at.high is not None:
            row |= {"low": at.low, "high": at.high}
        found.append(row)
    return found


def _chart(rows: Rows, value_title: str) -> Any:
    import altair as alt

    names = list(dict.fromkeys(row["colour"] for row in rows))
    panels = list(dict.fromkeys(row["panel"] for row in rows))
    columns = min(len(panels), _COLUMNS)
    first = min((row["generation"] for row in rows), default=0)
    last = max((row["generation"] for row in rows), default=1)
    far = last > _LONGEST_LINEAR
    x = alt.X(
        "generation:Q",
        scale=alt.Scale(type="log" if far else "linear", nice=False),
        axis=style.whole_axis("Generation", first, last, grid=False, labelOverlap="greedy"),
    )
    scale = alt.Scale(domain=names, range=list(_PALETTE[: len(names)]))
    legend = alt.Legend(columns=2, symbolType="circle", symbolOpacity=1, symbolSize=90, title=None, labelLimit=400)
    colour = alt.Color("colour:N", scale=scale, legend=legend)
    y = alt.Y("value:Q", title=value_title, scale=alt.Scale(zero=False))
    base = alt.Chart().encode(x=x)
    band = base.mark_area(opacity=0.18).transform_filter("isValid(datum.low)")
    tips = [alt.Tooltip("colour:N", title="point"), "generation:Q", alt.Tooltip("value:Q", format=".4g")]
    drawn = [
        base.mark_line(strokeWidth=2).encode(y=y, color=colour),
        base.mark_point(filled=True, size=24, opacity=1).encode(y=y, color=colour, tooltip=tips),
    ]
    if any("low" in row for row in rows):
        drawn = [band.encode(y=alt.Y("low:Q"), y2="high:Q", color=colour), *drawn]
    if any("law" in row for row in rows):
        law = base.mark_line(color=style.INK, strokeDash=[4, 3], strokeWidth=1.2)
        drawn.append(law.transform_filter("isValid(datum.law)").encode(y=alt.Y("law:Q"), detail="colour:N"))
    layers = alt.LayerChart(layer=drawn).properties(width=_WIDTHS[max(columns, 1)], height=_HEIGHT)
    if len(panels) > 1:
        header = alt.Header(title=None, labelFontSize=12, labelFontWeight="bold", labelAnchor="start")
        chart: Any = layers.facet(
            facet=alt.Facet("panel:N", sort=panels, header=header), columns=columns, data=alt.InlineData(values=rows)
        )
    else:
        layers.data = alt.InlineData(values=rows)
        chart = layers
    return chart.properties(config=alt.Config(**style.CONFIG))
