"""A language model that learns from its own text, as one HTML page that opens without a network."""

from __future__ import annotations

from pathlib import Path

from modelcollapse.rating.text import TextRate
from modelcollapse.report.chart_page import ChartPage
from modelcollapse.report.text_rate_chart import description, text_rate_chart
from modelcollapse.report.text_rate_text import text_rate_text


def text_rate_page(rate: TextRate) -> str:
    """Return the charts, the numbers, what was computed, and sources, as a self-contained HTML page.

    The page asks for nothing from outside, and its content security policy lets no other script run.

    Examples
    --------
    >>> from modelcollapse import Recursion
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> from modelcollapse.rating.text import rate_text
    >>> text = TextCorpus.from_sentences([["a", "rose", "is", "a", "rose"], ["a", "nose"]])
    >>> text_rate_page(rate_text(Recursion(NGram(2), text, 7), 3, replicates=20, rng=1))[:15]
    '<!doctype html>'
    """
    return ChartPage(
        command="rate",
        kicker="Rate of collapse in recursive training",
        title=f"A language model that learns from its own text: {Path(rate.text.name).name}",
        lede=description(rate).removeprefix("Line chart: share").join(["Share", ""]),
        heading="Words that are still present",
        caption="Line: the exact law of words drawn one by one. Points: mean of the simulation, 95 % interval.",
        chart=text_rate_chart(rate, across=False),
        numbers=text_rate_text(rate, sources=False),
        provenance=rate.to_dict()["provenance"],
        references=rate.references(),
    ).html()
