"""A rate as one chart: the exact curve, every bound as a labelled thin line, and a simulation as points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.rating import Rate
from modelcollapse.rating.curve import curve_of, interval_of
from modelcollapse.report import chart_style as style
from modelcollapse.report import rate_words as words

if TYPE_CHECKING:
    import altair as alt

EXACT, ESTIMATE, SIMULATED = "exact", "estimate, 95 % interval", "simulated, 95 % interval"
_LAWS = (EXACT, ESTIMATE)
_WIDTH, _HEIGHT = 620, 360
_LONGEST_LINEAR = 1000
_MOST_SIMULATED = 25
# Colours that colour-blind readers tell apart, Okabe and Ito's but for the olive; a second round is dashed.
_PALETTE = ("#D55E00", "#009E73", "#CC79A7", "#E69F00", "#999933", "#57606a")
_SMALLEST = 1e-300
_DASHES = ([1, 0], [6, 3], [2, 2])

Rows = list[dict[str, Any]]


def rate_chart(rate: Rate) -> alt.LayerChart:
    """Return the chart: what is followed, against generation; axes are logarithmic where the range asks for it.

    Examples
    --------
    >>> from modelcollapse.rating.questions import of_symbol
    >>> from modelcollapse.rating import rate
    >>> question = of_symbol(100, count=1)
    >>> chart = rate_chart(rate(question.recursion, question.statistic, question.time_statistic, 50))
    >>> chart.title.text
    'Chance that the symbol is still present'
    """
    import altair as alt

    rows = curve_rows(rate)
    x, y = _axes(rate, rows)
    layers = _lines(_visible(rows, y), x, y)
    if rate.estimate is not None:
        layers.insert(0, _band(rate, x))
    if rate.simulated is not None:
        if rate.law is None:
            layers.append(_simulated_line(rate, x, y))
        layers += _simulated(simulated_rows(rate), x, y, _floor(rate, rows))
    layers.append(_tips(rate, x))
    return alt.LayerChart(layer=layers).properties(
        width=_WIDTH,
        height=_HEIGHT,
        title=alt.TitleParams(words.quantity(rate), subtitle=_subtitle(rate)),
        description=description(rate),
        config=alt.Config(**style.CONFIG),
    )


def curve_rows(rate: Rate) -> Rows:
    """Return every curve as rows of curve, name, generation and value; of a bound only where it says something."""
    places = style.thin(rate.generation, logarithmic=is_far(rate))
    low, high = rate.statistic.possible(rate.recursion)
    rows = []
    main = EXACT if rate.exact is not None else ESTIMATE
    curves = {(main, main): curve_of(rate.law)} if rate.law is not None else {}
    for (name, side), curve in {**curves, **_bound_curves(rate)}.items():
        for i in places:
            value = float(curve[i])
            if name in _LAWS or (side == "lower" and value > low) or (side == "upper" and value < high):
                rows.append({"curve": side, "name": name, "generation": int(rate.generation[i]), "value": value})
    return rows


def simulated_rows(rate: Rate) -> Rows:
    """Return some of the simulated points with their intervals, spread along the axis."""
    assert rate.simulated is not None
    low, high = interval_of(rate.simulated)
    mean = curve_of(rate.simulated)
    spread = np.geomspace if is_far(rate) else np.linspace
    targets = spread(float(rate.generation[0]), float(rate.generation[-1]), _MOST_SIMULATED)
    places = np.unique(np.searchsorted(rate.generation, targets).clip(max=len(mean) - 1))
    return [
        {
            "generation": int(rate.generation[i]),
            "value": float(mean[i]),
            "name": SIMULATED,
            "low": float(low[i]),
            "high": float(high[i]),
        }
        for i in places
    ]


def is_far(rate: Rate) -> bool:
    """Whether the generation axis is logarithmic."""
    return int(rate.generation[-1]) > _LONGEST_LINEAR


def description(rate: Rate) -> str:
    """Return what the chart shows, for those who cannot see it."""
    last = int(rate.generation[-1])
    shown = rate.law or rate.simulated
    value = "" if shown is None else f" At generation {last:,} it is {words.number(float(curve_of(shown)[-1]))}."
    bounds = f" {len(rate.bounds)} bounds are drawn beside it." if rate.bounds else ""
    followed = words.quantity(rate)
    shown_is = f"Line chart: {followed[0].lower()}{followed[1:]}, by generation."
    return f"{shown_is}{value}{bounds} {words.quantiles(rate)}".rstrip()


def _bound_curves(rate: Rate) -> dict[tuple[str, str], NDArray[np.float64]]:
    sides = [(b.title, side, curve) for b in rate.bounds for side, curve in (("lower", b.lower), ("upper", b.upper))]
    return {(name, side): curve for name, side, curve in sides if curve is not None}


def _axes(rate: Rate, rows: Rows) -> tuple[alt.X, alt.Y]:
    import altair as alt

    first, last = int(rate.generation[0]), int(rate.generation[-1])
    if is_far(rate):
        axis = style.log_axis("Generation", first, last)
        x = alt.X("generation:Q", scale=style.log_scale(first, last), axis=axis)
    else:
        low, high = min(first, 0), max(last, 1)
        plain = style.whole_axis("Generation", low, high, grid=False, labelFlush=False)
        x = alt.X("generation:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=plain)
    y = _probability(_floor(rate, rows), _highest(rate, rows)) if rate.statistic.is_probability else _error(rate, rows)
    return x, y


def _error(rate: Rate, rows: Rows) -> alt.Y:
    """A linear axis from 0 that holds every curve, and every simulated interval."""
    import altair as alt

    axis = alt.Axis(title="Squared error", format="~g")
    return alt.Y("value:Q", scale=alt.Scale(domain=[0, 1.05 * _highest(rate, rows)], nice=False), axis=axis)


def _highest(rate: Rate, rows: Rows) -> float:
    """The largest finite value that is drawn: of what is next to impossible, far below 1."""
    drawn = [row["value"] for row in rows]
    if rate.simulated is not None:
        drawn += [row["high"] for row in simulated_rows(rate)]
    return max(filter(math.isfinite, drawn), default=1.0)


def _probability(low: float | None, highest: float) -> alt.Y:
    """A linear axis from 0 to 1, or a logarithmic one from a floor to somewhat above what is drawn."""
    import altair as alt

    if low is None:
        axis = alt.Axis(title="Probability", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
        return alt.Y("value:Q", scale=alt.Scale(domain=[0, 1.03], nice=False), axis=axis)
    high = min(3.0 * highest, 1.2)
    power, top = math.ceil(math.log10(low)), math.floor(math.log10(high))
    step = max(1, (top - power) // 8)
    values = [10.0**p for p in range(top, power - 1, -step)]
    axis = alt.Axis(title="Probability", values=values, format="~g", labelOverlap="greedy")
    return alt.Y("value:Q", scale=alt.Scale(type="log", domain=[low, high], nice=False), axis=axis)


def _floor(rate: Rate, rows: Rows) -> float | None:
    """The foot of a logarithmic axis, or None for a linear one: logarithmic if the truth falls below 1 %."""
    if rate.law is None:
        return None
    truth = [row["value"] for row in rows if row["curve"] in _LAWS and row["value"] > 0]
    if not truth or min(truth) >= 0.01:
        return None
    return max(min(truth) / 2.0, _SMALLEST)


def _visible(rows: Rows, y: alt.Y) -> Rows:
    """The rows of curves that come within the axes: of others the legend would list what nobody sees."""
    axis: Any = y.to_dict()
    low, high = axis["scale"]["domain"]
    seen = set()
    for name, curve in {(row["name"], row["curve"]) for row in rows}:
        values = [row["value"] for row in rows if (row["name"], row["curve"]) == (name, curve)]
        if min(values) <= high and max(values) >= low:
            seen.add((name, curve))
    return [row for row in rows if (row["name"], row["curve"]) in seen]


def _lines(rows: Rows, x: alt.X, y: alt.Y) -> list[Any]:
    """The bounds, thin, and the exact curve on them, thick: what hides behind it is as good as exact."""
    import altair as alt

    if not rows:
        return []
    names = list(dict.fromkeys(row["name"] for row in rows))
    bounds = [name for name in names if name not in _LAWS]
    colours = {name: _PALETTE[i % len(_PALETTE)] for i, name in enumerate(bounds)}
    dashes = {name: _DASHES[min(i // len(_PALETTE), len(_DASHES) - 1)] for i, name in enumerate(bounds)}
    legend = alt.Legend(symbolType="stroke", columns=2)
    stroke = alt.Scale(domain=names, range=[colours.get(name, style.BLUE) for name in names])
    dash = alt.Scale(domain=names, range=[dashes.get(name, [1, 0]) for name in names])

    def lines(wanted: Rows, width: float) -> Any:
        drawn = [row for row in wanted if row["value"] > 0]
        marks = alt.Chart(alt.InlineData(values=drawn)).mark_line(strokeWidth=width, clip=True, aria=False)
        return marks.encode(
            x=x,
            y=y,
            detail="curve:N",
            stroke=alt.Stroke("name:N", scale=stroke, legend=legend),
            strokeDash=alt.StrokeDash("name:N", scale=dash, legend=legend),
        )

    exact = [row for row in rows if row["name"] in _LAWS]
    return [lines([row for row in rows if row["name"] not in _LAWS], 1.5), lines(exact, 3.0)]


def _band(rate: Rate, x: alt.X) -> Any:
    """The interval of an estimate, which is mostly narrower than its line."""
    import altair as alt

    assert rate.estimate is not None
    low, high = interval_of(rate.estimate)
    places = style.thin(rate.generation, logarithmic=is_far(rate))
    floor = _SMALLEST
    rows = [
        {"generation": int(rate.generation[i]), "low": max(float(low[i]), floor), "high": float(high[i])}
        for i in places
        if high[i] > floor
    ]
    marks = alt.Chart(alt.InlineData(values=rows)).mark_area(color=style.BLUE, opacity=0.2, clip=True, aria=False)
    return marks.encode(x=x, y=alt.Y("low:Q"), y2="high:Q")


def _simulated_line(rate: Rate, x: alt.X, y: alt.Y) -> Any:
    """The simulated mean as a thin line, where there is no exact curve to follow."""
    import altair as alt

    assert rate.simulated is not None
    mean, places = curve_of(rate.simulated), style.thin(rate.generation, logarithmic=is_far(rate))
    rows = [{"generation": int(rate.generation[i]), "value": float(mean[i])} for i in places]
    marks = alt.Chart(alt.InlineData(values=rows)).mark_line(color=style.INK, strokeWidth=0.75, clip=True, aria=False)
    return marks.encode(x=x, y=y)


def _simulated(rows: Rows, x: alt.X, y: alt.Y, floor: float | None) -> list[Any]:
    """Points with their intervals; of what is 0 a logarithmic axis, from `floor` on, shows the interval alone."""
    import altair as alt

    least = -1.0 if floor is None else floor
    reached = [{**row, "low": max(row["low"], least)} for row in rows if row["high"] > least]
    bars = alt.Chart(alt.InlineData(values=reached)).mark_rule(color=style.INK, strokeWidth=1, clip=True, aria=False)
    seen = alt.Chart(alt.InlineData(values=[row for row in rows if row["value"] > least]))
    points = seen.mark_point(filled=True, size=28, opacity=1, aria=False)
    scale = alt.Scale(domain=[SIMULATED], range=[style.INK])
    fill = alt.Fill("name:N", scale=scale, legend=alt.Legend(orient="bottom", symbolType="circle", symbolSize=50))
    return [
        bars.encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        points.encode(x=x, y=y, fill=fill),
    ]


def _tips(rate: Rate, x: alt.X) -> Any:
    """What the pointer shows: the truth, or the simulated mean, and every bound."""
    import altair as alt

    places = style.thin(rate.generation, logarithmic=is_far(rate))
    shown = rate.law or rate.simulated
    name = EXACT if rate.exact else ESTIMATE if rate.estimate else SIMULATED
    columns = {} if shown is None else {name: curve_of(shown)}
    columns |= {f"{name}, {side}": curve for (name, side), curve in _bound_curves(rate).items()}
    rows = [
        {"generation": int(rate.generation[i]), **{f"c{j}": float(c[i]) for j, c in enumerate(columns.values())}}
        for i in places
    ]
    facts = {"Generation": "format(point.generation, ',')"}
    facts |= {name: f"format(point.c{j}, '.5~g')" for j, name in enumerate(columns)}
    tips = style.hover("rate_hover", "generation", x, facts)
    tips.data = alt.InlineData(values=rows)
    return tips


def _subtitle(rate: Rate) -> list[str]:
    lines = [words.subject(rate), words.learning(rate.recursion)]
    lines.append("Bounds as stated, where they say something" if rate.bounds else "No bound is known")
    return lines
