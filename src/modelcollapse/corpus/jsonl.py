"""JSON lines: one object a line, the text in one of its fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from modelcollapse.corpus.encoding import (
    UNDECODABLE_BYTES,
    decoded,
    without_surrogates,
)
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from modelcollapse.corpus.tally import Tally

LONGEST_RECORD = 64 << 20
NO_OBJECT = "lines that are no JSON object"
NO_FIELD = "lines without the field"


def texts_of_lines(chunks: Iterable[bytes], text_field: str, label: str, tally: Tally) -> Iterator[str]:
    """Yield the text of each line; lines without one are counted in `tally`."""
    for line in _lines(chunks, label):
        if not line.strip():
            continue
        text, undecodable = decoded(line)
        tally.skip(UNDECODABLE_BYTES, undecodable)
        record = _record(text)
        if not isinstance(record, dict):
            tally.skip(NO_OBJECT)
        elif isinstance(record.get(text_field), str):
            yield without_surrogates(record[text_field])
        else:
            tally.skip(NO_FIELD)
            tally.fields.setdefault(label, ", ".join(map(repr, list(record)[:10])))


def _record(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _lines(chunks: Iterable[bytes], label: str) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        held.append(first)
        size += len(first)
        if rest:
            yield b"".join(held)
            yield from rest[:-1]
            held, size = [rest[-1]], len(rest[-1])
        if size > LONGEST_RECORD:
            raise InputError(
                f"{label}: a line of more than {LONGEST_RECORD >> 20} MB, longer than a JSON record "
                "may be; is this JSON lines, one object a line?"
            )
    yield b"".join(held)
