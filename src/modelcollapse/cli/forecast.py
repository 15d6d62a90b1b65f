"""`modelcollapse forecast`: the main job."""

from __future__ import annotations

from typing import Any

import click

from modelcollapse.cli.corpus_input import read_table
from modelcollapse.cli.drawing import draw
from modelcollapse.cli.forecast_workflow import forecast_workflow, forecast_workflow_options
from modelcollapse.cli.options import FIGURES, corpus_options, figure_options, output_options
from modelcollapse.cli.output import check_targets, to_csv, to_json, write
from modelcollapse.cli.word_list import read_word_list
from modelcollapse.cli.workflow_options import named_by_options_of

UNSEEN = ("vocabulary_share_with_unseen", "lost_mass_with_unseen")


@click.command(name="forecast")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--generations", type=int, default=100, show_default=True, metavar="K", help="How far to look.")
@click.option(
    "--sample-size",
    type=int,
    metavar="N",
    help="Tokens per generation; the size of the corpus if not given.",
)
@click.option(
    "--words",
    type=click.Path(),
    metavar="FILE",
    help="Report on these words: one per line, or a group as 'name: word word ...'.",
)
@click.option(
    "--top",
    type=int,
    default=10,
    show_default=True,
    metavar="W",
    help="List the W words most at risk.",
)
@click.option("--unseen", is_flag=True, help="Estimate what the corpus never saw, and what is left of all words.")
@forecast_workflow_options
@corpus_options
@figure_options
@output_options
def command(**options: Any) -> None:
    """Forecast which words of a corpus recursive training forgets, and when.

    A model learns how often each word of the corpus occurs and writes a text of the same length; the next model
    learns from that text alone; and so on. A word that one model does not write is lost for ever. The forecast is
    exact: no simulation is run.

    PATH is any number of files, folders, patterns or addresses; text, jsonl, parquet, or a table of word and count
    (csv, tsv); plain or compressed with gz, bz2, xz, zst; "-" is standard input. Without PATH, the King James Bible.

    \b
    Examples:
      modelcollapse forecast
      modelcollapse forecast corpus/*.txt --generations 1000 --html forecast.html
      zcat corpus.gz | modelcollapse forecast - --format json
      modelcollapse forecast counts.tsv --sample-size 1000000 --words dialect.txt
      modelcollapse forecast --fresh 0.1 --compare accumulate --compare fixed-real --png workflows.png
    """
    from modelcollapse.forecasting import check_request, forecast

    check_request(options["generations"], sample_size=options["sample_size"], top=options["top"])
    check_targets([options[kind] for kind in ("output", *FIGURES)], [*options["paths"], options["words"]])
    workflow_arguments = forecast_workflow(options)
    words = read_word_list(options["words"]) if options["words"] else {}
    table = read_table(options)
    with named_by_options_of(workflow_arguments["workflow"]):
        result = forecast(
            table,
            options["generations"],
            sample_size=options["sample_size"],
            words=words,
            top=options["top"],
            unseen=options["unseen"],
            rng=options["seed"],
            **workflow_arguments,
        )
    write(_render(result, options["format_"]), options["output"])
    draw(result, options, page=_page, chart=_chart)


def _render(result: Any, format_: str) -> str:
    if format_ == "json":
        return to_json(result.to_dict())
    if format_ == "csv":
        heads: tuple[str, ...] = ("generation", "mean", "sd", "low_90_normal", "high_90_normal", "lost_mass")
        columns: tuple[Any, ...] = (
            result.generation,
            result.mean,
            result.sd,
            result.low,
            result.high,
            result.lost_mass,
        )
        if result.unseen is not None:
            heads, columns = (*heads, *UNSEEN), (*columns, result.unseen.share, result.unseen.lost_mass)
        return to_csv(heads, zip(*(column.tolist() for column in columns), strict=True))
    from modelcollapse.report.text import forecast_text

    return forecast_text(result)


def _page(result: Any) -> str:
    from modelcollapse.report.page import forecast_page

    return forecast_page(result)


def _chart(result: Any) -> Any:
    from modelcollapse.report.charts import forecast_figure

    return forecast_figure(result)
