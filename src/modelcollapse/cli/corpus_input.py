"""The corpus that a command is about: read as its options say, or the embedded one."""

from __future__ import annotations

import warnings
from typing import Any

import click


def read_table(options: dict[str, Any]) -> Any:
    """Return the count table of `paths`, warnings on standard error; of no path, the King James Bible."""
    from modelcollapse.corpus import embedded, read_corpus

    if not options["paths"]:
        return embedded()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = read_corpus(
            options["paths"],
            input_format=options["input_format"],
            text_field=options["text_field"],
            encoding=options["encoding"],
            tokenizer=options["tokenizer"],
            ngram=options["ngram"],
            n_jobs=options["jobs"],
            progress=not options["quiet"],
        )
    if not options["quiet"]:
        for warning in caught:
            click.echo(f"modelcollapse: warning: {warning.message}", err=True)
    return table
