"""The forecast as one HTML page that opens without a network."""

from __future__ import annotations

import json
import os
from html import escape

from modelcollapse.forecasting import Forecast
from modelcollapse.report import page_text
from modelcollapse.report.frame import Page, fill
from modelcollapse.report.page_data import page_data
from modelcollapse.report.save import write_file


def forecast_page(forecast: Forecast) -> str:
    """Return a forecast as a self-contained HTML page: charts, words, what was computed, how to cite.

    Parameters
    ----------
    forecast : Forecast

    Returns
    -------
    str

    Examples
    --------
    >>> from modelcollapse import CountTable, forecast
    >>> page = forecast_page(forecast(CountTable.from_counts(["the", "of"], [5, 1]), generations=2))
    >>> page[:15], len(page) < 3_000_000
    ('<!doctype html>', True)
    """
    data, words = page_data(forecast)
    body = fill(
        "forecast.html",
        title=escape(page_text.title(forecast)),
        lede=page_text.lede(forecast),
        second_title=page_text.second_title(forecast),
        comparison=page_text.comparison(forecast),
        unseen=page_text.unseen(forecast),
        horizon=f"{int(forecast.generation[-1]):,}",
        headlines=page_text.headlines(forecast),
        vocabulary_caption=page_text.vocabulary_caption(forecast),
        forgetting_caption=page_text.forgetting_caption(forecast),
        timeless=page_text.timeless(forecast),
        listed=page_text.listed(forecast),
        words_note=page_text.words_note(forecast, words),
        computed=page_text.computed(forecast),
        provenance=escape(json.dumps(forecast.to_dict()["provenance"], indent=2)),
        limits=page_text.limits(forecast),
        references=page_text.references(forecast),
        bibtex=escape(page_text.bibtex()),
    )
    return Page(f"{page_text.title(forecast)} - modelcollapse forecast", body, "forecast.js", data).html()


def save_page(forecast: Forecast, path: str | os.PathLike[str]) -> None:
    """Write `forecast_page` to a file, whole or not at all.

    Raises
    ------
    InputError
        If `path` is a folder.
    ModelCollapseError
        If the file cannot be written; what was there before is still there.
    """
    write_file(path, forecast_page(forecast).encode())
