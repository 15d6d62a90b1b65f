"""Bytes of a source, as stored, in chunks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO, cast

from modelcollapse.corpus.refusal import refusing
from modelcollapse.corpus.source import STANDARD_INPUT, Source

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
        left = stop - start if stop is not None else None
        while left is None or left > 0:
            chunk = stream.read(CHUNK if left is None else min(CHUNK, left))
            if not chunk:
                return
            if left is not None:
                left -= len(chunk)
            on_bytes(len(chunk))
            yield chunk
