"""The readable summary: aligned, complete, safe against odd words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse import CountTable, forecast
from modelcollapse.report.text import forecast_text
from modelcollapse.report.wording import percent, shorten, table_lines, width

SMALL = CountTable.from_counts(["a", "b", "c", "d"], [1, 1, 5, 80], name="a small corpus")


def test_says_what_matters():
    text = forecast_text(forecast(SMALL, 10, words={"pair": ["a", "b"], "x": ["quux"]}, top=2))
    for piece in ("87 tokens", "4 different words", "seen once (50 %)", "generation", "pair (2 words)"):
        assert piece in text
    assert "not in the corpus: quux" in text
    assert "exact law 'ancestry'" in text
    assert "Good and Turing" in text


def test_other_sample_size_is_said():
    text = forecast_text(forecast(SMALL, 10, sample_size=870))
    assert "learns from 870 tokens" in text
    assert "x 10 (sample size / corpus)" in text


def test_never_and_single_word():
    text = forecast_text(forecast(CountTable.from_counts(["one"], [3]), 2))
    assert "never" in text
    assert "Half of the vocabulary is never expected to be gone." in text


@given(st.floats(0, 1))
def test_percent_never_rounds_to_certainty(share):
    shown = percent(share)
    assert (shown == "0 %") == (share == 0)
    assert (shown == "100 %") == (share == 1)


@given(st.text(max_size=60))
def test_any_word_fits_a_table(word):
    shown = shorten(word)
    assert len(shown) <= 24
    assert shown.isprintable()


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("戦場", 4), ("e\u0301", 1), ("", 0)])
def test_width(text, columns):
    assert width(text) == columns


def test_columns_align():
    lines = table_lines(("n", "word"), [("1", "戦場"), ("1000", "cat")], left=1)
    assert lines == ["     n  word", "     1  戦場", "  1000  cat"]
