"""Sums along an arithmetic progression by Gauss's rule, against the sums themselves and against mpmath."""

import math

import mpmath as mp
import numpy as np
import pytest

from modelcollapse.laws.scales.log_gamma import digamma_excess, log_gamma_change, polygamma
from modelcollapse.laws.scales.log_scale_walk import ERROR_GROWTH, RELATIVE_ERROR, tail
from modelcollapse.laws.scales.progression import graded_rule
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_steps import GaussianDeterminant
from tests.reference.scale_tail import reference_tail


@pytest.mark.parametrize("least", [1e-6, 0.5, 3.0, 700.0, 1e12])
@pytest.mark.parametrize("count", [1, 16, 17, 65, 1000, 50_000])
def test_powers_and_logarithms(least, count):
    places, weights = graded_rule(least, 0.5, count)
    assert np.all(weights > 0)
    assert np.all((places >= 0) & (places <= count - 1))
    whole = least + 0.5 * np.arange(count)
    some = least + 0.5 * places
    for function in (np.ones_like, lambda a: 1 / a, lambda a: a**-3, np.log, lambda a: 1 / (a + 1j * least)):
        exact, size = function(whole), math.fsum(np.abs(function(whole)))
        exact = complex(math.fsum(exact.real), math.fsum(exact.imag))
        assert abs(weights @ function(some) - exact) < 4e-15 * size


def test_few_terms():
    assert len(graded_rule(500.0, 0.5, 1000)[0]) == 16
    assert len(graded_rule(0.5, 0.5, 1000)[0]) <= 64


@pytest.mark.parametrize("dimension", [5, 17, 100, 1000])
@pytest.mark.parametrize("surplus", [1, 10, 1000, 10**6, 10**12])
def test_determinants_are_the_sum_over_their_directions(dimension, surplus):
    n, power = dimension + surplus, 0.5 / dimension
    step, divisor, beyond = GaussianDeterminant(n, 1, dimension), (n - 1) / 2, (1.0 - np.arange(1, dimension + 1)) / 2
    lowest = float(step.lowest_power)
    for at in (0.0, dimension, lowest / 2):
        start = beyond + power * at
        shape, drift = divisor + start, np.log1p(start / divisor)
        first = digamma_excess(shape) + drift
        assert float(step.cumulant(1, at)) == pytest.approx(power * first.sum(), rel=0, abs=4e-15 * abs(first).max())
        for order in (2, 3):
            exact = power**order * polygamma(order - 1, shape).sum()
            assert float(step.cumulant(order, at)) == pytest.approx(exact, rel=1e-13)
        room = min(at - lowest, 100.0 * dimension)
        for by in (-0.99 * room, room, 3j * room, (1j - 1) * room, 20 * (1j - 1) * room, (0.5 + 1j) * room):
            z = np.full(dimension, power * by)
            terms = log_gamma_change(shape, z) + z * drift
            found = step.log_moment_change(np.array(at), np.array(by))
            assert abs(found - terms.sum()) < 5e-15 * np.abs(terms).sum()


@pytest.mark.parametrize(("n", "ddof", "dimension", "k"), [(27, 0, 17, 1000), (120, 1, 100, 10)])
@pytest.mark.parametrize("deviations", [-3, 0.5, 6])
def test_tails_of_large_dimensions_against_another_contour(n, ddof, dimension, k, deviations):
    step = GaussianDeterminant(n, ddof, dimension)
    x = float(k * step.cumulant(1) + deviations * np.sqrt(k * step.cumulant(2)))
    upper = bool(saddle_point(step, np.array([x / k]))[0] >= 0)
    exact = reference_tail(step, k, x, upper=upper)
    found = tail(step, k, x)
    allowed = RELATIVE_ERROR + ERROR_GROWTH * np.sqrt(k)
    assert abs(mp.mpf(float(found.above if upper else found.at_most)) / exact - 1) < allowed
    wrong = tail(GaussianDeterminant(n, ddof, dimension - 1), k, x)  # a direction left out is seen
    assert abs(mp.mpf(float(wrong.above if upper else wrong.at_most)) / exact - 1) > 1e6 * allowed
