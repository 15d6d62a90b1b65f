"""One chart and its numbers as one HTML page that opens without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from modelcollapse.reference import Reference
from modelcollapse.report.frame import Page, fill
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
        """Return the page."""
        references = tuple(self.references)
        texts = ("kicker", "title", "lede", "heading", "caption")
        body = fill(
            "chart.html",
            **{name: escape(getattr(self, name)) for name in texts},
            numbers="\n".join(map(_line, self.numbers.split("\n"))),
            provenance=escape(json.dumps(self.provenance, indent=2)),
            references="\n".join(map(_source, references)),
            bibtex=escape("\n\n".join(reference.bibtex() for reference in references)),
        )
        title = f"{self.title} - modelcollapse {self.command}"
        return Page(title, body, "chart.js", to_script_json(self._spec())).html()

    def _spec(self) -> dict[str, Any]:
        """The chart under the page's own heading; a single one is as wide as its place."""
        spec: dict[str, Any] = self.chart.to_dict()
        if "layer" in spec:
            del spec["title"]
            spec["width"] = "container"
        return spec


def _line(text: str) -> str:
    """A line of the numbers: one of a table keeps its columns, which two spaces or more part; any other may wrap."""
    said = text.lstrip(" ")
    if not said or (text[0] == " " and "  " in said.rstrip()):
        return escape(text)
    indent = f' style="--indent: {len(text) - len(said)}ch"' if said != text else ""
    return f'<span class="sentence"{indent}>{escape(text)}</span>'


def _source(reference: Reference) -> str:
    text = escape(str(reference))
    return f'<li><a href="{escape(reference.url)}">{text}</a></li>' if reference.url else f"<li>{text}</li>"
