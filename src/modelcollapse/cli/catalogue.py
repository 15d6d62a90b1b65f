"""`modelcollapse catalogue`: what covers what, with references."""

from __future__ import annotations

from typing import Any

import click

from modelcollapse.cli.output import to_csv, to_json, write
from modelcollapse.errors import InputError


@click.command(name="catalogue")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "markdown"]),
    help="Readable tables (if not given), JSON for scripts, CSV of the questions, or the page of the documentation.",
)
@click.option("--bibtex", is_flag=True, help="Print the sources as BibTeX, and nothing else.")
@click.option(
    "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write there instead of standard output."
)
@click.option("--seed", type=click.IntRange(min=0), metavar="S", help="Of no effect: nothing is drawn.")
@click.option("--quiet", is_flag=True, help="No progress and no warnings on standard error.")
def command(**options: Any) -> None:
    """Families, workflows, statistics, the laws and bounds that answer, and formulas, with their references.

    \b
    Examples:
      modelcollapse catalogue
      modelcollapse catalogue --bibtex --output sources.bib
    """
    from modelcollapse.cataloguing import catalogue

    if options["bibtex"] and options["format_"] is not None:
        given = f"`bibtex` is given and `format` is {options['format_']!r}"
        raise InputError(f"{given}, but only one may be given; BibTeX is a format of its own.")
    write(_render(catalogue(), options), options["output"])


def _render(found: Any, options: dict[str, Any]) -> str:
    from modelcollapse.report import catalogue_text as text

    if options["bibtex"]:
        return text.catalogue_bibtex(found)
    if options["format_"] == "json":
        return to_json(found.to_dict())
    if options["format_"] == "csv":
        return to_csv(text.HEADS, text.covered_rows(found, separator=" "))
    if options["format_"] == "markdown":
        return text.catalogue_markdown(found).rstrip("\n")
    return text.catalogue_text(found)
