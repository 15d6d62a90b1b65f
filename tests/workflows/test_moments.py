"""Simulated workflows against recursions of moments that were derived by hand.

More than a million replicate-generations each; every |z| below 5.6, which 50 comparisons exceed with probability 1e-6.
"""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Gaussian, Known, Parameters, Recursion, solve
from modelcollapse.samplers import Amplification
from modelcollapse.start import Empirical
from modelcollapse.statistics import Diversity, MeanSquaredDrift, MeanVariance, SquaredError
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FixedReal, FreshCount, FreshMix, Replace

LIMIT, REPLICATES, HORIZON = 5.6, 100_000, 12
NORMAL = Parameters(mean=3.0, scale=2.0)


def z_scores(recursion, statistic, expected, replicates=REPLICATES):
    found = solve(recursion, statistic, HORIZON, method="simulate", replicates=replicates, rng=11)[statistic.name]
    return np.abs(found.value - expected) / (found.sd / np.sqrt(replicates))


def pool_factors(size, corpus=0, horizon=HORIZON):
    """Diversity of the pool, and a Gaussian's variance by maximum likelihood, relative to the start's."""
    held = corpus + size * np.arange(1, horizon + 1)
    return np.cumprod(1 - size / held**2)


@pytest.mark.parametrize(("size", "caught"), [(6, False), (5, True), (7, True)])
def test_accumulate_symbols(size, caught):
    start = Corpus([2, 2, 2])
    expected = (1 - 1 / 3) * pool_factors(6, corpus=6)
    assert (
        z_scores(Recursion(Categorical(), start, size, Accumulate()), Diversity(), expected).max() > LIMIT
    ) == caught


def test_accumulate_without_a_corpus():
    expected = 0.5 * pool_factors(6)
    assert z_scores(Recursion(Categorical(), Known([0.5, 0.5]), 6, Accumulate()), Diversity(), expected).max() < LIMIT


@pytest.mark.parametrize(("ddof", "caught"), [(0, False), (1, True)])
def test_accumulate_gaussian(ddof, caught):
    """By maximum likelihood E Sigma^2 falls by 1 - n/N^2, and what it loses the mean's drift gains."""
    recursion = Recursion(Gaussian(ddof=ddof), NORMAL, 5, Accumulate())
    expected = pool_factors(5)
    assert (z_scores(recursion, MeanVariance(), expected).max() > LIMIT) == caught
    assert (z_scores(recursion, MeanSquaredDrift(), 1 - expected).max() > LIMIT) == caught


def subsampled_diversity(start, size, horizon=HORIZON):
    """Diversity of the models under accumulate-subsample, from a corpus as large as the sample."""
    pool, held, model, found = start, size, start, []
    for _ in range(horizon):
        same = ((held**2 + 2 * held * size) * (1 - pool) + size**2 - size * (size - 1) * model) / (held + size) ** 2
        pool, held = 1 - same, held + size
        model = pool * (1 - 1 / size) * held / (held - 1)
        found.append(model)
    return np.array(found)


@pytest.mark.parametrize(("size", "caught"), [(8, False), (7, True), (9, True)])
def test_accumulate_subsample(size, caught):
    recursion = Recursion(Categorical(), Corpus([4, 4]), size, AccumulateSubsample())
    expected = subsampled_diversity(0.5, 8)
    assert (z_scores(recursion, Diversity(), expected).max() > LIMIT) == caught


def mixed_diversity(p, size, fresh, horizon=HORIZON):
    variance, found = 0.0, []
    for _ in range(horizon):
        variance = p * (1 - p) / size + (1 - 1 / size) * (1 - fresh) ** 2 * variance
        found.append(2 * (p * (1 - p) - variance))
    return np.array(found)


@pytest.mark.parametrize(("fresh", "caught"), [(0.2, False), (0.21, True), (0.19, True)])
def test_fresh_mix(fresh, caught):
    recursion = Recursion(Categorical(), Known([0.3, 0.7]), 10, FreshMix(fresh))
    expected = mixed_diversity(0.3, 10, 0.2)
    assert (z_scores(recursion, Diversity(), expected, 400_000).max() > LIMIT) == caught


