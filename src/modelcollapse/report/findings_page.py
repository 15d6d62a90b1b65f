"""What a sweep has found, as one HTML page that opens without a network."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from html import escape

from modelcollapse.report import findings_words as words
from modelcollapse.report.findings_chart import Picture, findings_charts
from modelcollapse.report.findings_text import findings_text, rate_heading
from modelcollapse.report.frame import Page, fill
from modelcollapse.report.page_data import to_script_json
from modelcollapse.report.save import write_file
from modelcollapse.runs.findings import Findings, PointFindings

_MOST_POINTS = 500


def findings_page(findings: Findings) -> str:
    """Return the findings as a self-contained HTML page: rates, charts, numbers, failures, the whole spec.

    Examples
    --------
    >>> from modelcollapse.runs import findings, run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian", "sample_size": 10}, "statistics": ["mean_variance"],
    ...     "generations": 3, "run": {"executor": "serial"}})
    >>> _ = run(spec, "memory://example-page")
    >>> page = findings_page(findings("memory://example-page"))
    >>> page[:15], len(page) < 3_000_000
    ('<!doctype html>', True)
    """
    pictures = findings_charts(findings)
    body = fill(
        "sweep.html",
        title=escape(findings.name),
        lede=escape(words.progress(findings)),
        rates=_rates(findings),
        figures="\n".join(_figure(i, picture) for i, picture in enumerate(pictures)) or _no_figure(),
        numbers=escape(findings_text(findings)),
        spec=escape(json.dumps(findings.to_dict()["spec"], indent=2)),
    )
    data = to_script_json([picture.chart.to_dict() for picture in pictures])
    return Page(f"{findings.name} - modelcollapse report", body, "sweep.js", data).html()


def save_findings_page(findings: Findings, path: str | os.PathLike[str]) -> None:
    """Write `findings_page` to a file, whole or not at all.

    Raises
    ------
    InputError
        If `path` is a folder.
    ModelCollapseError
        If the file cannot be written; what was there before is still there.
    """
    write_file(path, findings_page(findings).encode())


def _rates(findings: Findings) -> str:
    """The measured rates as a table; nothing where no point has one."""
    read = [point for point in findings.points[:_MOST_POINTS] if point.reading is not None]
    if not read:
        return ""
    heads = [*map(words.short, read[0].varied), "rate, nats a generation", "that is", "nearest exact law"]
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in [*heads, "effective sample size"])
    rows = "\n".join(map(_rate_row, read))
    return (
        f'<section aria-labelledby="rates-title">\n<h2 id="rates-title">{escape(rate_heading(findings)[0])}</h2>\n'
        f'<div class="scroll"><table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n'
        '<p class="note">A rate r multiplies the scale by e<sup>r</sup> each generation. The effective sample size is '
        f"the number of draws with which the nearest law would forget as fast. {escape(_why_none(read))}</p>\n"
        "</section>"
    )


def _why_none(points: Sequence[PointFindings]) -> str:
    """Say once why points have no law beside them."""
    reasons = [p.reading.why_no_law for p in points if p.reading is not None and p.reading.why_no_law]
    return f"No law: {'; '.join(dict.fromkeys(reasons))}." if reasons else ""


def _rate_row(point: PointFindings) -> str:
    reading = point.reading
    assert reading is not None
    varied = list(point.varied.values()) or ["the recursion"]
    law = words.law(reading) if reading.law else "-"
    told = [words.rate(reading), words.pace(reading), law, words.effective_size(reading)]
    first = f'<th scope="row" style="min-width: 12rem">{escape(varied[0])}</th>'
    cells = "".join(f'<td style="white-space: normal">{escape(cell)}</td>' for cell in [*varied[1:], *told])
    return f"<tr>{first}{cells}</tr>"


def _figure(number: int, picture: Picture) -> str:
    return (
        f'<figure>\n<h2 id="title-{number}">{escape(picture.title)}</h2>\n'
        f'<div class="chart" id="chart-{number}" style="min-height: 0"></div>\n'
        f"<figcaption>{escape(picture.caption)}</figcaption>\n</figure>"
    )


def _no_figure() -> str:
    return '<p class="note">There is no curve along generations to draw.</p>'
