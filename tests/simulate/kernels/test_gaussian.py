"""Gamma variables and the step of mean and scale, against their laws and against the formula written with NumPy."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse.simulate.kernels.gaussian import gammas, generation

U = np.uint64
REPLICATES = 200_000


def drawn(shape, use=3, key=5, replicates=REPLICATES):
    """Gamma variables and the normal numbers beside them."""
    gamma, normal, proposal = np.empty(replicates), np.empty(replicates), np.empty(replicates)
    gammas(shape, U(use), U(key), gamma, normal, proposal, np.empty(replicates, U))
    return gamma, normal


@pytest.mark.parametrize("shape", [1.0, 1.5, 4.5, 49.5, 5e5])
def test_gamma_variables(shape):
    """Kolmogorov-Smirnov: 1e-6 each. One draw more or less is caught, where a shape is at most that of 20 draws."""
    gamma, normal = drawn(shape)
    assert stats.kstest(gamma, stats.gamma(shape).cdf).pvalue > 1e-6
    assert stats.kstest(normal, "norm").pvalue > 1e-6
    if shape < 10:
        assert stats.kstest(gamma, stats.gamma(shape + 0.5).cdf).pvalue < 1e-6
        assert stats.kstest(gamma, stats.gamma(shape - 0.5).cdf).pvalue < 1e-6


def test_largest_samples_keep_their_law():
    """10^13 draws are the most that a recursion may have: standardised, the variable is normal to 1e-7."""
    shape = 0.5e13
    gamma, _ = drawn(shape)
    assert stats.kstest((gamma - shape) / np.sqrt(shape), "norm").pvalue > 1e-6


def correlations(columns):
    """Correlations of all pairs, and of their squares, in units of their standard error."""
    both = [np.corrcoef(columns, rowvar=False), np.corrcoef(columns**2, rowvar=False)]
    upper = np.triu_indices(columns.shape[1], 1)
    return np.concatenate([matrix[upper] for matrix in both]) * np.sqrt(len(columns))


@pytest.mark.parametrize("shape", [1.0, 9.5])
def test_generations_keys_and_normal_numbers_are_independent(shape):
    """30 correlations, |z| < 5.6: 1e-6. A lane that is used twice is caught."""
    law = stats.gamma(shape)
    columns = []
    for use, key in ((3, 5), (4, 5), (3, 6)):
        gamma, normal = drawn(shape, use, key)
        columns += [stats.norm.isf(law.sf(gamma)), normal]
    table = np.stack(columns, axis=1)
    assert np.abs(correlations(table)).max() < 5.6
    assert np.abs(correlations(table[:, [0, 1, 0]])).max() > 5.6


@pytest.mark.parametrize("shape", [1.0, 4.5])
def test_a_replicate_depends_on_its_own_counter_only(shape):
    many, few = drawn(shape, replicates=1000), drawn(shape, replicates=500)
    for one, other in zip(many, few, strict=True):
        np.testing.assert_array_equal(one[:500], other)


@pytest.mark.parametrize(("n", "ddof", "spread"), [(4.0, 1.0, 1.0), (20.0, 0.0, 0.7), (9.0, -1.5, 1.3)])
def test_the_step_is_the_formula(n, ddof, spread):
    """Mean + spread scale z / sqrt(n), and spread scale sqrt(2 gamma / (n - ddof)), to the last digits."""
    rng = np.random.default_rng(1)
    scale, mean = rng.gamma(3.0, size=1000), rng.normal(size=1000)
    gamma, normal = drawn(0.5 * (n - 1), use=12, key=9, replicates=1000)
    new_mean = mean + spread * scale * normal / np.sqrt(n)
    new_scale = spread * scale * np.sqrt(2 * gamma / (n - ddof))
    work = np.empty(1000), np.empty(1000), np.empty(1000), np.empty(1000, U)
    generation(scale, mean, n, ddof, spread, 12, U(9), *work)
    np.testing.assert_allclose(mean, new_mean, rtol=0, atol=1e-14)
    np.testing.assert_allclose(scale, new_scale, rtol=1e-14)
