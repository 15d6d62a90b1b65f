"""The branching numbers against 40 digits, and the way back from g to k."""

from decimal import Decimal

import mpmath
import numpy as np
import pytest

from modelcollapse.branching import (
    backward_sizes,
    branching_numbers,
    first_backward_at_most,
    first_generation_at_most,
)


@pytest.fixture(scope="module")
def iterated():
    """g_1 .. g_5000 with 40 digits."""
    with mpmath.workdps(40):
        values = [mpmath.mpf(1)]
        while len(values) < 5000:
            values.append(-mpmath.expm1(-values[-1]))
    return values


def test_every_generation_to_full_accuracy(iterated):
    mine = branching_numbers(np.arange(1, 5001))
    assert max(abs(float(g) / exact - 1) for g, exact in zip(mine, iterated, strict=True)) < 1e-15


def test_golden_values():
    k = np.array([2, 3, 5, 10, 50, 100, 200, 1000])
    golden = [0.6321205588, 0.4685363946, 0.3120797100, 0.1722546249, 0.0383766692, 0.0195426105, 0.0098732115]
    np.testing.assert_allclose(branching_numbers(k), [*golden, 0.0019938156], atol=5.1e-11)
    k = np.arange(1, 201)
    assert (k * branching_numbers(k)).max() == pytest.approx(1.97464, abs=5e-6)


@pytest.mark.parametrize(("k", "rest"), [(1, 0.5), (10, 0.42160), (100, 0.40271), (1000, 0.39961), (10**5, 0.39913)])
def test_what_remains_of_the_expansion(k, rest):
    """1/g_k - k/2 - ln(k)/6 goes to about .39912."""
    found = 1 / branching_numbers(np.array([k]))[0] - k / 2 - np.log(k) / 6
    assert found == pytest.approx(rest, abs=6e-6)


def test_huge_generations():
    k = np.array([10**9, 10**15, 2**62])
    np.testing.assert_allclose(branching_numbers(k), 1 / (k / 2 + np.log(k) / 6 + 0.39912), rtol=1e-10)


def test_inversion_is_exact_on_both_sides_of_every_step(iterated):
    """At g_k itself the answer is k; a part in 10^30 below it, k + 1: across the switch from table to series."""
    for k in [1, 2, 17, 255, 256, 257, 258, 1000, 4999]:
        with mpmath.workdps(40):
            above = Decimal(mpmath.nstr(iterated[k - 1] * (1 + mpmath.mpf(10) ** -30), 38))
            below = Decimal(mpmath.nstr(iterated[k - 1] * (1 - mpmath.mpf(10) ** -30), 38))
        assert (first_generation_at_most(above), first_generation_at_most(below)) == (k, k + 1)


@pytest.mark.parametrize("k", [10**6, 10**12])
def test_inversion_far_out(k):
    g = branching_numbers(np.array([k, k + 1]))
    between = Decimal(float(g[0])) / 2 + Decimal(float(g[1])) / 2
    if g[0] > g[1]:
        assert abs(first_generation_at_most(between) - (k + 1)) <= (0 if k < 10**7 else 10**-15 * k + 1e4)


def test_backward_sizes_are_n_g_for_one_size():
    k = np.arange(1, 301)
    mine = backward_sizes(np.full(300, 7), k)
    np.testing.assert_allclose(mine, 7 * branching_numbers(k), rtol=1e-13)


def test_backward_sizes_that_vary():
    sizes = np.array([3, 50, 8])
    u = 50 * (1 - np.exp(-8 / 50))
    np.testing.assert_allclose(backward_sizes(sizes, np.array([3])), 3 * (1 - np.exp(-u / 3)), rtol=1e-15)


@pytest.mark.parametrize("level", [40.0, 9.9, 3.0, 1.0, 0.31, 1e-3])
def test_the_first_horizon_of_a_schedule_is_that_of_a_scan(level):
    sizes = np.random.default_rng(3).integers(1, 40, 60)
    u = backward_sizes(sizes, np.arange(1, 61))
    assert np.all(np.diff(u) < 0)
    reached = u <= level
    expected = 1 + int(reached.argmax()) if reached.any() else None
    assert first_backward_at_most(sizes, level) == expected


def test_horizons_asked_for_alone_are_those_of_all():
    sizes = np.random.default_rng(4).integers(1, 10**6, 50)
    wanted = np.array([1, 2, 17, 50])
    one_by_one = []
    for horizon in wanted.tolist():
        u = float(sizes[horizon - 1])
        for size in sizes[: horizon - 1][::-1].tolist():
            u = -size * np.expm1(-u / size)
        one_by_one.append(u)
    np.testing.assert_allclose(backward_sizes(sizes, wanted), one_by_one, rtol=1e-14)
    np.testing.assert_array_equal(backward_sizes(sizes, wanted), backward_sizes(sizes, np.arange(1, 51))[wanted - 1])
