"""Kimura's diffusion against the exact law: errors of the order ln(n)/n, and its means in closed form."""

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln, xlogy

from modelcollapse import Categorical, InputError, Known, Recursion, solve
from modelcollapse.laws import kimura
from modelcollapse.statistics import MeanForgettingTime, NotFixed, Survival
from tests.reference import dense_chain


def answers(n, p, generations, statistic):
    recursion = Recursion(Categorical(), Known([p, 1 - p]), n)
    found = solve(recursion, statistic, generations, method="asymptotic").of(statistic.name)
    limit = next(r for r in found if r.source == "kimura")
    return limit.value[..., 0], solve(recursion, statistic, generations, method="exact")[statistic.name].value[..., 0]


@pytest.mark.parametrize(("count", "errors"), [(1, [1.6e-3, 5e-4, 2e-4]), (20, [1.4e-2, 6e-3, 2e-4])])
def test_errors_at_100_draws(count, errors):
    """Literature 2.2: k = n/2, n, 5 n."""
    limit, exact = answers(100, count / 100, [50, 100, 500], Survival([0]))
    assert np.all(np.abs(limit - exact) < 1.08 * np.array(errors))
    assert np.abs(limit - exact)[0] > 0.9 * errors[0]


def test_early_generations_of_rare_symbols_are_bad():
    """k = 10, c = 1, n = 100: lost with .815, truly .839."""
    limit, exact = answers(100, 0.01, [10], Survival([0]))
    assert 1 - limit[0] == pytest.approx(0.815, abs=6e-4)
    assert 1 - exact[0] == pytest.approx(0.839, abs=6e-4)


@pytest.mark.parametrize("statistic", [Survival([0]), NotFixed([0])], ids=lambda s: s.name)
def test_error_falls_like_ln_n_over_n(statistic):
    """n times the error at k = n grows by the same amount from decade to decade: time is off by ln(k)/3."""

    def error(n):
        limit, exact = answers(n, 0.2, [n], statistic)
        return n * abs(limit[0] - exact[0])

    grows = np.diff([error(n) for n in (10**3, 10**4, 10**5)])
    assert grows[0] > 0.1
    assert grows[1] == pytest.approx(grows[0], rel=0.02)


def test_not_fixed_is_the_sum_of_both_ends_and_ends_in_six():
    p, time = np.array([0.2]), np.array([5.0])
    both = kimura.excess_survival(p, time) + kimura.excess_survival(1 - p, time)
    assert both[0, 0] == pytest.approx(6 * 0.2 * 0.8 * np.exp(-5), rel=1e-6)


def test_schedule_counts_time_in_inverse_sizes():
    recursion = Recursion(Categorical(), Known([0.2, 0.8]), [100] * 30 + [200] * 40)
    listed = solve(recursion, Survival([0]), [70], method="asymptotic")["survival"]
    constant, _ = answers(100, 0.2, [50], Survival([0]))
    np.testing.assert_allclose(listed.value[0, 0], constant[0], rtol=1e-12)


def test_declines_where_the_series_is_no_good():
    recursion = Recursion(Categorical(), Known([1e-6, 1 - 1e-6]), 10**9)
    found = solve(recursion, Survival(), [10], method="asymptotic").of("survival")
    assert [r.source for r in found] == ["second_order"]


@pytest.mark.parametrize(("count", "limit", "exact"), [(1, 13.83, 13.18), (50, 315.3, 313.3), (500, 1386.3, 1383.5)])
def test_mean_forgetting_time_of_1000_draws(count, limit, exact):
    found = answers(1000, count / 1000, [1], MeanForgettingTime([0]))
    assert found[0] == pytest.approx(limit, abs=0.06)
    assert found[1] == pytest.approx(exact, abs=0.06)


@pytest.mark.parametrize("n", [100, 10**5, 10**10])
def test_by_how_much_mean_times_are_too_long(n):
    """0.64 generations if the count is 1, ln(n)/3 + 0.5 and + 0.7 if p is 0.5 and 0.9: the digits are stable in n."""
    for p, low, high in ((1 / n, 0.64, 0.65), (0.5, 0.45, 0.6), (0.9, 0.65, 0.75)):
        limit, exact = answers(n, p, [1], MeanForgettingTime([0]))
        assert low < limit - exact - (np.log(n) / 3 if p > 1 / n else 0.0) < high


@pytest.mark.parametrize("count", [1, 30, 150, 299])
def test_mean_absorption_times_against_the_linear_system(count):
    """Too long by .65 to 3 generations, for every start."""
    p = np.array([count / 300])
    exact = dense_chain.absorption_time(300, [count])
    assert 0 < kimura.mean_absorption_time(300, p)[0] - exact[0] < 3
    given_fixation = dense_chain.mean_time_given_loss(300, [300 - count])
    assert 0.6 < kimura.mean_time_given_fixation(300, p)[0] - given_fixation[0] < 3


