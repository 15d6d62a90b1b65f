"""A plan as one HTML page that opens without a network."""

from __future__ import annotations

from modelcollapse.planning.plan import Plan
from modelcollapse.reference import MODELCOLLAPSE
from modelcollapse.report import plan_words as words
from modelcollapse.report.chart_page import ChartPage
from modelcollapse.report.plan_chart import plan_chart
from modelcollapse.report.plan_text import plan_text


def plan_page(plan: Plan) -> str:
    """Return a plan as a self-contained HTML page.

    Examples
    --------
    >>> from modelcollapse.planning import plan_scale
    >>> plan_page(plan_scale(100, keep=0.5))[:15]
    '<!doctype html>'
    """
    chart = plan_chart(plan)
    return ChartPage(
        command="plan",
        kicker="How much data is enough in recursive training",
        title="A Gaussian" if plan.corpus is None else plan.corpus.name,
        lede=words.verdict(plan),
        heading=str(chart.title.text),
        caption=_caption(plan),
        chart=chart,
        numbers=plan_text(plan),
        provenance=plan.to_dict()["provenance"],
        references=(MODELCOLLAPSE,),
    ).html()


def _caption(plan: Plan) -> str:
    answer = " Red point: the answer." if plan.answer is not None else ""
    if len(plan.vary) > 1:
        return f"Dots: exact laws; the line joins them. Whatever lies above is enough.{answer}"
    confident = any(point.kept.low != point.kept.mean for point in plan.curve)
    dotted = " Dotted: what is kept with the confidence asked for." if confident else ""
    return f"Dots: exact laws; the line joins them.{dotted} Dashed rule: what is asked for.{answer}"
