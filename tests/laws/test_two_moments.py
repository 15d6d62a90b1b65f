"""Gaussian moments under every workflow: against simulation, closed forms, published values."""

import numpy as np
import pytest

from modelcollapse import Gaussian, Parameters, Recursion, solve
from modelcollapse.errors import InputError
from modelcollapse.laws import two_moments
from modelcollapse.laws.fresh_loop import fresh_loop_limit, fresh_loop_size, optimal_weight, weighted_variance
from modelcollapse.laws.scale_rates import critical_amplification
from modelcollapse.laws.two_moments import TwoMomentLaw
from modelcollapse.samplers import Amplification, Plain
from modelcollapse.start import Empirical
from modelcollapse.statistics import MeanSquaredDrift, MeanVariance
from modelcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)

NORMAL = Parameters(mean=3.0, scale=2.0)
ASKED = [MeanVariance(), MeanSquaredDrift()]
REPLICATES, HORIZON, LIMIT = 60_000, 8, 5.6


def exact(recursion, at=HORIZON):
    return solve(recursion, ASKED, at, method="exact")


def worst(recursion, simulated):
    """Largest |z| of simulated moments; 16 comparisons exceed 5.6 with probability below 1e-6."""
    found = exact(recursion)
    return max(
        (np.abs(found[s.name].value - simulated[s.name].value) / simulated[s.name].sd * np.sqrt(REPLICATES)).max()
        for s in ASKED
    )


CASES = [
    (FreshMix(0.3), FreshMix(0.25), NORMAL, 1.0),
    (FreshCount(4), FreshCount(3), NORMAL, 0.0),
    (WeightedMix(4, 0.7), WeightedMix(4, 0.6), NORMAL, 1.0),
    (WeightedMix(3), FreshCount(3), Empirical(NORMAL, 5), 0.0),
    (FixedReal(2), FixedReal(1), Empirical(NORMAL, 6), 1.0),
    (Accumulate(), Replace(), NORMAL, 0.0),
    (Accumulate(), Replace(), Empirical(NORMAL, 4), 1.0),
    (AccumulateSubsample(), Accumulate(), Empirical(NORMAL, 9), 1.0),
    (AccumulateSubsample(5), AccumulateSubsample(9), NORMAL, 0.0),
]


@pytest.mark.parametrize(("workflow", "wrong", "start", "ddof"), CASES, ids=[f"{w.name}-{s}" for w, _, s, _ in CASES])
@pytest.mark.parametrize("sampler", [Plain(), Amplification(0.8)], ids=lambda s: s.name)
def test_against_simulation(workflow, wrong, start, ddof, sampler):
    recursion = Recursion(Gaussian(ddof=ddof), start, 10, workflow, sampler)
    simulated = solve(recursion, ASKED, HORIZON, method="simulate", replicates=REPLICATES, rng=8)
    assert worst(recursion, simulated) < LIMIT
    assert worst(Recursion(Gaussian(ddof=ddof), start, 10, wrong, sampler), simulated) > LIMIT
    other = Gaussian(ddof=0.5)
    assert worst(Recursion(other, start, 10, workflow, sampler), simulated) > LIMIT


@pytest.mark.parametrize("sizes", [10, [5, 20, 8, 8, 30, 4, 9, 10]])
@pytest.mark.parametrize("ddof", [0.0, 1.0])
def test_under_replace_it_is_the_closed_form(sizes, ddof):
    recursion = Recursion(Gaussian(ddof=ddof), NORMAL, sizes)
    for statistic in ASKED:
        closed = solve(recursion, statistic, HORIZON)[statistic.name]
        assert closed.source == "gaussian_moments"
        own = TwoMomentLaw().answer(recursion, statistic, np.arange(1, HORIZON + 1))
        np.testing.assert_allclose(own.value, closed.value, rtol=1e-13)


def test_accumulated_variance_is_the_product():
    """E Sigma^2 = prod (1 - 1/(n j^2)) -> sin(pi/sqrt n)/(pi/sqrt n), and what it loses the mean's drift gains."""
    found = exact(Recursion(Gaussian(ddof=0), NORMAL, 5, Accumulate()), [1, 2, 30, 100_000])
    j = np.arange(1, 31)
    product = np.cumprod(1 - 1 / (5 * j**2))[[0, 1, 29]]
    np.testing.assert_allclose(found["mean_variance"].value[:3], product, rtol=1e-13)
    total = found["mean_variance"].value + found["mean_squared_drift"].value
    np.testing.assert_allclose(total, 1.0, rtol=1e-10)
    assert found["mean_variance"].value[3] == pytest.approx(0.7019979643, rel=3e-6)


@pytest.mark.parametrize(("factor", "drift", "variance"), [(1.0, 0.0282857, 1.0228571), (0.8, 0.0155563, 0.5625393)])
def test_limit_of_the_fresh_loop(factor, drift, variance):
    limit = fresh_loop_limit(20, 80, factor)
    assert limit == pytest.approx((drift, variance), abs=5e-8)
    far = exact(Recursion(Gaussian(), NORMAL, 100, FreshCount(20), Amplification(factor)), [10**12])
    assert far["mean_squared_drift"].value[0] == pytest.approx(limit.drift, rel=1e-12)
    assert far["mean_variance"].value[0] == pytest.approx(limit.variance, rel=1e-12)


