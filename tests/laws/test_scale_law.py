"""Laws of scales through the door: golden values, closed forms, simulation of every family."""

import numpy as np
import pytest

from modelcollapse import InputError, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families import (
    Exponential,
    Gaussian,
    Laplace,
    ScipyDistribution,
    ShiftedExponential,
    Uniform,
    UniformRange,
)
from modelcollapse.statistics import (
    CollapseTime,
    Divergence,
    MeanScale,
    MeanSquaredDrift,
    MeanVariance,
    ScaleTail,
    Wasserstein,
)
from tests.families.plain import label, start

TRUTH = Parameters(mean=3.0, scale=2.0)
GAUSSIAN = Recursion(Gaussian(), TRUTH, 10)
KNOWN = [
    Gaussian(),
    Gaussian(ddof=0),
    Gaussian(dimension=3),
    Exponential(),
    ShiftedExponential(),
    Uniform(),
    UniformRange(),
]


def value(recursion, statistic, generations, **options):
    return solve(recursion, statistic, generations, **options)[statistic.name].value


def test_golden_tail():
    """Golden values of the Gaussian tail, n = 10, eps = 0.1."""
    k = [10, 23, 45, 50, 67, 89, 100, 133, 200]
    golden = [0.982142, 0.794999, 0.435967, 0.375538, 0.224012, 0.114166, 0.0815620, 0.029943, 0.00403833]
    np.testing.assert_allclose(value(GAUSSIAN, ScaleTail(0.1), k), golden, rtol=1.5e-5)
    np.testing.assert_allclose(value(GAUSSIAN, ScaleTail(0.1), [200]), [0.00403833], atol=5e-9)


def test_golden_times():
    for n, times in ((10, [13, 41, 81]), (100, [138, 455, 910])):
        recursion = Recursion(Gaussian(), TRUTH, n)
        found = [value(recursion, CollapseTime(eps, [0.5]), [])[0] for eps in (0.5, 0.1, 0.01)]
        assert np.abs(np.array(found) - times).max() <= 1


def test_golden_moments():
    k = np.array([1, 7, 50])
    alpha = 0.9726592741
    np.testing.assert_allclose(value(GAUSSIAN, MeanScale(), k), alpha**k, rtol=1e-8)
    np.testing.assert_allclose(value(GAUSSIAN, MeanVariance(), k), 1.0, rtol=1e-14)
    np.testing.assert_allclose(value(GAUSSIAN, MeanSquaredDrift(), k), k / 10, rtol=1e-14)
    np.testing.assert_allclose(value(GAUSSIAN, Wasserstein(), k), k / 10 + 2 * (1 - alpha**k), rtol=1e-8)
    np.testing.assert_allclose(value(GAUSSIAN, Divergence(), k), k * (0.0576032352 + 0.05), rtol=1e-8)
    c = 9 / 7
    reverse = -0.0576032352 * k + 0.5 * (c**k + c / 10 * (c**k - 1) / (c - 1) - 1)
    np.testing.assert_allclose(value(GAUSSIAN, Divergence("from_start"), k), reverse, rtol=1e-8)


def test_closed_forms():
    k = np.arange(1, 30)
    uniform = Recursion(Uniform(), start(Uniform()), 20)
    from scipy.special import gammainc

    np.testing.assert_allclose(value(uniform, ScaleTail(0.5), k), gammainc(k, 20 * np.log(2)), rtol=1e-11)
    exponential = Recursion(Exponential(), start(Exponential()), 4)
    np.testing.assert_allclose(value(exponential, MeanScale(), k), 1.0, rtol=1e-13)
    np.testing.assert_allclose(value(exponential, MeanVariance(), k), 1.25**k, rtol=1e-13)
    shifted = Recursion(ShiftedExponential(), start(ShiftedExponential()), [4] * 29)
    np.testing.assert_allclose(value(shifted, MeanScale(), k), 0.75**k, rtol=1e-13)


