"""Options that say which data a model is trained on and how they are drawn, and what they make of a question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.samplers import Amplification, Plain, Sampler, Temperature, TopK, TopP
from modelcollapse.start import Corpus, Empirical
from modelcollapse.workflows import (
    WORKFLOWS,
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
    Workflow,
)

if TYPE_CHECKING:
    from modelcollapse.rating.questions import Question

Command = TypeVar("Command", bound=Callable[..., Any])

# Option -> the workflows that it belongs to, the one it stands for first, with the parameter there; its type and help.
_DETAILS: dict[str, tuple[dict[type[Workflow], str], type, str, str]] = {
    "fresh": (
        {FreshMix: "fresh", Accumulate: "fresh"},
        float,
        "A",
        "Share of each generation's draws that are new real data; kept for good under --workflow accumulate.",
    ),
    "fresh_count": (
        {FreshCount: "count", WeightedMix: "count"},
        int,
        "M",
        "So many of each generation's draws are new real data.",
    ),
    "fresh_weight": (
        {WeightedMix: "weight"},
        str,
        "W",
        "Weight of those M together in the fit, between 0 and 1, the other draws having the rest; or 'optimal', with "
        "which a mean varies least in the long run.",
    ),
    "real_weight": ({FixedReal: "weight"}, float, "W", "How often each real datum counts; once if not given."),
    "subsample": (
        {AccumulateSubsample: "size"},
        int,
        "M",
        "Train on so many data of the pool; on as many as are drawn if not given.",
    ),
}
_SAMPLERS: dict[str, tuple[Callable[[Any], Sampler], type, str, str]] = {
    "temperature": (Temperature, float, "T", "Symbols are drawn with probabilities to the power 1/T."),
    "top_k": (TopK, int, "K", "Only the K likeliest symbols are drawn."),
    "top_p": (TopP, float, "P", "Only the likeliest symbols are drawn that together have probability P."),
    "amplification": (Amplification, float, "LAMBDA", "Data are drawn with the variance times LAMBDA."),
}
SYMBOL_SAMPLERS, SCALE_SAMPLERS = ("temperature", "top_k", "top_p"), ("amplification",)
_SAMPLER_PARAMETERS = {"factor": "amplification", "k": "top_k", "p": "top_p"}  # where their names differ


def workflow_options(*samplers: str) -> Callable[[Command], Command]:
    """Add the options that choose a workflow, with its parameters, and a sampler.

    The help shows those of these samplers alone; the others are refused with the reason, not as unknown.
    """
    options = [
        click.option(
            "--real-size",
            type=int,
            metavar="M",
            help="Generation 0 is fitted to M real data, which workflows may train on: batch 0.",
        ),
        *(
            _option(name, kind, metavar, text, hidden=name not in samplers)
            for name, (_, kind, metavar, text) in _SAMPLERS.items()
        ),
    ]

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return workflow_choice_options(command)

    return add


def workflow_choice_options(command: Command) -> Command:
    """Add the options that choose a workflow, with its parameters."""
    options = [
        click.option(
            "--workflow",
            type=click.Choice([workflow.name for workflow in WORKFLOWS]),
            help="Which data each generation is trained on; replace if not given, or the one an option belongs to.",
        ),
        *(_option(name, kind, metavar, text) for name, (_, kind, metavar, text) in _DETAILS.items()),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def under_workflow(question: Question, options: Mapping[str, Any]) -> Question:
    """Return the question about the chosen workflow and sampler.

    Raises
    ------
    InputError
        If an option belongs to another workflow, samplers exclude each other, or real data are missing or twice there.
    """
    workflow, start = chosen_workflow(options), question.recursion.start
    if options["real_size"] is not None:
        if isinstance(start, Corpus):
            remedy = f"The {start.tokens:,} tokens that --count is about are the real data; give --probability instead."
            raise InputError(arguments.message("real-size", options["real_size"], "left out with --count", remedy))
        start = Empirical(start, arguments.integer("real-size", options["real_size"], least=1))
    if isinstance(workflow, FixedReal) and not isinstance(start, Corpus | Empirical):
        raise InputError(
            "`workflow` is 'fixed-real', but there are no real data to keep; say how many there are by --real-size, "
            "or give --count for a symbol of a corpus as large as the sample."
        )
    sampler = chosen_sampler(options)
    with _named_by_options({**_options_of(type(workflow)), **_SAMPLER_PARAMETERS}):
        recursion = replace(question.recursion, workflow=workflow, start=start, sampler=sampler)
    return replace(question, recursion=recursion)


def chosen_workflow(options: Mapping[str, Any]) -> Workflow:
    """Return the workflow that is named, or that an option belongs to.

    Examples
    --------
    >>> empty = dict.fromkeys(["workflow", "fresh", "fresh_count", "fresh_weight", "real_weight", "subsample"])
    >>> chosen_workflow({**empty, "fresh": 0.1})
    FreshMix(fresh=0.1)
    >>> chosen_workflow({**empty, "workflow": "accumulate", "fresh": 0.1})
    Accumulate(fresh=0.1)
    >>> chosen_workflow({**empty, "fresh_count": 5, "fresh_weight": "0.5"})
    WeightedMix(count=5, weight=0.5)
    """
    given = {name: options[name] for name in _DETAILS if options[name] is not None}
    named = options["workflow"]
    kind = next((workflow for workflow in WORKFLOWS if workflow.name == named), None) or _stood_for(given)
    for name, value in given.items():
        owners = _DETAILS[name][0]
        if kind not in owners:
            remedy = f"It belongs to --workflow {' or '.join(owner.name for owner in owners)}."
            raise InputError(arguments.message(_flag(name), value, f"left out under --workflow {kind.name}", remedy))
    needed = {FreshMix: "fresh", FreshCount: "fresh_count", WeightedMix: "fresh_count"}.get(kind)
    if needed is not None and needed not in given:
        raise InputError(f"`workflow` is {kind.name!r}, which needs {_flag(needed)}: how much is fresh.")
    details = {_DETAILS[name][0][kind]: value for name, value in given.items()}
    with _named_by_options(_options_of(kind)):
        return kind(**details)


def named_by_options_of(workflow: Workflow) -> AbstractContextManager[None]:
    """Let refusals that come later, when sizes are known, name the options that set the workflow up."""
    return _named_by_options(_options_of(type(workflow)))


def _options_of(kind: type[Workflow]) -> dict[str, str]:
    """Return the parameters of a workflow, each with the option that sets it."""
    return {owners[kind]: name for name, (owners, *_) in _DETAILS.items() if kind in owners}


def _stood_for(given: Collection[str]) -> type[Workflow]:
    """Return the first workflow that all of these options belong to; `Replace` if there are none, or none fits."""
    kinds = [kind for name in given for kind in _DETAILS[name][0]]
    return next((kind for kind in kinds if all(kind in _DETAILS[name][0] for name in given)), Replace)


def chosen_sampler(options: Mapping[str, Any]) -> Sampler:
    """Return the sampler that an option asks for."""
    given = [name for name in _SAMPLERS if options[name] is not None]
    if len(given) > 1:
        both = " and ".join(map(_flag, given))
        raise InputError(f"{both} are both given, but draws are shaped in one way; give one.")
    with _named_by_options(_SAMPLER_PARAMETERS):
        return _SAMPLERS[given[0]][0](options[given[0]]) if given else Plain()


@contextmanager
def _named_by_options(options: Mapping[str, str]) -> Iterator[None]:
    """Let a refusal name the option that was given, not the library's parameter: `count` is another option."""
    try:
        yield
    except InputError as error:
        text = str(error)
        for parameter, option in options.items():
            if text.startswith(f"`{parameter}` "):
                spoken = option.replace("_", "-")
                raise InputError(f"`{spoken}`{text.removeprefix(f'`{parameter}`')}") from error
        raise


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _option(name: str, kind: type, metavar: str, text: str, *, hidden: bool = False) -> Callable[[Command], Command]:
    return click.option(_flag(name), name, type=kind, metavar=metavar, help=text, hidden=hidden)
