"""Moments of parts and draws against exact fractions, and weights on nodes that have them."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from modelcollapse.laws.presence.narrow_draws import mixed_moments, part_moments, stencil_weights

ORDER = 14


def falling(value, r):
    product = Fraction(1)
    for i in range(r):
        product *= value - i
    return product


def central(factorial_moments):
    """Central moments from E (b)_r, by Stirling numbers of the second kind."""
    stirling = np.zeros((ORDER, ORDER), dtype=object)
    stirling[0, 0] = 1
    for r in range(1, ORDER):
        for k in range(1, r + 1):
            stirling[r, k] = k * stirling[r - 1, k] + stirling[r - 1, k - 1]
    raw = stirling @ np.array(factorial_moments, dtype=object)
    return [sum(comb(i, j) * raw[j] * (-raw[1]) ** (i - j) for j in range(i + 1)) for i in range(ORDER)]


def exact_moments(total, count, fitted, n):
    """E (s)_r = (m)_r (c)_r/(N)_r, and E (b)_r = (n)_r E s^r/m^r."""
    part = [falling(fitted, r) * falling(count, r) / falling(total, r) for r in range(ORDER)]
    stirling = [[0] * ORDER for _ in range(ORDER)]
    stirling[0][0] = 1
    for r in range(1, ORDER):
        for k in range(1, r + 1):
            stirling[r][k] = k * stirling[r - 1][k] + stirling[r - 1][k - 1]
    power = [sum(stirling[r][k] * part[k] for k in range(r + 1)) for r in range(ORDER)]
    return central(part), central([falling(n, r) * power[r] / Fraction(fitted) ** r for r in range(ORDER)])


def found_moments(total, count, fitted, n, unit, tilt=1.0):
    share, part = count / total, fitted / total
    each = [
        np.array([value])
        for value in (n / fitted / unit, fitted * share * (1 - share) * (1 - part), share + part - 2 * share * part)
    ]
    seen = part_moments(ORDER, *each, np.array([1 / total]))
    drawn = [np.array([value]) for value in (n * share * (1 - share) / unit**2, tilt * (1 - 2 * share) / unit, 1 / n)]
    return seen[:, 0], mixed_moments(seen, *drawn)[:, 0]


@pytest.mark.parametrize(
    ("total", "count", "fitted", "n"),
    [
        (2000, 1100, 1000, 1000),
        (10**6, 2000, 500_000, 500_000),
        (10**13, 3000, 10**10, 10**10),
        (10**10, 9 * 10**9, 10**6, 10**7),
        (50_000, 40_000, 300, 300),
    ],
)
def test_moments_are_those_of_the_laws(total, count, fitted, n):
    unit = (count + n * count / total) / 20
    part, draws = exact_moments(total, count, fitted, n)
    seen, drawn = found_moments(total, count, fitted, n, unit)
    scale = np.array([unit**i for i in range(ORDER)])
    expected = [float(p) * (n / fitted) ** i for i, p in enumerate(part)] / scale
    np.testing.assert_allclose(seen, expected, rtol=1e-13, atol=1e-18)
    expected = np.array([float(d) for d in draws]) / scale
    np.testing.assert_allclose(drawn, expected, rtol=1e-13, atol=1e-18)
    _, wrong = found_moments(total, count, fitted, n, unit, tilt=1.1)
    assert abs(wrong[4] / expected[4] - 1) > 1e-11


def test_without_a_part_it_is_the_binomial_law():
    n, share, unit = 5000, 0.3, 90.0
    each = [np.array([value]) for value in (1 / unit, n * share * (1 - share), share, 0.0)]
    exact = central([falling(n, r) * Fraction(share) ** r for r in range(ORDER)])
    found = part_moments(ORDER, *each)[:, 0]
    np.testing.assert_allclose(found, [float(d) / unit**i for i, d in enumerate(exact)], rtol=1e-13)


def test_weights_integrate_polynomials():
    rng = np.random.default_rng(1)
    nodes = np.sort(np.arange(-5.0, 9.0)[:, None] + rng.uniform(-0.3, 0.3, (ORDER, 50)), axis=0)
    points, chances = rng.normal(0, 0.4, (3, 50)), rng.dirichlet(np.ones(3), 50).T
    moments = np.array([(chances * points**i).sum(axis=0) for i in range(ORDER)])
    weights = stencil_weights(nodes, moments)
    for function in (np.ones_like, lambda t: t**3 - t, lambda t: (t / 5) ** 13):
        expected = (chances * function(points)).sum(axis=0)
        np.testing.assert_allclose((weights * function(nodes)).sum(axis=0), expected, atol=1e-12)
    smooth = np.abs((weights * np.exp(-nodes / 4)).sum(axis=0) - (chances * np.exp(-points / 4)).sum(axis=0))
    assert smooth.max() < 1e-11
