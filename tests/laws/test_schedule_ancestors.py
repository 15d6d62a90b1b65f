"""Ancestors and the mean forgetting time where sample sizes vary, against fractions and the chain of the count."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, InputError, Known, NoAnswerError, Recursion, solve
from modelcollapse.statistics import Ancestors, MeanForgettingTime, Survival
from tests.reference.dense_chain import loss_by_schedule

SCHEDULES = [[5, 9, 3, 12, 4], [12, 2, 30], [4, 4, 4, 4], [7, 1, 9]]


def surjections(balls, boxes):
    return sum((-1) ** j * comb(boxes, j) * (boxes - j) ** balls for j in range(boxes + 1))


def in_fractions(sizes):
    """Pr(A = a) for the last of the sizes: occupancy by inclusion and exclusion, generation after generation back."""
    law = {sizes[-1]: Fraction(1)}
    for n in reversed(sizes[:-1]):
        following = dict.fromkeys(range(1, n + 1), Fraction(0))
        for balls, chance in law.items():
            for boxes in range(1, min(balls, n) + 1):
                following[boxes] += chance * Fraction(comb(n, boxes) * surjections(balls, boxes), n**balls)
        law = following
    return [float(law.get(a, 0)) for a in range(1, sizes[0] + 1)]


def mean_given_loss(sizes, x):
    curve = loss_by_schedule(sizes, x)
    return np.arange(1, len(sizes) + 1) @ np.diff(curve, prepend=0.0) / curve[-1]


def ancestors(sizes, generations):
    return solve(Recursion(Categorical(), Known([1.0]), sizes), Ancestors(), generations, method="exact")["ancestors"]


def mean_time(start, sizes, symbols=None):
    asked = MeanForgettingTime(symbols)
    return solve(Recursion(Categorical(), start, sizes), asked, [], method="exact")["mean_forgetting_time"]


@pytest.mark.parametrize("sizes", SCHEDULES, ids=str)
def test_ancestors_in_rational_arithmetic(sizes):
    found = ancestors(sizes, len(sizes))
    for k, law in enumerate(found.value, start=1):
        expected = np.array(in_fractions(sizes[:k]))
        np.testing.assert_allclose(law, expected, rtol=found.error, atol=1e-20)


def test_the_order_of_sizes_matters():
    forwards, backwards = ancestors([5, 9, 3], 3).value[-1], in_fractions([3, 9, 5])
    assert abs(forwards[:3] - backwards).max() > 0.01


@pytest.mark.parametrize("x", [0.003, 0.2, 0.9])
def test_ancestors_answer_survival_under_a_schedule(x):
    sizes = [40 + 7 * (j % 9) for j in range(25)]
    wanted = [1, 2, 7, 25]
    powers = -np.expm1(np.arange(1, 41) * np.log1p(-x))
    symbol = Recursion(Categorical(), Known([x, 1 - x]), sizes)
    survival = solve(symbol, Survival([0]), wanted, method="exact")["survival"].value[:, 0]
    np.testing.assert_allclose(ancestors(sizes, wanted).value @ powers, survival, rtol=2e-10)
    np.testing.assert_allclose(1 - loss_by_schedule(sizes, x)[np.array(wanted) - 1], survival, rtol=1e-9)


def test_a_schedule_too_large_is_refused():
    with pytest.raises(InputError, match=r"20,000.*tabulated up to 10,000"):
        ancestors([100, 20_000], 2)
    assert ancestors([100, 20_000], 1).value[0, -1] == 1.0


@pytest.mark.parametrize("sizes", [*SCHEDULES, [60, 40, 90, 25, 80] * 6], ids=["a", "b", "c", "one draw", "long"])
def test_mean_time_given_loss_within_the_schedule(sizes):
    start = [0.0, 0.02, 0.28, 0.7]
    found = mean_time(Known(start), sizes, [0, 1, 2, (1, 2)])
    expected = [mean_given_loss(sizes, x) for x in (0.0, 0.02, 0.28, 0.3)]
    np.testing.assert_allclose(found.value, expected, rtol=found.error)
    assert found.error < 1e-6
    wrong = [mean_given_loss(sizes[:-1], x) for x in (0.28, 0.3)]
    if min(sizes) > 2:
        assert np.all(abs(found.value[2:] / wrong - 1) > 1e-4)  # one generation fewer is noticed


def test_after_many_equal_sizes_it_is_the_mean_of_one_size():
    start = Corpus([1, 5, 14])
    found = mean_time(start, [20] * 1500)
    np.testing.assert_allclose(found.value, mean_time(start, 20).value, rtol=1e-9)


def test_what_is_never_lost_takes_for_ever():
    assert np.isinf(mean_time(Known([1.0]), [5, 4]).value[0])


def test_the_mean_over_next_to_no_runs_is_left_open():
    with pytest.raises(NoAnswerError, match=r"0\.9 is hardly ever forgotten within the 2 generations"):
        mean_time(Known([0.1, 0.9]), [50, 60])
