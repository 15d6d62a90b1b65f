"""Reading a corpus: from what the user names to a count table."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterable
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from modelcollapse.corpus.count_table import LARGEST_TOTAL, CountTable
from modelcollapse.corpus.counters import KERNEL_PAYS_FROM
from modelcollapse.corpus.encoding import UNDECODABLE_BYTES, UNDECODABLE_CHARACTERS
from modelcollapse.corpus.jsonl import NO_FIELD
from modelcollapse.corpus.options import ReadOptions, Tokenizer
from modelcollapse.corpus.plan import divide, number_of_processes
from modelcollapse.corpus.progress import progress_bar
from modelcollapse.corpus.source import Source, find_sources
from modelcollapse.corpus.tally import Tally
from modelcollapse.corpus.unit import format_of
from modelcollapse.corpus.work import Work, work_through
from modelcollapse.errors import InputError, InputWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from modelcollapse.corpus.unit import Unit

REMEDIES = {
    UNDECODABLE_BYTES: "if the text is not UTF-8, name its encoding (`encoding`, --encoding)",
    UNDECODABLE_CHARACTERS: "check `encoding` (--encoding)",
    NO_FIELD: "`text_field` (--text-field) names another field",
}


def read_corpus(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    input_format: str = "auto",
    text_field: str = "text",
    encoding: str = "utf-8",
    tokenizer: str | os.PathLike[str] | Tokenizer | None = None,
    ngram: int = 1,
    n_jobs: int | None = None,
    progress: bool = False,
) -> CountTable:
    r"""Count the words of a corpus, in bounded memory.

    Parameters
    ----------
    sources : path, address, or sequence of them
        Files, folders (with all below them, hidden files excepted), patterns (``books/**/*.txt``),
        ``"-"`` for standard input, or any address of fsspec. Plain or compressed by gz, bz2, xz or
        zst, which is told by content.
    input_format : {"auto", "text", "jsonl", "parquet", "counts"}
        "auto" goes by the name below a compression suffix: ``.csv`` and ``.tsv`` are tables of word
        and count, ``.jsonl`` and ``.ndjson`` hold one object a line; Parquet is told by content;
        all else is text.
    text_field : str
        Where JSON lines and Parquet have their text.
    encoding : str
        Encoding of text, JSON lines and count tables.
    tokenizer : path or callable, optional
        Instead of the word rule, a ``tokenizer.json`` of Hugging Face (needs
        ``modelcollapse[tokenizers]``), or a function that is given one line at a time, without its
        end, and returns its words. The word rule: the maximal runs of ``\w`` in lower-cased text,
        as ``re.findall(r"\w+", text.lower())`` gives them.
    ngram : int
        1 to 5: count n-grams instead, their words joined by spaces. They do not cross line ends.
    n_jobs : int, optional
        Processes to use. By default one for every GB of input (n-grams and tokenizers: 32 MB), as
        far as there are processors. The result does not depend on it.
    progress : bool
        Show a bar on standard error, if that is a terminal.

    Returns
    -------
    CountTable

    Raises
    ------
    InputError
        If an argument is outside of what is allowed, or a source is missing, unreadable, empty,
        binary, truncated, damaged, or has no words.

    Warns
    -----
    InputWarning
        If something was passed over; ``CountTable.skipped`` counts it.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "note.txt")
    >>> _ = file.write_text("To be, or not to be.")
    >>> dict(zip((table := read_corpus(file)).words, table.counts.tolist()))
    {'be': 2, 'to': 2, 'not': 1, 'or': 1}
    """
    options = ReadOptions(input_format, text_field, encoding, tokenizer, ngram)
    found = find_sources(sources)
    processes = number_of_processes(n_jobs, found, options)
    units = divide(found, options, processes)
    sizes = [source.size for source in found]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with progress_bar(total, wanted=progress) as on_bytes:
        work = _all_work(units, options, _text_bytes(found, options), processes, on_bytes)
    return _table(work, name_of(found, options), options)


def _text_bytes(sources: list[Source], options: ReadOptions) -> int:
    """Bytes that will be counted at least, as far as sizes of files tell."""
    return sum(source.size or 0 for source in sources if format_of(source, options) != "counts")


def _all_work(
    units: list[Unit],
    options: ReadOptions,
    expected_bytes: int,
    processes: int,
    on_bytes: Callable[[int], None],
) -> list[Work]:
    processes = min(processes, len(units))
    if processes == 1:
        places = iter(range(len(units)))
        return [work_through(units, places, options, expected_bytes, on_bytes)]
    from modelcollapse.corpus.parallel import work_in_processes

    if options.counts_words and expected_bytes >= KERNEL_PAYS_FROM:
        from modelcollapse.corpus.kernel.start import kernel_counter

        kernel_counter()  # compiled once, here; the processes find it in the disk cache
    return work_in_processes(units, options, expected_bytes, processes, on_bytes)


def _table(work: list[Work], name: str, options: ReadOptions) -> CountTable:
    refused = sorted(one.refused for one in work if one.refused)
    if refused:
        raise InputError(refused[0][1])
    tally = Tally()
    for one in work:
        tally.add(one.tally)
    counts = work[0].counts
    if len(work) > 1:
        merged: Counter[str] = Counter()
        for one in work:
            merged.update(one.counts)
        counts = dict(merged)
    if not counts:
        raise InputError(no_words(name, tally, options))
    skipped = dict(sorted(tally.skipped.items()))
    warn_of_skipped(name, skipped)
    return _sorted_table(counts, name, skipped)


def _sorted_table(counts: dict[str, int], name: str, skipped: dict[str, int]) -> CountTable:
    if max(counts.values()) > LARGEST_TOTAL:
        word, count = max(counts.items(), key=itemgetter(1))
        raise InputError(f"{name}: the counts of {word!r} add up to {count}, more than 2^63 - 1")
    values = np.fromiter(counts.values(), np.int64, len(counts))
    return CountTable.from_counts(list(counts), values, name=name, skipped=skipped)


def no_words(name: str, tally: Tally, options: ReadOptions) -> str:
    """Say that there are no words, and what may explain it."""
    if tally.fields:
        label, names = min(tally.fields.items())
        return (
            f"{label}: no line has text in the field {options.text_field!r}; the first object has "
            f"{names or 'no fields'}; name the one that holds the text (`text_field`, --text-field)"
        )
    passed_over = "".join(f"; passed over {what} ({times:,})" for what, times in tally.skipped.items())
    return f"{name}: there are no words in it{passed_over}"


def warn_of_skipped(name: str, skipped: dict[str, int]) -> None:
    """Warn of what was passed over, with the remedy."""
    for what, times in skipped.items():
        remedy = f"; {REMEDIES[what]}" if what in REMEDIES else ""
        warnings.warn(f"{name}: passed over {what} ({times:,}){remedy}", InputWarning, stacklevel=4)


def name_of(sources: list[Source], options: ReadOptions) -> str:
    """Name the sources, and what was counted if it is not words."""
    first = sources[0].label
    named = first if len(sources) == 1 else f"{first} and {len(sources) - 1} more"
    unit = "tokens" if options.tokenizer is not None else "words"
    if options.ngram > 1:
        return f"{named} (runs of {options.ngram} {unit})"
    return named if unit == "words" else f"{named} ({unit})"
