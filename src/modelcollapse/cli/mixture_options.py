"""Options of `modelcollapse rate mixture` that choose an estimator, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from modelcollapse import arguments
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from modelcollapse.families import MixtureEstimator

Command = TypeVar("Command", bound=Callable[..., Any])

_DETAILS: dict[str, tuple[str, str]] = {
    "kappa": ("KAPPA", "approximate: the variance may exceed that of |y| by this share; the paper's if not given."),
    "eta": ("ETA", "approximate: decides the paper's kappa, 2 if not given."),
    "a": ("A", "approximate: the constant of the paper's rule, which prints 50; no limit if not given."),
}


def mixture_options(command: Command) -> Command:
    """Add the options that choose between the estimators, with the parameters of Algorithm 1."""
    options = [
        click.option(
            "--estimator",
            type=click.Choice(["joint", "approximate"]),
            default="joint",
            show_default=True,
            help="Joint maximum likelihood, or Algorithm 1 of the paper.",
        ),
        *(click.option(f"--{name}", type=float, metavar=m, help=text) for name, (m, text) in _DETAILS.items()),
        click.option("--paper-compatible", is_flag=True, help="approximate: as printed, with a = 50."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def chosen_estimator(options: Mapping[str, Any]) -> MixtureEstimator:
    """Return the estimator that the options describe.

    Raises
    ------
    InputError
        If a parameter of Algorithm 1 is given beside joint maximum likelihood, or is out of range.

    Examples
    --------
    >>> chosen_estimator({"estimator": "joint", "kappa": None, "eta": None, "a": None, "paper_compatible": False})
    JointLikelihood()
    """
    from modelcollapse.families import ApproximateLikelihood, JointLikelihood

    given = {name: options[name] for name in _DETAILS if options[name] is not None}
    if options["paper_compatible"]:
        given["paper_compatible"] = True
    if options["estimator"] == "approximate":
        return ApproximateLikelihood(**given)
    for name, value in given.items():
        flag = f"--{name.replace('_', '-')}"
        remedy = "It belongs to --estimator approximate."
        raise InputError(arguments.message(flag, value, "left out with --estimator joint", remedy))
    return JointLikelihood()
