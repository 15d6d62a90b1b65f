"""Count tables as files: the fast reader, the strict reader, and what both refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.corpus import count_file, read_corpus
from modelcollapse.corpus.count_file import counts_of_file
from modelcollapse.corpus.tally import Tally
from modelcollapse.errors import InputError, InputWarning
from tests.corpus.writing import as_dict

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r\0"), min_size=1)
CELLS = st.text('01 ,\t\n\r"+-.eN', max_size=12) | st.integers(-3, 2**64).map(str) | WORDS


def read(content, name="x.csv"):
    return counts_of_file(content, name, name, Tally())


@given(st.lists(st.tuples(WORDS, st.integers(1, 10**13)), min_size=1), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_tabs_take_every_word_as_it_is(rows, header, line_end):
    lines = ["word\tcount"] * header + [f"{word}\t{count}" for word, count in rows]
    expected = {}
    for word, count in rows:
        expected[word] = expected.get(word, 0) + count
    assert read(line_end.join([*lines, ""]), "x.tsv") == expected


@given(st.lists(st.tuples(WORDS, st.integers(1, 10**13)), min_size=1))
def test_commas_take_quoted_words(rows):
    quoted = ['"{}",{}'.format(word.replace('"', '""'), count) for word, count in rows]
    expected = {}
    for word, count in rows:
        expected[word] = expected.get(word, 0) + count
    assert read("\n".join(quoted)) == expected


@given(st.lists(st.tuples(CELLS, CELLS).map(",".join) | CELLS).map("\n".join), st.sampled_from(["x.csv", "x.tsv", "x"]))
def test_both_readers_agree_on_any_content(content, name):
    def outcome(fast):
        tally = Tally()
        with pytest.MonkeyPatch.context() as patch:
            if not fast:
                patch.setattr(count_file, "_read_fast", lambda *_: None)
            try:
                return counts_of_file(content, name, "x", tally), tally.skipped
            except InputError as error:
                return str(error)

    assert outcome(fast=True) == outcome(fast=False)


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        ("-1", "whole number of 0 or more"),
        ("1.5", "whole number"),
        ("3.0", "whole number"),
        ("1e3", "whole number"),
        ("nan", "whole number"),
        ("inf", "whole number"),
        ("", "whole number"),
        ("many", "whole number"),
        ("٣", "whole number"),
        ("9223372036854775808", r"above 2\^63 - 1"),
        ("1" * 5000, r"above 2\^63 - 1"),
    ],
)
def test_what_is_no_count_is_refused_with_its_line(count, reason):
    with pytest.raises(InputError, match=f"x.csv, line 3: the count .*{reason}"):
        read(f"word,count\nthe,5\nof,{count}\nand,7\n")


def test_lines_are_counted_as_an_editor_does():
    with pytest.raises(InputError, match="line 5: the count"):
        read('the,5\r\n\r\n"of\nfoo",3\r\nand,x\r\n')


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("the,5\nof\n", "line 2: 1 column; a count table has two, word and count, separated by a comma"),
        ("the,5,6\n", "line 1: 3 columns"),
        ("the;5\n", "line 1: 1 column"),
        ("the,5\n,6\n", "line 2: there is no word before the count '6'"),
        ('the,5\n"of,6\n', "line 2: .*quotation"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(content, reason):
    with pytest.raises(InputError, match=reason):
        read(content)


def test_zero_counts_are_passed_over_with_a_warning(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("a,0\nb,2\nc,0\nb,0\n")
    with pytest.warns(InputWarning, match=r"words with a count of zero \(3\)"):
        table = read_corpus(file)
    assert as_dict(table) == {"b": 2}
    assert table.skipped == {"words with a count of zero": 3}


def test_sums_beyond_64_bits_are_refused(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(f"a,{2**62}\na,{2**62}\n")
    with pytest.raises(InputError, match="'a' add up to 9223372036854775808"):
        read_corpus(file)


def test_words_stay_as_they_are_and_large_counts_exact(tmp_path):
    file = tmp_path / "x.tsv"
    file.write_text("The End\t10000000000001\n" + '"\t3\n')
    assert as_dict(read_corpus(file)) == {"The End": 10**13 + 1, '"': 3}


def test_a_format_by_request_finds_its_separator(tmp_path):
    file = tmp_path / "counts"
    file.write_text("a\t1\nb\t2\n")
    assert as_dict(read_corpus(file, input_format="counts")) == {"b": 2, "a": 1}
    file.write_text("a,1\nb,2\n")
    assert as_dict(read_corpus(file, input_format="counts")) == {"b": 2, "a": 1}
