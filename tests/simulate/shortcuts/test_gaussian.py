"""Gaussian kernels against exact laws and against the plain route: draw the data, then estimate."""

import numpy as np
import pytest
from scipy import stats

from modelcollapse import Parameters, Recursion, solve
from modelcollapse.families import Gaussian
from modelcollapse.samplers import Amplification
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.shortcuts.gaussian import GaussianKernel, TriangularKernel
from modelcollapse.statistics import MeanScale, MeanSquaredDrift, MeanVariance, ScaleTail, Wasserstein

START = Parameters(mean=3.0, scale=2.0)
GENERATIONS = np.array([1, 2, 5, 12])


def z_scores(route, simulated, truth, replicates, statistics):
    sums = route.run_block(Experiment(simulated, statistics, GENERATIONS, replicates), np.random.SeedSequence(3))
    found = []
    for statistic, block in zip(statistics, sums, strict=True):
        exact = solve(truth, statistic, GENERATIONS, method="exact")[statistic.name].value
        mean = block.total / replicates
        spread = np.sqrt(np.maximum(block.squares / replicates - mean**2, 1e-30))
        # Not where next to no replicate, or next to all, are above the threshold.
        seen = np.ones(len(mean), bool) if not statistic.is_probability else (mean > 1e-3) & (mean < 1 - 1e-3)
        found.append((np.abs(mean - exact) / spread * np.sqrt(replicates))[seen])
    return np.concatenate(found)


ASKED = [ScaleTail(0.8), MeanScale(), MeanVariance(), MeanSquaredDrift(), Wasserstein()]


@pytest.mark.parametrize("family", [Gaussian(), Gaussian(ddof=0), Gaussian(ddof=-1.5)], ids=lambda f: f"ddof {f.ddof}")
@pytest.mark.parametrize("size", [4, 20, 10**6, [5, 9, 4, 30, *[7] * 8]], ids=str)
def test_one_dimension_agrees_with_the_law(family, size):
    """200,000 replicates, 20 comparisons: |z| < 5.6 is exceeded with probability 1e-6 or less."""
    recursion = Recursion(family, START, size)
    assert z_scores(GaussianKernel(), recursion, recursion, 200_000, ASKED).max() < 5.6


@pytest.mark.parametrize(("family", "size"), [(Gaussian(ddof=0), 20), (Gaussian(), 19), (Gaussian(), 21)])
def test_a_wrong_constant_is_caught(family, size):
    truth = Recursion(Gaussian(), START, 20)
    assert z_scores(GaussianKernel(), Recursion(family, START, size), truth, 200_000, ASKED).max() > 5.6


@pytest.mark.parametrize("dimension", [2, 3, 7])
def test_several_dimensions_agree_with_the_law(dimension):
    recursion = Recursion(Gaussian(dimension=dimension), START, 12)
    asked = [ScaleTail(0.8), MeanScale(), MeanVariance()]
    assert z_scores(TriangularKernel(), recursion, recursion, 100_000, asked).max() < 5.6
    other = Recursion(Gaussian(dimension=dimension), START, 13)
    assert z_scores(TriangularKernel(), other, recursion, 100_000, asked).max() > 5.6


def plain_route(dimension, n, generations, replicates, rng):
    """Means and covariances after some generations: draw n vectors, then mean and np.cov."""
    means, covariances = np.full((replicates, dimension), 3.0), np.tile(4.0 * np.eye(dimension), (replicates, 1, 1))
    for _ in range(generations):
        factor = np.linalg.cholesky(covariances)
        data = means[:, None, :] + rng.standard_normal((replicates, n, dimension)) @ np.swapaxes(factor, 1, 2)
        means = data.mean(axis=1)
        away = data - means[:, None, :]
        covariances = np.swapaxes(away, 1, 2) @ away / (n - 1)
    return means, covariances


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_has_the_law_of_the_plain_route(dimension):
    """Two-sample Kolmogorov-Smirnov of every mean and entry of the covariance after 3 generations: 1e-7 each."""
    family, replicates = Gaussian(dimension=dimension), 20_000
    route = GaussianKernel() if dimension == 1 else TriangularKernel()
    block = Experiment(Recursion(family, START, 8), [], np.array([3]), replicates)
    *_, model = route.models(block, np.uint64(77))
    factor = family.factor(model)
    covariance = factor @ np.swapaxes(factor, 1, 2)
    means, covariances = plain_route(dimension, 8, 3, replicates, np.random.default_rng(1))
    for i in range(dimension):
        assert stats.ks_2samp(family.location(model)[:, i], means[:, i]).pvalue > 1e-7
        for j in range(dimension):
            assert stats.ks_2samp(covariance[:, i, j], covariances[:, i, j]).pvalue > 1e-7
    if dimension == 1:
        assert (
            stats.ks_2samp(
                covariance[:, 0, 0], plain_route(1, 7, 3, replicates, np.random.default_rng(1))[1][:, 0, 0]
            ).pvalue
            < 1e-7
        )
        assert abs(np.corrcoef(family.location(model)[:, 0], family.scale(model))[0, 1]) < 5 / np.sqrt(replicates)


def test_amplified_draws():
    """E Sigma^2 = lambda^k for the unbiased variance; |z| < 5.1."""
    recursion = Recursion(Gaussian(), START, 10, sampler=Amplification(0.8))
    sums = GaussianKernel().run_block(
        Experiment(recursion, [MeanVariance()], GENERATIONS, 200_000), np.random.SeedSequence(3)
    )[0]
    mean = sums.total / 200_000
    error = np.sqrt((sums.squares / 200_000 - mean**2) / 200_000)
    assert np.all(np.abs(mean - 0.8**GENERATIONS) < 5.1 * error)


def test_later_generations_do_not_depend_on_which_were_looked_at():
    recursion = Recursion(Gaussian(), START, 10)
    seed = np.random.SeedSequence(3)
    some = GaussianKernel().run_block(Experiment(recursion, [MeanScale()], np.array([12]), 500), seed)[0].total[-1]
    assert (
        some
        == GaussianKernel().run_block(Experiment(recursion, [MeanScale()], np.arange(1, 13), 500), seed)[0].total[-1]
    )
