"""The user's own tokenizers."""

import sys

import pytest

from modelcollapse.corpus import read_corpus
from modelcollapse.errors import InputError
from tests.corpus.writing import as_dict


@pytest.fixture
def text(tmp_path):
    file = tmp_path / "x.txt"
    file.write_text("To be, or\nnot To be.\n\n")
    return file


def test_a_callable(text):
    assert as_dict(read_corpus(text, tokenizer=str.split)) == {"To": 2, "be,": 1, "be.": 1, "not": 1, "or": 1}
    assert as_dict(read_corpus(text, tokenizer=lambda line: iter(line.split()), ngram=2)) == {
        "To be,": 1,
        "To be.": 1,
        "be, or": 1,
        "not To": 1,
    }


@pytest.mark.parametrize("tokenizer", [lambda _: "a string", lambda _: [1, 2], lambda _: None])
def test_a_callable_that_returns_no_words(text, tokenizer):
    with pytest.raises(InputError, match="`tokenizer` must return an iterable of str for each line"):
        read_corpus(text, tokenizer=tokenizer)


def test_an_error_of_the_user_stays_as_it_is(text):
    def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read_corpus(text, tokenizer=broken)


def test_a_tokenizer_file(text, tmp_path):
    tokenizers = pytest.importorskip("tokenizers")
    vocabulary = {"[UNK]": 0, "To": 1, "be": 2, "or": 3}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(1)
    file = tmp_path / "tokenizer.json"
    tokenizer.save(str(file))
    assert as_dict(read_corpus(text, tokenizer=file)) == {"[UNK]": 3, "To": 2, "be": 2, "or": 1}
    assert as_dict(read_corpus(text, tokenizer=str(file), ngram=2))["To be"] == 2


def test_what_is_no_tokenizer_file(text, tmp_path):
    pytest.importorskip("tokenizers")
    with pytest.raises(InputError, match=r"no such file; give a tokenizer.json"):
        read_corpus(text, tokenizer=tmp_path / "nowhere.json")
    with pytest.raises(InputError, match=r"is no tokenizer.json"):
        read_corpus(text, tokenizer=text)


def test_the_missing_package_is_named(text, monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(InputError, match=r"pip install 'modelcollapse\[tokenizers\]'"):
        read_corpus(text, tokenizer="tokenizer.json")