@pytest.mark.parametrize("sizes", [8, [5, 40, 8, 8, 4, 12]], ids=["constant", "varying"])
@pytest.mark.parametrize("family", KNOWN, ids=label)
def test_simulation_agrees(family, sizes):
    """20,000 replicates; |z| < 5.9 for up to 300 comparisons: false-alarm rate 1e-6."""
    recursion = Recursion(family, start(family), sizes)
    for statistic in (ScaleTail(0.3), ScaleTail(0.7), MeanScale(), MeanVariance(), MeanSquaredDrift()):
        simulated = solve(recursion, statistic, [1, 3, 6], method="simulate", replicates=20_000, rng=4)[statistic.name]
        try:
            exact = value(recursion, statistic, [1, 3, 6], method="exact")
        except NoAnswerError:
            assert statistic.name == "mean_squared_drift"
            continue
        error = np.maximum(simulated.high - simulated.low, 1e-9) / 3.92
        assert np.abs((simulated.value - exact) / error).max() < 5.9


def test_distances_in_three_dimensions_reduce_to_one():
    """With 10^5 data the three directions are nearly independent: three times the distance in one dimension."""
    for statistic in (Wasserstein(), Divergence(), Divergence("from_start")):
        recursion = Recursion(Gaussian(dimension=3), TRUTH, 10**5)
        simulated = solve(recursion, statistic, [4], method="simulate", replicates=4000, rng=5)[statistic.name]
        one = value(Recursion(Gaussian(), TRUTH, 10**5), statistic, [4])
        # Three correlations add half of k/n each, to first order.
        extra = 1.5 * 4 / 10**5
        error = (simulated.high - simulated.low) / 3.92
        assert abs(simulated.value - 3 * one - extra)[0] < 5 * error[0]


@pytest.mark.parametrize("family", [Laplace(), ScipyDistribution("norm")], ids=label)
def test_families_without_a_law_are_simulated_and_say_so(family):
    """Laplace models too, where sample sizes vary."""
    recursion = Recursion(family, start(family), [10, 10, 9, 10, 10])
    result = solve(recursion, ScaleTail(0.5), [2], replicates=20, rng=6)["scale_tail"]
    assert result.kind == "estimate"
    with pytest.raises(NoAnswerError):
        solve(recursion, ScaleTail(0.5), [2], method="exact")
    with pytest.raises(NoAnswerError, match="how far to look"):
        solve(recursion, CollapseTime(0.5), [], replicates=20)
    assert solve(recursion, CollapseTime(0.99, [0.5]), 5, replicates=20, rng=6)["collapse_time"].kind == "estimate"


def test_scipy_normal_is_the_gaussian():
    """scipy's fit of its normal law is maximum likelihood; |z| < 5."""
    recursion = Recursion(ScipyDistribution("norm"), start(ScipyDistribution("norm")), 10)
    simulated = solve(recursion, MeanScale(), [3], replicates=1000, rng=7)["mean_scale"]
    exact = value(Recursion(Gaussian(ddof=0), TRUTH, 10), MeanScale(), [3])
    assert abs(simulated.value - exact)[0] < 5 * (simulated.high - simulated.low)[0] / 3.92


@pytest.mark.parametrize("threshold", [0, -1.0, float("nan"), float("inf"), "x", True])
def test_bad_threshold(threshold):
    for kind in (ScaleTail, CollapseTime):
        with pytest.raises(InputError, match="`threshold`"):
            kind(threshold)


def test_extremes():
    for n in (2, 3, 10**12):
        recursion = Recursion(Gaussian(), TRUTH, n)
        for threshold in (1e-300, 0.5, 1.0, 3.0):
            found = value(recursion, ScaleTail(threshold), [1, 10**6])
            assert np.all((found >= 0) & (found <= 1))
    with pytest.raises(InputError, match="`sample_size`"):
        value(Recursion(Gaussian(), TRUTH, 1), ScaleTail(0.5), [1])
    with pytest.raises(InputError, match="`direction`"):
        Divergence("sideways")
    early = value(Recursion(Gaussian(), TRUTH, [3, 9]), Divergence("from_start"), 2)
    assert np.all(np.isinf(early))


def test_a_simulated_mean_beyond_doubles_is_no_answer():
    recursion = Recursion(Gaussian(), TRUTH, 4)
    with pytest.raises(NoAnswerError, match="range of doubles"):
        solve(recursion, Divergence("from_start"), 3000, method="simulate", replicates=10, rng=8)
