"""What all charts share: colours, type, axes, and how many points a curve needs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import altair as alt

# Two colours of Okabe and Ito's palette: told apart by colour-blind readers, legible on white and on black.
BLUE = "#0072B2"
VERMILION = "#D55E00"
INK = "#1f2328"
FAINT_INK = "#57606a"
GRID = "#e4e7eb"

MOST_POINTS = 300  # per curve: finer than a pixel on any page
WIDTH, HEIGHT = 460, 320

CONFIG: dict[str, Any] = {
    "background": "white",
    "font": "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif",
    "padding": 10,
    "view": {"stroke": None},
    "axis": {
        "domainColor": FAINT_INK,
        "gridColor": GRID,
        "labelColor": FAINT_INK,
        "labelFontSize": 11,
        "labelPadding": 5,
        "tickColor": FAINT_INK,
        "ticks": False,
        "titleColor": INK,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 11.5,
        "labelLimit": 280,
        "offset": 8,
        "orient": "top",
        "rowPadding": 4,
        "symbolSize": 160,
        "title": None,
    },
    "title": {
        "anchor": "start",
        "color": INK,
        "fontSize": 15,
        "fontWeight": "bold",
        "frame": "group",
        "offset": 12,
        "subtitleColor": FAINT_INK,
        "subtitleFontSize": 12,
        "subtitleLineHeight": 16,
        "subtitlePadding": 5,
    },
}

# 1 to 100,000 are written out, then 1M, 10M, ..., 1B, 1T; in Vega's own expression language.
_LABEL = "datum.value < 999999 ? format(datum.value, ',') : replace(format(datum.value, '~s'), 'G', 'B')"


def log_axis(title: str, low: float, high: float) -> alt.Axis:
    """Return an axis for a logarithmic scale: whole decades, and 2 and 5 within a narrow range."""
    import altair as alt

    return alt.Axis(title=title, values=decades(low, high), labelExpr=_LABEL, labelFlush=False, labelOverlap="greedy")


def log_scale(low: float, high: float) -> alt.Scale:
    """Return a logarithmic scale from low to high, or around them where they are one."""
    import altair as alt

    domain = [low, high] if high > low else [low / 2, high * 2]
    return alt.Scale(type="log", domain=domain, nice=False)


def whole_axis(title: str, low: float, high: float, **look: Any) -> alt.Axis:
    """Return an axis for whole numbers from low to high: every tick is one, and no two are the same."""
    import altair as alt

    return alt.Axis(title=title, **whole_ticks(low, high), **look)


def whole_ticks(low: float, high: float) -> dict[str, Any]:
    """Return what an axis of whole numbers says of its ticks.

    On a range below 3 Vega takes half steps whatever `tickMinStep` says, and labels them as whole.

    Examples
    --------
    >>> whole_ticks(6.2, 7.5)
    {'format': ',d', 'tickMinStep': 1, 'values': [7]}
    >>> whole_ticks(0, 100)
    {'format': ',d', 'tickMinStep': 1}
    """
    few = {"values": list(range(math.ceil(low), math.floor(high) + 1))} if high - low < 3 else {}
    return {"format": ",d", "tickMinStep": 1, **few}


def decades(low: float, high: float) -> list[int]:
    """Return the powers of ten from low to high, and 2 and 5 times them if there are three or fewer.

    Examples
    --------
    >>> decades(1, 400)
    [1, 2, 5, 10, 20, 50, 100, 200]
    >>> decades(3, 2_000_000)
    [10, 100, 1000, 10000, 100000, 1000000]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    leading = (1,) if math.log10(high / low) > 3 else (1, 2, 5)
    values = [digit * 10**power for power in powers if power >= 0 for digit in leading]
    return [value for value in values if low <= value <= high]


def thin(values: NDArray[Any], *, logarithmic: bool) -> NDArray[np.intp]:
    """Return the places of at most `MOST_POINTS` ascending values, evenly spread along the axis, ends included.

    Examples
    --------
    >>> thin(np.arange(1, 5), logarithmic=False)
    array([0, 1, 2, 3])
    >>> len(thin(np.arange(1, 100_001), logarithmic=True)) <= MOST_POINTS
    True
    """
    if len(values) <= MOST_POINTS:
        return np.arange(len(values))
    spread = np.geomspace if logarithmic else np.linspace
    targets = spread(float(values[0]), float(values[-1]), MOST_POINTS - 1)
    places = np.searchsorted(values, targets).clip(max=len(values) - 1)
    return np.unique(np.append(places, len(values) - 1))


def hover(name: str, field: str, x: Any, facts: Mapping[str, str]) -> alt.LayerChart:
    """Return a rule that follows the pointer along x and shows the facts (title and expression) of the nearest point.

    The tooltip is one expression, as Vega-Lite 6.4 loses text fields of nearest points; `point` stands for the row.
    """
    import altair as alt

    nearest = alt.selection_point(
        name=name, fields=[field], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    shown = ", ".join(f"{json.dumps(title)}: {expression}" for title, expression in facts.items())
    tooltip = alt.value(alt.expr(f"{{{shown}}}".replace("point.", "(datum.datum || datum).")))
    base = alt.Chart().encode(x=x)
    target = base.mark_point(opacity=0, size=60, aria=False).encode(tooltip=tooltip).add_params(nearest)
    rule = base.mark_rule(color=FAINT_INK, strokeWidth=1, aria=False).encode(
        opacity=alt.condition(nearest, alt.value(0.6), alt.value(0))
    )
    return alt.LayerChart(layer=[rule, target])


def named(chart: Any, channels: Sequence[str], name: str, scales: Sequence[alt.Scale]) -> alt.Chart:
    """Give a mark's constant look a name, so that the legend lists it."""
    legend = {"legend": {"symbolType": "square"}} if "fill" in channels else {}
    encoding = {
        channel: {"field": "name", "type": "nominal", "scale": scale.to_dict(), **legend}
        for channel, scale in zip(channels, scales, strict=True)
    }
    return chart.transform_calculate(name=json.dumps(name)).encode(**encoding)


def times(count: int) -> str:
    """Return a number of occurrences in words.

    Examples
    --------
    >>> times(1), times(1000)
    ('once', '1,000 times')
    """
    return "once" if count == 1 else f"{count:,} times"
