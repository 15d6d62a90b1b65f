"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

# Kinds of files that are drawn, and what they hold.
FIGURES = {"html": "A page that opens offline", "png": "The charts", "svg": "The charts", "pdf": "The charts"}

Command = TypeVar("Command", bound=Callable[..., Any])


def reading_options(command: Command) -> Command:
    """Add the options that say how files are read."""
    return _all(
        command,
        click.option(
            "--input-format",
            type=click.Choice(["auto", "text", "jsonl", "parquet", "counts"]),
            default="auto",
            show_default=True,
            help="What the input is; auto goes by the name: .csv and .tsv are tables of word and count.",
        ),
        click.option(
            "--text-field",
            default="text",
            show_default=True,
            metavar="NAME",
            help="Field or column that holds the text, in jsonl and parquet.",
        ),
        click.option(
            "--encoding",
            default="utf-8",
            show_default=True,
            metavar="NAME",
            help="Of text, JSON lines and tables of counts.",
        ),
        click.option(
            "--tokenizer",
            type=click.Path(),
            metavar="FILE",
            help="Count tokens of this Hugging Face tokenizer.json instead of words.",
        ),
    )


def corpus_options(command: Command) -> Command:
    """Add the options that say how a corpus is read and counted."""
    command = _all(
        command,
        click.option(
            "--ngram",
            type=int,
            default=1,
            show_default=True,
            metavar="N",
            help="Count runs of N words, 1 to 5, instead of words.",
        ),
        click.option(
            "--jobs",
            type=int,
            default=None,
            metavar="J",
            help="Processes that read; as many as pay if not given.",
        ),
    )
    return reading_options(command)


def output_options(command: Command) -> Command:
    """Add the options that every command has."""
    return _all(
        command,
        click.option(
            "--format",
            "format_",
            type=click.Choice(["table", "json", "csv"]),
            default="table",
            show_default=True,
            help="Readable summary, JSON for scripts, or CSV of the curve.",
        ),
        click.option(
            "--output",
            type=click.Path(dir_okay=False),
            metavar="FILE",
            help="Write there instead of standard output.",
        ),
        click.option(
            "--seed",
            type=click.IntRange(min=0),
            metavar="S",
            help="Seed of random numbers, where a command draws any.",
        ),
        click.option("--quiet", is_flag=True, help="No progress and no warnings on standard error."),
    )


def figure_options(command: Command) -> Command:
    """Add the options that draw."""
    return _all(command, *(_figure_option(kind, text) for kind, text in FIGURES.items()))


def _figure_option(kind: str, text: str) -> Callable[[Command], Command]:
    """Return the option for one kind of file; the name is checked before anything is computed."""

    def check(_: click.Context, __: click.Parameter, path: str | None) -> str | None:
        if path is not None and not path.lower().endswith(f".{kind}"):
            raise click.BadParameter(f"{path!r} must end in .{kind}")
        return path

    return click.option(
        f"--{kind}",
        type=click.Path(dir_okay=False),
        callback=check,
        metavar="FILE",
        help=f"{text}, as {kind.upper()}.",
    )


def _all(command: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
