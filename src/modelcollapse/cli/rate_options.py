"""Options of `modelcollapse rate` that every family has, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from modelcollapse import arguments
from modelcollapse.cli.workflow_options import workflow_options
from modelcollapse.errors import InputError

Command = TypeVar("Command", bound=Callable[..., Any])


def recursion_options(*samplers: str) -> Callable[[Command], Command]:
    """Add the options that say how often, with how many draws, how they are drawn, and whether to simulate."""
    options = (
        click.option("--sample-size", type=int, metavar="N", help="Draws per generation."),
        click.option("--sample-sizes", metavar="N1,N2,...", help="Instead: the draws of generation 1, 2, ..."),
        click.option(
            "--generations",
            type=int,
            metavar="K",
            help="How far to look; 100 if not given, or as many as there are sample sizes.",
        ),
        click.option(
            "--simulate",
            type=click.IntRange(min=1),
            metavar="R",
            help="Set the mean of R simulated runs and its 95 % interval beside.",
        ),
        click.option(
            "--precision",
            type=float,
            metavar="D",
            help="Instead of --simulate: as many runs as make half the interval D wide.",
        ),
        click.option(
            "--jobs",
            type=int,
            default=1,
            show_default=True,
            metavar="J",
            help="Threads of the simulation; -1 for all processors. No number depends on it.",
        ),
    )

    def add(command: Command) -> Command:
        command = workflow_options(*samplers)(command)
        for option in reversed(options):
            command = option(command)
        return command

    return add


def sample_sizes(options: dict[str, Any]) -> int | list[int]:
    """Return the sample size, or the list of them.

    Raises
    ------
    InputError
        If not exactly one of the two is given, or the list is not one of whole numbers.

    Examples
    --------
    >>> sample_sizes({"sample_size": None, "sample_sizes": "10,20"})
    [10, 20]
    """
    one, several = options["sample_size"], options["sample_sizes"]
    if (one is None) == (several is None):
        both = "both missing" if one is None else "both given"
        raise InputError(f"`sample-size` and `sample-sizes` are {both}, but must be one of the two; give either.")
    if several is None:
        return arguments.integer("sample-size", one, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    try:
        return [int(part) for part in several.split(",")]
    except ValueError:
        allowed = "whole numbers separated by commas, n_1 first, as 100,200,400"
        raise InputError(arguments.message("sample-sizes", several, allowed)) from None


def shapes(given: Sequence[str]) -> dict[str, float]:
    """Return shape parameters by name.

    Examples
    --------
    >>> shapes(["a=2.0"])
    {'a': 2.0}
    """
    found: dict[str, float] = {}
    for item in given:
        name, equals, value = item.partition("=")
        number = arguments.number(value)
        if not name or not equals or number != number or name in found:
            allowed = "a name and a number, as a=2.0, each name once"
            raise InputError(arguments.message("shape", item, allowed))
        found[name] = number
    return found
