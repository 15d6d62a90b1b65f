"""Presence where all data are kept: against enumeration, the chain of the pool in full, a window, and simulation."""

from fractions import Fraction

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.laws.pooled_law import PooledAncestryLaw
from modelcollapse.laws.presence.subsampled_equation import SubsampledEquation
from modelcollapse.statistics import LostMass, NotFixed, Survival, TotalCollapse, Vocabulary
from modelcollapse.workflows import Accumulate
from tests.reference.fresh_chain import window_rows
from tests.reference.pool_spline import PooledEquation
from tests.reference.workflow_chain import follow


def pooled(sizes, corpus):
    """The part of the pool that a model is fitted to is all of it."""
    return SubsampledEquation(sizes, corpus + np.cumsum(sizes), corpus)


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [2, 5, 1, 4]])
def test_against_enumeration(sizes):
    counts = [1, 2, 4]
    found = solve(Recursion(Categorical(), Corpus(counts), sizes, Accumulate()), Survival(), 4, method="exact")
    assert found["survival"].source == "pooled_ancestry"
    for symbol, count in enumerate(counts):
        facts = follow(Accumulate(), Fraction(count, 7), (count, 7), sizes)
        np.testing.assert_allclose(found["survival"].value[:, symbol], [float(f.present) for f in facts], rtol=1e-12)


def test_a_known_law_brings_no_data():
    facts = follow(Accumulate(), Fraction(1, 5), (0, 0), [3, 4, 2, 5])
    recursion = Recursion(Categorical(), Known([0.2, 0.8]), [3, 4, 2, 5], Accumulate())
    found = solve(recursion, Survival([0]), 4, method="exact")["survival"].value[:, 0]
    np.testing.assert_allclose(found, [float(fact.present) for fact in facts], rtol=1e-12)
    as_corpus = Recursion(Categorical(), Corpus([1, 4]), [3, 4, 2, 5], Accumulate())
    other = solve(as_corpus, Survival([0]), 4, method="exact")["survival"].value[:, 0]
    assert np.abs(found / other - 1).max() > 1e-3


def chain_of_the_pool(n, count, tokens, horizon, cap):
    """(low, high) around Pr(present at k): the count in the pool on 0..cap, what leaves written down."""
    law, held, lost = np.zeros(cap + 1), tokens, 0.0
    law[count] = 1.0
    low, high = [], []
    for _ in range(horizon):
        # A count as large as the pool is never reached: other symbols of the corpus stay in it.
        rows = window_rows(n, np.minimum(np.arange(cap + 1) / held, 0.99), cap)
        low.append(float(law @ (1 - rows[:, 0])))
        high.append(low[-1] + lost)
        following = np.zeros(cap + 1)
        for before, weight in enumerate(law):
            following[before:] += weight * rows[before, : cap + 1 - before]
        law, held, lost = following, held + n, 1.0 - float(following.sum())
    return np.array(low), np.array(high)


