"""`modelcollapse report`: what a sweep has found, finished or not."""

from __future__ import annotations

import sys
from typing import Any

import click

from modelcollapse.cli.options import output_options
from modelcollapse.cli.output import check_targets, to_csv, to_json, write


@click.command(name="report")
@click.argument("store", metavar="DIR")
@click.option("--html", type=click.Path(dir_okay=False), metavar="FILE", help="Also a page that opens offline.")
@output_options
def command(**options: Any) -> None:
    """What the sweep in DIR has found, while it runs or after it: rates, their nearest exact laws, every curve.

    Nothing is computed anew, and no code that the sweep names is run.

    \b
    Examples:
      modelcollapse report sweep.run
      modelcollapse report sweep.run --html sweep.html
      modelcollapse report sweep.run --format csv --output curves.csv
    """
    from modelcollapse.runs import findings

    _check_html(options["html"])
    check_targets([options["html"], options["output"]], [])
    found = findings(options["store"])
    write(_render(found, options["format_"]), options["output"])
    if options["html"]:
        from modelcollapse.report.findings_page import save_findings_page

        save_findings_page(found, options["html"])
        if not options["quiet"] and sys.stderr.isatty():
            click.echo(f"modelcollapse: wrote {options['html']}", err=True)


def _check_html(path: str | None) -> None:
    if path is not None and not path.lower().endswith((".html", ".htm")):
        raise click.BadParameter(f"{path!r} must end in .html", param_hint="--html")


def _render(found: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(found.to_dict())
    from modelcollapse.report.findings_text import findings_rows, findings_text

    if format_ == "csv":
        heads, rows = findings_rows(found)
        return to_csv(heads, rows)
    return findings_text(found)
