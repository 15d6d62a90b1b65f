"""Cutting a stream of UTF-8 into blocks, only where no word and no rule of lower case can notice.

A cut stands after a line end if a chunk has one; else after white space; else after any ASCII
separator; else after any separator. The apostrophe, the full stop, the colon, the circumflex and
the grave accent do not count as such: Unicode looks through them for the end of a word when it
lower-cases a capital sigma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from modelcollapse.corpus.kernel.code_points import is_safe_to_cut_after
from modelcollapse.errors import InputError

LONGEST_UNCUT = 16 << 20

SEPARATOR = re.compile("[^\\w\ud800-\udfff]+")  # a lone surrogate may be a part of a character that goes on
_PREFERENCE = (b"\n", b" ", b"\t\r", b',;!?()[]{}<>|/\\"-=+*&%$#@~\x0b\x0c\x1c\x1d\x1e\x1f')


def blocks(chunks: Iterable[bytes], label: str) -> Iterator[bytes]:
    """Cut chunks of any size into blocks that hold whole words.

    Raises
    ------
    InputError
        If `LONGEST_UNCUT` bytes in a row offer no place to cut.
    """
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        end = _ascii_cut(chunk)
        if end:
            yield b"".join([*held, chunk[:end]])
            held, size = [], 0
        held.append(chunk[end:])
        size += len(chunk) - end
        if size > LONGEST_UNCUT:
            whole = b"".join(held)
            end = _any_cut(whole, label)
            yield whole[:end]
            held, size = [whole[end:]], len(whole) - end
    rest = b"".join(held)
    if rest:
        yield rest


def _ascii_cut(chunk: bytes) -> int:
    for group in _PREFERENCE:
        last = max(chunk.rfind(byte) for byte in group)
        if last >= 0:
            return last + 1
    return 0


def _any_cut(data: bytes, label: str) -> int:
    text = data.decode("utf-8", "surrogateescape")
    ends = [found.end() for found in SEPARATOR.finditer(text)]
    for end in reversed(ends):
        if is_safe_to_cut_after(text[end - 1]):
            return len(text[:end].encode("utf-8", "surrogateescape"))
    raise InputError(
        f"{label}: a single word of more than {LONGEST_UNCUT >> 20} MB; this is no running text, "
        "take it out or separate its words by spaces"
    )
