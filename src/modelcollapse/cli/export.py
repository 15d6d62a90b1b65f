"""`modelcollapse export`: all results of a sweep in one file."""

from __future__ import annotations

from typing import Any

import click


@click.command(name="export")
@click.argument("store", metavar="DIR")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False))
@click.option("--pool", is_flag=True, help="Put the parts of each point together, where the spec asks for `parts`.")
@click.option("--quiet", is_flag=True, help="No word on standard error.")
def command(**options: Any) -> None:
    """Write all results of the sweep in DIR to one FILE, ending in .parquet, .csv or .nc (NetCDF).

    One row per value, what is varied in the columns before it. A sweep that is not finished gives what there is.

    \b
    Examples:
      modelcollapse export sweep.run results.parquet
      modelcollapse export sweep.run results.nc
    """
    from modelcollapse.runs import export

    found = export(options["store"], options["path"], pool=options["pool"])
    if not options["quiet"]:
        some = f"{found.done:,} of {found.units:,} units"
        click.echo(f"modelcollapse: wrote {found.rows:,} rows of {some} to {options['path']}", err=True)
