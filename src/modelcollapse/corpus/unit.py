"""Units of work: a source, or a part of a large one, and how one is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from modelcollapse.corpus.blocks import blocks
from modelcollapse.corpus.compression import decompressed
from modelcollapse.corpus.encoding import (
    UNDECODABLE_BYTES,
    decoded,
    utf8_chunks,
    without_surrogates,
)
from modelcollapse.corpus.source import Source
from modelcollapse.corpus.stream import CHUNK, stored_chunks
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from modelcollapse.corpus.counters import AbstractCounter
    from modelcollapse.corpus.options import ReadOptions
    from modelcollapse.corpus.tally import Tally

EMPTY_FILES = "empty files"
COMPRESSION_SUFFIX = re.compile(r"\.(gz|bz2|xz|zst|zstd)$")
LARGEST_COUNT_TABLE = 2 << 30

FORMAT_OF_SUFFIX = {
    ".csv": "counts",
    ".tsv": "counts",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


@dataclass(frozen=True)
class Unit:
    """Bytes start to stop of a source (None: to its end), as stored."""

    source: Source
    start: int = 0
    stop: int | None = None


def plain_name(source: Source) -> str:
    """Name of a source in small letters, without a compression suffix."""
    return COMPRESSION_SUFFIX.sub("", source.address.lower())


def format_of(source: Source, options: ReadOptions) -> str:
    """Format of a source by request, else by its name; Parquet only shows in the content."""
    if options.input_format != "auto":
        return options.input_format
    name = plain_name(source)
    return next((kind for end, kind in FORMAT_OF_SUFFIX.items() if name.endswith(end)), "text")


def count_unit(
    unit: Unit,
    options: ReadOptions,
    counter: AbstractCounter,
    tally: Tally,
    on_bytes: Callable[[int], None],
) -> dict[str, int]:
    """Count a unit by `counter`; a count table is returned instead, as it is counted already."""
    source = unit.source
    stored = stored_chunks(source, unit.start, unit.stop, on_bytes)
    first = next(stored, b"")
    if not first:
        _pass_over_empty(source, tally)
        return {}
    kind = format_of(source, options)
    if first.startswith(b"PAR1") and options.input_format == "auto":
        kind = "parquet"
    if kind == "parquet":
        from modelcollapse.corpus.parquet import texts_of_parquet

        stored.close()
        texts = texts_of_parquet(source, options.text_field, tally, on_bytes)
        _count_texts(texts, counter)
        return {}
    content = utf8_chunks(decompressed(chain([first], stored), source.label), options.encoding, source.label, tally)
    if kind == "counts":
        if options.ngram > 1 or options.tokenizer is not None:
            raise InputError(
                f"{source.label}: a table of counts is counted already, so `ngram` and `tokenizer` cannot apply; "
                "leave them out, or name a text"
            )
        return _count_table(content, source, tally)
    if kind == "jsonl":
        from modelcollapse.corpus.jsonl import texts_of_lines

        _count_texts(texts_of_lines(content, options.text_field, source.label, tally), counter)
        return {}
    _count_blocks(content, source, counter, tally)
    return {}


def _pass_over_empty(source: Source, tally: Tally) -> None:
    if source.named:
        raise InputError(f"{source.label}: the file is empty; give one with text")
    tally.skip(EMPTY_FILES)


def _count_blocks(content: Iterable[bytes], source: Source, counter: AbstractCounter, tally: Tally) -> None:
    empty = True
    for block in blocks(content, source.label):
        counter.add(block)
        empty = False
    counter.end_of_text()
    if empty:
        _pass_over_empty(source, tally)


def _count_texts(texts: Iterable[str], counter: AbstractCounter) -> None:
    """Count texts, each as lines of its own."""
    for block in _joined(texts):
        counter.add(block)
    counter.end_of_text()


def _joined(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text) + 1
        if size >= CHUNK:
            yield _as_lines(held)
            held, size = [], 0
    if held:
        yield _as_lines(held)


def _as_lines(texts: list[str]) -> bytes:
    return without_surrogates("\n".join([*texts, ""])).encode("utf-8")


def _count_table(content: Iterable[bytes], source: Source, tally: Tally) -> dict[str, int]:
    from modelcollapse.corpus.count_file import counts_of_file

    chunks: list[bytes] = []
    size = 0
    for chunk in content:
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_COUNT_TABLE:
            raise InputError(f"{source.label}: a count table of more than {LARGEST_COUNT_TABLE >> 30} GB; split it")
    if size == 0:
        _pass_over_empty(source, tally)
    text, undecodable = decoded(b"".join(chunks))
    tally.skip(UNDECODABLE_BYTES, undecodable)
    return counts_of_file(text, plain_name(source), source.label, tally)
