"""Options of a forecast that say what each generation is trained on, and what is set beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from modelcollapse.cli.workflow_options import chosen_workflow, workflow_choice_options
from modelcollapse.errors import InputError

Command = TypeVar("Command", bound=Callable[..., Any])


def forecast_workflow_options(command: Command) -> Command:
    """Add the options."""
    options = [
        click.option(
            "--compare",
            multiple=True,
            metavar="WORKFLOW",
            help="Set this workflow beside, as accumulate or fresh-mix=0.1; may be given several times. Those without "
            "an exact law are simulated.",
        ),
        *price_options(),
    ]
    for option in reversed(options):
        command = option(command)
    return workflow_choice_options(command)


def price_options() -> list[Callable[[Command], Command]]:
    """Return the options that price tokens."""
    return [
        click.option("--fresh-price", type=float, metavar="P", help="Price of a fresh token."),
        click.option("--synthetic-price", type=float, metavar="P", help="Price of a synthetic token."),
    ]


def forecast_workflow(options: dict[str, Any]) -> dict[str, Any]:
    """Return workflow, workflows to compare and prices as `forecast` takes them; checked before a corpus is read."""
    from modelcollapse.comparing import named_workflow

    compare = [named_workflow(text) for text in options["compare"]]
    prices = chosen_prices(options)
    if prices is not None and not compare:
        raise InputError("prices are given, but nothing is compared; name workflows by --compare, or leave prices out.")
    return {"workflow": chosen_workflow(options), "compare": compare, "prices": prices}


def chosen_prices(options: dict[str, Any]) -> Any:
    """Return the prices that options give, None where they give none.

    Raises
    ------
    InputError
        If one is missing, negative or not finite.
    """
    from modelcollapse.planning import Prices

    fresh, synthetic = options["fresh_price"], options["synthetic_price"]
    if fresh is None and synthetic is None:
        return None
    if fresh is None or synthetic is None:
        missing = "--fresh-price" if fresh is None else "--synthetic-price"
        raise InputError(f"{missing} is missing: a cost needs the price of fresh and of synthetic tokens; give both.")
    return Prices(fresh, synthetic)
