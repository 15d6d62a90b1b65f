"""`modelcollapse status`: how far a sweep is."""

from __future__ import annotations

from typing import Any

import click

from modelcollapse.cli.options import output_options
from modelcollapse.cli.output import to_csv, to_json, write


@click.command(name="status")
@click.argument("store", metavar="DIR")
@output_options
def command(**options: Any) -> None:
    """How far the sweep in DIR is: while it runs, from any other terminal, or after it has ended.

    \b
    Examples:
      modelcollapse status sweep.run
      modelcollapse status sweep.run --format json
    """
    from modelcollapse.report.sweep_text import status_text
    from modelcollapse.runs import status

    found = status(options["store"])
    if options["format_"] == "json":
        write(to_json({"schema_version": 1, **found.to_dict()}), options["output"])
    elif options["format_"] == "csv":
        heads = ("units", "done", "failed", "shards", "damaged", "running")
        values = {**found.to_dict(), "failed": len(found.failed)}
        write(to_csv(heads, [[values[head] for head in heads]]), options["output"])
    else:
        write(status_text(found), options["output"])
