"""Drawing what a command has found into the files that its options name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from modelcollapse.cli.options import FIGURES


def draw(result: Any, options: dict[str, Any], *, page: Callable[[Any], str], chart: Callable[[Any], Any]) -> None:
    """Write the page and the pictures of a result that are asked for, and tell a user who looks on.

    Parameters
    ----------
    result
        What `page` makes an HTML page of, and `chart` the chart of the pictures.
    options : dict
        The file names that were given, by the kinds of `FIGURES`; None where there is none.
    page, chart : callable
    """
    from modelcollapse.report.save import save_chart, write_file

    for kind in FIGURES:
        path = options[kind]
        if path is None:
            continue
        if kind == "html":
            write_file(path, page(result).encode())
        else:
            save_chart(chart(result), path)
        if not options["quiet"] and sys.stderr.isatty():
            click.echo(f"modelcollapse: wrote {path}", err=True)
