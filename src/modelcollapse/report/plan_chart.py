"""A plan as one chart: how much is kept along a lever, or the frontier of two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modelcollapse.planning.plan import Plan
from modelcollapse.planning.solver import Point
from modelcollapse.report import chart_style as style
from modelcollapse.report import plan_words as words
from modelcollapse.report.wording import percent

if TYPE_CHECKING:
    import altair as alt

_WIDTH, _HEIGHT = 620, 360


def plan_chart(plan: Plan) -> alt.LayerChart:
    """Return the chart of a plan; its curve must have points.

    Examples
    --------
    >>> from modelcollapse.planning import plan_scale
    >>> plan_chart(plan_scale(100, keep=0.5)).title.text
    'Chance that the scale is above 0.5 times the true one at generation 100'
    """
    import altair as alt

    frontier = len(plan.vary) > 1
    title = "What is just enough" if frontier else words.kept_title(plan.target)
    layers = _frontier(plan) if frontier else _trade_off(plan)
    return alt.LayerChart(layer=layers).properties(
        width=_WIDTH,
        height=_HEIGHT,
        title=alt.TitleParams(title, subtitle=_subtitle(plan)),
        description=f"Line chart: {title}. {words.verdict(plan)}",
        config=alt.Config(**style.CONFIG),
    )


def rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the points of the curve as rows, with how they are shown."""
    return [{**point.to_dict(), "shown": _shown(plan, point)} for point in plan.curve]


def _trade_off(plan: Plan) -> list[Any]:
    """Kept against the lever, the share asked for as a rule, and the answer."""
    import altair as alt

    data = alt.InlineData(values=rows(plan))
    x = _x(plan)
    y = _shares("kept:Q", "Share kept" if plan.corpus is not None else "Chance")
    base = alt.Chart(data).encode(x=x)
    line = base.mark_line(color=style.BLUE, strokeWidth=2.2, interpolate="monotone", aria=False).encode(y=y)
    dots = base.mark_point(color=style.BLUE, filled=True, size=30, opacity=1, aria=False).encode(y=y, tooltip="shown:N")
    asked = alt.Chart(alt.InlineData(values=[{"asked": plan.target.required}]))
    rule = asked.mark_rule(color=style.VERMILION, strokeDash=[5, 4], aria=False).encode(y=alt.Y("asked:Q"))
    lower = base.mark_line(color=style.BLUE, strokeWidth=1, strokeDash=[2, 2], interpolate="monotone", aria=False)
    confident = any(point.kept.low != point.kept.mean for point in plan.curve)
    layers = [line, *([lower.encode(y=alt.Y("kept_low:Q"))] if confident else []), dots, rule]
    return [*layers, *_answer(plan, "kept_low" if confident else "kept")]


def _frontier(plan: Plan) -> list[Any]:
    """The least fresh share for each sample size."""
    import altair as alt

    data = alt.InlineData(values=rows(plan))
    y = _shares("fresh:Q", "Fresh share of each generation")
    base = alt.Chart(data).encode(x=_x(plan), y=y)
    line = base.mark_line(color=style.BLUE, strokeWidth=2.2, interpolate="monotone", aria=False)
    enough = base.mark_area(color=style.BLUE, opacity=0.08, interpolate="monotone", aria=False).encode(
        y2=alt.Y2Datum(1)
    )
    dots = base.mark_point(color=style.BLUE, filled=True, size=30, opacity=1, aria=False).encode(tooltip="shown:N")
    return [enough, line, dots, *_answer(plan, "fresh")]


def _answer(plan: Plan, field: str) -> list[Any]:
    """The answer as a point with its value."""
    import altair as alt

    if plan.answer is None:
        return []
    row = {**plan.answer.to_dict(), "label": _label(plan, plan.answer)}
    base = alt.Chart(alt.InlineData(values=[row])).encode(x=_x(plan), y=alt.Y(f"{field}:Q"))
    point = base.mark_point(filled=True, size=90, opacity=1, color=style.VERMILION, aria=False)
    beside: dict[str, Any] = {"align": "right", "dx": -10} if len(plan.vary) == 1 else {"align": "left", "dx": 10}
    text = base.mark_text(dy=-12, fontSize=12, color=style.INK, aria=False, **beside)
    return [point, text.encode(text="label:N")]


def _x(plan: Plan) -> alt.X:
    import altair as alt

    name = plan.vary[0]
    field = f"{name.replace('-', '_')}:Q"
    values = [getattr(point.setting, name.replace("-", "_")) for point in plan.curve]
    low, high = min(values), max(values)
    if name == "sample-size":
        title = "Tokens per generation" if plan.corpus is not None else "Draws per generation"
        return alt.X(field, scale=style.log_scale(low, high), axis=style.log_axis(title, low, high))
    if name == "fresh":
        return alt.X(field, axis=alt.Axis(title="Fresh share of each generation", format=".0%", tickCount=10))
    scale = alt.Scale(domain=[low, max(high, low + 1e-3)], nice=False)
    return alt.X(field, scale=scale, axis=alt.Axis(title="Factor from one generation's size to the next"))


def _shares(field: str, title: str) -> alt.Y:
    import altair as alt

    scale = alt.Scale(domain=[0, 1.03], nice=False)
    axis = alt.Axis(title=title, labelExpr="round(100 * datum.value) + ' %'", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    return alt.Y(field, scale=scale, axis=axis)


def _label(plan: Plan, point: Point) -> str:
    return ", ".join(words.lever_value(name, point) for name in plan.vary)


def _shown(plan: Plan, point: Point) -> str:
    cost = "" if point.cost is None else f", cost {point.cost:,.6g}"
    return f"{_label(plan, point)}: {percent(point.kept.mean)} kept{cost}"


def _subtitle(plan: Plan) -> list[str]:
    table = plan.corpus
    lines = [] if table is None else [f"{table.name}: {table.types:,} different words, {table.tokens:,} tokens"]
    asked, chance, confidence = f"To {words.goal(plan.target)}".partition(", with a chance")
    return [*lines, asked, *([f"with a chance{confidence}"] if chance else [])]
