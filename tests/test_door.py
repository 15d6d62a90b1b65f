"""The door: which engine answers, and what it refuses."""

import json

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, Known, NoAnswerError, Recursion, solve
from modelcollapse.laws import Answer, Law
from modelcollapse.statistics import Ancestors, ForgettingTime, Survival, Vocabulary, VocabularyTime

COIN = Recursion(Categorical(), Known([0.25, 0.75]), 8)


def test_auto_takes_the_law_and_says_so():
    result = solve(COIN, Survival(), 3)["survival"]
    assert result.kind == "exact"
    assert result.source == "ancestry"
    assert "ancestry" in result.provenance.reason


def test_auto_simulates_where_no_law_covers():
    result = solve(COIN, Survival(), 3, laws=[], replicates=200, rng=1)["survival"]
    assert result.kind == "estimate"
    assert result.low is not None
    with pytest.raises(NoAnswerError, match="method='simulate'"):
        solve(COIN, Survival(), 3, method="exact", laws=[])


def test_laws_are_asked_in_order():
    class First(Law):
        name = "first"
        statement = "nothing"
        references = ()

        def answer(self, recursion, statistic, generations):
            return Answer(np.zeros(3), 0.0) if isinstance(statistic, Vocabulary) else None

    both = solve(COIN, [Vocabulary(), Survival()], 3, laws=[First(), *__import__("modelcollapse.laws").laws.LAWS])
    assert both["vocabulary"].source == "first"
    assert both["survival"].source == "ancestry"


def test_bounds_come_with_sides_and_references():
    results = solve(COIN, Survival(), 3, method="bounds")
    assert {r.kind for r in results.of("survival")} == {"lower", "upper"}
    with pytest.raises(InputError, match="of\\('survival'\\)"):
        _ = results["survival"]
    with pytest.raises(KeyError):
        _ = results["vocabulary"]


def test_results_are_a_mapping():
    results = solve(COIN, [Survival(), Vocabulary()], 3)
    assert list(results) == ["survival", "vocabulary"]
    assert len(results) == 2
    assert "survival" in results
    assert "Results(" in repr(results)
    assert str(results).count("exact") == 2


def test_generations_may_be_listed_or_left_out():
    listed = solve(COIN, Survival(), [2, 5])["survival"]
    counted = solve(COIN, Survival(), 5)["survival"]
    np.testing.assert_allclose(listed.value, counted.value[[1, 4]], rtol=1e-13)
    assert solve(COIN, ForgettingTime(), [])["forgetting_time"].value.shape == (3, 2)
    with pytest.raises(InputError, match="generations"):
        solve(COIN, Survival(), [])


@pytest.mark.parametrize("generations", [0, -1, 2.5, "3", [0], [3, 2], [1, 1], [1.5], None, True, float("nan")])
def test_refused_generations(generations):
    with pytest.raises(InputError, match="`generations`"):
        solve(COIN, Survival(), generations)


@pytest.mark.parametrize("size", [0, -3, 1.5, "10", None, [], [5, 0], 10**13 + 1, float("nan"), float("inf")])
def test_refused_sample_size(size):
    with pytest.raises(InputError, match="`sample_size`"):
        Recursion(Categorical(), Known([0.5, 0.5]), size)


@pytest.mark.parametrize(
    "law", [[0.5, 0.6], [-0.1, 1.1], [float("nan"), 1.0], [], [[0.5, 0.5]], [float("inf")], ["a"], None]
)
def test_refused_law(law):
    with pytest.raises(InputError, match="`law`"):
        Known(law)


@pytest.mark.parametrize(
    "counts",
    [
        [-1, 2],
        [0.5, 1],
        [0, 0],
        [],
        [[1]],
        ["a"],
        [float("nan")],
        [float("inf"), 1],
        [2**63, 5],
        [9 * 10**18] * 2,
        [[1], [1, 2]],
    ],
)
def test_refused_counts(counts):
    with pytest.raises(InputError, match="`counts`"):
        Corpus(counts)


@pytest.mark.parametrize("symbols", [[2], [-1], [(0, 0)], [()], [], [0.5]])
def test_refused_symbols(symbols):
    with pytest.raises(InputError, match="`symbols`"):
        solve(COIN, Survival(symbols), 3)


@pytest.mark.parametrize("levels", [0.5, "0.5", None])
def test_levels_are_a_list(levels):
    with pytest.raises(InputError, match="`levels`"):
        ForgettingTime(levels=levels)


@pytest.mark.parametrize("level", [0, 1, -1, float("nan"), "x"])
def test_refused_levels(level):
    with pytest.raises(InputError, match="`levels`"):
        ForgettingTime(levels=[level])


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_refused_share(share):
    with pytest.raises(InputError, match="`share`"):
        VocabularyTime(share)


def test_refused_objects():
    with pytest.raises(InputError, match="`statistics`"):
        solve(COIN, ["survival"], 3)
    for wrong in (Survival, "survival", None, 5):
        with pytest.raises(InputError, match="`statistics`"):
            solve(COIN, wrong, 3)
    with pytest.raises(InputError, match="`recursion`"):
        solve("coin", Survival(), 3)
    for wrong in (None, np.array(3.0), "3"):
        with pytest.raises(InputError, match="`generations`"):
            solve(COIN, ForgettingTime(), wrong)
    with pytest.raises(InputError, match="`method`"):
        solve(COIN, Survival(), 3, method="guess")
    with pytest.raises(InputError, match="`family`"):
        Recursion("categorical", Known([1.0]), 3)
    with pytest.raises(InputError, match="`rng`"):
        solve(COIN, Survival(), 3, method="simulate", rng=-1)


def test_schedule_ends():
    recursion = Recursion(Categorical(), Known([0.5, 0.5]), [4, 5])
    with pytest.raises(InputError, match="one size per generation"):
        solve(recursion, Survival(), 3)


def test_ancestor_table_is_limited():
    with pytest.raises(InputError, match="10,000"):
        solve(Recursion(Categorical(), Known([1.0]), 10_001), Ancestors(), 2)


def test_a_table_that_would_not_fit_is_refused_beforehand():
    recursion = Recursion(Categorical(), Corpus(np.arange(1, 30_001)), 1000)
    with pytest.raises(InputError, match="fewer"):
        solve(recursion, Survival(), 10_000)


def test_result_converts():
    result = solve(COIN, Survival(), [1, 2])["survival"]
    frame = result.to_dataframe()
    assert list(frame.columns) == ["generation", "symbol", "value"]
    assert frame.value.tolist() == result.value.ravel().tolist()
    dataset = result.to_xarray()
    assert dataset["value"].dims == ("generation", "symbol")
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert plain["value"] == result.value.tolist()
    assert plain["provenance"]["recursion"]["sample_size"] == 8
    one = solve(COIN, VocabularyTime(0.5), [])["vocabulary_time"]
    assert one.to_dataframe().value.tolist() == [float(one.value)]
    assert str(one)


def test_never_is_null_in_plain_values():
    result = solve(COIN, ForgettingTime([0], levels=[0.9]), [])["forgetting_time"]
    assert np.isinf(result.value).all()
    assert result.to_dict()["value"] == [[None]]


def test_long_tables_are_cut_for_the_eye():
    text = str(solve(COIN, Vocabulary(), 1000)["vocabulary"])
    assert len(text.splitlines()) <= 22
    assert text.splitlines()[-1].split()[0] == "1000"
