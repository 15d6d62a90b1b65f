"""The forecast: consistent with the door, the paper's bracket, simulation, and its own contract."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelcollapse import Categorical, Corpus, CountTable, InputError, Recursion, embedded, forecast, solve
from modelcollapse.forecasting import LEVELS
from modelcollapse.statistics import ForgettingTime, Survival, Vocabulary

SMALL = CountTable.from_counts(["a", "b", "c", "d", "e", "f"], [1, 1, 1, 5, 12, 80], name="a small corpus")


def test_curve_is_the_doors():
    result = forecast(SMALL, 10)
    vocabulary = solve(Recursion(Categorical(), Corpus(SMALL.counts), 100), Vocabulary(), 10)["vocabulary"]
    np.testing.assert_array_equal(result.mean, vocabulary.value)
    np.testing.assert_array_equal(result.sd, vocabulary.sd)
    assert result.generation.tolist() == list(range(1, 11))
    np.testing.assert_allclose(((result.high - result.mean) / result.sd)[1:], 1.6448536, rtol=1e-6)
    assert result.high[0] == 6  # never more than all


def test_words_are_the_doors():
    result = forecast(SMALL, 10, words=["d", "f"], top=3)
    recursion = Recursion(Categorical(), Corpus(SMALL.counts), 100)
    times = solve(recursion, ForgettingTime(levels=LEVELS), [])["forgetting_time"].value
    alive = solve(recursion, Survival(), [10])["survival"].value[0]
    for word in (*result.listed, *result.words):
        place = SMALL.words.index(word.word)
        assert [word.early, word.median, word.late] == times[:, place].tolist()
        assert word.survival == pytest.approx(alive[place], rel=1e-12)
        assert word.count == SMALL.counts[place]
    assert [word.word for word in result.words] == ["a", "b", "c"]
    assert [word.word for word in result.listed] == ["d", "f"]


def test_group_is_forgotten_with_its_last_word():
    result = forecast(SMALL, 10, words={"rare": ["a", "b", "A", "zebra"], "d": ["d"]})
    rare, single = result.listed
    assert (rare.word, rare.count, rare.members) == ("rare", 2, ("a", "b"))
    assert (single.word, single.members) == ("d", ())
    assert result.missing == ("zebra",)
    merged = CountTable.from_counts(["ab", "c", "d", "e", "f"], [2, 1, 5, 12, 80])
    assert rare.median == forecast(merged, 10, words=["ab"]).listed[0].median


def test_sample_size_scales_the_count():
    """n p matters: twice the corpus drawn, twice the median."""
    table = CountTable.from_counts(["x", "y"], [100, 10**6])
    single, double = (
        forecast(table, 5, sample_size=n, words=["x"]).listed[0] for n in (table.tokens, 2 * table.tokens)
    )
    assert double.median == pytest.approx(2 * single.median, rel=0.01)
    assert forecast(table, 5, sample_size=2 * table.tokens).by_count.thumb[0] == pytest.approx(2 * 288.5, rel=1e-3)


def test_embedded_corpus_within_the_papers_bracket_and_simulated():
    """Corollary 1 brackets the mean; 40 simulated runs of the whole Bible agree with mean and deviation."""
    result = forecast(embedded(), 10)
    recursion = Recursion(Categorical(), Corpus(embedded().counts), embedded().tokens)
    bounds = solve(recursion, Vocabulary(), 10, method="bounds").of("vocabulary")
    lower, upper = (bound.value for bound in bounds if bound.source == "suresh_2024.corollary_1")
    assert np.all(lower <= result.mean)
    assert np.all(result.mean <= upper)
    simulated = solve(recursion, Vocabulary(), 10, method="simulate", replicates=40, rng=1)["vocabulary"]
    z = (simulated.value - result.mean) / (result.sd / np.sqrt(40))
    assert np.abs(z).max() < 5.4  # false-alarm rate 1e-6 over 10 comparisons
    assert np.all(np.abs(simulated.sd / result.sd - 1) < 0.55)  # sd of a sd of 40: 11 %


def test_half_gone_is_where_the_mean_crosses():
    result = forecast(embedded(), 50)
    half = embedded().types / 2
    k = int(result.half_gone)
    assert result.mean[k - 1] <= half < result.mean[k - 2]


def test_long_horizons_are_spaced_logarithmically():
    result = forecast(SMALL, 10**9)
    assert result.generation[-1] == 10**9
    assert result.generation[:1000].tolist() == list(range(1, 1001))
    assert len(result.generation) < 1400
    assert result.mean[-1] == pytest.approx(1.0)
    assert result.sd[-1] == pytest.approx(0.0, abs=1e-6)


def test_enormous_tables():
    """10^13 tokens, many distinct counts: exact and finite."""
    counts = np.unique(np.geomspace(1, 2e11, 3000).astype(np.int64))[::-1]
    table = CountTable([f"w{i}" for i in range(len(counts))], counts, "large")
    assert table.tokens > 10**13 * 0.9
    result = forecast(table, 100, sample_size=10**13)
    assert np.isfinite(result.mean).all()
    assert np.all(np.diff(result.mean) <= 0)
    finite = np.isfinite(result.by_count.forgotten[1])
    assert np.all(np.diff(result.by_count.forgotten[1][finite]) >= 0)


def test_plain_values():
    result = forecast(SMALL, 3, words={"rare": ["a", "b"], "f": ["f"]}, top=1)
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert plain["schema_version"] == 1
    assert plain["corpus"]["tokens"] == 100
    assert plain["generation"] == [1, 2, 3]
    assert len(plain["vocabulary"]["mean"]) == 3
    rare, f, first = plain["words"]
    assert rare["members"] == ["a", "b"]
    assert f["late_forgotten"] is None
    assert {"word", "count", "median_forgotten", "survival"} <= set(first)
    assert plain["provenance"]["source"] == "ancestry"


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("generations", 0),
        ("generations", 1.5),
        ("generations", 10**12 + 1),
        ("sample_size", 0),
        ("sample_size", -1),
        ("top", -1),
    ],
)
def test_refused(argument, value):
    with pytest.raises(InputError, match=f"`{argument}`"):
        forecast(SMALL, **{"generations": 3, argument: value})


@pytest.mark.parametrize("words", ["abc", {"g": "the"}, 5, [1], [[1]], {"g": [1]}, {1: ["a"]}, None])
def test_refused_words(words):
    with pytest.raises(InputError, match="`words`"):
        forecast(SMALL, 3, words=words)


def test_a_group_of_one_is_a_group():
    listed = forecast(SMALL, 3, words={"A": ["a"], "b": ["b"]}).listed
    assert [word.members for word in listed] == [("a",), ()]


def test_corpus_beyond_the_largest_sample_size_names_the_remedy():
    table = CountTable(["a"], np.array([2 * 10**13]), "vast")
    with pytest.raises(InputError, match="--sample-size"):
        forecast(table, 3)
    assert forecast(table, 3, sample_size=10**13).mean[0] == pytest.approx(1)


@settings(max_examples=25)
@given(
    counts=st.lists(st.integers(1, 10**6), min_size=1, max_size=30),
    generations=st.integers(1, 30),
    share=st.floats(0.01, 20),
)
def test_what_holds_for_every_table(counts, generations, share):
    table = CountTable.from_counts([f"w{i}" for i in range(len(counts))], counts)
    size = max(1, int(share * table.tokens))
    result = forecast(table, generations, sample_size=size, top=5)
    assert np.all((result.mean >= 1 - 1e-9) & (result.mean <= table.types + 1e-9))
    assert np.all((result.low <= result.mean + 1e-9) & (result.mean <= result.high + 1e-9))
    assert np.all(np.diff(result.by_count.survival) >= -1e-12)
    assert len(result.words) == min(5, table.types)
    assert result.by_count.words.sum() == table.types
