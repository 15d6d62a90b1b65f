"""The catalogue as text for a terminal, as Markdown for the documentation, and as BibTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modelcollapse.cataloguing import Catalogue, Covered, Statement
from modelcollapse.laws.formulas import Formula
from modelcollapse.report.wording import table_lines

HEADS = ("family", "workflow", "statistic", "laws", "bounds", "simulation")


def catalogue_text(catalogue: Catalogue) -> str:
    """Return what covers what, and how each statement is known.

    Examples
    --------
    >>> from modelcollapse.cataloguing import catalogue
    >>> print(catalogue_text(catalogue()).splitlines()[0])
    What answers which question
    """
    questions = [
        [c.family, c.workflow, c.statistic, ", ".join(_starred(c, c.laws)) or "-", str(len(c.bounds)), _yes(c)]
        for c in catalogue.covered
        if c.laws or c.bounds
    ]
    known = [
        [s.name, how_known(s), ", ".join(_keys(s)), ", ".join(_about(catalogue, s)), s.statement]
        for s in catalogue.statements
    ]
    formulas = [[f.name, f.kind, f.basis, ", ".join(_keys(f)), f.module, f.statement] for f in catalogue.formulas]
    return "\n".join(
        [
            "What answers which question",
            *_left(HEADS, questions),
            "  * also where sample sizes vary",
            "",
            "All others are simulated, or declined with a reason:",
            *_left(("family", "simulated under every workflow"), _simulated_alone(catalogue)),
            *(f"  {name}: {why}" for name, why in _declined(catalogue).items()),
            "",
            "How each statement is known",
            *_left(("statement", "known from", "sources", "about", "what it says"), known),
            "",
            "Formulas: what can be computed without such a question",
            *_left(("formula", "kind", "known from", "sources", "import from", "what it says"), formulas),
            "",
            "Sources",
            *(f"  {reference.key}: {reference}" for reference in catalogue.references()),
        ]
    )


def covered_rows(catalogue: Catalogue, separator: str) -> list[list[str]]:
    """Return a row per question, bounds by name; a star marks what also answers where sample sizes vary."""
    return [
        [
            covered.family,
            covered.workflow,
            covered.statistic,
            separator.join(_starred(covered, covered.laws)),
            separator.join(_starred(covered, covered.bounds)),
            "yes" if covered.simulated else "",
        ]
        for covered in catalogue.covered
    ]


def how_known(statement: Statement) -> str:
    """Return a word for how a statement is known: laws are proved or derived, and checked by the tests."""
    return statement.kind if statement.kind != "bound" else statement.basis


def catalogue_bibtex(catalogue: Catalogue) -> str:
    """Return every source as a BibTeX entry."""
    return "\n\n".join(reference.bibtex() for reference in catalogue.references())


def catalogue_markdown(catalogue: Catalogue) -> str:
    """Return the catalogue as a page of the documentation."""
    parts = [
        _HEAD,
        "## Families\n\n" + _pairs("family", catalogue.families),
        "## Workflows\n\n" + _pairs("workflow", catalogue.workflows),
        "## Samplers\n\n" + _pairs("sampler", catalogue.samplers),
        "## Statistics\n\n" + _pairs("statistic", catalogue.statistics),
        "## What answers which question\n\n" + _QUESTIONS + "\n\n" + _by_family(catalogue),
        "## Laws\n\n" + _laws(catalogue),
        "## Bounds\n\n" + _bounds(catalogue),
        "## Formulas\n\n" + _FORMULAS + "\n\n" + _formulas(catalogue),
        "## Sources\n\n" + _sources(catalogue),
    ]
    return "\n\n".join(parts) + "\n"


def _by_family(catalogue: Catalogue) -> str:
    parts = []
    for family in catalogue.families:
        of_family = [covered for covered in catalogue.covered if covered.family.partition(",")[0] == family]
        asked = [covered for covered in of_family if covered.laws or covered.bounds]
        rows = [
            [
                _code([c.statistic]) + c.family.removeprefix(family),
                c.workflow,
                _code(_starred(c, c.laws)),
                _code(_starred(c, c.bounds)),
                _yes(c),
            ]
            for c in asked
        ]
        table = _markdown(("statistic", "workflow", "laws", "bounds", "simulation"), rows) + "\n\n" if rows else ""
        parts.append(f"### {family}\n\n{table}{_simulations(of_family)}")
    declined = [[_code([name]), _formula(why)] for name, why in _declined(catalogue).items()]
    parts.append("### What is not simulated, and why\n\n" + _markdown(("statistic", "why"), declined))
    return "\n\n".join(parts)


def _simulations(covered: Sequence[Covered]) -> str:
    """Which statistics of a family a simulation answers under which workflows."""
    everywhere, some = _where_simulated(covered)
    text = f"Simulated under every workflow: {_code(everywhere)}."
    return text + "".join(f" Under {', '.join(where)} alone: {_code([name])}." for name, where in some.items())


def _where_simulated(covered: Sequence[Covered]) -> tuple[list[str], dict[str, list[str]]]:
    """Statistics that are simulated under all workflows, and under which the others are."""
    workflows = set(dict.fromkeys(c.workflow for c in covered))
    where: dict[str, list[str]] = {}
    for c in covered:
        if c.simulated and c.workflow not in where.setdefault(c.statistic, []):
            where[c.statistic].append(c.workflow)
    everywhere = [name for name, found in where.items() if set(found) == workflows]
    return everywhere, {name: found for name, found in where.items() if name not in everywhere}


def _simulated_alone(catalogue: Catalogue) -> list[list[str]]:
    rows = []
    for family in catalogue.families:
        covered = [c for c in catalogue.covered if c.family.partition(",")[0] == family]
        rows.append([family, ", ".join(_where_simulated(covered)[0])])
    return rows


def _declined(catalogue: Catalogue) -> dict[str, str]:
    """Why a simulation declines, once for each statistic; the reason is about the first recursion that it declined."""
    found: dict[str, str] = {}
    for covered in catalogue.covered:
        if covered.why_not:
            found.setdefault(covered.statistic, covered.why_not)
    return found


def _laws(catalogue: Catalogue) -> str:
    laws = [s for s in catalogue.statements if s.kind != "bound"]
    rows = [[_code([s.name]), s.kind, _formula(s.statement), _links(s)] for s in laws]
    return _markdown(("law", "kind", "statement", "sources"), rows)


def _bounds(catalogue: Catalogue) -> str:
    bounds = [s for s in catalogue.statements if s.kind == "bound"]
    rows = [[_code([s.name]), _formula(s.statement), _formula(s.validity), s.basis, _links(s)] for s in bounds]
    return _markdown(("bound", "statement", "valid for", "known from", "source"), rows)


def _formulas(catalogue: Catalogue) -> str:
    rows = [
        [_code([f.name]), _code([f.module]), f.kind, _formula(f.statement), f.basis, _links(f)]
        for f in catalogue.formulas
    ]
    return _markdown(("formula", "import from", "kind", "statement", "known from", "sources"), rows)


def _sources(catalogue: Catalogue) -> str:
    lines = []
    for reference in catalogue.references():
        text = f"[{reference}]({reference.url})" if reference.url else str(reference)
        lines.append(f"- `{reference.key}`: {text}")
    return "\n".join(lines)


def _links(statement: Statement | Formula) -> str:
    return _code(_keys(statement))


def _keys(statement: Statement | Formula) -> list[str]:
    return [reference.key for reference in statement.references]


def _about(catalogue: Catalogue, statement: Statement) -> list[str]:
    """The statistics that a statement is about."""
    asked = (c.statistic for c in catalogue.covered if statement.name in (*c.laws, *c.bounds))
    return list(dict.fromkeys(asked))


def _starred(covered: Covered, names: Sequence[str]) -> list[str]:
    return [f"{name}*" if name in covered.any_sizes else name for name in names]


def _yes(covered: Covered) -> str:
    return "yes" if covered.simulated else ""


def _pairs(head: str, pairs: dict[str, str]) -> str:
    return _markdown((head, "what it is"), [[_code([name]), _formula(text)] for name, text in pairs.items()])


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _formula(text: str) -> str:
    """A text in which signs that Markdown or HTML would take for their own stand for themselves."""
    for sign in ("\\", "|", "*", "<", "[", "_"):
        text = text.replace(sign, "&lt;" if sign == "<" else "\\" + sign)
    return text


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _left(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table with every column aligned left."""
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in (heads, *rows)]
    return table_lines(padded[0], padded[1:])


_HEAD = """\
# Catalogue

What covers what, found by asking every law, bound and simulation about an example of every family, workflow and
statistic. This page is generated: `modelcollapse catalogue --format markdown --output docs/catalogue.md`."""

_QUESTIONS = """\
A star marks what also answers where sample sizes vary. Where no law is named, or only an asymptotic one, a simulation
answers, if it can. How fast one recursion collapses, with every bound beside the truth, is shown by
[modelcollapse rate](rate.md)."""

_FORMULAS = """\
Limits, thresholds, weights and estimates that are no statistic of a recursion: functions to import, each with its
documentation and an example. [Laws of workflows](workflow-laws.md) uses them."""
