"""A rate as one HTML page that opens without a network."""

from __future__ import annotations

from modelcollapse.rating import Rate
from modelcollapse.report import rate_words as words
from modelcollapse.report.chart_page import ChartPage
from modelcollapse.report.rate_chart import rate_chart
from modelcollapse.report.rate_text import rate_text


def rate_page(rate: Rate) -> str:
    """Return a rate as a self-contained HTML page: chart, numbers, what was computed, sources.

    The page asks for nothing from outside, and its content security policy lets no other script run.

    Examples
    --------
    >>> from modelcollapse.rating.questions import of_poisson
    >>> from modelcollapse.rating import rate
    >>> question = of_poisson(10, rate=1.0)
    >>> page = rate_page(rate(question.recursion, question.statistic, question.time_statistic, 20))
    >>> page[:15], len(page) < 3_000_000
    ('<!doctype html>', True)
    """
    return ChartPage(
        command="rate",
        kicker="Rate of collapse in recursive training",
        title=words.subject(rate),
        lede=f"{words.learning(rate.recursion)} {words.fate(rate)} {words.agreement(rate)}".strip(),
        heading=words.quantity(rate),
        caption=_caption(rate),
        chart=rate_chart(rate),
        numbers=rate_text(rate, sources=False),
        provenance=rate.to_dict()["provenance"],
        references=rate.references(),
    ).html()


def _caption(rate: Rate) -> str:
    estimate = "Thick line: the estimate of a law whose one step is sampled; shaded: its 95 % interval."
    none = estimate if rate.estimate is not None else "No exact law covers the question."
    parts = ["Thick line: the exact law." if rate.exact is not None else none]
    if rate.bounds:
        parts.append("Thin lines: bounds as stated, where they say something.")
    if rate.simulated is not None:
        parts.append("Points: mean of the simulation, with its 95 % interval.")
    return " ".join([*parts, words.quantiles(rate)]).rstrip()
