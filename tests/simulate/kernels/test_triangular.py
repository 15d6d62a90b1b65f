"""Products of triangular factors, against matrix products by NumPy and against the exact laws of Wishart matrices."""

import numpy as np
import pytest
from scipy import special, stats

from modelcollapse.simulate.kernels.triangular import generation

U = np.uint64
KEY = U(77)


def work_space(d, replicates):
    """Wishart factors, normal numbers, proposals, and which are not decided."""
    wishart, normal = np.zeros((d, d, replicates)), np.empty((d, replicates))
    return wishart, normal, np.empty(replicates), np.empty(replicates, U)


def started(start, replicates):
    """Factors, shape (d, d, replicate), and means of 0."""
    d = len(start)
    return np.repeat(start[:, :, None], replicates, axis=2).copy(), np.zeros((d, replicates))


def after(start, n, ddof, generations, replicates):
    """Factors, shape (replicate, d, d), after some generations."""
    factor, mean = started(start, replicates)
    work = work_space(len(start), replicates)
    for k in range(1, generations + 1):
        generation(factor, mean, float(n), float(ddof), 1.0, k, KEY, *work)
    return np.moveaxis(factor, 2, 0)


@pytest.mark.parametrize("d", [2, 3, 6, 7])
def test_the_step_is_the_product(d):
    """The next factor is the last one times the Wishart factor; the mean moves by the last factor."""
    rng, n, ddof, spread = np.random.default_rng(d), 15.0, 0.5, 0.8
    factor = np.stack([np.tril(rng.normal(size=(d, d))) for _ in range(37)], axis=2)
    mean = rng.normal(size=(d, 37))
    old, old_mean = np.moveaxis(factor, 2, 0).copy(), mean.copy()
    wishart, normal, *rest = work_space(d, 37)
    generation(factor, mean, n, ddof, spread, 4, KEY, wishart, normal, *rest)
    product = old @ np.tril(np.moveaxis(wishart, 2, 0)) * spread / np.sqrt(n - ddof)
    np.testing.assert_allclose(np.moveaxis(factor, 2, 0), product, rtol=0, atol=1e-13)
    moved = old_mean + (old @ normal.T[:, :, None])[:, :, 0].T * spread / np.sqrt(n)
    np.testing.assert_allclose(mean, moved, rtol=0, atol=1e-14)


def test_bartlett_factors():
    """Diagonal chi, below and beside it normal, all independent.

    Kolmogorov-Smirnov at 1e-7 for 20 entries, 380 correlations of them and of their squares at |z| < 6.2: 1e-6 in all.
    """
    d, n, replicates = 5, 9.0, 100_000
    factor, mean = started(np.eye(d), replicates)
    wishart, normal, *rest = work_space(d, replicates)
    generation(factor, mean, n, 1.0, 1.0, 1, KEY, wishart, normal, *rest)
    columns = list(normal)
    for i in range(d):
        columns.append(stats.norm.isf(stats.chi2(n - 1 - i).sf(wishart[i, i] ** 2)))
        columns += [wishart[i, j] for j in range(i)]
        wrong = stats.norm.isf(stats.chi2(n - i).sf(wishart[i, i] ** 2))
        assert stats.kstest(wrong, "norm").pvalue < 1e-7
    for column in columns:
        assert stats.kstest(column, "norm").pvalue > 1e-7
    table = np.stack(columns, axis=1)
    upper = np.triu_indices(table.shape[1], 1)
    for values in (table, table**2):
        assert np.abs(np.corrcoef(values, rowvar=False)[upper]).max() * np.sqrt(replicates) < 6.2


def log_determinant_z(factor, d, n, ddof, generations):
    """Mean and variance of log det of the covariance against digamma and trigamma sums, in standard errors.

    After k generations log det is a sum of k d independent log(chi^2_{n-1-i} / (n - ddof)).
    """
    found = 2 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    half = 0.5 * (n - 1 - np.arange(d))
    mean = generations * (special.digamma(half) + np.log(2 / (n - ddof))).sum()
    variance = generations * special.polygamma(1, half).sum()
    fourth = generations * special.polygamma(3, half).sum() + 3 * variance**2
    replicates = len(found)
    z_mean = (found.mean() - mean) / np.sqrt(variance / replicates)
    z_variance = (((found - mean) ** 2).mean() - variance) / np.sqrt((fourth - variance**2) / replicates)
    return abs(z_mean), abs(z_variance)


@pytest.mark.parametrize("d", [2, 3, 8])
def test_log_determinant_has_its_law(d):
    """|z| < 5.1: below 1e-6. One draw more or less, another ddof, and one generation more or less are caught."""
    n, generations = 20, 6
    factor = after(np.eye(d), n, 1, generations, 50_000)
    assert max(log_determinant_z(factor, d, n, 1, generations)) < 5.1
    for wrong in ((n + 1, 1, generations), (n - 1, 1, generations), (n, 0, generations), (n, 2, generations)):
        assert log_determinant_z(factor, d, *wrong)[0] > 5.1
    for shifted in (generations - 1, generations + 1):
        assert log_determinant_z(factor, d, n, 1, shifted)[0] > 5.1


@pytest.mark.parametrize("d", [2, 3])
def test_moments_of_covariances(d):
    """E S = Sigma and Cov(S_ij, S_kl) = (Sigma_ik Sigma_jl + Sigma_il Sigma_jk) / (n - 1) of correlated data.

    At most 27 comparisons, errors from 50 batches, so Student's law: |t| < 6.6 is exceeded with probability 1e-6.
    """
    n, replicates, batches = 12, 200_000, 50
    start = np.tril(np.random.default_rng(d).normal(size=(d, d))) + np.eye(d)
    sigma = start @ start.T
    factor = after(start, n, 1, 1, replicates)
    rows, columns = np.tril_indices(d)
    entries = (factor @ np.swapaxes(factor, 1, 2) - sigma)[:, rows, columns]
    products = entries[:, :, None] * entries[:, None, :]

    def t(values, expected):
        means = values.reshape(batches, -1, *values.shape[1:]).mean(axis=1)
        return np.abs((means.mean(axis=0) - expected) / (means.std(axis=0, ddof=1) / np.sqrt(batches))).max()

    i, j, k, m = rows[:, None], columns[:, None], rows[None, :], columns[None, :]
    law = sigma[i, k] * sigma[j, m] + sigma[i, m] * sigma[j, k]
    assert t(entries, 0.0) < 6.6
    assert t(products, law / (n - 1)) < 6.6
    assert t(products, law / n) > 6.6
