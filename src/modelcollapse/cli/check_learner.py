"""`modelcollapse check-learner`: does an own model keep what the loop relies on?"""

from __future__ import annotations

import json
from typing import Any

import click

from modelcollapse import arguments
from modelcollapse.cli.options import output_options
from modelcollapse.cli.output import to_csv, to_json, write
from modelcollapse.errors import InputError


@click.command(name="check-learner")
@click.argument("learner")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Passed to the learner when it is made; VALUE is JSON or plain text. Can be repeated.",
)
@click.option(
    "--data",
    type=click.Path(),
    metavar="FILE",
    help="Try it on these data (.npy, .csv, .tsv, .parquet) instead of two groups of normal draws.",
)
@click.option("--columns", metavar="A,B,...", help="Columns of the data file; all if not given.")
@output_options
def command(**options: Any) -> int:
    """Try a model of your own out: LEARNER is an address, module:attribute, or a registered name.

    Importing the module runs its code. The exit status is 1 if a check fails.

    \b
    Examples:
      modelcollapse check-learner my_model:MyModel
      modelcollapse check-learner kernel-density --parameter bandwidth=0.5 --data real.csv
    """
    from modelcollapse.learners import check_learner, read_sample

    if options["columns"] is not None and options["data"] is None:
        raise InputError(arguments.message("columns", options["columns"], "left out without --data"))
    columns = None if options["columns"] is None else options["columns"].split(",")
    data = None if options["data"] is None else read_sample(options["data"], columns).values
    parameters = parsed_parameters(options["parameters"])
    report = check_learner(options["learner"], parameters, data, seed=options["seed"] or 0)
    write(_render(report, options["format_"]), options["output"])
    return 0 if report.passed else 1


def parsed_parameters(given: tuple[str, ...]) -> dict[str, Any]:
    """Return parameters by name, each value read as JSON if it is some, else as text.

    Examples
    --------
    >>> parsed_parameters(("bandwidth=0.5", "kernel=gaussian"))
    {'bandwidth': 0.5, 'kernel': 'gaussian'}
    """
    found: dict[str, Any] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not name.isidentifier() or not equals or name in found:
            allowed = "a name and a value, as bandwidth=0.5, each name once"
            raise InputError(arguments.message("parameter", item, allowed))
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return found


def _render(report: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(report.to_dict())
    if format_ == "csv":
        return to_csv(["check", "outcome", "detail"], [(c.name, c.outcome, c.detail) for c in report.checks])
    from modelcollapse.report.learner_text import learner_text

    return learner_text(report)
