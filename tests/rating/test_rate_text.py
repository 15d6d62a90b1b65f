"""The rate of a language model: against solving by hand, and what it says where nothing can be said."""

import json

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, Known, Recursion, solve
from modelcollapse.families import NGram
from modelcollapse.rating.text import rate_text
from modelcollapse.report.text_rate_chart import LAW, PACE, SIMULATED, THUMB, pace_rows, vocabulary_rows
from modelcollapse.report.text_rate_text import text_rate_columns, text_rate_text
from modelcollapse.statistics import Survival, SurvivalByCount, Vocabulary
from modelcollapse.text_corpus import TextCorpus
from modelcollapse.workflows import FreshMix


def text_of(rng, words=3000, symbols=400):
    """Words drawn one by one by a law with many rare ones, in sentences of 10."""
    law = 1 / np.arange(1, symbols + 1)
    return TextCorpus(rng.choice(symbols, size=words, p=law / law.sum()), np.arange(10, words + 1, 10))


TEXT = text_of(np.random.default_rng(1))


def test_survival_by_count_is_the_mean_of_survivals():
    """Two routes: the shares of ranges, and the chances of single words averaged by hand."""
    recursion = Recursion(NGram(1), TEXT, 500)
    asked = [SurvivalByCount([1, 2, 5]), Survival()]
    found = solve(recursion, asked, [1, 4], method="simulate", replicates=300, rng=1)
    for column, (low, high) in enumerate([(1, 1), (2, 4), (5, 10**9)]):
        members = (TEXT.counts >= low) & (TEXT.counts <= high)
        expected = found["survival"].value[:, members].mean(axis=1)
        np.testing.assert_allclose(found["survival_by_count"].value[:, column], expected, rtol=1e-12)


def test_survival_by_count_of_symbols_obeys_the_law():
    """Also where only survivors have a column; |z| < 5.5, and the law of another sample size is caught."""
    counts = np.repeat([1, 2, 3, 400], [40, 30, 20, 5])
    found, exact, other = (
        solve(Recursion(Categorical(), Corpus(counts), size), asked, [1, 3, 9], method=method, **effort)
        for size, asked, method, effort in (
            (2000, SurvivalByCount(), "simulate", {"replicates": 2000, "rng": 1}),
            (2000, Survival([0, 40, 70, 90]), "exact", {}),
            (1800, Survival([0, 40, 70, 90]), "exact", {}),
        )
    )
    shares = found["survival_by_count"]
    error = np.maximum(shares.sd / np.sqrt(2000), 1e-9)
    assert np.max(np.abs(shares.value - exact["survival"].value) / error) < 5.5
    assert np.max(np.abs(shares.value - other["survival"].value) / error) > 5.5


def test_a_unigram_model_keeps_the_pace_of_the_law():
    """Order 1 is the law: pace and power within what 60 runs can tell; half the sample, half the time."""
    whole = rate_text(Recursion(NGram(1), TEXT, TEXT.tokens), 8, replicates=60, rng=1)
    assert whole.per_count == pytest.approx(2.885, rel=0.03)
    assert whole.exponent == pytest.approx(1.0, abs=0.05)
    z = (whole.vocabulary.value - whole.unigram.value) / (whole.unigram.sd / np.sqrt(60))
    assert np.max(np.abs(z)) < 5.5
    half = rate_text(Recursion(NGram(1), TEXT, TEXT.tokens // 2), 8, replicates=60, rng=1)
    assert half.per_count == pytest.approx(2.885 / 2, rel=0.05)


def test_every_generation_is_asked_for_and_shown():
    rate = rate_text(Recursion(NGram(2), TEXT, 1000), [1, 2, 7], replicates=4, statistics=[Vocabulary()][:0], rng=1)
    data = rate.to_dict()
    json.dumps(data, allow_nan=False)
    assert data["generation"] == [1, 2, 7]
    assert data["exact"] is None
    assert len(data["unigram"]["mean"]) == len(data["simulated"]["mean"]) == 3
    assert {len(pace["left"]) for pace in data["by_count"]} == {3}
    columns = text_rate_columns(rate)
    assert {len(column) for column in columns.values()} == {3}
    assert {row["kind"] for row in vocabulary_rows(rate)} == {LAW, SIMULATED}
    assert {row["kind"] for row in pace_rows(rate)} == {THUMB, PACE}


def test_where_no_law_covers_the_workflow_nothing_is_compared():
    rate = rate_text(Recursion(NGram(2), TEXT, 300, FreshMix(0.1)), 3, replicates=3, rng=1)
    exact = rate.unigram
    if exact is None:
        assert "no exact law" in text_rate_text(rate)
    assert rate.per_count is None
    assert pace_rows(rate) == []
    json.dumps(rate.to_dict(), allow_nan=False)


def test_one_run_has_no_interval():
    rate = rate_text(Recursion(NGram(2), TEXT, 300), 3, replicates=1, rng=1)
    assert rate.to_dict()["simulated"]["low"] is None
    assert "no interval" in text_rate_text(rate)
    assert "95 %" not in text_rate_text(rate)


def test_sizes_may_vary():
    rate = rate_text(Recursion(NGram(2), TEXT, [300, 500, 200]), 3, replicates=3, rng=1)
    assert rate.per_count is None
    assert "200 to 500" in text_rate_text(rate)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: rate_text(Recursion(Categorical(), Known([0.5, 0.5]), 5), 3), "`recursion`"),
        (lambda: SurvivalByCount([2, 1]), "`least`"),
        (lambda: SurvivalByCount([]), "`least`"),
        (lambda: SurvivalByCount([0]), "`least`"),
        (lambda: SurvivalByCount([10**9]).coordinates(Recursion(NGram(2), TEXT, 5)), "`least`"),
        (lambda: SurvivalByCount().coordinates(Recursion(Categorical(), Known([1.0]), 5)), "start from"),
    ],
)
def test_refused(make, named):
    with pytest.raises(InputError, match=named):
        make()


def test_runs_that_agree_are_said_to_agree():
    """Five runs that give one number have no interval of no width; what they tell is said."""
    sure = TextCorpus(np.zeros(30, dtype=np.int64), np.array([10, 20, 30]))
    text = text_rate_text(rate_text(Recursion(NGram(1), sure, 30), 2, rng=1))
    assert "1.0     runs agree" in text
    assert "runs agree: all 5; with 95 % confidence, another run differs with a chance of at most 52.7 %" in text
    assert "runs agree" not in text_rate_text(rate_text(Recursion(NGram(1), sure, 30), 2, replicates=1, rng=1))


@pytest.mark.parametrize("runs", [2, 3, 5, 20])
def test_what_agreement_tells_is_true_95_times_in_100(runs):
    """The chance to agree on a value that a run misses more often than is said; with two runs more it is too much."""

    def chance(most_missing):
        worst = 0.0
        for values in (
            1,
            2,
            3,
            10,
        ):  # as many values, equally rare, as a run may take besides one; all missed too often
            for missed in np.linspace(most_missing + 1e-9, 1 - 1e-9, 400):
                rest = np.full(values, missed / values)
                law = np.append(1 - missed, rest)
                worst = max(worst, float((law[1 - law > most_missing] ** runs).sum()))
        return worst

    assert chance(1 - 0.05 ** (1 / (runs - 1))) <= 0.05
    assert chance(1 - 0.05 ** (1 / (runs + 1))) > 0.05
