"""`modelcollapse plan`: how much data is enough."""

from __future__ import annotations

from typing import Any

import click

from modelcollapse.cli.corpus_input import read_table
from modelcollapse.cli.drawing import draw
from modelcollapse.cli.forecast_workflow import chosen_prices
from modelcollapse.cli.options import FIGURES, corpus_options, figure_options, output_options
from modelcollapse.cli.output import check_targets, to_csv, to_json, write
from modelcollapse.cli.word_list import read_word_list
from modelcollapse.errors import InputError

_CORPUS_ONLY = ("relative", "min_count", "words", "fresh", "fresh_price", "synthetic_price")


@click.command(name="plan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--keep", type=float, default=0.95, show_default=True, metavar="S", help="Share to keep; see --of.")
@click.option("--generations", type=int, default=50, show_default=True, metavar="K", help="For how long.")
@click.option(
    "--vary",
    default="sample-size",
    show_default=True,
    metavar="LEVERS",
    help="What may change: sample-size, fresh, growth; or sample-size,fresh for the frontier of both.",
)
@click.option(
    "--of",
    type=click.Choice(["words", "text", "scale"]),
    default="words",
    show_default=True,
    help="Keep a share S of the different words; of the text, that is of tokens; or a Gaussian's standard deviation "
    "above S times the true one.",
)
@click.option("--relative", is_flag=True, help="Of what one faithful resample keeps, rather than of all.")
@click.option("--min-count", type=int, metavar="C", help="Only words that occur at least C times matter.")
@click.option("--words", type=click.Path(), metavar="FILE", help="Only the words in this file matter.")
@click.option(
    "--confidence",
    type=float,
    metavar="Q",
    help="With this chance: words by normal approximation, a scale exactly (0.95 if not given); otherwise on average.",
)
@click.option("--sample-size", type=int, metavar="N", help="Tokens of the first generation; the corpus's if not given.")
@click.option("--fresh", type=float, metavar="A", help="Share of new real data in each generation; 0 if not given.")
@click.option("--growth", type=float, metavar="G", help="Factor from one generation's size to the next.")
@click.option("--ddof", type=float, metavar="D", help="Of a scale: the variance is divided by N - D; 1 if not given.")
@click.option("--fresh-price", type=float, metavar="P", help="Price of a fresh token.")
@click.option("--synthetic-price", type=float, metavar="P", help="Price of a synthetic token.")
@corpus_options
@figure_options
@output_options
def command(**options: Any) -> None:
    """Plan how much data is enough: the least sample size, fresh share or growth that keeps what must be kept.

    Every generation of a model learns from what the one before wrote. How long must that text be, or how much of it
    must be new real data, for 95 % of the words to be there after 50 generations? The answer is found by bracketing
    on the exact laws; no simulation is run. An impossible target is an answer too, with its reason.

    Without PATH, the King James Bible; what PATH may be: see `forecast --help`.

    \b
    Examples:
      modelcollapse plan --keep 0.95 --generations 50
      modelcollapse plan corpus/*.txt --vary fresh --relative
      modelcollapse plan --min-count 5 --confidence 0.95 --format json
      modelcollapse plan --vary sample-size,fresh --fresh-price 10 --synthetic-price 1 --png frontier.png
      modelcollapse plan --of scale --keep 0.5 --generations 100
    """
    check_targets([options[kind] for kind in ("output", *FIGURES)], [*options["paths"], options["words"]])
    result = _scale(options) if options["of"] == "scale" else _corpus(options)
    write(_render(result, options["format_"]), options["output"])
    draw(result, options, page=_page, chart=_chart)


def _corpus(options: dict[str, Any]) -> Any:
    from modelcollapse.planning import plan

    if options["ddof"] is not None:
        raise InputError("`ddof` belongs to --of scale; leave it out.")
    groups = read_word_list(options["words"]) if options["words"] else {}
    listed = [word for members in groups.values() for word in members]
    prices = chosen_prices(options)
    given = {name: options[name] for name in ("fresh", "growth") if options[name] is not None}
    return plan(
        read_table(options),
        options["generations"],
        keep=options["keep"],
        vary=options["vary"],
        of=options["of"],
        relative=options["relative"],
        min_count=options["min_count"],
        words=listed,
        confidence=options["confidence"],
        sample_size=options["sample_size"],
        prices=prices,
        **given,
    )


def _scale(options: dict[str, Any]) -> Any:
    from modelcollapse.planning import plan_scale

    wrong = [name for name in _CORPUS_ONLY if options[name] is not None and options[name] is not False]
    if wrong or options["paths"]:
        what = "PATH" if options["paths"] else f"--{wrong[0].replace('_', '-')}"
        raise InputError(f"{what} is about a corpus, but --of scale is about a Gaussian; leave it out.")
    given = {name: options[name] for name in ("confidence", "ddof", "growth") if options[name] is not None}
    return plan_scale(
        options["generations"],
        keep=options["keep"],
        vary=options["vary"],
        sample_size=options["sample_size"],
        **given,
    )


def _render(result: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(result.to_dict())
    if format_ == "csv":
        heads = ("sample_size", "fresh", "growth", "kept", "kept_low", "cost")
        return to_csv(heads, ([point.to_dict()[head] for head in heads] for point in result.curve))
    from modelcollapse.report.plan_text import plan_text

    return plan_text(result)


def _page(result: Any) -> str:
    from modelcollapse.report.plan_page import plan_page

    return plan_page(_drawable(result))


def _chart(result: Any) -> Any:
    from modelcollapse.report.plan_chart import plan_chart

    return plan_chart(_drawable(result))


def _drawable(result: Any) -> Any:
    if not result.curve:
        raise InputError(f"there is nothing to draw: {result.reason}")
    return result
