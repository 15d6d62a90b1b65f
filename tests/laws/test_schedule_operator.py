"""Operators interpolated between sample sizes, against those built for the size and against the dense chain."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom

from modelcollapse import Categorical, Known, Recursion, solve
from modelcollapse.laws import schedule_operator
from modelcollapse.laws.backward_equation import BackwardEquation
from modelcollapse.laws.backward_operator import BackwardOperator
from modelcollapse.laws.schedule_operator import ScheduleOperator
from modelcollapse.statistics import ForgettingTime, Survival

SCHEDULES = {
    "around 50": np.random.default_rng(1).integers(33, 66, 200),
    "a few hundred": np.random.default_rng(2).integers(200, 800, 120),
    "falling": np.arange(20_000, 10_000, -150),
    "10^12": np.random.default_rng(3).integers(10**12, 2 * 10**12, 40),
    "all sizes": np.exp(np.random.default_rng(4).uniform(1, 20, 150)).astype(np.int64),
}


def built_one_by_one(sizes, x):
    """Survival with an operator for every generation, and which of them were interpolated."""
    schedule = ScheduleOperator(tuple(sizes.tolist()))
    rows = schedule.spline.rows(x)
    found = []
    for size in sizes.tolist():
        found.append(x + rows @ schedule.first_excess(size))
        rows = rows + BackwardOperator(size, schedule.spline).changes_of(rows)
    return np.array(found)


def interpolated(sizes, x):
    equation = BackwardEquation(tuple(sizes.tolist()))
    return x + equation.read(equation.spline.rows(x), np.arange(1, len(sizes) + 1))


def points_of(sizes):
    return np.array([0.01, 1.0, 40.0]) / sizes.max(), np.array([0.004, 0.3, 0.97])


@pytest.mark.parametrize("name", SCHEDULES)
def test_interpolated_operators_are_those_of_the_size(name):
    sizes = SCHEDULES[name]
    x = np.unique(np.concatenate(points_of(sizes)))
    np.testing.assert_allclose(interpolated(sizes, x), built_one_by_one(sizes, x), rtol=5e-13)


def test_too_few_points_are_noticed(monkeypatch):
    monkeypatch.setattr(schedule_operator, "_ACCURACY", 12.0)
    sizes = SCHEDULES["a few hundred"]
    x = np.concatenate(points_of(sizes))
    assert abs(interpolated(sizes, x) / built_one_by_one(sizes, x) - 1).max() > 1e-10


def test_few_operators_are_built(monkeypatch):
    sizes, built = SCHEDULES["falling"], []
    build = BackwardOperator.__init__

    def counting(self, size, spline):
        built.append(size)
        build(self, size, spline)

    monkeypatch.setattr(BackwardOperator, "__init__", counting)
    interpolated(sizes, np.array([0.01]))
    assert len(set(built)) == len(built) <= 16 < len(set(sizes.tolist()))


def test_against_the_dense_chain():
    sizes = SCHEDULES["around 50"].tolist()
    law = binom.pmf(np.arange(sizes[0] + 1), sizes[0], 0.07)
    expected = [1 - law[0]]
    for before, n in pairwise(sizes):
        law = law @ binom.pmf(np.arange(n + 1)[None, :], n, (np.arange(before + 1) / before)[:, None])
        expected.append(1 - law[0])
    recursion = Recursion(Categorical(), Known([0.07, 0.93]), sizes)
    found = solve(recursion, Survival([0]), len(sizes), method="exact")["survival"].value[:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_bounded_memory_changes_no_answer(monkeypatch):
    sizes = SCHEDULES["all sizes"]
    x = points_of(sizes)[1]
    plenty = interpolated(sizes, x)
    monkeypatch.setattr(schedule_operator, "_MOST_KEPT", 500_000)
    np.testing.assert_allclose(interpolated(sizes, x), plenty, rtol=5e-13)


def test_numbers_held_stay_within_the_bound(monkeypatch):
    monkeypatch.setattr(schedule_operator, "_MOST_KEPT", 500_000)
    sizes = SCHEDULES["all sizes"]
    operator = ScheduleOperator(tuple(sizes.tolist()))
    rows = operator.spline.rows(np.array([0.3]))
    for size in sizes.tolist():
        operator.changes_of(size, rows)
    assert 0 < operator.held <= 500_000


def test_the_curve_is_not_followed_again_for_the_time(monkeypatch):
    recursion = Recursion(Categorical(), Known([0.07, 0.93]), SCHEDULES["around 50"].tolist())
    followed = solve(recursion, Survival([0]), len(recursion.sample_size), method="exact")["survival"].value[:, 0]
    monkeypatch.setattr(ScheduleOperator, "changes_of", None)
    median = solve(recursion, ForgettingTime([0], [0.5]), [], method="exact")["forgetting_time"].value[0, 0]
    assert median == 1 + np.argmax(followed <= 0.5)
