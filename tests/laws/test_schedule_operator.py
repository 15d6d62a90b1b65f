"""Operators interpolated between sample sizes, against those built for the size and against the dense chain."""

import math

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Recursion, solve
from modelcollapse.laws.ancestor_count import ancestor_law_of_schedule
from modelcollapse.laws.presence import schedule_operator
from modelcollapse.laws.presence.backward_equation import BackwardEquation
from modelcollapse.laws.presence.backward_operator import BackwardOperator
from modelcollapse.laws.presence.schedule_operator import ScheduleOperator
from modelcollapse.statistics import ForgettingTime, Survival
from modelcollapse.workflows import Accumulate, FreshCount, FreshMix, Replace
from tests.reference import dense_chain

SCHEDULES = {
    "around 50": np.random.default_rng(1).integers(33, 66, 200),
    "a few hundred": np.random.default_rng(2).integers(200, 800, 120),
    "falling": np.arange(20_000, 10_000, -150),
    "10^12": np.random.default_rng(3).integers(10**12, 2 * 10**12, 40),
    "all sizes": np.exp(np.random.default_rng(4).uniform(1, 20, 150)).astype(np.int64),
}


@pytest.fixture
def with_operators(monkeypatch):
    """As if operators paid for any group of sample sizes that is larger than the points it takes."""
    monkeypatch.setattr(schedule_operator, "_MANY", 16)


def built_one_by_one(sizes, x):
    """Survival with an operator for every generation, none interpolated; small and large never as a difference."""
    mixed = sizes.max() > 100 * sizes.min()
    schedule = ScheduleOperator(tuple(sizes.tolist()))
    rows = schedule.spline.rows(x)
    found = []
    for size in sizes.tolist():
        found.append(x + rows @ schedule.first_excess(size))
        operator = BackwardOperator(size, schedule.spline)
        whole = operator.whole_by_basis @ schedule.spline.coefficients
        rows = rows @ whole if mixed else rows + rows @ operator.change
    return np.array(found)


def followed(sizes, x):
    equation = BackwardEquation(tuple(sizes.tolist()))
    return x + equation.read(equation.spline.rows(x), np.arange(1, len(sizes) + 1))


def points_of(sizes):
    return np.array([0.01, 1.0, 40.0]) / sizes.max(), np.array([0.004, 0.3, 0.97])


@pytest.mark.parametrize("name", SCHEDULES)
def test_functionals_are_carried_as_by_the_operator_of_the_size(name):
    sizes = SCHEDULES[name]
    x = np.unique(np.concatenate(points_of(sizes)))
    np.testing.assert_allclose(followed(sizes, x), built_one_by_one(sizes, x), rtol=5e-13)


@pytest.mark.usefixtures("with_operators")
@pytest.mark.parametrize("name", SCHEDULES)
def test_interpolated_operators_are_those_of_the_size(name):
    sizes = SCHEDULES[name]
    x = np.unique(np.concatenate(points_of(sizes)))
    np.testing.assert_allclose(followed(sizes, x), built_one_by_one(sizes, x), rtol=5e-13)


@pytest.mark.usefixtures("with_operators")
def test_too_few_points_are_noticed(monkeypatch):
    monkeypatch.setattr(schedule_operator, "_ACCURACY", 12.0)
    sizes = SCHEDULES["a few hundred"]
    x = np.concatenate(points_of(sizes))
    assert abs(followed(sizes, x) / built_one_by_one(sizes, x) - 1).max() > 1e-10


def operators_built(monkeypatch, sizes):
    built, build = [], BackwardOperator.__init__

    def counting(self, size, spline):
        built.append(size)
        build(self, size, spline)

    monkeypatch.setattr(BackwardOperator, "__init__", counting)
    followed(sizes, np.array([0.01]))
    assert len(set(built)) == len(built)
    return len(built)


def test_few_operators_are_built(monkeypatch):
    """A dozen for a thousand sizes within a factor of 2, none where sizes are few or lie apart."""
    assert operators_built(monkeypatch, np.arange(20_000, 10_000, -10)) <= 16
    assert operators_built(monkeypatch, np.unique(np.geomspace(10, 10**12, 400).astype(np.int64))) == 0


def test_against_the_dense_chain():
    sizes = SCHEDULES["around 50"].tolist()
    recursion = Recursion(Categorical(), Known([0.07, 0.93]), sizes)
    found = solve(recursion, Survival([0]), len(sizes), method="exact")["survival"].value[:, 0]
    np.testing.assert_allclose(found, 1 - dense_chain.loss_by_schedule(sizes, 0.07), rtol=1e-10)


def relative_error_after_few(few, many, p):
    """Of survival of a draw of many after few: Pr(present at 2) is E (1 - (1 - Y/few)^many), Y ~ Binomial(few, p)."""
    y = np.arange(1, few + 1)
    with np.errstate(divide="ignore"):
        present = -np.expm1(many * np.log1p(-y / few))
    chances = np.array([math.comb(few, int(j)) * p**j * (1 - p) ** (few - j) for j in y])
    recursion = Recursion(Categorical(), Known([p, 1 - p]), [few, many])
    found = solve(recursion, Survival([0]), [2], method="exact")["survival"].value[0, 0]
    return abs(found / (chances @ present) - 1)


@pytest.mark.parametrize("p", [1e-300, 1e-12, 1e-6, 0.01, 0.9])
@pytest.mark.parametrize("many", [10, 1000, 10**6, 10**13])
@pytest.mark.parametrize("few", [1, 2, 3, 60])
def test_many_draws_after_few(few, many, p):
    assert relative_error_after_few(few, many, p) < 1e-12


