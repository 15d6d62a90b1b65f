"""Cutting text into blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.corpus import blocks as module
from modelcollapse.corpus.blocks import blocks
from modelcollapse.errors import InputError


@given(st.lists(st.binary(max_size=20)))
def test_nothing_is_lost(chunks):
    assert b"".join(blocks(chunks, "test")) == b"".join(chunks)


def test_cuts_stand_after_line_ends_if_there_are_any():
    assert list(blocks([b"a b\nc d", b" e\nf"], "test")) == [b"a b\n", b"c d e\n", b"f"]


def test_text_without_ascii_separators_is_cut_at_others(monkeypatch):
    monkeypatch.setattr(module, "LONGEST_UNCUT", 64)
    chunks = ["東京。大阪".encode()] * 20
    found = list(blocks(chunks, "test"))
    assert b"".join(found) == b"".join(chunks)
    assert len(found) == 5
    assert all(block.decode().endswith("。") for block in found[:-1])


@pytest.mark.parametrize("word", [b"a", "é'".encode(), b"\xff\xfe"])
def test_an_endless_word_is_refused(monkeypatch, word):
    monkeypatch.setattr(module, "LONGEST_UNCUT", 1 << 16)
    with pytest.raises(InputError, match="a single word of more than"):
        list(blocks([word * 1000] * 200, "test"))