@pytest.mark.parametrize("n", [40, 10**4, 10**6, 10**12])
@pytest.mark.parametrize("count", [1, 7])
def test_the_pool_in_full_or_in_a_window(n, count):
    low, high = chain_of_the_pool(n, count, n, 6, 400)
    assert np.max(high / low - 1) < 1e-11
    equation = pooled(np.full(6, n), n)
    found = equation.survival(np.array([count / n]), np.arange(1, 7))[:, 0]
    np.testing.assert_allclose(found, low, rtol=1e-10)
    for wrong in (pooled(np.full(6, n), n + 1 + n // 1000), pooled(np.full(6, n), 0)):
        assert np.abs(wrong.survival(np.array([count / n]), np.arange(1, 7))[:, 0] / low - 1).max() > 1e-6


def test_small_draws_from_a_large_corpus():
    low, _ = chain_of_the_pool(50, 30, 1000, 20, 300)
    found = pooled(np.full(20, 50), 1000).survival(np.array([0.03]), np.arange(1, 21))[:, 0]
    np.testing.assert_allclose(found, low, rtol=1e-11)


@pytest.mark.parametrize(("n", "corpus"), [(100, 1), (10**6, 1), (10**9, 3), (300, 0)])
def test_functions_of_the_frequency_on_splines(n, corpus):
    """A computation that knows of no counts: far generations, common and rare symbols."""
    at, sizes = np.array([1, 2, 10, 100, 300]), np.full(300, n)
    x = np.array([1, 10, 30, n // 4]) / n / max(corpus, 1)
    expected = PooledEquation(sizes, corpus * n).survival(x, at)
    np.testing.assert_allclose(pooled(sizes, corpus * n).survival(x, at), expected, rtol=1e-11)
    other = pooled(sizes + 1 + n // 1000, corpus * n).survival(x, at)
    assert np.abs(other / expected - 1)[:, 0].max() > 1e-6


def test_what_is_certain():
    """Pr(absent at k) <= exp(-x w), and equal at the first generation to the first order."""
    n = 60
    for tokens in (0, 60, 500):
        equation = pooled(np.full(12, n), tokens)
        for k in (1, 2, 5, 12):
            at = np.array([k])
            x = np.array([1, 6, 30]) / (tokens or 60)
            absent = 1 - equation.survival(x, at)[0]
            weakest = equation.weakest(at)
            assert np.all(absent <= np.exp(-x * weakest) + 1e-14)
            assert weakest > 0.3 * n


def test_vocabulary_from_enumeration():
    """Mean and variance of two symbols and a rest, the pair by merging."""
    counts, sizes = [1, 2, 3], [3, 4, 3]

    def absent(count):
        return np.array([float(1 - f.present) for f in follow(Accumulate(), Fraction(count, 6), (count, 6), sizes)])

    single = np.array([absent(c) for c in counts])
    variance = (single * (1 - single)).sum(axis=0)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        variance = variance + 2 * (absent(counts[i] + counts[j]) - single[i] * single[j])
    recursion = Recursion(Categorical(), Corpus(counts), sizes, Accumulate())
    found = solve(recursion, [Vocabulary(), LostMass(), NotFixed([0]), TotalCollapse()], 3, method="exact")
    np.testing.assert_allclose(found["vocabulary"].value, (1 - single).sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["vocabulary"].sd ** 2, variance, rtol=1e-9)
    np.testing.assert_allclose(found["lost_mass"].value, np.array(counts) @ single / 6, rtol=1e-10)
    alone = [absent(6 - c) for c in counts]
    np.testing.assert_allclose(found["total_collapse"].value, np.sum(alone, axis=0), rtol=1e-9)
    np.testing.assert_allclose(found["not_fixed"].value[:, 0], 1 - single[0] - alone[0], rtol=1e-9)


@pytest.mark.parametrize("start", [Corpus([1, 2, 17]), Known([0.05, 0.1, 0.85])])
def test_against_simulation(start):
    """|z| below 5.4 at 15 numbers: false alarms below 1e-6. The other start is caught."""
    at, runs = [1, 2, 5, 10, 20], 200_000
    recursion = Recursion(Categorical(), start, 20, Accumulate())
    run = solve(recursion, Survival(), at, method="simulate", replicates=runs, rng=9)["survival"].value[:, :2]

    def worst(beginning):
        exact = solve(Recursion(Categorical(), beginning, 20, Accumulate()), Survival([0, 1]), at, method="exact")
        p = exact["survival"].value
        return np.abs((run - p) / np.sqrt(p * (1 - p) / runs)).max()

    assert worst(start) < 5.4
    assert worst(Known(start.probabilities) if isinstance(start, Corpus) else Corpus([1, 2, 17])) > 5.4


def test_longer_than_followed_there_is_no_answer():
    recursion = Recursion(Categorical(), Corpus([1, 4]), 5, Accumulate())
    assert PooledAncestryLaw().answer(recursion, Survival([0]), np.array([5001])) is None
