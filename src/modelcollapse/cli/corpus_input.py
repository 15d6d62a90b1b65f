"""The corpus that a command is about: read as its options say, or the embedded one."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

_HOW = ("input_format", "text_field", "encoding", "tokenizer")  # the options of `reading_options`


def read_table(options: dict[str, Any]) -> Any:
    """Return the count table of `paths`, warnings on standard error; of no path, the King James Bible."""
    from modelcollapse.corpus import embedded, read_corpus

    if not options["paths"]:
        return embedded()
    return _read(read_corpus, options, ngram=options["ngram"], n_jobs=options["jobs"])


def read_running_text(options: dict[str, Any]) -> Any:
    """Return the running text of `paths`, warnings on standard error."""
    from modelcollapse.corpus import read_text

    return _read(read_text, options)


@contextmanager
def warnings_told(options: dict[str, Any]) -> Iterator[None]:
    """Write the warnings about the input to standard error, unless --quiet is given; leave out those of libraries."""
    from modelcollapse.errors import InputWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", InputWarning)
        yield
    if not options["quiet"]:
        for warning in caught:
            click.echo(f"modelcollapse: warning: {warning.message}", err=True)


def _read(reader: Callable[..., Any], options: dict[str, Any], **more: Any) -> Any:
    how = {name: options[name] for name in _HOW}
    with warnings_told(options):
        return reader(options["paths"], **how, **more, progress=not options["quiet"])
