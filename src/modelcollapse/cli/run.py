"""`modelcollapse run`: a sweep, in parallel, to be stopped and resumed at will."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from modelcollapse.cli.options import output_options
from modelcollapse.cli.output import to_csv, to_json, write

FINISHED_WITH_FAILURES = 3
_OF_RUN = ("executor", "address", "jobs", "timeout", "memory")


@click.command(name="run")
@click.argument("spec", type=click.Path(dir_okay=False))
@click.option("--store", metavar="DIR", help="Where results go: a folder or an fsspec address; SPEC.run if not given.")
@click.option("--set", "changes", multiple=True, metavar="PATH=VALUE", help="Change a value of the spec; one by one.")
@click.option("--dry-run", is_flag=True, help="List the units, and about what time and memory they take; run nothing.")
@click.option("--resume/--no-resume", default=True, show_default=True, help="Go on with what is there, or refuse it.")
@click.option("--shard", metavar="I/K", help="Run every K-th unit only, from the I-th on; parts share one store.")
@click.option("--jobs", type=int, metavar="J", help="Workers; as many as processors if not given.")
@click.option(
    "--executor", type=click.Choice(["processes", "serial", "dask", "ray"]), help="What runs the units.  [processes]"
)
@click.option("--address", metavar="A", help="Of a running Dask or Ray cluster.")
@click.option("--timeout", type=float, metavar="SECONDS", help="What one unit may take.")
@click.option("--memory", metavar="BYTES", help="What one worker may use, as 2GB.")
@output_options
def command(**options: Any) -> int:
    """Run the sweep that SPEC, a TOML file, describes; see docs/runs.md.

    What is done is kept at once. Started again, the same command goes on where it ended, however it ended. Ends with
    status 3 if units have failed.

    \b
    Examples:
      modelcollapse run sweep.toml --dry-run
      modelcollapse run sweep.toml --jobs 4
      modelcollapse run sweep.toml --set recursion.sample_size=50 --store other
      modelcollapse run sweep.toml --shard 3/8
    """
    from modelcollapse.runs import read_spec

    changes = [*options["changes"], *_settings(options)]
    spec = read_spec(options["spec"], changes)
    if options["dry_run"]:
        write(_expected(spec, options["format_"]), options["output"])
        return 0
    store = options["store"] or str(Path(options["spec"]).with_suffix(".run"))
    return _run(spec, store, options)


def _settings(options: dict[str, Any]) -> list[str]:
    given = [f"run.{name}={options[name]}" for name in _OF_RUN if options[name] is not None]
    return given if options["seed"] is None else [*given, f"seed={options['seed']}"]


def _run(spec: Any, store: str, options: dict[str, Any]) -> int:
    from modelcollapse.errors import InputError
    from modelcollapse.runs import run
    from modelcollapse.runs.checking import code_of
    from modelcollapse.runs.place import Place
    from modelcollapse.runs.store import Store

    if not options["resume"] and Store(Place(store)).contents().shards:
        raise InputError(f"{store} holds results already; leave out --no-resume to go on, or give another --store.")
    for name in code_of(spec):  # said however quiet: whoever got the spec from a stranger must know
        _say(f"this spec runs code outside of modelcollapse: {name}")
    loud = not options["quiet"]
    summary = run(spec, store, shard=options["shard"], progress=loud, warn=_say if loud else None)
    write(_summary(summary, options["format_"]), options["output"])
    return FINISHED_WITH_FAILURES if summary.failed else 0


def _say(text: str) -> None:
    click.echo(f"modelcollapse: {text}", err=True)


def _summary(summary: Any, format_: str) -> str:
    if format_ == "json":
        return to_json({"schema_version": 1, **summary.to_dict()})
    if format_ == "csv":
        values = {**summary.to_dict(), "failed": len(summary.failed)}
        return to_csv(list(values), [list(values.values())])
    lines = [f"{summary.store}: {summary.done:,} of {summary.units:,} units done, {summary.run:,} of them now"]
    lines += [f"failed: {key}: {reason}" for key, reason in list(summary.failed.items())[:10]]
    hidden = len(summary.failed) - 10
    return "\n".join([*lines, f"and {hidden:,} more failed"] if hidden > 0 else lines)


def _expected(spec: Any, format_: str) -> str:
    from modelcollapse.report.sweep_text import expected_text
    from modelcollapse.runs.expecting import expect

    expected = expect(spec)
    if format_ == "json":
        return to_json({"schema_version": 1, **expected.to_dict()})
    if format_ == "csv":
        heads = list(dict.fromkeys(path for point, _ in expected.units for path in point))
        return to_csv(["unit", *heads], [[key, *(point.get(path) for path in heads)] for point, key in expected.units])
    return expected_text(expected)
