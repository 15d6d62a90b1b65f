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
        caption="Line: exact laws. Dashed rule: what is asked for. Red point: the answer.",
        chart=chart,
        numbers=plan_text(plan),
        provenance=plan.to_dict()["provenance"],
        references=(MODELCOLLAPSE,),
    ).html()
