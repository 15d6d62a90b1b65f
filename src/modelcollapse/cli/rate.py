"""`modelcollapse rate`: one recursion, family by family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from difflib import get_close_matches
from typing import Any

import click

from modelcollapse.arguments import integer, message
from modelcollapse.cli.drawing import draw
from modelcollapse.cli.mixture_options import chosen_estimator, mixture_options
from modelcollapse.cli.options import FIGURES, figure_options, output_options
from modelcollapse.cli.output import check_targets, to_csv, to_json, write
from modelcollapse.cli.rate_options import recursion_options, sample_sizes, shapes
from modelcollapse.cli.workflow_options import SCALE_SAMPLERS, SYMBOL_SAMPLERS, under_workflow
from modelcollapse.errors import InputError
from modelcollapse.rating.questions import (
    Question,
    of_mixture,
    of_poisson,
    of_regression,
    of_scale,
    of_symbol,
    scale_families,
)

DEFAULT_GENERATIONS = 100
_KINDS = {"int": int, "float": float}
_HELP = {
    "ddof": "The variance is divided by N - ddof: 1 is unbiased, 0 is maximum likelihood.",
    "dimension": "Dimension D; the scale is det(Sigma)^(1/2D).",
    "shape": "Degrees of freedom, fixed.",
}
_THRESHOLD = "Collapsed is a scale of at most EPS times that of the start."
_SCIPY, _MIXTURE = "scipy", "mixture"
# What others call them, or would look for.
_CALLED = {
    "bernoulli": "categorical",
    "binomial": "categorical",
    "coin": "categorical",
    "discrete": "categorical",
    "multinomial": "categorical",
    "unigram": "categorical",
    "normal": "gaussian",
    "norm": "gaussian",
    "multivariate-normal": "gaussian",
    "expon": "exponential",
    "t": "student",
    "cauchy": "student",
    "gmm": "mixture",
    "scipy": "distribution",
    "regression": "linear-regression",
    "bigram": "ngram",
}


class _Families(click.Group):
    """One subcommand per family, with the family's own parameters as options."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return ["categorical", "poisson", *_scales(), _MIXTURE, "distribution", "linear-regression", "ngram"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _scales():
            return _scale_command(cmd_name)
        if cmd_name == "ngram":
            from modelcollapse.cli.rate_ngram import command as ngram

            return ngram
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, families = args[0], self.list_commands(ctx)
        if name not in families and not name.startswith("-"):
            wanted = name.lower()
            near = [_CALLED[wanted]] if wanted in _CALLED else get_close_matches(wanted, families, n=2, cutoff=0.65)
            guess = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
            remedy = f"{guess}Any continuous distribution of scipy.stats goes by `rate distribution NAME`."
            raise InputError(message("FAMILY", name, f"one of {', '.join(families)}", remedy))
        return super().resolve_command(ctx, args)


def _scales() -> list[str]:
    """The families of a scale whose command is made from their parameters."""
    return [name for name in scale_families() if name not in (_SCIPY, _MIXTURE)]


@click.group(
    name="rate",
    cls=_Families,
    epilog="Each has its own help:  modelcollapse rate gaussian --help",
)
def command() -> None:
    """How fast one recursion collapses: the exact law, every bound that applies, and a simulation if asked for.

    A model is fitted to N draws of the model before it; the next is fitted to N draws of that one; and so on.
    Choose the FAMILY of the model.

    \b
    Examples:
      modelcollapse rate categorical --sample-size 100 --count 1 --generations 50
      modelcollapse rate poisson --sample-size 10 --rate 1 --simulate 1000 --seed 1
      modelcollapse rate gaussian --sample-size 10 --threshold 0.1 --generations 200 --png gaussian.png
      modelcollapse rate categorical --sample-size 100 --count 1 --fresh 0.1 --precision 0.01
      modelcollapse rate gaussian --sample-size 10 --threshold 0.1 --workflow accumulate --simulate 1000
      modelcollapse rate ngram book.txt --order 2 --generations 10 --png book.png
    """


@command.command(name="categorical")
@click.option("--count", type=int, metavar="C", help="Occurrences of the symbol among N: its probability is C/N.")
@click.option("--probability", type=float, metavar="P", help="Probability of the symbol.")
@recursion_options(*SYMBOL_SAMPLERS)
@figure_options
@output_options
def categorical(**options: Any) -> None:
    """Categorical models (Bernoulli, words, n-grams): the chance that a symbol is still present.

    A symbol is drawn with its relative frequency in the sample before. One that is not drawn is lost for ever.
    """
    sizes = sample_sizes(options)
    _answer(of_symbol(sizes, count=options["count"], probability=options["probability"]), options)


@command.command(name="poisson")
@click.option("--rate", type=float, required=True, metavar="L", help="Rate at the start.")
@recursion_options()
@figure_options
@output_options
def poisson(**options: Any) -> None:
    """Poisson models: the chance that the rate is not yet 0.

    The rate is the mean of the sample before. Once a sample holds nothing but zeros, so does every later one.
    """
    _answer(of_poisson(sample_sizes(options), rate=options["rate"]), options)


def _threshold_option(function: Callable[..., None]) -> Callable[..., None]:
    return click.option("--threshold", type=float, required=True, metavar="EPS", help=_THRESHOLD)(function)


@command.command(name="distribution")
@click.argument("name")
@_threshold_option
@click.option("--shape", "shape", multiple=True, metavar="NAME=VALUE", help="A shape parameter, fixed; one by one.")
@recursion_options(*SCALE_SAMPLERS)
@figure_options
@output_options
def distribution(**options: Any) -> None:
    """Any continuous distribution of scipy.stats, its shapes fixed: simulated, as no law is known.

    \b
    Example:
      modelcollapse rate distribution gamma --shape a=2.0 --sample-size 20 --threshold 0.5 --simulate 100
    """
    details = {"distribution": options["name"], **shapes(options["shape"])}
    family = scale_families()[_SCIPY]
    _answer(of_scale(family, sample_sizes(options), options["threshold"], **details), options)


