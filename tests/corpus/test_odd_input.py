"""Odd text and odd arguments: each decided once."""

import gzip

import pytest

from modelcollapse.corpus import counters, read_corpus
from modelcollapse.errors import InputError, InputWarning
from tests.corpus.writing import COMPRESSIONS, as_dict


def write(tmp_path, data, name="x.txt"):
    file = tmp_path / name
    file.write_bytes(data)
    return file


def test_empty_lines_and_crlf(tmp_path):
    assert as_dict(read_corpus(write(tmp_path, b"\n\r\n\na\r\n\r\nb\n"))) == {"a": 1, "b": 1}


def test_a_long_line_without_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(counters, "LONGEST_LINE", 1000)
    file = write(tmp_path, b"to be, or " * 300_000)
    assert as_dict(read_corpus(file)) == {"be": 300_000, "or": 300_000, "to": 300_000}
    pairs = as_dict(read_corpus(file, ngram=2))
    assert pairs == {"be or": 300_000, "to be": 300_000, "or to": 299_999}


def test_a_tokenizer_gets_long_lines_in_pieces_that_do_not_depend_on_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(counters, "LONGEST_LINE", 1000)
    line = "word, " * 400_000
    pieces = []
    read_corpus(write(tmp_path, line.encode()), tokenizer=lambda text: pieces.append(text) or ["x"], n_jobs=1)
    assert "".join(pieces) == line
    assert {len(piece) for piece in pieces[:-1]} == {996}  # the last full word within 1000


def test_broken_utf8_is_replaced_with_a_warning(tmp_path):
    file = write(tmp_path, b"caf\xe9 caf\xe9s")
    with pytest.warns(InputWarning, match=r"undecodable bytes \(2\); if the text is not UTF-8, name its encoding"):
        table = read_corpus(file)
    assert as_dict(table) == {"caf": 2, "s": 1}
    assert table.skipped == {"undecodable bytes": 2}
    assert as_dict(read_corpus(file, encoding="latin-1")) == {"café": 1, "cafés": 1}


def test_what_another_encoding_cannot_decode(tmp_path):
    with pytest.warns(InputWarning, match=r"undecodable characters \(1\)"):
        assert as_dict(read_corpus(write(tmp_path, b"a \xe9 b"), encoding="ascii")) == {"a": 1, "b": 1}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_no_content_is_refused(tmp_path, compression):
    with pytest.raises(InputError, match="the file is empty"):
        read_corpus(write(tmp_path, COMPRESSIONS[compression](b"")))


@pytest.mark.parametrize("name", ["x.txt", "x.jsonl", "x.csv"])
def test_no_words_are_refused(tmp_path, name):
    with pytest.raises(InputError, match="no words"):
        read_corpus(write(tmp_path, b"\n\n", name))


@pytest.mark.parametrize("name", ["x.txt", "x.jsonl", "x.csv", "x.tsv.gz"])
def test_binary_files_are_refused(tmp_path, name):
    with pytest.raises(InputError, match=f"{name}: a binary file"):
        read_corpus(write(tmp_path, b"\x7fELF\x00\x01words", name))


def test_utf16_is_recognised(tmp_path):
    with pytest.raises(InputError, match="looks like UTF-16"):
        read_corpus(write(tmp_path, "words".encode("utf-16")))


def test_a_truncated_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="truncated"):
        read_corpus(write(tmp_path, gzip.compress(b"some words")[:-3]))


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("ngram", 0),
        ("ngram", 6),
        ("ngram", 1.5),
        ("ngram", True),
        ("input_format", "pdf"),
        ("encoding", "klingon"),
        ("encoding", "rot13"),
        ("encoding", "base64"),
        ("text_field", ""),
        ("tokenizer", 3),
        ("n_jobs", 0),
        ("n_jobs", 1.5),
    ],
)
def test_arguments_outside_of_what_is_allowed(tmp_path, argument, value):
    with pytest.raises(InputError, match=f"`{argument}` must .*received {value!r}|`tokenizer` must be"):
        read_corpus(write(tmp_path, b"words"), **{argument: value})
