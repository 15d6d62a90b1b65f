"""`modelcollapse reproduce`: the paper's figures and numbers, ours beside theirs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from modelcollapse.cli.output import to_csv, to_json

DEFAULT_FOLDER = "reproduction"


@click.command(name="reproduce")
@click.argument("figures", nargs=-1, metavar="[FIGURE]...")
@click.option(
    "--output",
    type=click.Path(),
    default=DEFAULT_FOLDER,
    show_default=True,
    metavar="FOLDER",
    help="Pictures, data and a page go there; what it has of the same settings is not made again.",
)
@click.option("--quick", is_flag=True, help="A tenth of the published replicates.")
@click.option("--replicates", type=int, metavar="R", help="For every figure, instead of the published number.")
@click.option(
    "--corpus",
    "corpora",
    type=click.Path(),
    multiple=True,
    metavar="PATH",
    help="The text that n-gram models learn from, also shown beside the embedded corpus; several make one corpus.",
)
@click.option(
    "--paper-compatible", is_flag=True, help="Do what the original program does where that differs from its text."
)
@click.option("--list", "listed", is_flag=True, help="Name the figures, and make none.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Readable verdicts, JSON for scripts, or CSV of the verdicts.",
)
@click.option("--seed", type=click.IntRange(min=0), default=42, show_default=True, metavar="S", help="Of all draws.")
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
def command(**options: Any) -> int:
    """Make the figures of the paper again, and three of our own, each with its exact law, and check them.

    Every figure holds simulation, published bounds and exact law against each other, and says for every statement
    whether it holds. If one does not, the exit status is 1. Without FIGURE, all are made.

    \b
    Examples:
      modelcollapse reproduce
      modelcollapse reproduce gaussian-tail zipf --output figures
      modelcollapse reproduce --quick --output /tmp/quick
      modelcollapse reproduce unigram ngram --corpus wikitext.txt
    """
    from modelcollapse.reproduce import reproduce

    if options["listed"]:
        click.echo("\n".join(_listed()))
        return 0
    made = reproduce(
        options["figures"],
        options["output"],
        replicates=options["replicates"],
        quick=options["quick"],
        seed=options["seed"],
        corpus=_corpus(options),
        paper_compatible=options["paper_compatible"],
        progress=not options["quiet"],
    )
    click.echo(_render(made, options["format_"]))
    if not options["quiet"] and sys.stderr.isatty():
        click.echo(f"modelcollapse: the page is {options['output']}/index.html", err=True)
    if made.holds:
        return 0
    click.echo(f"modelcollapse: {_failed(made)}", err=True)
    return 1


def _corpus(options: dict[str, Any]) -> Any:
    if not options["corpora"]:
        return None
    from modelcollapse.corpus import read_text

    return read_text(options["corpora"], progress=not options["quiet"])


def _listed() -> Iterator[str]:
    from modelcollapse.reproduce import FIGURES

    width = max(len(figure.name) for figure in FIGURES)
    yield from (f"{figure.name:{width}}  {figure.title}" for figure in FIGURES)


def _render(made: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(made.to_dict())
    if format_ == "csv":
        heads = ("figure", "panel", "statement", "holds", "detail")
        verdicts = [(one.figure.name, v) for one in made.figures for v in one.data.verdicts]
        return to_csv(heads, ([name, v.panel, v.statement, v.holds, v.detail] for name, v in verdicts))
    from modelcollapse.reproduce.text import reproduction_text

    return reproduction_text(made)


def _failed(made: Any) -> str:
    names = [one.figure.name for one in made.figures if not one.data.holds]
    wrong = sum(not v.holds for one in made.figures for v in one.data.verdicts)
    return f"{wrong} {'statement fails' if wrong == 1 else 'statements fail'}, in {', '.join(names)}"
