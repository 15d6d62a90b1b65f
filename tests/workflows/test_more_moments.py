"""Simulated Gaussians and stationary states against recursions by hand; a generation's shift is caught by each.

Every |z| below 5.6, which 50 comparisons exceed with probability 1e-6.
"""

import numpy as np
import pytest
from scipy.special import digamma

from modelcollapse import Categorical, Gaussian, Known, Parameters, Recursion, solve
from modelcollapse.samplers import Amplification
from modelcollapse.simulate.loop import snapshots
from modelcollapse.statistics import MeanSquaredDrift, MeanVariance, SquaredError
from modelcollapse.workflows import AccumulateSubsample, FreshMix

LIMIT, REPLICATES = 5.6, 100_000
NORMAL = Parameters(mean=3.0, scale=2.0)


def z_scores(found, expected):
    return np.abs(found.value - expected) / (found.sd / np.sqrt(REPLICATES))


def subsampled(sizes):
    """Variance and squared drift of models fitted, without bias, to as many data of the pool as were drawn last.

    Of a pool of N data with mean M and unbiased variance U, n have a mean with E m^2 = M^2 + U (1/n - 1/N).
    """
    held, squares, mean_square = 0, 0.0, 0.0  # of the pool: data, sum of x^2, M^2
    variance, drift, variances, drifts = 1.0, 0.0, [], []
    for n in sizes:
        batch_mean = drift + variance / n
        squares += n * (drift + variance)
        mean_square = ((held**2 + 2 * held * n) * mean_square + n**2 * batch_mean) / (held + n) ** 2
        held += n
        variance = (squares - held * mean_square) / (held - 1)
        drift = mean_square + variance * (1 / n - 1 / held)
        variances.append(variance)
        drifts.append(drift)
    return np.array(variances), np.array(drifts)


@pytest.mark.parametrize("sizes", [[6] * 10, [5, 12, 4, 20, 8, 8, 3, 9, 15, 6]], ids=["constant", "schedule"])
def test_accumulate_subsample_of_gaussians(sizes):
    recursion = Recursion(Gaussian(), NORMAL, sizes, AccumulateSubsample())
    found = solve(recursion, [MeanVariance(), MeanSquaredDrift()], 10, method="simulate", replicates=REPLICATES, rng=5)
    variances, drifts = subsampled(sizes)
    assert z_scores(found["mean_variance"], variances).max() < LIMIT
    assert z_scores(found["mean_squared_drift"], drifts).max() < LIMIT
    later = subsampled([*sizes, 6])
    assert z_scores(found["mean_squared_drift"], later[1][1:]).max() > LIMIT, "a generation later"
    other = subsampled([sizes[0] + 1, *sizes[1:]])
    assert z_scores(found["mean_squared_drift"], other[1]).max() > LIMIT, "another first size"


def test_stationary_variance_of_fresh_mix():
    """2 p (1 - p) / (n - (n - 1)(1 - a)^2) from about generation 20 on, to 0.9 ** 40 of itself; not at generation 2."""
    n, a, p = 12, 0.3, 0.3
    recursion = Recursion(Categorical(), Known([p, 1 - p]), n, FreshMix(a))
    at = [2, 25, 40]
    found = solve(recursion, SquaredError(), at, method="simulate", replicates=REPLICATES, rng=6)["squared_error"]
    z = z_scores(found, 2 * p * (1 - p) / (n - (n - 1) * (1 - a) ** 2))
    assert z[1:].max() < LIMIT < z[0]
    assert z_scores(found, 2 * p * (1 - p) / (n - n * (1 - a) ** 2))[1:].min() > LIMIT, "n for n - 1"


@pytest.mark.parametrize("n", [5, 12])
def test_at_the_critical_amplification_nothing_drifts(n):
    """ln lambda_c = ln((n - 1)/2) - psi((n - 1)/2): E ln scale stays; three hundredths more or less move it."""
    critical, horizon = float(np.exp(np.log((n - 1) / 2) - digamma((n - 1) / 2))), 20
    for factor, stays in ((critical, True), (critical * 1.03, False), (critical * 0.97, False)):
        recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), n, sampler=Amplification(factor))
        *_, last = snapshots(recursion, horizon, REPLICATES, np.random.default_rng(7))
        logs = np.log(recursion.family.scale(last.model))
        z = abs(logs.mean()) / (logs.std() / np.sqrt(REPLICATES))
        assert (z < LIMIT) == stays
