"""The count table: order, sums, refusals."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.corpus import CountTable
from modelcollapse.errors import InputError

TABLES = st.dictionaries(st.text(max_size=3), st.integers(1, 10**13), min_size=1)


@given(TABLES)
def test_order_and_sums_are_those_of_python(counts):
    table = CountTable.from_counts(list(counts), list(counts.values()))
    rows = list(zip(table.words, table.counts.tolist(), strict=True))
    assert rows == sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    assert table.tokens == sum(counts.values())
    assert table.types == len(counts)
    assert table.singletons == list(counts.values()).count(1)
    assert table.unseen_mass == table.singletons / table.tokens


@given(TABLES)
def test_distinct_counts_add_up(counts):
    values, types = CountTable.from_counts(list(counts), list(counts.values())).distinct()
    assert dict(zip(values.tolist(), types.tolist(), strict=True)) == Counter(counts.values())
    assert values.dtype == types.dtype == np.int64
    assert np.all(np.diff(values) > 0)


def test_counts_cannot_be_changed():
    table = CountTable.from_counts(["a"], [1])
    with pytest.raises(ValueError, match="read-only"):
        table.counts[0] = 2
    with pytest.raises(TypeError):
        table.skipped["x"] = 1


def test_total_is_exact_up_to_the_limit():
    table = CountTable.from_counts(["a", "b"], [2**62, 2**62 - 1])
    assert table.tokens == 2**63 - 1
    with pytest.raises(InputError, match="add up to 9223372036854775808"):
        CountTable.from_counts(["a", "b"], [2**62, 2**62])


@pytest.mark.parametrize(
    "counts",
    [[0], [-1], [1.5], [float("nan")], [float("inf")], ["1"], [2**63], [2.0**63], [None], [True], [2**70], [[1]]],
)
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(InputError, match="counts"):
        CountTable.from_counts(["a"], counts)


def test_whole_floats_are_counts():
    assert CountTable.from_counts(["a"], [3.0]).counts.tolist() == [3]


def test_shape_and_order_are_checked():
    with pytest.raises(InputError, match="2 words and counts of shape"):
        CountTable(["a", "b"], np.array([1]))
    with pytest.raises(InputError, match="at least one word"):
        CountTable([], np.array([], np.int64))
    with pytest.raises(InputError, match="descending"):
        CountTable(["a", "b"], np.array([1, 2]))


def test_it_introduces_itself():
    table = CountTable.from_counts(["a", "b", "c", "d"], [4, 3, 2, 1], name="x.txt", skipped={"empty files": 2})
    assert str(table) == "x.txt: 10 tokens, 4 types, 1 singleton"
    assert repr(table) == (
        "<CountTable 'x.txt': tokens=10, types=4, {'a': 4, 'b': 3, 'c': 2, ...}, skipped={'empty files': 2}>"
    )


def test_ragged_counts_are_refused():
    with pytest.raises(InputError, match="whole numbers"):
        CountTable.from_counts(["a"], [[1], [1, 2]])
