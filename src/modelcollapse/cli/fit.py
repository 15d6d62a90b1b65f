"""`modelcollapse fit`: from observed generations to the recursion behind them."""

from __future__ import annotations

from typing import Any

import click

from modelcollapse.cli.corpus_input import read_table, warnings_told
from modelcollapse.cli.drawing import draw
from modelcollapse.cli.options import FIGURES, corpus_options, figure_options, output_options
from modelcollapse.cli.output import check_targets, to_csv, to_json, write


@click.command(name="fit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH PATH...")
@click.option("--zero", metavar="PATH", help="Generation 0, where the first PATH is a later one.")
@click.option(
    "--first",
    type=int,
    metavar="K",
    help="Generation of the first PATH: 0, or 1 with --zero, if not given.",
)
@click.option(
    "--counts-are",
    type=click.Choice(["training-set", "sample"]),
    default="training-set",
    show_default=True,
    help="What each PATH after generation 0 holds: all that the generation was trained on, or a sample, of any size, "
    "of what it writes.",
)
@click.option(
    "--fresh",
    type=float,
    metavar="A",
    help="The share of fresh real data, where it is known; 0 is replace. Estimated if not given.",
)
@click.option(
    "--generations",
    type=int,
    metavar="K",
    help="How far to forecast; twice as far as was observed if not given.",
)
@click.option(
    "--replicates",
    type=int,
    default=199,
    show_default=True,
    metavar="R",
    help="Histories that the bootstrap simulates.",
)
@corpus_options
@figure_options
@output_options
def command(**options: Any) -> None:
    """Estimate fresh share and effective sample size from the words of successive generations.

    Each PATH is one generation, in order: a file, folder or pattern of text, or a table of word and count. The first
    is generation 0, the real data. Two generations give the effective sample size, and say whether the second covers
    as many words as one faithful resample of the first would; three also give the share of fresh data.

    The counts are what each generation was trained on; or, with --counts-are sample, what was drawn from it to look at,
    be it more or less than that: then the noise of the samples is taken out.

    \b
    Examples:
      modelcollapse fit real.txt synthetic.txt
      modelcollapse fit real.csv generation-1.csv generation-2.csv generation-3.csv --seed 1
      modelcollapse fit --zero real.txt --first 5 generation-5.txt generation-6.txt --png fit.png
      modelcollapse fit --counts-are sample real.txt written-by-1.txt written-by-2.txt --html fit.html
    """
    from modelcollapse.fitting import fit

    check_targets([options[kind] for kind in ("output", *FIGURES)], [*options["paths"], options["zero"]])
    tables = [read_table({**options, "paths": [path]}) for path in options["paths"]]
    zero = None if options["zero"] is None else read_table({**options, "paths": [options["zero"]]})
    with warnings_told(options):
        result = fit(
            tables,
            zero=zero,
            **{name: options[name] for name in ("first", "counts_are", "fresh", "generations", "replicates")},
            rng=options["seed"],
            progress=not options["quiet"],
        )
    write(_render(result, options["format_"]), options["output"])
    draw(result, options, page=_page, chart=_chart)


def _render(result: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(result.to_dict())
    if format_ == "csv":
        from modelcollapse.report.fit_text import fit_columns

        columns = fit_columns(result)
        return to_csv(list(columns), zip(*columns.values(), strict=True))
    from modelcollapse.report.fit_text import fit_text

    return fit_text(result)


def _page(result: Any) -> str:
    from modelcollapse.report.fit_page import fit_page

    return fit_page(result)


def _chart(result: Any) -> Any:
    from modelcollapse.report.fit_chart import fit_chart

    return fit_chart(result)
