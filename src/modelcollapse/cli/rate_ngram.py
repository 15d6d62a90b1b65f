"""`modelcollapse rate ngram`: a language model that learns from its own text."""

from __future__ import annotations

from typing import Any

import click

from modelcollapse import arguments
from modelcollapse.cli.corpus_input import read_running_text
from modelcollapse.cli.drawing import draw
from modelcollapse.cli.options import FIGURES, figure_options, output_options, reading_options
from modelcollapse.cli.output import check_targets, to_csv, to_json, write
from modelcollapse.cli.workflow_options import SYMBOL_SAMPLERS, chosen_sampler, chosen_workflow, workflow_options
from modelcollapse.errors import InputError

_STATISTICS = ("ngram_types", "entropy_rate", "perplexity", "verbatim_copies", "sentence_length")
# Smoothing -> the option that it has.
_SMOOTHINGS = {"additive": "amount", "absolute-discounting": "discount", "kneser-ney": "discount"}
_NO_TEXT = (
    "`PATH` is missing, but an n-gram model learns from running text, and none comes with the package, which has "
    "counts of words only; name a text, as `modelcollapse rate ngram book.txt`."
)


@click.command(name="ngram")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--order", type=int, default=2, show_default=True, metavar="O", help="1 to 16; a bigram model has 2.")
@click.option("--longest", type=int, metavar="L", help="Cut sentences after L words; only the size cuts if not given.")
@click.option(
    "--smoothing",
    type=click.Choice(list(_SMOOTHINGS)),
    help="Smooth the counts; maximum likelihood if not given. Back-off is absolute discounting with a discount of 0.",
)
@click.option("--discount", type=float, metavar="D", help="Taken off each count; 0.75 if not given.")
@click.option("--amount", type=float, metavar="A", help="Added to each count; 0.01 if not given.")
@click.option(
    "--alphabet",
    type=click.Choice(["known", "unknown"]),
    help="What smoothing gives to: every word of the text (known, if not given), or those that are still there.",
)
@click.option("--generations", type=int, default=10, show_default=True, metavar="K", help="How far to look.")
@click.option("--sample-size", type=int, metavar="N", help="Words per generation; those of the text if not given.")
@click.option(
    "--simulate",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="R",
    help="Simulated runs; one has no interval.",
)
@click.option(
    "--jobs",
    type=int,
    default=1,
    show_default=True,
    metavar="J",
    help="Threads of the simulation; -1 for all processors. No number depends on it.",
)
@click.option(
    "--statistic",
    "statistics",
    type=click.Choice(["all", *_STATISTICS]),
    multiple=True,
    help="What else to report of the text; may be given several times.",
)
@click.option(
    "--save-text",
    type=click.Path(),
    metavar="FOLDER",
    help="Write the text of each generation of the first run; a folder that was begun is continued, also to more "
    "generations.",
)
@workflow_options(*SYMBOL_SAMPLERS)
@reading_options
@figure_options
@output_options
def command(**options: Any) -> None:
    """N-gram language models: the words that are left when a model learns from its own text, again and again.

    A model knows what followed the last O - 1 words of a sentence, and how often; a line of the text is a sentence. It
    writes as many words as there were, and the next model learns from them. Words left are simulated; beside them
    stands the exact law of words drawn one by one, and how long words of each count last.

    PATH is any number of files, folders, patterns or addresses; text, jsonl, parquet; plain or compressed with gz, bz2,
    xz, zst; "-" is standard input.

    \b
    Examples:
      modelcollapse rate ngram book.txt --order 2 --generations 10 --png book.png
      modelcollapse rate ngram corpus/*.txt --order 8 --simulate 20 --seed 1 --format json
      modelcollapse rate ngram book.txt --fresh 0.1 --temperature 0.9
      modelcollapse rate ngram book.txt --statistic all --save-text generations
    """
    if not options["paths"]:
        raise InputError(_NO_TEXT)
    if options["real_size"] is not None:
        raise InputError(
            f"`real-size` is {options['real_size']}, but must be left out: the text is the real data of the model."
        )
    check_targets([options[kind] for kind in ("output", *FIGURES)], options["paths"])
    result = _simulated(options)
    write(_render(result, options["format_"]), options["output"])
    draw(result, options, page=_page, chart=_chart)


def _family(options: dict[str, Any]) -> Any:
    """Return the family; an option that belongs to another smoothing is refused."""
    from modelcollapse.families import AbsoluteDiscounting, AddToNGrams, KneserNey, NGram, SmoothedNGram

    named = options["smoothing"]
    given = {name: options[name] for name in ("amount", "discount", "alphabet") if options[name] is not None}
    for name, value in given.items():
        if named is None or name not in ("alphabet", _SMOOTHINGS[named]):
            owners = " or ".join(owner for owner, own in _SMOOTHINGS.items() if name in (own, "alphabet"))
            allowed = "left out without --smoothing" if named is None else f"left out with --smoothing {named}"
            raise InputError(arguments.message(name, value, allowed, f"It belongs to --smoothing {owners}."))
    if named is None:
        return NGram(options["order"], options["longest"])
    kinds: dict[str, Any] = {
        "additive": AddToNGrams,
        "absolute-discounting": AbsoluteDiscounting,
        "kneser-ney": KneserNey,
    }
    return SmoothedNGram(options["order"], kinds[named](**given), options["longest"])


def _simulated(options: dict[str, Any]) -> Any:
    from modelcollapse.rating.text import rate_text
    from modelcollapse.recursion import Recursion

    family, workflow, sampler = _family(options), chosen_workflow(options), chosen_sampler(options)
    text = read_running_text(options)
    size = text.tokens if options["sample_size"] is None else options["sample_size"]
    recursion, generations = Recursion(family, text, size, workflow, sampler), options["generations"]
    asked: dict[str, Any] = {"replicates": options["simulate"], "statistics": _asked(options["statistics"], family)}
    seed = options["seed"]
    if options["save_text"] is not None:
        from modelcollapse.report.text_files import save_texts

        seed = save_texts(recursion, generations, options["save_text"], rng=seed, **asked)
    shown = not options["quiet"]
    return rate_text(recursion, generations, rng=seed, n_jobs=options["jobs"], progress=shown, **asked)


def _asked(names: tuple[str, ...], family: Any) -> list[Any]:
    """Return the statistics; all are all that the family has."""
    from modelcollapse.families import NGram
    from modelcollapse.statistics import STATISTICS

    lacking = () if isinstance(family, NGram) or "entropy_rate" in names else ("entropy_rate",)
    wanted = set(_STATISTICS).difference(lacking) if "all" in names else names
    return [statistic() for statistic in STATISTICS if statistic.name in wanted]


def _render(result: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(result.to_dict())
    from modelcollapse.report.text_rate_text import text_rate_columns, text_rate_text

    if format_ == "csv":
        columns = text_rate_columns(result)
        return to_csv(list(columns), zip(*columns.values(), strict=True))
    return text_rate_text(result)


def _page(result: Any) -> str:
    from modelcollapse.report.text_rate_page import text_rate_page

    return text_rate_page(result)


def _chart(result: Any) -> Any:
    from modelcollapse.report.text_rate_chart import text_rate_chart

    return text_rate_chart(result)
