"""Every format, every compression: what is read is what was written."""

import contextlib
import io
import json
import re
import warnings

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.corpus import jsonl, read_corpus
from modelcollapse.errors import InputError, InputWarning
from tests.corpus.writing import COMPRESSIONS, as_dict, words_of

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=8)
TEXT = "The cat.\r\nThe DOG;\n\nthe end"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reading")


@given(lines=LINES, compression=st.sampled_from(list(COMPRESSIONS)))
def test_text(folder, lines, compression):
    text = "word\n" + "\n".join(lines)
    file = folder / "text.anything"
    file.write_bytes(COMPRESSIONS[compression](text.encode()))
    assert as_dict(read_corpus(file)) == words_of(text)


@given(lines=LINES, compression=st.sampled_from(list(COMPRESSIONS)), ascii_only=st.booleans())
def test_jsonl(folder, lines, compression, ascii_only):
    records = [json.dumps({"id": 1, "text": line}, ensure_ascii=ascii_only) for line in ["word", *lines]]
    file = folder / "records.jsonl.gz"
    file.write_bytes(COMPRESSIONS[compression]("\n".join(records).encode()))
    assert as_dict(read_corpus(file)) == words_of("\n".join(["word", *lines]))


@given(lines=LINES)
def test_parquet(folder, lines):
    file = folder / "rows.anything"
    pq.write_table(pa.table({"text": ["word", *lines], "id": [0] * (len(lines) + 1)}), file)
    assert as_dict(read_corpus(file)) == words_of("\n".join(["word", *lines]))


@given(lines=LINES, ngram=st.integers(1, 5))
def test_ngrams_do_not_cross_line_ends(folder, lines, ngram):
    file = folder / "ngrams.txt"
    text = "a a a a a a\n" + "\n".join(lines)
    file.write_text(text, encoding="utf-8", newline="")
    expected = {}
    for line in text.replace("\r", "\n").split("\n"):
        words = re.findall(r"\w+", line.lower())
        for start in range(len(words) - ngram + 1):
            gram = " ".join(words[start : start + ngram])
            expected[gram] = expected.get(gram, 0) + 1
    assert as_dict(read_corpus(file, ngram=ngram)) == expected


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "cp1252", "shift_jis", "UTF8", "utf-8-sig"])
def test_encodings(tmp_path, encoding):
    file = tmp_path / "x.txt"
    file.write_text(TEXT, encoding=encoding, newline="")
    assert as_dict(read_corpus(file, encoding=encoding)) == words_of(TEXT)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    file = tmp_path / "x.txt"
    file.write_text(TEXT, encoding="utf-8-sig")
    assert as_dict(read_corpus(file, tokenizer=str.split))["The"] == 2


def test_jsonl_with_another_field(tmp_path):
    file = tmp_path / "x.ndjson"
    file.write_text('{"body": "a b"}\n\n{"body": "\\ud800 b \\u0000"}\n')
    assert as_dict(read_corpus(file, text_field="body")) == {"b": 2, "a": 1}


def test_jsonl_lines_without_text_are_counted(tmp_path):
    file = tmp_path / "x.jsonl"
    deep = "[" * 100_000
    file.write_text(f'{{"text": "a"}}\n[1]\nnonsense\n{deep}\n{{"text": 5}}\n{{"body": "b"}}\n')
    with pytest.warns(InputWarning) as caught:
        table = read_corpus(file)
    assert as_dict(table) == {"a": 1}
    assert table.skipped == {"lines that are no JSON object": 3, "lines without the field": 2}
    assert len(caught) == 2


def test_a_wrong_field_is_told_which_there_are(tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text('{"content": "a", "id": 1}\n')
    with pytest.raises(InputError, match="field 'text'; the first object has 'content', 'id'"):
        read_corpus(file)


def test_a_jsonl_line_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "LONGEST_RECORD", 1 << 20)
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "' + "a " * (1 << 21) + '"}')
    with pytest.raises(InputError, match="longer than a JSON record"):
        read_corpus(file)


def test_parquet_columns(tmp_path):
    file = tmp_path / "x.parquet"
    column = pa.array(["a b", None, "a"]).dictionary_encode()
    pq.write_table(pa.table({"texts": column, "n": [1, 2, 3]}), file)
    with pytest.warns(InputWarning, match=r"rows without text \(1\)"):
        assert as_dict(read_corpus(file, text_field="texts")) == {"a": 2, "b": 1}
    with pytest.raises(InputError, match=r"no column 'text'; its columns are texts, n; did you mean 'texts'\?"):
        read_corpus(file)
    with pytest.raises(InputError, match="'n' holds int64, not text"):
        read_corpus(file, text_field="n")


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1 is how Parquet begins", b"PAR1" + bytes(64) + b"PAR1"])
def test_damaged_parquet_is_refused(tmp_path, content):
    file = tmp_path / "x.parquet"
    file.write_bytes(content)
    with pytest.raises(InputError, match="damaged or unknown Parquet"):
        read_corpus(file)


@given(data=st.binary(min_size=1, max_size=200), suffix=st.sampled_from(["txt", "jsonl", "csv", "tsv", "parquet"]))
def test_any_bytes_give_a_table_or_a_refusal(folder, data, suffix):
    file = folder / f"any.{suffix}"
    file.write_bytes(data)
    _table_or_refusal(file)


@given(st.data())
def test_any_damage_to_parquet_gives_a_table_or_a_refusal(folder, data):
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["some words", "and more"] * 5}), sink)
    stored = bytearray(sink.getvalue())
    stored[data.draw(st.integers(4, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    file = folder / "damaged.parquet"
    file.write_bytes(stored)
    _table_or_refusal(file)


def _table_or_refusal(file):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        with contextlib.suppress(InputError):
            assert read_corpus(file).tokens > 0
