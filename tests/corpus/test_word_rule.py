"""Both counters against Python's own rule, on all of Unicode and wherever text may be cut.

``reference`` is the rule as the documentation states it, applied to the whole text.
"""

import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelcollapse.corpus.blocks import blocks
from modelcollapse.corpus.counters import LargeTextCounter, LineCounter, WordCounter, split_words
from modelcollapse.corpus.kernel.code_points import code_point_tables

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
# Letters with a mind of their own, what is looked through behind and before them, and plain text.
AWKWARD = st.sampled_from("ΣσςİıIiKÅẞßǅΑα'.:^`·’\u00ad\u0301\u200d\u0345 \n\r\t,;-_09az東京。😀𝔸𐐀Ⱥ")
TEXTS = st.text(st.one_of(AWKWARD, st.characters(exclude_categories=["Cs"], exclude_characters="\0")))


def reference(text):
    return dict(Counter(re.findall(r"\w+", text.lower())))


def counted(counter, data, chunk):
    chunks = (data[start : start + chunk] for start in range(0, len(data), chunk))
    for block in blocks(chunks, "test"):
        counter.add(block)
    counter.end_of_text()
    return counter.counts()


@pytest.fixture(scope="module")
def kernel_counter():
    from modelcollapse.corpus.kernel.start import kernel_counter

    return kernel_counter


@pytest.fixture(scope="module", params=["plain", "lines", "kernel"])
def make_counter(request):
    if request.param == "kernel":
        return request.getfixturevalue("kernel_counter")
    return {"plain": WordCounter, "lines": lambda: LineCounter(split_words, 1)}[request.param]


@given(text=TEXTS, chunk=st.integers(1, 40))
@example("Σ" * 3 + "'" * 50 + "α", 7)
@example("İstanbul İİ", 3)
def test_words_do_not_depend_on_where_text_is_cut(make_counter, text, chunk):
    counter = make_counter()
    assert counted(counter, text.encode(), chunk) == reference(text)
    assert counter.undecodable == 0


@given(data=st.binary(max_size=60) | st.lists(TEXTS.map(str.encode) | st.binary(max_size=3)).map(b"".join))
@example(b"a\xe1\x80b\xff\xc0\x80 \xed\xa0\x80x \xf4\x90\x80\x80 \xf0\x9f\x98")
@example("ΑΣ".encode() + b"\xffa " + b"\xff" + "Σ".encode())
def test_broken_utf8_separates_words_and_is_counted(make_counter, data):
    counter = make_counter()
    assert counted(counter, data, 16) == reference(data.decode("utf-8", "replace"))
    broken = len(re.findall("[\ud800-\udfff]", data.decode("utf-8", "surrogateescape")))
    assert counter.undecodable == broken


@pytest.mark.parametrize("pattern", ["{} x{}y ", "A{}Σ {}Σ ", "AΣ{}b AΣ{} ", "AΣ{}'b A.{}.Σ "])
def test_every_code_point(kernel_counter, pattern):
    text = "".join(pattern.replace("{}", character) for character in ALL)
    assert counted(kernel_counter(), text.encode(), 1 << 20) == reference(text)


@pytest.mark.parametrize("shift", range(0, 18, 9))
def test_words_of_every_length_on_the_borders_of_blocks(make_counter, shift):
    words = ["é" * (length % 50) + "b" * (length * 7 % 40) for length in range(1, 4000)]
    text = "." * shift + " ".join(words)
    assert counted(make_counter(), text.encode(), 1 << 16) == reference(text)


@pytest.mark.parametrize("letter", ["a", "é", "Σ", "Ⱥ", "東"])
def test_a_word_longer_than_any_block(make_counter, letter):
    text = f"short {letter * 100_000} short {letter * 100_001}"
    assert counted(make_counter(), text.encode(), 1 << 15) == reference(text)


def test_many_long_words_with_equal_beginnings(kernel_counter):
    text = " ".join(f"{'w' * 20}{number:06}{'é' * (number % 3)}" for number in range(50_000))
    assert counted(kernel_counter(), text.encode(), 1 << 20) == reference(text)


@settings(max_examples=25)
@given(st.lists(TEXTS, max_size=8))
def test_the_kernel_takes_over_without_a_trace(monkeypatch_large, texts):
    counter = LargeTextCounter()
    for text in texts:
        counter.add(f"{text}\n".encode())
    assert counter.counts() == reference("\n".join(texts))


@pytest.fixture(scope="module")
def monkeypatch_large(kernel_counter):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("modelcollapse.corpus.counters.KERNEL_PAYS_FROM", 20)
        yield


def test_only_one_code_point_has_a_longer_lower_case():
    """The kernel knows one; should Python learn another, this test says so."""
    assert [c for c in ALL if len(c.lower()) > 1] == ["İ"]
    assert not code_point_tables()[1][ord("\0")]
