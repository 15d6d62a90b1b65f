"""A fit as one HTML page that opens without a network."""

from __future__ import annotations

from modelcollapse.fitting import Fit
from modelcollapse.reference import JORDE_RYMAN_2007, MODELCOLLAPSE, NEI_TAJIMA_1981, WAPLES_1989
from modelcollapse.report import fit_words as words
from modelcollapse.report.chart_page import ChartPage
from modelcollapse.report.fit_chart import fit_chart
from modelcollapse.report.fit_text import fit_text, short_name

_CAPTION = {
    "training-set": "Red points: words observed. Blue: simulated histories of the fit. Dashed: how it would go on.",
    "sample": "Red points: words in the samples. Blue: in samples of simulated histories of the fit. Dashed: words in "
    "the training sets, which a sample may show in part, and how they would go on.",
}
_TEMPORAL = (NEI_TAJIMA_1981, WAPLES_1989, JORDE_RYMAN_2007)


def fit_page(fit: Fit) -> str:
    """Return a fit as a self-contained HTML page.

    Examples
    --------
    >>> from modelcollapse import CountTable, fit
    >>> real = CountTable.from_counts(["a", "b", "c"], [50, 30, 20], name="real")
    >>> synthetic = CountTable.from_counts(["a", "b"], [60, 40], name="synthetic")
    >>> fit_page(fit([real, synthetic], rng=1))[:15]
    '<!doctype html>'
    """
    chart, names = fit_chart(fit), fit.observed.names
    return ChartPage(
        command="fit",
        kicker="What successive generations have lived on",
        title=" to ".join(short_name(name) for name in dict.fromkeys((names[0], names[-1]))),
        lede=words.verdict(fit),
        heading=str(chart.title.text),
        caption=_CAPTION[fit.counts_are],
        chart=chart,
        numbers=fit_text(fit),
        provenance=fit.to_dict()["provenance"],
        references=(MODELCOLLAPSE, *(_TEMPORAL if fit.counts_are == "sample" else ())),
    ).html()
