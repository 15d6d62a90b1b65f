"""Variances of frequencies under every workflow: against enumeration with fractions, limits, and long leaps."""

from fractions import Fraction

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.laws import frequency_variance
from modelcollapse.laws.frequency_variance import FrequencyVarianceLaw, drift_shares
from modelcollapse.statistics import Diversity, SquaredError
from modelcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)
from tests.reference.workflow_chain import follow

WORKFLOWS = [
    FreshMix(0.1),
    FreshCount(2),
    WeightedMix(1, 0.6),
    FixedReal(),
    FixedReal(3),
    Accumulate(),
    AccumulateSubsample(),
    AccumulateSubsample(2),
]
IDS = [f"{w.name}-{i}" for i, w in enumerate(WORKFLOWS)]


def enumerated(workflow, counts, sizes):
    """E sum P_k^2 over the symbols of a corpus, generation by generation."""
    tokens = sum(counts)
    each = [follow(workflow, Fraction(c, tokens), (c, tokens), sizes) for c in counts]
    return np.array([float(sum(facts.square for facts in now)) for now in zip(*each, strict=True)])


@pytest.mark.parametrize("sizes", [[3, 3, 3, 3], [2, 4, 3, 5]])
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=IDS)
def test_against_enumeration(workflow, sizes):
    counts = [1, 2, 3]
    recursion = Recursion(Categorical(), Corpus(counts), sizes[0] if len(set(sizes)) == 1 else sizes, workflow)
    found = solve(recursion, [Diversity(), SquaredError()], len(sizes), method="exact")
    squares = enumerated(workflow, counts, sizes)
    truth = float(np.sum((np.array(counts) / 6) ** 2))
    np.testing.assert_allclose(found["diversity"].value, 1 - squares, rtol=1e-12)
    np.testing.assert_allclose(found["squared_error"].value, squares - truth, rtol=1e-11, atol=1e-15)
    assert found["diversity"].source == "frequency_variance"


@pytest.mark.parametrize(
    "wrong", [FreshMix(0.11), FreshCount(1), WeightedMix(1, 0.5), FixedReal(2), AccumulateSubsample(3)]
)
def test_another_parameter_is_seen(wrong):
    right = next(w for w in WORKFLOWS if type(w) is type(wrong) and w != wrong)
    squares = enumerated(right, [1, 2, 3], [4, 4, 4])
    found = solve(Recursion(Categorical(), Corpus([1, 2, 3]), 4, wrong), Diversity(), 3, method="exact")
    assert np.abs(found["diversity"].value / (1 - squares) - 1).max() > 1e-4


@pytest.mark.parametrize("workflow", [Accumulate(), AccumulateSubsample(), FreshMix(0.3)])
def test_a_known_law_brings_no_data(workflow):
    each = [follow(workflow, p, (0, 0), [3, 3, 3]) for p in (Fraction(1, 4), Fraction(3, 4))]
    squares = [float(a.square + b.square) for a, b in zip(*each, strict=True)]
    recursion = Recursion(Categorical(), Known([0.25, 0.75]), 3, workflow)
    np.testing.assert_allclose(solve(recursion, Diversity(), 3)["diversity"].value, 1 - np.array(squares), rtol=1e-13)


def test_fixed_real_data_need_a_corpus_and_replace_has_its_own_laws():
    for start, workflow in ((Known([0.5, 0.5]), FixedReal()), (Corpus([1, 1]), Replace())):
        recursion = Recursion(Categorical(), start, 5, workflow)
        assert FrequencyVarianceLaw().answer(recursion, Diversity(), np.array([1])) is None


def test_a_part_larger_than_the_pool_has_no_answer():
    recursion = Recursion(Categorical(), Known([0.5, 0.5]), 5, AccumulateSubsample(6))
    assert FrequencyVarianceLaw().answer(recursion, Diversity(), np.array([1])) is None


def test_stationary_variance_of_fresh_mix():
    """p (1 - p) / (n - (n - 1)(1 - a)^2), approached like ((1 - a)^2 (1 - 1/n))^k."""
    n, a, p = 200, 0.1, 0.05
    recursion = Recursion(Categorical(), Known([p, 1 - p]), n, FreshMix(a))
    found = solve(recursion, SquaredError(), [10, 20, 10**6])["squared_error"].value
    limit = 2 * p * (1 - p) / (n - (n - 1) * (1 - a) ** 2)
    assert found[2] == pytest.approx(limit, rel=1e-12)
    pace = ((1 - found[1] / limit) / (1 - found[0] / limit)) ** (1 / 10)
    assert pace == pytest.approx((1 - a) ** 2 * (1 - 1 / n), rel=1e-10)


def test_limit_of_accumulated_variance():
    """From a known law diversity falls to sin(pi/sqrt n)/(pi/sqrt n) of itself and no further."""
    for n, limit in ((5, 0.7019979643), (20, 0.920)):
        recursion = Recursion(Categorical(), Known([0.5, 0.5]), n, Accumulate())
        found = solve(recursion, Diversity(), [10**12])["diversity"].value[0] / 0.5
        assert found == pytest.approx(np.sin(np.pi / np.sqrt(n)) / (np.pi / np.sqrt(n)), rel=1e-11)
        assert found == pytest.approx(limit, abs=5e-4)


@pytest.mark.parametrize("tokens", [0, 7])
def test_far_accumulation_is_the_sum_term_by_term(tokens, monkeypatch):
    """The integral is off by 1/(12 n J^3) where it begins: 1e-11 at J = 1000, 1e-20 where it really does."""
    start = Corpus([3, 4]) if tokens else Known([0.5, 0.5])
    recursion = Recursion(Categorical(), start, 6, Accumulate())
    at = np.array([1, 1000, 1001, 5000])
    near = drift_shares(recursion, at)[1]
    monkeypatch.setattr(frequency_variance, "LONGEST", 1000)
    np.testing.assert_allclose(drift_shares(recursion, at)[1], near, rtol=2e-11)


@pytest.mark.parametrize("workflow", [FreshMix(0.05), FreshCount(3), WeightedMix(9), FixedReal()], ids=lambda w: w.name)
def test_leaps_are_single_steps(workflow):
    """One size is summed in closed form, a list of the same sizes step by step."""
    corpus = Corpus([5, 40])
    leap = drift_shares(Recursion(Categorical(), corpus, 45, workflow), np.array([1, 7, 60]))
    steps = drift_shares(Recursion(Categorical(), corpus, [45] * 60, workflow), np.array([1, 7, 60]))
    np.testing.assert_allclose(leap, steps, rtol=1e-13)


def test_subsampling_the_pool_costs_about_as_much_again():
    """Twice the noise of training on the whole pool, or less: .847 is a lower guide, .907 the value at n = 20."""
    recursion = Recursion(Categorical(), Known([0.5, 0.5]), 20, AccumulateSubsample())
    found = solve(recursion, Diversity(), [100_000])["diversity"].value[0] / 0.5
    whole = np.pi * np.sqrt(2 / 20)
    assert np.sin(whole) / whole < found


def test_golden_fixed_real_data():
    """200 real data kept beside 600 new ones: H K / (N^2 + 2 N K + K) in the end, .0021382751 H."""
    law = Corpus(np.ones(200, dtype=np.int64))
    found = solve(Recursion(Categorical(), law, 600, FixedReal()), SquaredError(), [1000], method="exact")
    assert found["squared_error"].value[0] / (1 - 1 / 200) == pytest.approx(0.0021382751, abs=5e-11)
