"""A rate as one HTML page that opens without a network."""

from __future__ import annotations

import json
import os
from html import escape
from string import Template
from typing import Any

from modelcollapse import __version__
from modelcollapse.rating import Rate
from modelcollapse.reference import Reference
from modelcollapse.report import rate_words as words
from modelcollapse.report.page import javascript_bundle, policy_hash, template
from modelcollapse.report.page_data import to_script_json
from modelcollapse.report.rate_chart import rate_chart
from modelcollapse.report.rate_text import rate_text
from modelcollapse.report.save import write_file


def rate_page(rate: Rate) -> str:
    """Return a rate as a self-contained HTML page: chart, numbers, what was computed, sources.

    The page asks for nothing from outside, and its content security policy lets no other script run.

    Examples
    --------
    >>> from modelcollapse.questions import of_poisson
    >>> from modelcollapse.rating import rate
    >>> question = of_poisson(10, rate=1.0)
    >>> page = rate_page(rate(question.recursion, question.statistic, question.time_statistic, 20))
    >>> page[:15], len(page) < 3_000_000
    ('<!doctype html>', True)
    """
    library, script = javascript_bundle(), template("rate.js")
    return Template(template("rate.html")).substitute(
        script_hashes=" ".join(map(policy_hash, (library, script))),
        version=escape(__version__),
        title=escape(words.subject(rate)),
        style=template("page.css"),
        lede=escape(f"{words.learning(rate.recursion)} {words.fate(rate)} {words.agreement(rate)}".strip()),
        event=escape(words.event(rate)),
        caption=escape(_caption(rate)),
        numbers=escape(rate_text(rate, sources=False)),
        provenance=escape(json.dumps(rate.to_dict()["provenance"], indent=2)),
        references="\n".join(map(_source, rate.references())),
        bibtex=escape("\n\n".join(reference.bibtex() for reference in rate.references())),
        data=to_script_json(_page_spec(rate)),
        bundle=library,
        script=script,
    )


def save_rate_page(rate: Rate, path: str | os.PathLike[str]) -> None:
    """Write `rate_page` to a file, whole or not at all.

    Raises
    ------
    InputError
        If `path` is a folder.
    ModelCollapseError
        If the file cannot be written; what was there before is still there.
    """
    write_file(path, rate_page(rate).encode())


def _page_spec(rate: Rate) -> dict[str, Any]:
    """The chart as wide as its place, under the page's own heading."""
    spec: dict[str, Any] = rate_chart(rate).to_dict()
    del spec["title"]
    spec["width"] = "container"
    return spec


def _caption(rate: Rate) -> str:
    estimate = "Thick line: the estimate of a law whose one step is sampled; shaded: its 95 % interval."
    none = estimate if rate.estimate is not None else "No exact law covers the question."
    parts = ["Thick line: the exact law." if rate.exact is not None else none]
    if rate.bounds:
        parts.append("Thin lines: bounds as stated, where they say something.")
    if rate.simulated is not None:
        parts.append("Points: mean of the simulation, with its 95 % interval.")
    return " ".join([*parts, words.quantiles(rate)])


def _source(reference: Reference) -> str:
    text = escape(str(reference))
    return f'<li><a href="{escape(reference.url)}">{text}</a></li>' if reference.url else f"<li>{text}</li>"