@command.command(name=_MIXTURE)
@click.option("--mean", type=float, required=True, metavar="M", help="The components are at M and -M at the start.")
@click.option("--scale", type=float, required=True, metavar="S", help="Their standard deviation at the start.")
@_threshold_option
@mixture_options
@recursion_options()
@figure_options
@output_options
def mixture(**options: Any) -> None:
    """Symmetric mixtures of two normal laws: the chance that their scale is above EPS times that of the start.

    Mean and scale are fitted together, by maximum likelihood or by Algorithm 1 of the paper. No exact law is known, but
    for Algorithm 1 the chance is below an exact law.

    \b
    Example:
      modelcollapse rate mixture --sample-size 10 --mean 1 --scale 1 --threshold 0.1 --generations 60 --simulate 5000
    """
    details = {"mean": options["mean"], "scale": options["scale"], "estimator": chosen_estimator(options)}
    _answer(of_mixture(sample_sizes(options), options["threshold"], **details), options)


@command.command(name="linear-regression")
@click.option("--dimension", type=int, default=1, show_default=True, metavar="D", help="How many features.")
@click.option(
    "--noise", type=float, default=1.0, show_default=True, metavar="SIGMA", help="Standard deviation of the noise."
)
@recursion_options()
@figure_options
@output_options
def linear_regression(**options: Any) -> None:
    """Linear regression on normal features: the expected squared error of its weights.

    Each generation has new features; the model before makes the responses, with noise. The weights are fitted by least
    squares. Their squared error is the test error on new data, less the variance of the noise.

    \b
    Example:
      modelcollapse rate linear-regression --sample-size 60 --dimension 20 --generations 8 --workflow accumulate
    """
    question = of_regression(sample_sizes(options), dimension=options["dimension"], noise=options["noise"])
    _answer(question, options)


def _scale_command(name: str) -> click.Command:
    """Return the command of a family with a scale; its parameters become options."""
    family: Any = scale_families()[name]
    declared = [field for field in fields(family) if field.init]
    function: Callable[..., None] = _scale_callback(family, [field.name for field in declared])
    function.__doc__ = _scale_help(family)
    for decorate in (output_options, figure_options, recursion_options(*SCALE_SAMPLERS)):
        function = decorate(function)
    for field in reversed(declared):
        function = _field_option(field)(function)
    return click.command(name=name)(_threshold_option(function))


def _scale_callback(family: type[Any], names: Sequence[str]) -> Callable[..., None]:
    def run(**options: Any) -> None:
        details = {name: options[name] for name in names}
        _answer(of_scale(family, sample_sizes(options), options["threshold"], **details), options)

    return run


def _field_option(field: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the option that sets a family's parameter."""
    kind = _KINDS.get(str(field.type).split(" ")[0], str)
    given = {"required": True} if field.default is MISSING else {"default": field.default, "show_default": True}
    flag, metavar = f"--{field.name.replace('_', '-')}", field.name.upper()
    return click.option(flag, type=kind, metavar=metavar, help=_HELP.get(field.name), **given)


def _scale_help(family: type[Any]) -> str:
    first = (family.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    return f"{family.name}: the chance that the scale is above EPS times that of the start.\n\n{first}"


def _answer(question: Question, options: dict[str, Any]) -> None:
    from modelcollapse.rating import rate

    check_targets([options[kind] for kind in ("output", *FIGURES)], [])
    if options["jobs"] != -1:
        integer("jobs", options["jobs"], least=1, most=1024, remedy="-1 stands for all processors.")
    question = under_workflow(question, options)
    result = rate(
        question.recursion,
        question.statistic,
        question.time_statistic,
        _horizon(question, options["generations"]),
        simulate=options["simulate"] or 0,
        precision=options["precision"],
        rng=options["seed"],
        n_jobs=options["jobs"],
        progress=not options["quiet"],
    )
    _require_drawable(result, options)
    write(_render(result, options["format_"]), options["output"])
    draw(result, options, page=_page, chart=_chart)


def _horizon(question: Question, generations: int | None) -> int:
    sizes = question.recursion.sample_size
    if isinstance(sizes, int):
        return DEFAULT_GENERATIONS if generations is None else generations
    if generations is not None and generations != len(sizes):
        raise InputError(
            f"`sample-sizes` lists {len(sizes)} sizes and `generations` is {generations}, but there must be one size "
            "per generation; leave `generations` out, or list as many sizes."
        )
    return len(sizes)


def _render(result: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(result.to_dict())
    if format_ == "csv":
        from modelcollapse.report.rate_rows import rate_columns

        columns = rate_columns(result)
        return to_csv(list(columns), zip(*columns.values(), strict=True))
    from modelcollapse.report.rate_text import rate_text

    return rate_text(result)


def _require_drawable(result: Any, options: dict[str, Any]) -> None:
    """Refuse to draw where there is no curve."""
    wanted = [kind for kind in FIGURES if options[kind]]
    if wanted and result.law is None and result.simulated is None and not result.bounds:
        raise InputError(
            f"`{wanted[0]}` is given, but there is nothing to draw: no law and no bound covers the question; add a "
            "simulation, as `--simulate 1000`."
        )


def _page(result: Any) -> str:
    from modelcollapse.report.rate_page import rate_page

    return rate_page(result)


def _chart(result: Any) -> Any:
    from modelcollapse.report.rate_chart import rate_chart

    return rate_chart(result)