@pytest.mark.parametrize("p", [1e-100, 1e-12, 1e-3])
@pytest.mark.parametrize("many", [10**6, 10**12])
@pytest.mark.parametrize("fresh", [1e-9, 1e-3, 0.1])
def test_many_draws_after_few_with_other_data(fresh, many, p):
    """In closed form: a frequency of y/2 after two draws, a part of it replaced by p."""
    chances = np.array([(1 - p) ** 2, 2 * p * (1 - p), p * p])
    recursion = Recursion(Categorical(), Known([p, 1 - p]), [2, many], FreshMix(fresh))
    frequency = (1 - fresh) * np.array([0.0, 0.5, 1.0]) + fresh * p
    expected = chances @ -np.expm1(many * np.log1p(-frequency))
    found = solve(recursion, Survival([0]), [2], method="exact")["survival"].value[0, 0]
    assert abs(found / expected - 1) < 1e-11
    kept = Recursion(Categorical(), Known([p, 1 - p]), [2, many], Accumulate())
    found = solve(kept, Survival([0]), [2], method="exact")["survival"].value[0, 0]
    assert abs(found / (chances[1] + chances[2]) - 1) < 1e-11


@pytest.mark.parametrize("p", [1e-100, 1e-12, 1e-3, 0.3])
@pytest.mark.parametrize("many", [10, 10**6, 10**12])
@pytest.mark.parametrize("workflow", [FreshCount(1), FreshMix(0.25)], ids=lambda w: w.name)
def test_few_draws_in_the_middle_with_fresh_ones(workflow, many, p):
    """Three draws, then four of which one is fresh or each with a chance of a quarter, then many: by enumeration."""
    n = np.arange(5)
    middle = np.zeros(5)  # Pr(so many of the four show the symbol)
    for y, chance in enumerate(_binomial(3, p)):
        if workflow.name == "fresh-count":
            copied = _binomial(3, y / 3)
            middle[:4] += chance * (1 - p) * copied
            middle[1:] += chance * p * copied
        else:
            middle += chance * _binomial(4, 0.25 * p + 0.75 * y / 3)
    with np.errstate(divide="ignore"):
        if workflow.name == "fresh-count":
            present = -np.expm1(np.log1p(-p) + (many - 1) * np.log1p(-n / 4))
        else:
            present = -np.expm1(many * np.log1p(-(0.25 * p + 0.75 * n / 4)))
    recursion = Recursion(Categorical(), Known([p, 1 - p]), [3, 4, many], workflow)
    found = solve(recursion, Survival([0]), [3], method="exact")["survival"].value[0, 0]
    assert abs(found / (middle @ present) - 1) < 1e-11


def _binomial(n, p):
    return np.array([math.comb(n, y) * p**y * (1 - p) ** (n - y) for y in range(n + 1)])


def test_many_draws_after_few_need_the_whole_operator():
    """The negative control: as a difference, what becomes of a rare symbol has lost its digits."""
    few, many, p = 3, 10**11, 1e-12
    step = ScheduleOperator((few, many))
    rows = step.spline.rows(np.array([p]))
    expected = p + (step.carried(few, rows) @ step.first_excess(many))[0]
    operator = BackwardOperator(few, step.spline)
    difference = p + ((rows + rows @ operator.change) @ step.first_excess(many))[0]
    assert expected == pytest.approx(1 - (1 - p) ** few, rel=1e-4)
    assert abs(difference / expected - 1) > 1e-6


@pytest.mark.usefixtures("with_operators")
def test_bounded_memory_changes_no_answer(monkeypatch):
    sizes = SCHEDULES["a few hundred"]
    x = points_of(sizes)[1]
    plenty = followed(sizes, x)
    monkeypatch.setattr(schedule_operator, "_MOST_KEPT", 500_000)
    assert 0 < held_after(sizes) <= 500_000
    np.testing.assert_allclose(followed(sizes, x), plenty, rtol=5e-13)


def held_after(sizes):
    operator = ScheduleOperator(tuple(sizes.tolist()))
    rows = operator.spline.rows(np.array([0.3]))
    for size in sizes.tolist():
        operator.carried(size, rows)
    return operator.held


def test_the_curve_is_not_followed_again_for_the_time(monkeypatch):
    recursion = Recursion(Categorical(), Known([0.07, 0.93]), SCHEDULES["around 50"].tolist())
    followed = solve(recursion, Survival([0]), len(recursion.sample_size), method="exact")["survival"].value[:, 0]
    monkeypatch.setattr(ScheduleOperator, "carried", None)
    median = solve(recursion, ForgettingTime([0], [0.5]), [], method="exact")["forgetting_time"].value[0, 0]
    assert median == 1 + np.argmax(followed <= 0.5)


@pytest.mark.parametrize("x", [1e-300, 1e-280, 1e-40])
@pytest.mark.parametrize("workflow", [Replace(), FreshMix(1e-12)])
def test_a_rare_symbol_is_present_in_proportion_to_the_ancestors(x, workflow):
    """Pr(present) is x E A_k, and A_k comes of occupied boxes; so small a fresh share changes next to nothing."""
    sizes = [3, 1000, 3, 1000, 1000, 500, 7, 1000, 1000]
    found = solve(Recursion(Categorical(), Known([x, 1.0]), sizes, workflow), Survival([0]), 9, method="exact")
    laws = [ancestor_law_of_schedule(sizes[:k]) for k in range(1, 10)]
    expected = [law @ np.arange(1.0, len(law) + 1) for law in laws]
    np.testing.assert_allclose(
        found["survival"].value[:, 0] / x, expected, rtol=1e-11 if workflow == Replace() else 1e-8
    )
