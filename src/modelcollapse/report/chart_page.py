"""One chart and its numbers as one HTML page that opens without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Any

from modelcollapse import __version__
from modelcollapse.reference import Reference
from modelcollapse.report.page import javascript_bundle, policy_hash, template
from modelcollapse.report.page_data import to_script_json


@dataclass(frozen=True, eq=False)
class ChartPage:
    """What such a page says.

    Parameters
    ----------
    command : str
        The command that makes it.
    kicker, title, lede : str
        Above the chart: what it is about, the subject, and the answer in a sentence or two.
    heading, caption : str
        Of the chart.
    chart : altair chart
        Its own title is left out; it is as wide as its place.
    numbers : str
        The same as text.
    provenance : mapping
        What is needed to make it again.
    references : iterable of Reference
    """

    command: str
    kicker: str
    title: str
    lede: str
    heading: str
    caption: str
    chart: Any
    numbers: str
    provenance: Mapping[str, Any]
    references: Iterable[Reference] = ()

    def html(self) -> str:
        """Return the page; it asks for nothing from outside, and its security policy lets no other script run."""
        library, script = javascript_bundle(), template("chart.js")
        references = tuple(self.references)
        texts = ("command", "kicker", "title", "lede", "heading", "caption", "numbers")
        return Template(template("chart.html")).substitute(
            {name: escape(getattr(self, name)) for name in texts},
            script_hashes=" ".join(map(policy_hash, (library, script))),
            version=escape(__version__),
            style=template("page.css"),
            provenance=escape(json.dumps(self.provenance, indent=2)),
            references="\n".join(map(_source, references)),
            bibtex=escape("\n\n".join(reference.bibtex() for reference in references)),
            data=to_script_json(self._spec()),
            bundle=library,
            script=script,
        )

    def _spec(self) -> dict[str, Any]:
        """The chart under the page's own heading; a single one is as wide as its place."""
        spec: dict[str, Any] = self.chart.to_dict()
        if "layer" in spec:
            del spec["title"]
            spec["width"] = "container"
        return spec


def _source(reference: Reference) -> str:
    text = escape(str(reference))
    return f'<li><a href="{escape(reference.url)}">{text}</a></li>' if reference.url else f"<li>{text}</li>"
