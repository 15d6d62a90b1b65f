"""Quantiles of times where sample sizes vary, against a dense forward chain and a generating function in Decimal."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.statistics import ExtinctionTime, ForgettingTime, Survival, Vocabulary, VocabularyTime
from tests.reference.dense_chain import loss_by_schedule

SCHEDULES = [[12, 9, 30, 4, 8, 25, 13, 7], [3, 200, 200, 5, 60], [20, 1, 50], [7] * 60]
LEVELS = (0.05, 0.3, 0.5, 0.9, 0.999)


def first(curve, level):
    reached = curve >= level
    return float(1 + reached.argmax()) if reached.any() else np.inf


@pytest.mark.parametrize("sizes", SCHEDULES, ids=["mixed", "wide", "one draw", "constant"])
def test_forgetting_times(sizes):
    start = [0.02, 0.1, 0.88]
    recursion = Recursion(Categorical(), Known(start), sizes)
    found = solve(recursion, ForgettingTime([0, 1, 2, (0, 1)], LEVELS), [], method="exact")["forgetting_time"]
    expected = [[first(loss_by_schedule(sizes, x), q) for x in (*start, 0.12)] for q in LEVELS]
    assert found.value.tolist() == expected
    assert found.source == "ancestry"


def test_sizes_in_another_order_are_noticed():
    sizes = SCHEDULES[0]
    recursion = Recursion(Categorical(), Known([0.1, 0.9]), sizes[::-1])
    found = solve(recursion, ForgettingTime([0], LEVELS), [], method="exact")["forgetting_time"].value[:, 0]
    assert found.tolist() != [first(loss_by_schedule(sizes, 0.1), q) for q in LEVELS]


def test_a_schedule_of_equal_sizes_is_no_schedule():
    symbols, sizes = ForgettingTime(levels=[0.2, 0.5, 0.8]), [100] * 400
    start = Corpus([1, 5, 20, 74])
    once, each = (Recursion(Categorical(), start, n) for n in (100, sizes))
    constant, varying = (solve(r, symbols, [], method="exact")["forgetting_time"].value for r in (once, each))
    assert np.array_equal(varying, np.where(constant <= 400, constant, np.inf))


def test_times_and_curves_of_huge_samples_agree():
    sizes = [10**6 + 1000 * j for j in range(30)]
    recursion = Recursion(Categorical(), Known([5e-6, 1 - 5e-6]), sizes)
    curve = solve(recursion, Survival([0]), 30, method="exact")["survival"].value[:, 0]
    time = float(solve(recursion, ForgettingTime([0], [0.5]), [], method="exact")["forgetting_time"].value[0, 0])
    assert 1 < time < 30
    assert curve[int(time) - 1] <= 0.5 < curve[int(time) - 2]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_vocabulary_times(share):
    sizes = SCHEDULES[0]
    recursion = Recursion(Categorical(), Corpus([1] * 6 + [4, 6]), sizes)
    curve = sum(1 - loss_by_schedule(sizes, c / 16) for c in [1] * 6 + [4, 6])
    found = float(solve(recursion, VocabularyTime(share), [], method="exact")["vocabulary_time"].value)
    reached = curve <= 8 * share
    assert found == (1 + reached.argmax() if reached.any() else np.inf)
    mean = solve(recursion, Vocabulary(), len(sizes), method="exact")["vocabulary"].value
    np.testing.assert_allclose(mean, curve, rtol=1e-9)


@pytest.mark.parametrize("sizes", [[4, 20, 3, 9, 9, 2], [1] * 40, [10**12, 5, 10**6]])
def test_extinction_times(sizes):
    """Given the sum at generation j the next is Poisson: its generating function is composed from the last back."""
    getcontext().prec = 40
    rate, expected = Decimal("0.25"), []
    for horizon in range(1, len(sizes) + 1):
        s = Decimal(0)
        for j in range(horizon - 1, 0, -1):
            s = ((s - 1) * Decimal(sizes[j]) / Decimal(sizes[j - 1])).exp()
        expected.append(float((rate * sizes[0] * (s - 1)).exp()))
    recursion = Recursion(Poisson(), Parameters(rate=0.25), sizes)
    found = solve(recursion, ExtinctionTime(LEVELS), [], method="exact")["extinction_time"].value
    assert found.tolist() == [first(np.array(expected), q) for q in LEVELS]
