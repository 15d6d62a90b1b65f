"""The least value of a lever: found, pinned to a step, or absent."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.planning.search import least
from modelcollapse.planning.setting import Lever, Setting, fresh_lever, growth_lever, size_lever

SIZES, SHARES = size_lever(), fresh_lever()


@given(st.integers(1, 10**8 - 1), st.floats(0.3, 3.0))
def test_the_least_size_whatever_the_guess(answer, wrong):
    """The rough law may be off by a factor of three either way."""

    def margin(n):
        return math.log(n / (answer - 0.5))

    def rough(n):
        return math.log(n / (wrong * answer))

    assert least(SIZES, margin, rough) == answer


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_least_share_whatever_the_guess(answer, guess):
    def margin(a):
        return a - (answer - 0.5) / 10**6

    assert least(SHARES, margin, lambda a: a - guess / 10**6) == pytest.approx(answer / 10**6, abs=1e-12)


def test_large_sizes_are_pinned_to_the_eighth_digit():
    found = least(SIZES, lambda n: n - 123_456_789_012.5, lambda n: n - 1e11)
    assert found == 123_456_790_000
    assert SIZES.step(found) == 10_000


@pytest.mark.parametrize("lever", [SIZES, SHARES, growth_lever(Setting(100), 10)], ids=lambda lever: lever.name)
def test_what_is_never_or_always_enough(lever):
    for rough in (-1.0, 1.0):
        assert least(lever, lambda _: -1.0, lambda _, r=rough: r) is None
        assert least(lever, lambda _: 1.0, lambda _, r=rough: r) == lever.low


def test_few_exact_evaluations_from_a_good_guess():
    asked = []

    def margin(n):
        asked.append(n)
        return 1.0 - math.exp(-n / 1e7) - 0.9

    least(SIZES, margin, lambda n: 1.0 - math.exp(-n / 1.02e7) - 0.9)
    assert len(asked) <= 12


@pytest.mark.parametrize("guess", [0.123456, 0.1234559, 0.1234551])
def test_a_share_that_is_guessed_well_takes_two_exact_evaluations(guess):
    """The answer and the step below it, which is not enough: no search can do with fewer."""
    asked = set()

    def margin(a):
        asked.add(a)
        return a - 0.1234555

    assert least(SHARES, margin, lambda a: a - guess) == 0.123456
    assert asked == {0.123456, 0.123455}


def test_growth_stays_where_laws_hold():
    lever = growth_lever(Setting(10**12), 100)
    assert lever.at(Setting(10**12), lever.high).last_size(100) <= 10**13
    assert growth_lever(Setting(5), 11).high == pytest.approx(1000.0**0.1, abs=1e-4)


def test_a_step_that_is_not_enough_is_not_taken():
    """The control: a search that stopped one step early would be seen."""
    lever = Lever("sample_size", 1, 1000, logarithmic=True, grid=1)
    asked = {}

    def margin(n):
        asked[n] = n >= 77
        return 1.0 if n >= 77 else -1.0

    assert least(lever, margin, lambda n: n - 70.5) == 77
    assert asked[76] is False