def test_ends():
    p = np.array([0.0, 1.0])
    np.testing.assert_array_equal(kimura.excess_survival(p, np.array([0.1])), [[0.0, 0.0]])
    assert kimura.mean_time_given_loss(10, p).tolist() == [0.0, np.inf]
    assert kimura.mean_time_given_fixation(10, p).tolist() == [20.0, 0.0]
    assert kimura.mean_absorption_time(10, p).tolist() == [0.0, 0.0]


def test_mean_times_given_the_end_keep_all_digits():
    """Against 400 digits, down to the least of numbers; fixation is the loss of all others."""
    p = np.array([5e-324, 1e-300, 1e-17, 1e-9, 0.001, 0.25, 0.5, 0.75, 0.999, 1 - 1e-9, np.nextafter(1.0, 0.0)])
    with mpmath.workdps(400):
        given = [(mpmath.mpf(float(x)), 1 - mpmath.mpf(float(x))) for x in p]
        loss = [float(-200 * x * mpmath.log(x) / rest) for x, rest in given]
        fixation = [float(-200 * rest * mpmath.log(rest) / x) for x, rest in given]
    np.testing.assert_allclose(kimura.mean_time_given_loss(100, p), loss, rtol=1e-15, atol=5e-324 * 200)
    np.testing.assert_allclose(kimura.mean_time_given_fixation(100, p), fixation, rtol=1e-15)
    both = kimura.mean_time_given_fixation(100, p[3:]), kimura.mean_time_given_loss(100, 1 - p[3:])
    np.testing.assert_array_equal(*both)
    assert np.isinf(kimura.mean_time_given_loss(100, 1 - p[:3])).all()  # what is all there is is never lost


def test_littler_ends_in_total_collapse_of_two():
    p = 0.3
    both = kimura.mean_time_until_left(50, np.array([p, 1 - p]), left=1)
    assert both == pytest.approx(kimura.mean_absorption_time(50, np.array([p]))[0], rel=1e-14)


def tables(n, symbols):
    """Every way to share n draws among symbols."""
    if symbols == 1:
        return [(n,)]
    return [(first, *rest) for first in range(n + 1) for rest in tables(n - first, symbols - 1)]


def exact_time_until_left(n, start, left):
    """The mean time until at most `left` symbols have a count, by the chain of whole tables of counts."""
    states = [state for state in tables(n, len(start)) if sum(count > 0 for count in state) > left]
    each = np.array(states, dtype=float)
    factorials = gammaln(n + 1) - gammaln(each + 1).sum(axis=1)
    moves = np.stack([np.exp(factorials + xlogy(each, p / n).sum(axis=1)) for p in each])
    times = np.linalg.solve(np.eye(len(states)) - moves, np.ones(len(states)))
    first = np.exp(factorials + xlogy(each, np.array(start)).sum(axis=1))
    return 1 + float(first @ times)


@pytest.mark.parametrize("start", [(0.5, 0.3, 0.2), (0.4, 0.3, 0.2, 0.1)])
def test_littler_against_the_chain_in_full(start):
    """Too long by .6 to 3 generations, like every mean of the diffusion; another number of symbols left is farther."""
    n = 30 if len(start) == 3 else 16
    exact = [exact_time_until_left(n, start, left) for left in range(1, len(start))]
    limit = [kimura.mean_time_until_left(n, start, left) for left in range(1, len(start))]
    gaps = np.array(limit) - exact
    assert np.all((gaps > 0) & (gaps < 3))
    assert np.all(np.abs(np.diff(exact)) > 3)


def test_littler_of_many_symbols():
    """The first loss is a simple integral; symbols that are not there do not count."""
    p = np.arange(1.0, 13.0) / 78
    by_integral = quad(lambda t: np.prod(-np.expm1(-2 * 500 * p / t)), 0, np.inf, limit=500)[0]
    assert kimura.mean_time_until_left(500, p, left=11) == pytest.approx(by_integral, rel=1e-6)
    assert kimura.mean_time_until_left(500, [*p, 0.0], left=11) == kimura.mean_time_until_left(500, p, left=11)
    assert kimura.mean_time_until_left(500, p, left=12) == 0.0


def test_refusals():
    with pytest.raises(InputError, match="join symbols"):
        kimura.mean_time_until_left(100, np.full(100, 0.01), left=50)
    with pytest.raises(InputError, match="`left`"):
        kimura.mean_time_until_left(100, [0.5, 0.5], left=0)
    with pytest.raises(InputError, match="`p`"):
        kimura.mean_time_given_loss(100, [1.1])
