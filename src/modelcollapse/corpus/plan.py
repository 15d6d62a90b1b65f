"""Dividing what is to be read into units of work, and deciding how many processes share them."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

from modelcollapse.corpus.compression import MAGIC_LENGTH, compression_of
from modelcollapse.corpus.refusal import refusing
from modelcollapse.corpus.unit import Unit, format_of
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from typing import BinaryIO

    from modelcollapse.corpus.options import ReadOptions
    from modelcollapse.corpus.source import Source

WORDS_PAY_FROM = 1_000_000_000  # stored bytes for each process: the kernel takes seconds for them
LINES_PAY_FROM = 32_000_000  # stored bytes for each process: n-grams and tokenizers take seconds
SMALLEST_PART = 8_000_000  # bytes
PARTS_FOR_EACH_PROCESS = 4
LONGEST_SEARCH = 16 << 20  # bytes from a nominal cut to the next line end


def number_of_processes(n_jobs: int | None, sources: list[Source], options: ReadOptions) -> int:
    """How many processes to use; None means as many as there are processors and work for them."""
    if n_jobs is not None:
        if not isinstance(n_jobs, int) or isinstance(n_jobs, bool) or n_jobs < 1:
            raise InputError(f"`n_jobs` must be a whole number of at least 1, or None, received {n_jobs!r}")
        if n_jobs > 1 and not _can_be_sent(options):
            raise InputError(
                "`tokenizer` cannot be sent to other processes (a lambda or a local function?); "
                "use n_jobs=1, or a function at the top level of a module"
            )
        return n_jobs
    size = sum(source.size or 0 for source in sources)
    enough = WORDS_PAY_FROM if options.counts_words else LINES_PAY_FROM
    wanted = min(_processors(), size // enough)
    return wanted if wanted > 1 and _can_be_sent(options) else 1


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _can_be_sent(options: ReadOptions) -> bool:
    try:
        pickle.dumps(options.tokenizer)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def divide(sources: list[Source], options: ReadOptions, processes: int) -> list[Unit]:
    """Make one unit of each source, several of a large plain file of lines."""
    if processes == 1:
        return [Unit(source) for source in sources]
    total = sum(source.size or 0 for source in sources)
    part = max(SMALLEST_PART, total // (PARTS_FOR_EACH_PROCESS * processes))
    return [
        unit
        for source in sources
        for unit in (_parts(source, part) if _is_divisible(source, options) else [Unit(source)])
    ]


def _is_divisible(source: Source, options: ReadOptions) -> bool:
    if source.is_remote or not source.size or source.size < 2 * SMALLEST_PART:
        return False
    if format_of(source, options) not in ("text", "jsonl") or not options.is_utf8:
        return False
    with refusing(source.label), Path(source.address).open("rb") as stream:
        beginning = stream.read(MAGIC_LENGTH)
    return compression_of(beginning) is None and not beginning.startswith(b"PAR1")


def _parts(source: Source, part: int) -> list[Unit]:
    """Cut a file after line ends, near multiples of `part` bytes."""
    cuts = [0]
    with refusing(source.label), Path(source.address).open("rb") as stream:
        for nominal in range(part, (source.size or 0) - part // 2, part):
            cut = _after_next_line_end(stream, nominal)
            if cut is not None and cut > cuts[-1]:
                cuts.append(cut)
    ends: list[int | None] = [*cuts[1:], None]
    return [Unit(source, start, stop) for start, stop in zip(cuts, ends, strict=True)]


def _after_next_line_end(stream: BinaryIO, position: int) -> int | None:
    stream.seek(position)
    while stream.tell() < position + LONGEST_SEARCH:
        chunk = stream.read(1 << 16)
        if not chunk:
            return None
        found = chunk.find(b"\n")
        if found >= 0:
            return stream.tell() - len(chunk) + found + 1
    return None
