"""The kernel of mixtures against the plain route: the same estimates, whatever the data and the lane."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse.families import Mixture
from modelcollapse.families import mixture_likelihood as plain
from modelcollapse.families.data import Data
from modelcollapse.simulate.kernels import mixture, mixture_search
from tests.families.test_mixture_likelihood import AT_ZERO, TWO, folded

LANES = mixture.LANES


def by_kernel(values, mean=None):
    """Mean and scale of each row of absolute values, or of deviations of these from a mean."""
    values = np.atleast_2d(values)
    mean = np.zeros(len(values)) if mean is None else mean
    work = np.empty((values.shape[1] + 1, LANES)), np.empty((9, LANES))
    return np.stack(mixture.fit_columns(np.ascontiguousarray(values.T), mean, *work), axis=1)


def by_family(values, mean=None):
    values = np.atleast_2d(values)
    origin = np.zeros((len(values), 1)) if mean is None else mean[:, None]
    return Mixture().fit(Data(origin, values))


def agree(values, mean=None):
    ours, theirs = by_kernel(values, mean), by_family(values, mean)
    np.testing.assert_array_equal(ours[:, 0] == 0, theirs[:, 0] == 0)
    # Near a mean of 0 the equation has a triple root.
    np.testing.assert_allclose(ours[:, 0], theirs[:, 0], rtol=1e-9)
    np.testing.assert_allclose(ours[:, 1], theirs[:, 1], rtol=1e-12)


@pytest.mark.parametrize("size", [2, 3, 10, 11, 60])
@pytest.mark.parametrize("distance", [0.0, 1.0, 3.0, 30.0, 1e6, 1e200])
def test_estimates_are_those_of_the_plain_route(size, distance):
    normal = np.random.default_rng(size).standard_normal((700, size))
    mean = np.full(700, distance)
    agree(np.where(normal < -distance, -2 * distance - normal, normal), mean)


@pytest.mark.parametrize("degrees", [1.0, 2.0, 8.0])
def test_heavy_tails(degrees):
    """Data unlike those of a mixture have several maxima more often."""
    agree(np.abs(np.random.default_rng(1).standard_t(degrees, (700, 20))))


def test_several_maxima_of_which_the_largest_root_is_not_the_highest():
    both = np.stack([TWO, AT_ZERO])
    agree(both)
    for row in both:
        data = folded(row)
        largest = plain.descend(data, data.mean / data.variance)
        wrong = largest / plain.inverse_variance(largest) * np.sqrt((row**2).mean())
        assert np.abs(by_kernel(row)[0, 0] - wrong) > 0.1  # the control: tangents alone would give this


def test_a_row_does_not_depend_on_its_lane():
    values = np.abs(np.random.default_rng(2).standard_normal((3 * LANES + 5, 9)))
    together = by_kernel(values)
    alone = np.concatenate([by_kernel(row) for row in values])
    np.testing.assert_allclose(together, alone, rtol=1e-9)


@pytest.mark.parametrize("b", [0.0, 0.3, 2.0, 50.0, 1e4])
def test_heights_are_those_of_the_plain_route(b):
    data = folded(np.random.default_rng(3).standard_normal((20, 7)))
    at = plain.height(data, np.full(20, b))
    y = np.ascontiguousarray(data.y.T)
    for row in range(20):
        h, slope, lack = mixture_search.height(y, row, data.mean[row], data.variance[row], b)
        assert h == pytest.approx(at.h[row], rel=1e-13)
        assert slope == pytest.approx(at.slope[row], rel=1e-8)
        assert lack == pytest.approx(at.lack[row], rel=1e-12)
        found = mixture_search.log_likelihood(y, row, data.mean[row], data.variance[row], b)
        assert found == pytest.approx(plain.log_likelihood(data, np.full(20, b))[row], abs=1e-12)


def drawn(mean, number=1, key=1, size=7, replicates=4096):
    """The absolute values that a block draws, in units of a scale of 1."""
    y, work, found = np.empty((size + 1, LANES)), np.empty((9, LANES)), []
    for first in range(0, replicates, LANES):
        mixture._draw(
            np.ones(replicates),
            np.full(replicates, mean),
            size,
            np.uint64(number),
            np.uint64(key),
            first,
            LANES,
            y,
            work,
        )
        found.append(mean + y[:size].T)
    return np.concatenate(found)


@pytest.mark.parametrize("mean", [0.0, 1.5])
def test_draws_are_folded_normal_and_independent(mean):
    """Kolmogorov-Smirnov 1e-6, another mean is caught; 44 correlations of data, generations and keys, |z| < 5.7."""
    values = drawn(mean)
    assert stats.kstest(values.ravel(), stats.foldnorm(mean).cdf).pvalue > 1e-6
    assert stats.kstest(values.ravel(), stats.foldnorm(mean + 0.4).cdf).pvalue < 1e-6
    table = np.concatenate([values, drawn(mean, number=2)[:, :2], drawn(mean, key=2)[:, :1]], axis=1)
    z = np.corrcoef(table, rowvar=False)[np.triu_indices(10, 1)] * np.sqrt(len(table))
    assert np.abs(z).max() < 5.7
    assert np.corrcoef(values[:, 0], values[:, 0])[0, 1] * np.sqrt(len(values)) > 5.7


def test_a_scale_of_0_stays():
    scale, mean = np.array([0.0, 1e-310, 1.0]), np.array([2.0, 2.0, 2.0])
    work = np.empty((6, LANES)), np.empty((9, LANES))
    for k in range(1, 4):
        mixture.generation(scale, mean, 5, k, np.uint64(1), *work)
    assert np.isfinite(scale).all()
    assert scale[0] == 0
    assert mean[0] == 2.0
    assert scale[2] > 0
