"""Compressed input: told by content, whole or refused."""

import bz2
import contextlib
import gzip
import lzma
import zlib

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.corpus import compression as module
from modelcollapse.corpus.compression import decompressed
from modelcollapse.errors import InputError
from tests.corpus.writing import COMPRESSIONS

COMPRESSED = [name for name in COMPRESSIONS if name != "plain"]


def in_chunks(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(
    name=st.sampled_from(list(COMPRESSIONS)),
    parts=st.lists(st.text("ab \n").map(str.encode), min_size=1, max_size=4),
    size=st.integers(10, 99),
)
def test_streams_one_after_another_give_what_went_in(name, parts, size):
    stored = b"".join(map(COMPRESSIONS[name], parts))
    assert b"".join(decompressed(in_chunks(stored, size), "test")) == b"".join(parts)


@given(name=st.sampled_from(COMPRESSED), text=st.text(min_size=1), cut=st.integers(1))
def test_truncated_data_is_refused(name, text, cut):
    stored = COMPRESSIONS[name](b"some words " + text.encode())
    kept = stored[: 10 + cut % (len(stored) - 10)]
    with pytest.raises(InputError, match="truncated"):
        list(decompressed([kept], "test"))


@given(name=st.sampled_from(COMPRESSED), where=st.integers(10, 200), what=st.integers(1, 255))
def test_damaged_data_never_escapes_as_another_error(name, where, what):
    stored = bytearray(COMPRESSIONS[name](b"all work and no play " * 50))
    stored[where % len(stored)] ^= what
    with contextlib.suppress(InputError):
        list(decompressed([bytes(stored)], "test"))


@pytest.mark.parametrize("name", COMPRESSED)
def test_padding_is_passed_over_and_garbage_refused(name):
    stored = COMPRESSIONS[name](b"text")
    assert b"".join(decompressed([stored + bytes(8)], "test")) == b"text"
    with pytest.raises(InputError, match=f"damaged {name} data"):
        list(decompressed([stored + b"garbage after the end"], "test"))


@pytest.mark.parametrize("name", COMPRESSED)
def test_a_bomb_is_refused_before_it_goes_off(name, monkeypatch):
    monkeypatch.setattr(module, "BOMB_START", 1 << 20)
    stored = COMPRESSIONS[name](bytes(48 << 20))
    pieces = decompressed(in_chunks(stored, 1 << 12), "test")
    given_out = []
    with pytest.raises(InputError, match="decompression bomb"):
        given_out.extend(map(len, pieces))
    assert sum(given_out) < 32 << 20


def test_memory_of_each_piece_is_bounded():
    data = bytes(8 << 20)
    for compress in (zlib.compress, bz2.compress, lzma.compress, zstd.compress):
        stored = gzip.compress(data) if compress is zlib.compress else compress(data)
        assert max(map(len, decompressed([stored], "test"))) <= module.PIECE


def test_a_window_beyond_the_memory_allowed_is_refused():
    options = {zstd.CompressionParameter.window_log: 29, zstd.CompressionParameter.enable_long_distance_matching: 1}
    compressor = zstd.ZstdCompressor(options=options)
    stored = compressor.compress(b"text " * 100) + compressor.flush()
    with pytest.raises(InputError, match="damaged zst data"):
        list(decompressed([stored], "test"))


def test_text_that_begins_like_bz2_is_text():
    assert list(decompressed([b"BZh is how a bz2 file begins"], "test")) == [b"BZh is how a bz2 file begins"]