def test_fresh_mix_is_replace_or_no_recursion_at_its_ends():
    replace = 0.42 * 0.9 ** np.arange(1, HORIZON + 1)
    assert z_scores(Recursion(Categorical(), Known([0.3, 0.7]), 10, FreshMix(0)), Diversity(), replace).max() < LIMIT
    anew = np.full(HORIZON, 0.42 * 0.9)
    assert z_scores(Recursion(Categorical(), Known([0.3, 0.7]), 10, FreshMix(1)), Diversity(), anew).max() < LIMIT


@pytest.mark.parametrize(("count", "caught"), [(2, False), (3, True), (1, True)])
def test_fresh_count(count, caught):
    p, n, m = 0.3, 10, 2
    variance, expected = 0.0, []
    for _ in range(HORIZON):
        old = p * (1 - p) - variance
        variance = (m * p * (1 - p) + (n - m) * old) / n**2 + ((n - m) / n) ** 2 * variance
        expected.append(2 * (p * (1 - p) - variance))
    recursion = Recursion(Categorical(), Known([p, 1 - p]), n, FreshCount(count))
    assert (z_scores(recursion, Diversity(), np.array(expected)).max() > LIMIT) == caught


@pytest.mark.parametrize(("size", "caught"), [(10, False), (9, True), (11, True)])
def test_fixed_real_data(size, caught):
    """E|P - r|^2 = beta^2 ((1 - 1/K) D + H/K) with beta = K/(N + K): K synthetic data beside N real ones."""
    counts = np.array([3, 5, 12])
    diversity, beta = 1 - ((counts / 20) ** 2).sum(), 10 / 30
    error, expected = 0.0, []
    for _ in range(HORIZON):
        error = beta**2 * (error * (1 - 1 / 10) + diversity / 10)
        expected.append(error)
    recursion = Recursion(Categorical(), Corpus(counts), size, FixedReal())
    assert (z_scores(recursion, SquaredError(), np.array(expected)).max() > LIMIT) == caught


@pytest.mark.parametrize(("factor", "caught"), [(0.8, False), (0.79, True)])
def test_fresh_gaussian_data_and_biased_sampling(factor, caught):
    """The two-moment recursion of 4 real and 6 synthetic data, drawn with lambda = 0.8, unbiased variance."""
    real, synthetic, lam = 4, 6, 0.8
    total = real + synthetic
    drift, variance, drifts, variances = 0.0, 1.0, [], []
    for _ in range(HORIZON):
        moved = (synthetic / total) ** 2 * drift + (real + synthetic * lam * variance) / total**2
        variance = (real + synthetic * (lam * variance + drift) - total * moved) / (total - 1)
        drift = moved
        drifts.append(drift)
        variances.append(variance)
    recursion = Recursion(Gaussian(), NORMAL, total, FreshCount(real), Amplification(factor))
    worst = z_scores(recursion, MeanVariance(), np.array(variances)).max()
    assert (worst > LIMIT) == caught
    if not caught:
        assert z_scores(recursion, MeanSquaredDrift(), np.array(drifts)).max() < LIMIT


@pytest.mark.parametrize(("factor", "caught"), [(0.9, False), (0.91, True)])
def test_biased_sampling_shrinks_the_mean_variance_by_lambda(factor, caught):
    recursion = Recursion(Gaussian(), NORMAL, 50, sampler=Amplification(factor))
    assert (z_scores(recursion, MeanVariance(), 0.9 ** np.arange(1, HORIZON + 1)).max() > LIMIT) == caught


def test_an_empirical_start_is_one_generation_later():
    """Generation k from one sample of a law is generation k + 1 from the law, sizes shifted."""
    law, sizes = Known([0.3, 0.7]), [8, 20, *[10] * 10]
    later = solve(Recursion(Categorical(), law, [15, *sizes]), Diversity(), HORIZON + 1)["diversity"].value[1:]
    recursion = Recursion(Categorical(), Empirical(law, 15), sizes, Replace())
    assert z_scores(recursion, Diversity(), later, 200_000).max() < LIMIT
    same = solve(Recursion(Categorical(), law, sizes), Diversity(), HORIZON)["diversity"].value
    assert z_scores(recursion, Diversity(), same, 200_000).max() > LIMIT
