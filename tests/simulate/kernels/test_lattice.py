"""Alias rows and lattice quantiles, against SciPy's laws."""

import mpmath
import numpy as np
import pytest
from numba import njit
from scipy import stats

from modelcollapse.simulate.kernels.alias_rows import FULL, LAST, alias_rows
from modelcollapse.simulate.kernels.lattice_quantile import (
    binomial_point,
    exact_binomial,
    exact_poisson,
    poisson_point,
)

U = np.uint64


@njit(error_model="numpy")
def binomial_points(n, p, w, point, margin, exact):
    for i in range(len(w)):
        point[i], margin[i] = binomial_point(n, p, w[i])
        exact[i] = exact_binomial(n, p, w[i], np.int64(np.floor(point[i])))


@njit(error_model="numpy")
def poisson_points(mean, w, point, margin, exact):
    for i in range(len(w)):
        point[i], margin[i] = poisson_point(mean, w[i])
        exact[i] = exact_poisson(mean, w[i], np.int64(np.floor(point[i])))


def law_of_row(table, rows, x):
    """The probabilities that a row's entries stand for."""
    offset, columns = int(rows[x]) >> 8, 1 << (64 - (int(rows[x]) & 255))
    law = np.zeros(columns)
    for j, entry in enumerate(table[offset : offset + columns]):
        share = (int(entry) >> 12) / FULL
        law[j] += share / columns
        law[int(entry) & 4095] += (1 - share) / columns
    return law


@pytest.mark.parametrize("n", [1, 2, 17, 300, 1000, 10**9])
def test_rows_are_the_binomial_laws(n):
    table, rows = alias_rows(n, 0.37 * min(n, 100), False)
    for x in [x for x in (0, 1, 2, 11, 12, 40, 41, 120, 121, 299, LAST, LAST + 1) if x <= n or x == LAST + 1]:
        p = x / n if x <= LAST else 0.37 * min(n, 100) / n
        law = law_of_row(table, rows, x)
        np.testing.assert_allclose(law, stats.binom.pmf(np.arange(len(law)), n, p), atol=3e-13)


def test_rows_are_the_poisson_laws():
    table, rows = alias_rows(5, 2.5, True)
    for x in (0, 1, 11, 12, 300, LAST + 1):
        law = law_of_row(table, rows, x)
        np.testing.assert_allclose(law, stats.poisson.pmf(np.arange(len(law)), x if x <= LAST else 2.5), atol=1e-13)
        assert stats.poisson.sf(len(law) - 1, x if x <= LAST else 2.5) < 1e-25


def poisson_quantile(mean, w, near):
    """The quantile at Phi(w) > 1/2 next to `near`, with 30 digits."""
    with mpmath.workdps(30):
        target = mpmath.erfc(mpmath.mpf(float(w)) / mpmath.sqrt(2)) / 2
        tails = {k: mpmath.gammainc(k + 1, 0, mean, regularized=True) for k in range(near - 2, near + 3)}
        return min(k for k, tail in tails.items() if tail <= target)


NORMAL = np.concatenate([np.linspace(-6, 6, 4001), [-5.9999, 5.9999, 0.0]])


@pytest.mark.parametrize(
    ("n", "p"), [(200, 0.5), (1000, 0.2), (10**4, 0.02), (10**4, 0.97), (10**6, 1e-3), (10**9, 1e-6)]
)
def test_binomial_quantiles(n, p):
    """Where the point is farther from an integer than its margin, its floor is the quantile; decided, it always is."""
    point, margin, exact = np.empty_like(NORMAL), np.empty_like(NORMAL), np.empty_like(NORMAL)
    binomial_points(n, p, NORMAL, point, margin, exact)
    below, above = stats.norm.cdf(NORMAL), stats.norm.sf(NORMAL)
    expected = np.where(NORMAL < 0, stats.binom.ppf(below, n, p), stats.binom.isf(above, n, p))
    fraction = point - np.floor(point)
    sure = (fraction > margin) & (fraction < 1 - margin) & (n * p * (1 - p) >= 100)
    np.testing.assert_array_equal(np.floor(point)[sure], expected[sure])
    # At a jump, SciPy's own rounding decides otherwise now and then.
    odd = exact != expected
    assert odd.mean() < 2e-3
    assert np.all(np.abs(exact - expected) <= 1)
    assert not np.any(odd & sure)


@pytest.mark.parametrize("mean", [100.0, 301.0, 5000.0, 1e6])
def test_poisson_quantiles(mean):
    point, margin, exact = np.empty_like(NORMAL), np.empty_like(NORMAL), np.empty_like(NORMAL)
    poisson_points(mean, NORMAL, point, margin, exact)
    below, above = stats.norm.cdf(NORMAL), stats.norm.sf(NORMAL)
    expected = np.where(NORMAL < 0, stats.poisson.ppf(below, mean), stats.poisson.isf(above, mean))
    fraction = point - np.floor(point)
    sure = (fraction > margin) & (fraction < 1 - margin)
    assert sure.mean() > 0.5
    for i in np.flatnonzero(sure & (np.floor(point) != expected)):  # SciPy's inverse is good to about 1e-5 only
        expected[i] = poisson_quantile(mean, NORMAL[i], int(expected[i]))
    np.testing.assert_array_equal(np.floor(point)[sure], expected[sure])
    assert (exact != expected).mean() < 2e-3
    # A margin a hundred times smaller would not do at the smallest mean: the test has teeth.
    if mean == 100.0:
        thin = (fraction > margin / 100) & (fraction < 1 - margin / 100)
        assert np.any(np.floor(point)[thin] != expected[thin])
