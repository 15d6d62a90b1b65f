"""Drawing panels: thick what is exact, thin the bounds, points with bars the simulation; one legend for all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from modelcollapse.bounds import BOUNDS
from modelcollapse.report import chart_style as style
from modelcollapse.reproduce.data import EXACT, SIMULATED, Curve

if TYPE_CHECKING:
    import altair as alt

# Okabe and Ito's colours but for the olive, as in the chart of a rate; a second round is dashed.
PALETTE = ("#D55E00", "#009E73", "#CC79A7", "#E69F00", "#999933", "#57606a")
RAMP = (style.BLUE, "#56B4E9", "#009E73", "#999933", "#E69F00", "#D55E00")  # of exact laws in an order
_DASHES = ([1, 0], [6, 3], [2, 2])
_DASHED_KINDS = {"asymptotic": [5, 3], "spread": [6, 3]}
_TITLES = {bound.name: bound.title for bound in BOUNDS}
_PATH = "#57606a"
_SMALL = "datum.value >= 0.0009 ? format(datum.value, '~g') : format(datum.value, '.0e')"
_HEIGHT = 230
_WIDTHS = {1: 560, 2: 300, 3: 230}


@dataclass(frozen=True)
class View:
    """How a panel is drawn.

    Parameters
    ----------
    x, y : str
        Titles of the axes.
    log_x, log_y : bool
    low, high, last : float or None
        Ends of the vertical axis, and of the horizontal one; by the curves if not given.
    drawn : sequence of str or None
        The bounds that are drawn, by name; all if not given. The data hold all of them.
    title : str or None
        Above the panel; its name if not given.
    """

    x: str = "Generation"
    y: str = "Probability"
    log_x: bool = False
    log_y: bool = False
    low: float | None = None
    high: float | None = None
    last: float | None = None
    drawn: Sequence[str] | None = None
    title: str | None = None


def panels_chart(title: str, views: Mapping[str, View], curves: Sequence[Curve], *, ramp: bool = False) -> Any:
    """Return the chart of several panels side by side; with `ramp`, exact laws are coloured in their order.

    Examples
    --------
    >>> curve = Curve.of("left", EXACT, "exact", [1, 2], [0.5, 0.25])
    >>> panels_chart("A title", {"left": View()}, [curve]).title.text
    'A title'
    """
    import altair as alt

    shown = [_titled(curve) for curve in curves if _is_drawn(curve, views[curve.panel])]
    look = _Look.of(shown, ramp=ramp)
    width = _WIDTHS.get(len(views), 230)
    panels = [
        alt.LayerChart(layer=_layers([c for c in shown if c.panel == name], view, look)).properties(
            width=width,
            height=_HEIGHT,
            title=alt.TitleParams(
                name if view.title is None else view.title, fontSize=12, fontWeight="normal", offset=6, frame="group"
            ),
        )
        for name, view in views.items()
    ]
    joined = alt.hconcat(*panels, spacing=28).resolve_scale(
        stroke="shared", strokeDash="shared", fill="shared", x="independent", y="independent"
    )
    return styled(joined, title)


def styled(chart: Any, title: str) -> Any:
    """Return a chart with the project's look and a title."""
    import altair as alt

    return chart.properties(title=alt.TitleParams(title), config=alt.Config(**style.CONFIG))


def axes(view: View, curves: Iterable[Curve]) -> tuple[alt.X, alt.Y]:
    """Return the axes of a panel."""
    import altair as alt

    listed = list(curves)
    x = np.concatenate([c.x for c in listed])
    first, last = float(np.nanmin(x)), view.last or float(np.nanmax(x))
    if view.log_x:
        horizontal = alt.X("x:Q", scale=style.log_scale(first, last), axis=style.log_axis(view.x, first, last))
    else:
        low = min(first, 0.0)
        whole = style.whole_ticks(low, last) if view.x == "Generation" else {"format": "~g"}
        axis = alt.Axis(title=view.x, grid=False, tickCount=6, **whole)
        horizontal = alt.X("x:Q", scale=alt.Scale(domain=[low, last], nice=False), axis=axis)
    return horizontal, _vertical(view, listed)


