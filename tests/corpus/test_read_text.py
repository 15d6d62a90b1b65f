"""Running text: the words of `read_corpus`, in the order of the file, line by line."""

import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.corpus import counters, read_corpus, read_text, stream
from modelcollapse.errors import InputError, InputWarning
from tests.corpus.writing import COMPRESSIONS, as_dict

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=8)


def sentences_of(text):
    """The sentences as lists of words."""
    return [[text.vocabulary[i] for i in part] for part in np.split(text.words, text.ends)[:-1]]


def expected(lines):
    """The twin: the word rule on each line."""
    found = [re.findall(r"\w+", part.lower()) for line in lines for part in re.split("[\r\n]", line)]
    return [words for words in found if words]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("texts")


@given(lines=LINES, compression=st.sampled_from(list(COMPRESSIONS)))
def test_every_format_gives_the_same_sentences(folder, lines, compression):
    lines = ["A word", *lines, "A last"]
    text, records, table = folder / "a.txt", folder / "a.jsonl", folder / "a.parquet"
    text.write_bytes(COMPRESSIONS[compression]("\n".join(lines).encode()))
    records.write_text("\n".join(json.dumps({"text": line}) for line in lines))
    pq.write_table(pa.table({"text": lines}), table)
    for file in (text, records, table):
        assert sentences_of(read_text(file)) == expected(lines)
    found = read_text(text)
    assert dict(zip(found.vocabulary, found.counts.tolist(), strict=True)) == as_dict(read_corpus(text))


def test_several_files_and_small_blocks(folder, monkeypatch):
    """A line goes on over blocks, not over files; what is too long for a line is no end of one."""
    lines = ["one two three four five six"] * 40
    (folder / "b.txt").write_text("\n".join(lines))
    (folder / "c.txt").write_text("seven")
    monkeypatch.setattr(counters, "LONGEST_LINE", 20)
    monkeypatch.setattr(stream, "CHUNK", 7)
    found = read_text([folder / "b.txt", folder / "c.txt"])
    assert sentences_of(found) == expected([*lines, "seven"])
    assert found.name.endswith("and 1 more")


def test_a_tokenizer_makes_other_words(folder):
    (folder / "d.txt").write_text("to be\nor not")
    assert sentences_of(read_text(folder / "d.txt", tokenizer=list)) == [list("to be"), list("or not")]


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("counts.csv", b"word,count\na,3\n", "no running text"),
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n .. \n", "no words"),
        ("binary.txt", b"a\0b", "binary"),
    ],
)
def test_refused(folder, name, content, named):
    (folder / name).write_bytes(content)
    with pytest.raises(InputError, match=named):
        read_text(folder / name)
    with pytest.raises(InputError, match="nowhere"):
        read_text(folder / "nowhere.txt")


def test_what_is_passed_over_is_said(folder):
    (folder / "bad.txt").write_bytes(b"a b\xff\nc")
    with pytest.warns(InputWarning, match="undecodable"):
        assert read_text(folder / "bad.txt").tokens == 3
