"""From the bytes of a text file to UTF-8, and from UTF-8 to str, counting what cannot be decoded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from modelcollapse.corpus.tally import Tally

REPLACEMENT = "\ufffd"
UNDECODABLE_BYTES = "undecodable bytes"
UNDECODABLE_CHARACTERS = "undecodable characters"

_SURROGATE = re.compile("[\ud800-\udfff]")


def utf8_chunks(chunks: Iterable[bytes], encoding: str, label: str, tally: Tally) -> Iterator[bytes]:
    """Turn the chunks of a file into UTF-8 without its byte order mark; refuse binary files."""
    converted = chunks if encoding == "utf-8" else _converted(chunks, encoding, label, tally)
    beginning = True
    for chunk in converted:
        if b"\0" in chunk:
            raise InputError(_binary_message(label, chunk if beginning else b""))
        yield chunk.removeprefix(codecs.BOM_UTF8) if beginning else chunk
        beginning = beginning and not chunk


def decoded(block: bytes) -> tuple[str, int]:
    """Decode UTF-8; return the text, undecodable bytes replaced, and their number."""
    try:
        return block.decode("utf-8"), 0
    except UnicodeDecodeError:
        text, undecodable = _SURROGATE.subn(REPLACEMENT, block.decode("utf-8", "surrogateescape"))
        return text, undecodable


def without_surrogates(text: str) -> str:
    """Replace the lone surrogates that JSON can spell and UTF-8 cannot."""
    return text if text.isascii() else _SURROGATE.sub(REPLACEMENT, text)


def _converted(chunks: Iterable[bytes], encoding: str, label: str, tally: Tally) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chain(chunks, [b""]):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            raise InputError(f"{label}: is not {encoding} ({error}); give its encoding") from None
        yield _encoded(text, tally)


def _encoded(text: str, tally: Tally) -> bytes:
    tally.skip(UNDECODABLE_CHARACTERS, text.count(REPLACEMENT))
    return without_surrogates(text).encode("utf-8")


def _binary_message(label: str, beginning: bytes) -> str:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return f"{label}: looks like UTF-16 (its byte order mark); name its encoding: utf-16"
    return f"{label}: a binary file (it has NUL bytes), not text; take it out, or give its format or encoding"
