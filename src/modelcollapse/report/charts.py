"""Charts of a forecast, ready for a paper, a notebook or the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from modelcollapse.comparing import Comparison
from modelcollapse.forecasting import Forecast
from modelcollapse.report.chart_style import CONFIG
from modelcollapse.report.comparison_chart import comparison_layers
from modelcollapse.report.forgetting_chart import forgetting_layers
from modelcollapse.report.presence_chart import presence_layers
from modelcollapse.report.vocabulary_chart import vocabulary_layers

if TYPE_CHECKING:
    import altair as alt

    Chart = TypeVar("Chart", alt.LayerChart, alt.HConcatChart)


def vocabulary_chart(forecast: Forecast) -> alt.LayerChart:
    """Return the share of the vocabulary still present against generation, with its 90 % interval.

    The generation axis is logarithmic where the forecast looks further than 1,000 generations.

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5])
    >>> vocabulary_chart(forecast(table, generations=2)).title.text
    'What is left of the vocabulary'
    """
    return _styled(vocabulary_layers(forecast))


def forgetting_chart(forecast: Forecast) -> alt.LayerChart:
    """Return the generation by which a word is forgotten against its count, with the law of thumb beside it.

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5])
    >>> forgetting_chart(forecast(table, generations=2)).title.text
    'When a word is forgotten'
    """
    return _styled(forgetting_layers(forecast))


def presence_chart(forecast: Forecast) -> alt.LayerChart:
    """Return the chance of a word to be there at the last generation against its count, where nothing is lost for ever.

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> from modelcollapse.workflows import FreshMix
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5])
    >>> presence_chart(forecast(table, generations=2, workflow=FreshMix(0.2))).title.text
    'Which words are there'
    """
    return _styled(presence_layers(forecast))


def comparison_chart(comparison: Comparison) -> alt.LayerChart:
    """Return the vocabulary under several workflows against generation.

    Examples
    --------
    >>> from modelcollapse import CountTable
    >>> from modelcollapse.comparing import compare
    >>> from modelcollapse.workflows import FreshMix, Replace
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5])
    >>> comparison_chart(compare(table, 10, [Replace(), FreshMix(0.2)])).title.text
    'Workflows side by side'
    """
    return _styled(comparison_layers(comparison))


def forecast_figure(forecast: Forecast) -> alt.HConcatChart:
    """Return the charts side by side: the figure of a forecast, and workflows where they are compared.

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5])
    >>> len(forecast_figure(forecast(table, generations=2)).hconcat)
    2
    """
    import altair as alt

    second = forgetting_layers(forecast) if forecast.forgets else presence_layers(forecast)
    others = [] if forecast.comparison is None else [comparison_layers(forecast.comparison)]
    figure = alt.hconcat(vocabulary_layers(forecast), second, *others, spacing=48)
    figure = figure.resolve_scale(fill="independent", stroke="independent", strokeDash="independent")
    return _styled(figure)


def _styled(chart: Chart) -> Chart:
    import altair as alt

    return chart.properties(config=alt.Config(**CONFIG))
