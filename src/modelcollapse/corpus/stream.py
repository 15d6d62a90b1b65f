"""Bytes of a source, as stored, in chunks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, cast

from modelcollapse.corpus.refusal import refusing
from modelcollapse.corpus.source import STANDARD_INPUT, Source
from modelcollapse.errors import InputError

CHUNK = 1 << 20


def open_source(source: Source) -> AbstractContextManager[BinaryIO]:
    """Open a source for reading bytes."""
    with refusing(source.label):
        if source.address == STANDARD_INPUT:
            return nullcontext(sys.stdin.buffer)
        if source.is_remote:
            import fsspec

            return cast("AbstractContextManager[BinaryIO]", fsspec.open(source.address, "rb"))
        return Path(source.address).open("rb")


def stored_chunks(
    source: Source, start: int, stop: int | None, on_bytes: Callable[[int], None]
) -> Generator[bytes, None, None]:
    """Read bytes start to stop of a source (None: to its end), telling `on_bytes` how many."""
    with refusing(source.label), open_source(source) as stream:
        if start:
            stream.seek(start)
        place = start
        while stop is None or place < stop:
            chunk = stream.read(CHUNK if stop is None else min(CHUNK, stop - place))
            if not chunk:
                _check_whole(source, place, stop)
                return
            place += len(chunk)
            on_bytes(len(chunk))
            yield chunk


def _check_whole(source: Source, place: int, stop: int | None) -> None:
    """Raise if a file ends before the size that it had when it was found: what was counted is not all of it."""
    expected = stop if stop is not None else source.size
    if expected is not None and not source.is_remote and place < expected:
        raise InputError(
            f"{source.label}: the file shrank while it was read, from {source.size:,} bytes to {place:,}; "
            "wait until nothing writes to it, and start again"
        )
