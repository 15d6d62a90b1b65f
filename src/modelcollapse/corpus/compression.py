"""Decompression in bounded memory; what is compressed, and how, is told by content.

Refused: data that ends in the middle, damaged data, and decompression bombs, which is what more
than `BOMB_RATIO` bytes out of each byte in is called once `BOMB_START` bytes have come out.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from backports.zstd import ZstdDecompressor

BOMB_RATIO = 200
BOMB_START = 64 << 20
PIECE = 1 << 20
LARGEST_XZ_MEMORY = 512 << 20

MAGIC = {
    "gz": b"\x1f\x8b\x08",
    "bz2": b"BZh",
    "xz": b"\xfd7zXZ\x00",
    "zst": b"\x28\xb5\x2f\xfd",
}
_BZ2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # the first block, or the end of an empty file
MAGIC_LENGTH = 10


def compression_of(beginning: bytes) -> str | None:
    """Name the compression of a file from its first `MAGIC_LENGTH` bytes; None if there is none."""
    for name, magic in MAGIC.items():
        if beginning.startswith(magic):
            is_text = name == "bz2" and not beginning[4:].startswith(_BZ2_BLOCKS)
            return None if is_text else name
    return None


def decompressed(chunks: Iterable[bytes], label: str) -> Iterator[bytes]:
    """Pass chunks through, decompressed if the first begins like a gz, bz2, xz or zst file."""
    iterator = iter(chunks)
    first = next(iterator, b"")
    name = compression_of(first[:MAGIC_LENGTH])
    stored = _chain(first, iterator)
    if name is None:
        yield from stored
        return
    taken, given = 0, 0
    members = _Members(name, label)
    for chunk in stored:
        taken += len(chunk)
        for piece in members.decompress(chunk):
            given += len(piece)
            if given > BOMB_START and given > BOMB_RATIO * taken:
                raise InputError(
                    f"{label}: a decompression bomb: {taken} bytes of {name} have become more than "
                    f"{BOMB_RATIO} times as many; decompress it yourself if it is meant so"
                )
            yield piece
    members.finish()


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


class _Member(Protocol):
    """One compressed stream of a file that may have several in a row."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes) -> Iterator[bytes]: ...


class _Members:
    """The compressed streams of one file, one after the other."""

    def __init__(self, name: str, label: str) -> None:
        self._name, self._label = name, label
        self._member: _Member | None = _MEMBERS[name]()

    def decompress(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._member is None:
                data = data.lstrip(b"\0")  # padding between streams
                if not data:
                    return
                self._member = _MEMBERS[self._name]()
            yield from self._pieces(self._member, data)
            data = self._member.unused_data if self._member.eof else b""
            if self._member.eof:
                self._member = None

    def _pieces(self, member: _Member, data: bytes) -> Iterator[bytes]:
        try:
            yield from member.decompress(data)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, MemoryError) as error:
            raise InputError(f"{self._label}: damaged {self._name} data ({error}); copy or download it again") from None

    def finish(self) -> None:
        if self._member is not None:
            raise InputError(
                f"{self._label}: the {self._name} data ends in the middle: the file is truncated; "
                "copy or download it again"
            )


class _GzMember:
    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes) -> Iterator[bytes]:
        while data:
            yield self._inflate.decompress(data, PIECE)
            data = self._inflate.unconsumed_tail


class _BlockMember:
    """A stream of a decompressor that takes what it is given and says when it needs more."""

    def __init__(self, stream: bz2.BZ2Decompressor | lzma.LZMADecompressor | ZstdDecompressor) -> None:
        self._stream = stream

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes) -> Iterator[bytes]:
        yield self._stream.decompress(data, PIECE)
        while not self._stream.eof and not self._stream.needs_input:
            yield self._stream.decompress(b"", PIECE)


class _ZstdMember:
    """A zst frame."""

    def __init__(self) -> None:
        from backports import zstd

        self._error: type[Exception] = zstd.ZstdError
        self._frame = _BlockMember(zstd.ZstdDecompressor())

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    def decompress(self, data: bytes) -> Iterator[bytes]:
        try:
            yield from self._frame.decompress(data)
        except self._error as error:
            raise ValueError(str(error)) from None


_MEMBERS: dict[str, Callable[[], _Member]] = {
    "gz": _GzMember,
    "bz2": lambda: _BlockMember(bz2.BZ2Decompressor()),
    "xz": lambda: _BlockMember(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LARGEST_XZ_MEMORY)),
    "zst": _ZstdMember,
}
