"""All figures on one HTML page that opens without a network: pictures, verdicts, settings, errata, sources."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from modelcollapse.bounds import BOUNDS
from modelcollapse.provenance import versions
from modelcollapse.reference import SURESH_2024, Reference
from modelcollapse.report.frame import Page, fill
from modelcollapse.reproduce.data import Verdict

if TYPE_CHECKING:
    from modelcollapse.reproduce.run import Reproduced

_STYLE = """figure img { width: 100%; max-width: 60rem; background: #ffffff; border-radius: 4px; }
.fails { font-weight: 700; color: var(--vermilion); }
.verdicts { font-size: 0.9rem; }
.verdicts li { margin: 0.15rem 0; }
section { margin-top: 2.5rem; }
"""
_TITLE = f"{SURESH_2024.title} - reproduced"


def reproduction_page(figures: Sequence[Reproduced], pictures: Mapping[str, bytes], seed: int) -> str:
    """Return the page, with the picture of each figure as PNG, which needs no fonts.

    It runs no script and asks for nothing from outside.

    Examples
    --------
    >>> from modelcollapse.reproduce import reproduce
    >>> made = reproduce(["zipf"], quick=True)
    >>> page = reproduction_page(made.figures, {"zipf": b""}, made.seed)
    >>> page[:15], "Errata" in page, "http://" in page
    ('<!doctype html>', True, False)
    """
    references = dict.fromkeys([SURESH_2024, *(r for one in figures for r in one.data.references)])
    body = fill(
        "reproduction.html",
        lede=escape(_lede(figures)),
        contents="\n".join(f'<li><a href="#{one.figure.name}">{escape(one.figure.title)}</a></li>' for one in figures),
        figures="\n".join(_section(one, pictures[one.figure.name]) for one in figures),
        bounds="\n".join(_bounds(figures)),
        errata="\n".join(_errata(figures)),
        references="\n".join(map(_source, references)),
        bibtex=escape("\n\n".join(reference.bibtex() for reference in references)),
        made=_made(figures, seed),
    )
    return Page(_TITLE, body, style=_STYLE, beside="the data lie beside it").html()


def _lede(figures: Sequence[Reproduced]) -> str:
    statements = [verdict for one in figures for verdict in one.data.verdicts]
    wrong = sum(not verdict.holds for verdict in statements)
    noun = "figure" if len(figures) == 1 else "figures"
    checked = f"{len(statements):,} statements about {len(figures)} {noun} were checked"
    return f"{checked}, and all hold." if not wrong else f"{checked}; {wrong} FAIL, and are marked."


def _section(one: Reproduced, picture: bytes) -> str:
    figure, name = one.figure, one.figure.name
    image = base64.b64encode(picture).decode()
    links = ", ".join(f'<a href="{name}.{kind}">{kind}</a>' for kind in ("png", "svg", "pdf", "csv", "parquet", "json"))
    facts = {
        "Recursion": figure.recursion,
        "Published": figure.published,
        **{name.replace("_", " ").capitalize(): _said(value) for name, value in one.data.facts.items()},
        "Computed in": f"{one.seconds:.2f} s",
    }
    return "\n".join(
        [
            f'<section aria-labelledby="{name}-title" id="{name}">',
            f'<h2 id="{name}-title">{escape(figure.title)}</h2>',
            f'<figure><img alt="{escape(figure.title)}. {escape(figure.caption)}" src="data:image/png;base64,{image}">',
            f"<figcaption>{escape(_caption(one))}</figcaption></figure>",
            f"<p>Files: {links}</p>",
            "<dl>",
            *(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in facts.items()),
            "</dl>",
            f"<details{'' if one.data.holds else ' open'}><summary>{escape(_summary(one))}</summary>",
            '<ul class="verdicts">',
            *map(_verdict, one.data.verdicts),
            "</ul></details>",
            "</section>",
        ]
    )


def _caption(one: Reproduced) -> str:
    as_original = one.data.facts.get("paper_compatible")
    before = "Made as the original program does; the rest is said of the figure without that. " if as_original else ""
    return before + one.figure.caption


def _verdict(verdict: Verdict) -> str:
    mark = "" if verdict.holds else ' class="fails"'
    return f"<li{mark}>{escape(str(verdict))}</li>"


def _summary(one: Reproduced) -> str:
    holds = sum(verdict.holds for verdict in one.data.verdicts)
    return f"{holds} of {len(one.data.verdicts)} statements hold"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _bounds(figures: Sequence[Reproduced]) -> list[str]:
    """What each bound that is drawn or checked says, and where it holds."""
    named = {curve.name for one in figures for curve in one.data.curves}
    verdicts = [verdict for one in figures for verdict in one.data.verdicts]
    named |= {word for verdict in verdicts for word in f"{verdict.statement} {verdict.detail}".split()}
    return [
        f"<dt>{escape(bound.name)}</dt><dd>{escape(bound.statement)}. Holds for: {escape(bound.validity)}.</dd>"
        for bound in BOUNDS
        if bound.name in named
    ]


def _errata(figures: Sequence[Reproduced]) -> list[str]:
    return [
        f'<dt><a href="#{erratum.figure}">{erratum.figure}</a></dt><dd>{escape(str(erratum))}</dd>'
        for one in figures
        for erratum in one.errata
    ]


def _source(reference: Reference) -> str:
    text = escape(str(reference))
    return f'<li><a href="{escape(reference.url)}">{text}</a></li>' if reference.url else f"<li>{text}</li>"


def _made(figures: Sequence[Reproduced], seed: int) -> str:
    rows = {
        "Seed": f"{seed}; each figure draws from a stream of its own",
        "Computing": f"{sum(one.seconds for one in figures):.1f} s for {len(figures)} figures",
        "Versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
        "Rate of false alarms": "1e-6 for each figure: if law and simulation are both right, so often is one called "
        "wrong, over all of its comparisons together",
    }
    return "\n".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in rows.items())
