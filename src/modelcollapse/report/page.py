"""The forecast as one HTML page that opens without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template

from modelcollapse import __version__
from modelcollapse.forecasting import Forecast
from modelcollapse.report import page_text
from modelcollapse.report.page_data import page_data
from modelcollapse.report.save import vega_lite_version, write_file


def forecast_page(forecast: Forecast) -> str:
    """Return a forecast as a self-contained HTML page: charts, words, what was computed, how to cite.

    The page asks for nothing from outside, and its content security policy lets no other script run.

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
    library, script = javascript_bundle(), template("page.js")
    return Template(template("page.html")).substitute(
        script_hashes=" ".join(map(policy_hash, (library, script))),
        version=escape(__version__),
        title=page_text.title(forecast),
        style=template("page.css"),
        lede=page_text.lede(forecast),
        second_title=page_text.second_title(forecast),
        comparison=page_text.comparison(forecast),
        unseen=page_text.unseen(forecast),
        horizon=f"{int(forecast.generation[-1]):,}",
        headlines=page_text.headlines(forecast),
        vocabulary_caption=page_text.vocabulary_caption(forecast),
        forgetting_caption=page_text.forgetting_caption(forecast),
        listed=page_text.listed(forecast),
        words_note=page_text.words_note(forecast, words),
        computed=page_text.computed(forecast),
        provenance=escape(json.dumps(forecast.to_dict()["provenance"], indent=2)),
        limits=page_text.limits(forecast),
        references=page_text.references(forecast),
        bibtex=escape(page_text.bibtex()),
        data=data,
        bundle=library,
        script=script,
    )


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


def template(name: str) -> str:
    """Return one of the files that pages are made of."""
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def javascript_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as the installed converter carries them; safe inside a script element."""
    import vl_convert

    code: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=vega_lite_version())
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def policy_hash(script: str) -> str:
    """Return what a page's security policy says to allow a script of its own."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