def test_synthetic_data_at_most_double_the_effective_size():
    """In the limit about n_r (1 + n_s/N), and the drift of so many real data alone, by the law of replace at k = 1."""
    for synthetic in (0, 10, 100, 10_000):
        effective = fresh_loop_size(100, synthetic)
        loop = Recursion(Gaussian(), NORMAL, 100 + synthetic, FreshCount(100))
        assert exact(loop, [10**6])["mean_squared_drift"].value[0] == pytest.approx(1 / effective, rel=1e-12)
        assert effective * (1 + 1e-12) >= 100
        assert effective == pytest.approx(100 * (1 + synthetic / (100 + synthetic)), rel=0.02)
        assert effective < 200


def test_moments_that_explode():
    assert fresh_loop_limit(1, 99, 1.5) is None
    assert fresh_loop_size(1, 99, 1.5) == 0.0
    assert fresh_loop_limit(1, 99, 1.0) is not None
    recursion = Recursion(Gaussian(), NORMAL, 100, FreshCount(1), Amplification(1.5))
    found = exact(recursion, [10, 10**9])
    assert np.isfinite(found["mean_variance"].value[0])
    assert found["mean_variance"].value[1] == np.inf


@pytest.mark.parametrize(("n", "ddof", "expected"), [(10, 1, 1.1221), (100, 1, 1.0102), (10**6, 0, 1 + 2e-6)])
def test_critical_amplification(n, ddof, expected):
    assert critical_amplification(n, ddof) == pytest.approx(expected, abs=5e-5)


def test_runs_collapse_below_the_critical_amplification_and_explode_above():
    """Mean of ln Sigma_k over 20,000 runs is k/2 ln(lambda/lambda_c) within 5 of its standard errors, at k = 40."""
    n, k, runs = 10, 40, 20_000
    rng = np.random.default_rng(3)
    walk = 0.5 * np.log(rng.chisquare(n - 1, (runs, k)) / (n - 1)).sum(axis=1)
    spread = walk.std() / np.sqrt(runs)
    for factor in (0.9, 1.0, 1.3):
        mean = (walk + k / 2 * np.log(factor)).mean()
        assert abs(mean - k / 2 * np.log(factor / critical_amplification(n))) < 5 * spread
        assert abs(mean - k / 2 * np.log(factor / critical_amplification(n, 0))) > 5 * spread


@pytest.mark.parametrize(
    ("real", "synthetic", "expected"), [(7, 7, 0.6180339887), (1, 3, 0.4342585459), (1, 10, 0.2701562119)]
)
def test_optimal_weight(real, synthetic, expected):
    weight = optimal_weight(real, synthetic)
    assert weight == pytest.approx(expected, abs=1e-10)
    least = weighted_variance(weight, real, synthetic)
    assert least == pytest.approx(weight / real, rel=1e-12)
    assert least < min(
        weighted_variance(weight * 1.001, real, synthetic), weighted_variance(weight * 0.999, real, synthetic)
    )


def test_weighted_variance_is_what_runs_show():
    """40,000 runs of four generations; their variance is within 5 standard errors (sqrt(2/runs))."""
    rng, w, real, synthetic, runs = np.random.default_rng(5), 0.3, 4, 9, 40_000
    estimate = np.zeros(runs)
    for _ in range(4):
        drawn = estimate + rng.standard_normal(runs) / np.sqrt(synthetic)
        estimate = w * rng.standard_normal(runs) / np.sqrt(real) + (1 - w) * drawn
    tolerance = 5 * np.sqrt(2 / runs)
    assert estimate.var() == pytest.approx(weighted_variance(w, real, synthetic, 4), rel=tolerance)
    assert estimate.var() != pytest.approx(weighted_variance(w, real, synthetic, 3), rel=tolerance)
    assert weighted_variance(w, real, synthetic, 10**6) == pytest.approx(
        weighted_variance(w, real, synthetic), rel=1e-14
    )
    assert weighted_variance(0.0, 3, 4, 8) == 2.0


@pytest.mark.parametrize(
    "refused",
    [
        lambda: critical_amplification(1),
        lambda: critical_amplification(5, 5),
        lambda: fresh_loop_limit(0, 5),
        lambda: fresh_loop_limit(1, 0),
        lambda: optimal_weight(0, 1),
        lambda: weighted_variance(1.5, 1, 1),
        lambda: weighted_variance(0.5, 1, 1, 0),
    ],
)
def test_refusals(refused):
    with pytest.raises(InputError):
        refused()


def test_what_it_does_not_cover(monkeypatch):
    at = np.array([1, 5])
    for recursion in (
        Recursion(Gaussian(dimension=2), NORMAL, 10, FreshMix(0.1)),
        Recursion(Gaussian(), NORMAL, 10, FixedReal()),
        Recursion(Gaussian(ddof=0), NORMAL, 1, FreshMix(0.1)),
        Recursion(Gaussian(), NORMAL, 10, AccumulateSubsample(11)),
    ):
        assert TwoMomentLaw().speaks(recursion, MeanVariance(), at) is None
    monkeypatch.setattr(two_moments, "LONGEST", 4)
    unsettled = Recursion(Gaussian(), NORMAL, 10, FreshMix(0.1))
    assert TwoMomentLaw().speaks(unsettled, MeanVariance(), at) is None