def _vertical(view: View, curves: list[Curve]) -> alt.Y:
    import altair as alt

    values = np.concatenate([c.value for c in curves])
    finite = values[np.isfinite(values) & ((values > 0) if view.log_y else True)]
    low = view.low if view.low is not None else float(finite.min())
    if view.low is None and low < 0.0:
        low *= 1.05
    high = view.high if view.high is not None else float(finite.max()) * (1.3 if view.log_y else 1.05)
    if not view.log_y:
        axis = alt.Axis(title=view.y, tickCount=5)
        return alt.Y("value:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=axis)
    powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
    step = max(1, len(powers) // 6)
    leading = (1.0,) if len(powers) > 2 else (1.0, 2.0, 5.0)
    ticks = [d * 10.0**p for p in powers[::step] for d in leading] or [low, high]
    ticks = [tick for tick in ticks if low <= tick <= high]
    axis = alt.Axis(title=view.y, values=ticks, labelExpr=_SMALL, labelOverlap="greedy")
    return alt.Y("value:Q", scale=alt.Scale(type="log", domain=[low, high], nice=False), axis=axis)


@dataclass(frozen=True)
class _Look:
    """The colours and dashes of every name in a figure, so that all panels share one legend."""

    lines: Mapping[str, tuple[str, list[int]]]
    points: Mapping[str, str]

    @classmethod
    def of(cls, curves: Iterable[Curve], *, ramp: bool) -> _Look:
        lines: dict[str, tuple[str, list[int]]] = {}
        points: dict[str, str] = {}
        rank = exact = 0
        for curve in curves:
            if curve.kind in ("estimate", "point"):
                points.setdefault(curve.name, style.INK if not points else PALETTE[(len(points) - 1) % len(PALETTE)])
            elif curve.name in lines or curve.kind == "path":
                continue
            elif curve.kind == "exact":
                lines[curve.name] = (RAMP[exact % len(RAMP)], [1, 0]) if ramp else (style.BLUE, _DASHES[min(exact, 2)])
                exact += 1
            elif curve.kind == "spread":
                lines[curve.name] = (style.BLUE, _DASHED_KINDS["spread"])
            elif ramp and curve.kind == "asymptotic":
                lines[curve.name] = (style.INK, _DASHED_KINDS["asymptotic"])
            else:
                dash = _DASHED_KINDS.get(curve.kind, _DASHES[min(rank // len(PALETTE), 2)])
                lines[curve.name] = (PALETTE[rank % len(PALETTE)], dash)
                rank += 1
        return cls(lines, points)


def _layers(curves: list[Curve], view: View, look: _Look) -> list[Any]:
    x, y = axes(view, curves)
    order = {"path": 0, "lower": 1, "upper": 1, "spread": 2, "exact": 3, "asymptotic": 4}
    groups: dict[int, list[Curve]] = {}
    for curve in curves:
        if curve.kind in order:
            groups.setdefault(order[curve.kind], []).append(curve)
    layers: list[Any] = []
    for rank in sorted(groups):
        layers.append(_paths(groups[rank], view, x, y) if rank == 0 else _lines(groups[rank], view, look, x, y, rank))
    for curve in curves:
        if curve.kind in ("estimate", "point"):
            layers += _points(curve, view, look, x, y)
    return layers


def _lines(curves: list[Curve], view: View, look: _Look, x: alt.X, y: alt.Y, rank: int) -> Any:
    import altair as alt

    rows = [row for number, curve in enumerate(curves) for row in rows_of(curve, view, number)]
    marks = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=3.0 if rank == 3 else 1.5, clip=True)
    names = list(look.lines)
    stroke = alt.Scale(domain=names, range=[look.lines[name][0] for name in names])
    dash = alt.Scale(domain=names, range=[look.lines[name][1] for name in names])
    legend = alt.Legend(symbolType="stroke", columns=2 if len(names) in (2, 4) else 3)
    return marks.encode(
        x=x,
        y=y,
        detail="curve:N",
        stroke=alt.Stroke("name:N", scale=stroke, legend=legend),
        strokeDash=alt.StrokeDash("name:N", scale=dash, legend=legend),
    )


def _paths(curves: list[Curve], view: View, x: alt.X, y: alt.Y) -> Any:
    import altair as alt

    rows = [row for number, curve in enumerate(curves) for row in rows_of(curve, view, number)]
    marks = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=0.7, opacity=0.55, color=_PATH, clip=True)
    return marks.encode(x=x, y=y, detail="curve:N")


def _points(curve: Curve, view: View, look: _Look, x: alt.X, y: alt.Y) -> list[Any]:
    """Points, and where there are intervals their bars, cut at the foot of a logarithmic axis."""
    import altair as alt

    rows = rows_of(curve, view, 0, thin=False)
    names = list(look.points)
    scale = alt.Scale(domain=names, range=[look.points[name] for name in names])
    legend = alt.Legend(orient="bottom", symbolType="circle", symbolSize=50)
    fill = alt.Fill("name:N", scale=scale, legend=legend)
    (left, right), (floor, top) = _ends(x), _ends(y)
    layers: list[Any] = []
    if curve.low is not None:
        bars = [
            {**row, "low": max(row["low"], floor), "high": min(row["high"], top)}
            for row in rows
            if row["high"] > floor and row["low"] < top and left <= row["x"] <= right
        ]
        base = alt.Chart(alt.InlineData(values=bars)).mark_rule(strokeWidth=1, color=look.points[curve.name])
        layers.append(base.encode(x=x, y=alt.Y("low:Q"), y2="high:Q"))
    drawn = [r for r in rows if "value" in r and left <= r["x"] <= right and floor <= r["value"] <= top]
    marks = alt.Chart(alt.InlineData(values=drawn)).mark_point(filled=True, size=26, opacity=1, strokeWidth=0)
    return [*layers, marks.encode(x=x, y=y, fill=fill)]


def _ends(axis: Any) -> tuple[float, float]:
    low, high = axis.to_dict()["scale"]["domain"]
    return low, high


def rows_of(curve: Curve, view: View, number: int, *, thin: bool = True) -> list[dict[str, Any]]:
    """Return the points of a curve as rows, no more than can be seen; none that a logarithmic axis cannot show."""
    places = style.thin(curve.x, logarithmic=view.log_x) if thin else np.arange(len(curve.x))
    rows = []
    for i in places:
        row = {"x": float(curve.x[i]), "name": curve.name, "curve": f"{curve.kind} {number}"}
        if math.isfinite(curve.value[i]) and (curve.value[i] > 0 or not view.log_y):
            row["value"] = float(curve.value[i])
        if curve.low is not None and curve.high is not None:
            row |= {"low": float(curve.low[i]), "high": float(curve.high[i])}
        if "value" in row or curve.low is not None:
            rows.append(row)
    return rows


def _titled(curve: Curve) -> Curve:
    """A bound under its title in words, as in the chart of a rate; the data keep its name."""
    return replace(curve, name=_TITLES.get(curve.name, curve.name))


def _is_drawn(curve: Curve, view: View) -> bool:
    is_bound = curve.kind in ("lower", "upper", "asymptotic")
    return not is_bound or view.drawn is None or curve.name in view.drawn


__all__ = ["EXACT", "PALETTE", "SIMULATED", "View", "axes", "panels_chart", "rows_of", "styled"]
