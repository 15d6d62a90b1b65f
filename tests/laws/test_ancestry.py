"""Everything that follows from survival: vocabulary, times, total collapse, the ancestors themselves."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.laws.ancestry import _never_lost
from modelcollapse.laws.presence import surviving_pairs
from modelcollapse.statistics import (
    Ancestors,
    Diversity,
    ForgettingTime,
    LostMass,
    MeanForgettingTime,
    Survival,
    TotalCollapse,
    Vocabulary,
    VocabularyTime,
)
from tests.reference import ancestral_chain, dense_chain

GENERATIONS = [1, 2, 3, 7, 20]


@pytest.mark.parametrize("n", [1, 2, 4, 6])
@pytest.mark.parametrize("p", [(0.2, 0.3, 0.5), (0.05, 0.05, 0.9), (1 / 3, 1 / 3, 1 / 3)])
def test_three_symbols_against_enumeration(n, p):
    """Mean, variance and total collapse against the chain of all joint counts."""
    joint = dense_chain.joint_chain(n, p, GENERATIONS)
    recursion = Recursion(Categorical(), Known(p), n)
    results = solve(recursion, [Vocabulary(), TotalCollapse()], GENERATIONS)
    np.testing.assert_allclose(results["vocabulary"].value, joint.mean_present, rtol=1e-11)
    np.testing.assert_allclose(results["vocabulary"].sd ** 2, joint.variance_present, atol=1e-11)
    np.testing.assert_allclose(results["total_collapse"].value, joint.total_collapse, atol=1e-12)


def _corpus_variance(n, counts, generations):
    """Variance of the number present, pair by pair, from the dense matrix."""
    p = np.asarray(counts) / sum(counts)
    single = dense_chain.loss(n, p, generations)
    i, j = np.triu_indices(len(p), 1)
    both = dense_chain.loss(n, p[i] + p[j], generations)
    covariance = both - single[:, i] * single[:, j]
    return (single * (1 - single)).sum(axis=1) + 2 * covariance.sum(axis=1)


@pytest.mark.parametrize("n", [30, 200])
def test_variance_of_a_corpus_pair_by_pair(n):
    counts = [1] * 12 + [2] * 7 + [3, 5, 9, 40]
    result = solve(Recursion(Categorical(), Corpus(counts), n), Vocabulary(), GENERATIONS)["vocabulary"]
    np.testing.assert_allclose(result.sd**2, _corpus_variance(n, counts, GENERATIONS), rtol=1e-9)
    assert result.sd_error < 1e-6


def test_variance_of_many_distinct_counts(monkeypatch):
    """Condensed to the nodes of the spline, it is what summing every pair gives."""
    counts = np.concatenate([np.arange(1, 1500), [10**5]])
    recursion = Recursion(Categorical(), Corpus(counts), 10**6)
    condensed = solve(recursion, Vocabulary(), [1, 10, 100, 3000])["vocabulary"]
    monkeypatch.setattr(surviving_pairs, "DISTINCT_SUMMED", 10**6)
    summed = solve(recursion, Vocabulary(), [1, 10, 100, 3000])["vocabulary"]
    np.testing.assert_allclose(condensed.sd, summed.sd, rtol=1e-7)


def test_symbols_treated_as_independent_overstate_the_variance():
    """The covariances matter: the exact variance is far below the sum of s (1 - s)."""
    recursion = Recursion(Categorical(), Corpus([1] * 100), 100)
    results = solve(recursion, [Vocabulary(), Survival()], [10])
    alive = results["survival"].value[0]
    assert results["vocabulary"].sd[0] ** 2 < 0.7 * (alive * (1 - alive)).sum()


def test_symbols_set_apart_as_never_lost_make_no_difference(monkeypatch):
    counts = [1] * 50 + [3] * 20 + [5000, 80_000]
    recursion = Recursion(Categorical(), Corpus(counts), sum(counts))
    apart = solve(recursion, Vocabulary(), 10)["vocabulary"]
    distinct, symbols = recursion.start.spectrum
    assert _never_lost(recursion, distinct, symbols, 10).tolist() == [False, False, True, True]
    monkeypatch.setattr("modelcollapse.laws.ancestry._never_lost", lambda *_: np.zeros(4, dtype=bool))
    together = solve(recursion, Vocabulary(), 10)["vocabulary"]
    np.testing.assert_allclose(apart.value, together.value, rtol=1e-12)
    np.testing.assert_allclose(apart.sd, together.sd, rtol=1e-8)


def test_vocabulary_that_cannot_be_lost():
    result = solve(Recursion(Categorical(), Corpus([10**6, 10**6]), 2 * 10**6), Vocabulary(), 5)["vocabulary"]
    np.testing.assert_array_equal(result.value, 2.0)
    np.testing.assert_array_equal(result.sd, 0.0)


def test_lost_mass_is_the_sum_over_symbols():
    counts = np.array([1, 1, 2, 10, 36])
    results = solve(Recursion(Categorical(), Corpus(counts), 50), [LostMass(), Survival()], GENERATIONS)
    expected = (1 - results["survival"].value) @ (counts / 50)
    np.testing.assert_allclose(results["lost_mass"].value, expected, atol=1e-14)


def test_diversity_decays_by_one_minus_one_over_n():
    sizes = [5, 10, 20]
    result = solve(Recursion(Categorical(), Known([0.2, 0.8]), sizes), Diversity(), 3)["diversity"]
    np.testing.assert_allclose(result.value, 0.32 * np.cumprod([0.8, 0.9, 0.95]), rtol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 20, 100])
def test_forgetting_times_against_the_dense_matrix(n):
    """The smallest k with Pr(absent) >= level, by looking at every k."""
    levels = [0.05, 0.5, 0.9]
    x = np.unique(np.clip(np.array([1, 2, n // 3, n - 1]), 1, n)) / n
    horizon = 30 * n
    lost = dense_chain.loss(n, x, range(1, horizon + 1))
    for column, p in enumerate(x):
        law = [p, 1 - p] if p < 1 else [1.0]
        recursion = Recursion(Categorical(), Known(law), n)
        found = solve(recursion, ForgettingTime([0], levels), [])["forgetting_time"].value[:, 0]
        for level, quantile in zip(levels, found, strict=True):
            reached = np.flatnonzero(lost[:, column] >= level - 1e-12)
            expected = reached[0] + 1 if len(reached) and level <= 1 - p + 1e-12 else np.inf
            if n > 1 and np.isclose(level, 1 - p):
                expected = np.inf
            assert quantile == expected


@pytest.mark.parametrize(("count", "median"), [(1, 2), (2, 5), (5, 13), (10, 27), (50, 142), (100, 286), (1000, 2882)])
def test_published_medians_of_a_large_corpus(count, median):
    """Branching limit, n -> infinity; 2.885 x count."""
    n = 10**10
    recursion = Recursion(Categorical(), Known([count / n, 1 - count / n]), n)
    found = solve(recursion, ForgettingTime([0], [0.5]), [])["forgetting_time"].value[0, 0]
    assert found == median


def test_quantile_far_beyond_any_horizon_is_where_survival_crosses():
    n, p = 10**12, 0.01
    recursion = Recursion(Categorical(), Known([p, 1 - p]), n)
    k = solve(recursion, ForgettingTime([0], [0.5]), [])["forgetting_time"].value[0, 0]
    around = solve(recursion, Survival([0]), [int(k * (1 - 1e-8)), int(k * (1 + 1e-8))])["survival"].value[:, 0]
    assert around[0] > 0.5 >= around[1]
    assert k == pytest.approx(2.885 * n * p, rel=0.02)


@pytest.mark.parametrize("n", [2, 10, 100, 1000])
def test_mean_time_given_loss_against_linear_solves(n):
    counts = np.unique([1, n // 2, n - 1])
    expected = dense_chain.mean_time_given_loss(n, counts)
    for count, mean in zip(counts, expected, strict=True):
        recursion = Recursion(Categorical(), Corpus([count, n - count]), n)
        result = solve(recursion, MeanForgettingTime([0]), [])["mean_forgetting_time"]
        np.testing.assert_allclose(result.value, mean, rtol=1e-11)


def test_mean_time_of_what_is_never_lost_is_infinite():
    assert np.isinf(
        solve(Recursion(Categorical(), Known([1.0]), 5), MeanForgettingTime(), [])["mean_forgetting_time"].value
    )


@pytest.mark.parametrize(("n", "published"), [(10**4, 19.7753184), (10**6, 28.986092), (10**9, 42.801608)])
def test_published_absorption_time_from_one_copy(n, published):
    """From p = 1/n to either end: (1 - p) E(T | lost) + p E(T | fixed), and fixing is the loss of the rest."""
    recursion = Recursion(Categorical(), Corpus([1, n - 1]), n)
    lost, fixed = solve(recursion, MeanForgettingTime(), [])["mean_forgetting_time"].value
    assert (1 - 1 / n) * lost + fixed / n == pytest.approx(published, abs=6e-7)


@pytest.mark.parametrize("n", [10**12, 10**13])
def test_absorption_time_grows_by_twice_the_logarithm(n):
    """Kimura: the time from one copy grows like 2 ln n, with a constant that n no longer changes."""

    def time(n):
        values = solve(Recursion(Categorical(), Corpus([1, n - 1]), n), MeanForgettingTime(), [])
        lost, fixed = values["mean_forgetting_time"].value
        return (1 - 1 / n) * lost + fixed / n

    assert time(n) - time(10**9) == pytest.approx(2 * np.log(n / 10**9), abs=1e-7)


def test_vocabulary_time_is_where_the_mean_crosses():
    recursion = Recursion(Categorical(), Corpus([1] * 30 + [2] * 20 + [50]), 120)
    mean = solve(recursion, Vocabulary(), 2000)["vocabulary"].value
    for share in (1.0, 0.9, 0.5, 0.1, 0.02):
        found = float(solve(recursion, VocabularyTime(share), [])["vocabulary_time"].value)
        assert found == np.flatnonzero(mean <= share * 51 + 1e-9)[0] + 1
    assert np.isinf(solve(recursion, VocabularyTime(0.0), [])["vocabulary_time"].value)


@pytest.mark.parametrize("n", [1, 2, 17, 300])
def test_ancestors_against_the_reference_chain(n):
    generations = [1, 2, 5, 30]
    laws = solve(Recursion(Categorical(), Known([1.0]), n), Ancestors(), generations)["ancestors"].value
    for law, (first, expected) in zip(laws, ancestral_chain.laws(n, generations), strict=True):
        whole = np.zeros(n)
        whole[first - 1 : first - 1 + len(expected)] = expected
        np.testing.assert_allclose(law, whole, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("n", [3, 12])
def test_ancestors_in_rational_arithmetic(n):
    """Every probability to 1e-11 relative, the smallest too: occupancy laws as fractions."""
    throw = [[Fraction(0)] * (n + 1) for _ in range(n + 1)]
    throw[0][0] = Fraction(1)
    for balls in range(1, n + 1):
        for boxes in range(1, n + 1):
            stay = throw[balls - 1][boxes] * Fraction(boxes, n)
            throw[balls][boxes] = stay + throw[balls - 1][boxes - 1] * Fraction(n - boxes + 1, n)
    law = [Fraction(int(a == n)) for a in range(n + 1)]
    laws = solve(Recursion(Categorical(), Known([1.0]), n), Ancestors(), 12)["ancestors"].value
    for computed in laws:
        expected = np.array([float(probability) for probability in law[1:]])
        kept = expected > 1e-20
        np.testing.assert_allclose(computed[kept], expected[kept], rtol=1e-11)
        law = [sum(law[a] * throw[a][b] for a in range(n + 1)) for b in range(n + 1)]


def test_ancestors_answer_survival():
    """Duality: the law of the ancestors and the backward equation, two routes of the package itself."""
    n, x = 10_000, 0.001
    recursion = Recursion(Categorical(), Known([x, 1 - x]), n)
    results = solve(recursion, [Ancestors(), Survival([0])], [1, 5, 12])
    powers = -np.expm1(np.arange(1, n + 1) * np.log1p(-x))
    np.testing.assert_allclose(results["ancestors"].value @ powers, results["survival"].value[:, 0], rtol=1e-10)


@given(
    counts=st.lists(st.integers(1, 200), min_size=1, max_size=12),
    n=st.integers(1, 3000),
    horizon=st.integers(1, 40),
)
def test_what_holds_for_every_corpus(counts, n, horizon):
    recursion = Recursion(Categorical(), Corpus(counts), n)
    asked = [Survival(), Vocabulary(), LostMass(), TotalCollapse(), Diversity()]
    results = solve(recursion, asked, horizon)
    alive = results["survival"].value
    p = np.asarray(counts) / sum(counts)
    assert np.all(np.diff(alive, axis=0) <= 1e-12)
    assert np.all(alive >= p - 1e-12)
    np.testing.assert_allclose(results["vocabulary"].value, alive.sum(axis=1), rtol=1e-9)
    assert np.all(results["vocabulary"].value >= 1 - 1e-9)
    assert np.all(np.diff(results["lost_mass"].value) >= -1e-12)
    assert np.all(np.diff(results["total_collapse"].value) >= -1e-12)
    assert np.all(np.diff(results["diversity"].value) <= 1e-12)
    order = np.argsort(p)
    assert np.all(np.diff(alive[:, order], axis=1) >= -1e-12)
