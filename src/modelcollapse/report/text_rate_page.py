"""A language model that learns from its own text, as one HTML page that opens without a network."""

from __future__ import annotations

import json
import os
from html import escape
from string import Template

from modelcollapse import __version__
from modelcollapse.report.page import javascript_bundle, policy_hash, template
from modelcollapse.report.page_data import to_script_json
from modelcollapse.report.rate_page import source_item
from modelcollapse.report.save import write_file
from modelcollapse.report.text_rate_chart import description, text_rate_chart
from modelcollapse.report.text_rate_text import text_rate_text
from modelcollapse.text_rating import TextRate


def text_rate_page(rate: TextRate) -> str:
    """Return the charts, the numbers, what was computed, and sources, as a self-contained HTML page.

    The page asks for nothing from outside, and its content security policy lets no other script run.

    Examples
    --------
    >>> from modelcollapse import Recursion
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> from modelcollapse.text_rating import rate_text
    >>> text = TextCorpus.from_sentences([["a", "rose", "is", "a", "rose"], ["a", "nose"]])
    >>> text_rate_page(rate_text(Recursion(NGram(2), text, 7), 3, replicates=20, rng=1))[:15]
    '<!doctype html>'
    """
    library, script = javascript_bundle(), template("rate.js")
    return Template(template("rate.html")).substitute(
        script_hashes=" ".join(map(policy_hash, (library, script))),
        version=escape(__version__),
        title=escape(f"A language model that learns from its own text: {rate.text.name}"),
        style=template("page.css"),
        lede=escape(description(rate).removeprefix("Line chart: share").join(["Share", ""])),
        heading="Words that are still present",
        caption="Line: the exact law of words drawn one by one. Points: mean of the simulation, 95 % interval.",
        numbers=escape(text_rate_text(rate, sources=False)),
        provenance=escape(json.dumps(rate.to_dict()["provenance"], indent=2)),
        references="\n".join(map(source_item, rate.references())),
        bibtex=escape("\n\n".join(reference.bibtex() for reference in rate.references())),
        data=to_script_json(text_rate_chart(rate, across=False).to_dict()),
        bundle=library,
        script=script,
    )


def save_text_rate_page(rate: TextRate, path: str | os.PathLike[str]) -> None:
    """Write `text_rate_page` to a file, whole or not at all.

    Raises
    ------
    InputError
        If `path` is a folder.
    ModelCollapseError
        If the file cannot be written; what was there before is still there.
    """
    write_file(path, text_rate_page(rate).encode())
