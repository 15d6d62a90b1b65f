"""`modelcollapse compact`: a few large shards instead of many small ones."""

from __future__ import annotations

from typing import Any

import click


@click.command(name="compact")
@click.argument("store", metavar="DIR")
@click.option("--quiet", is_flag=True, help="No word on standard error.")
def command(**options: Any) -> None:
    """Join the shards of the sweep in DIR; it may be interrupted at any time, and run on afterwards.

    \b
    Example:
      modelcollapse compact sweep.run
    """
    from modelcollapse.runs import compact

    found = compact(options["store"])
    if not options["quiet"]:
        click.echo(f"modelcollapse: {found.before:,} shards became {found.after:,}", err=True)
