"""The walk of ln(scale) against routes that share nothing with it.

Tails: mpmath at 40 digits by the plain trapezoid rule on a straight line elsewhere; scipy's distributions where a sum
of steps is classical; quadrature over the first step; simulation of whole samples. Each draw of a random test is
fixed; where a rate of false alarms is stated, it is that of the test over all seeds.
"""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from modelcollapse.errors import InputError
from modelcollapse.laws.scale_rates import collapse_rate, critical_amplification, lyapunov_spectrum
from modelcollapse.laws.scales.log_gamma import digamma_excess, log_gamma_change, polygamma
from modelcollapse.laws.scales.log_scale_walk import (
    ERROR_GROWTH,
    RELATIVE_ERROR,
    combined_step,
    tail,
    tail_of_schedule,
)
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_quantiles import quantile_generation, quantile_of_schedule
from modelcollapse.laws.scales.scale_steps import (
    Exponential,
    Gaussian,
    GaussianDeterminant,
    ShiftedExponential,
    Uniform,
    UniformRange,
)
from tests.reference.scale_tail import at_deviations, cumulant_function, log_gamma_ratio, reference_tail

FALSE_ALARM = 1e-6


def assert_tail(step, k, x):
    found = tail(step, k, x)
    upper = bool(saddle_point(step, np.array([x / k]))[0] >= 0)
    exact = reference_tail(step, k, x, upper=upper)
    value = float(found.above if upper else found.at_most)
    error = abs(mp.mpf(value) / exact - 1)
    assert error < RELATIVE_ERROR + ERROR_GROWTH * np.sqrt(k), (step, k, x, mp.nstr(exact, 5), mp.nstr(error, 3))
    other = float(found.at_most if upper else found.above)
    assert abs(mp.mpf(other) / (1 - exact) - 1) < RELATIVE_ERROR + ERROR_GROWTH * np.sqrt(k)


@pytest.mark.parametrize(
    ("n", "k"), [(n, k) for n in (2, 10, 10**6, 10**12) for k in (3, 10**4, 10**12)] + [(3, 400), (1000, 2 * 10**4)]
)
def test_gaussian_tails_against_another_contour(n, k):
    """The full grid (n from 2, k from 2, both to 10^12) is in verification/."""
    for x in at_deviations(Gaussian(n), k, [-36, -4, 0.02, 7, 33]):
        assert_tail(Gaussian(n), k, x)


@pytest.mark.parametrize(
    "step",
    [
        Gaussian(7, 0),
        Gaussian(40, 2.5),
        Gaussian(5, -3),
        Exponential(1),
        Exponential(30),
        ShiftedExponential(2),
        ShiftedExponential(500),
        UniformRange(2),
        UniformRange(10**6),
        GaussianDeterminant(5, 1, 2),
        GaussianDeterminant(50, 0, 3),
    ],
    ids=repr,
)
def test_tails_of_every_family(step):
    for k, deviations in [(3, [-30, -2, 5]), (300, [-9, 0.1, 30])]:
        if k == 3 and isinstance(step, UniformRange):
            continue  # a straight line would not end: see below
        for x in at_deviations(step, k, deviations):
            if x < step.log_supremum:
                assert_tail(step, k, x)


@pytest.mark.parametrize("n", [2, 3, 7, 100, 10**4])
@pytest.mark.parametrize("ddof", [0.0, 1.0, 1.5])
def test_one_generation_is_chi_squared(n, ddof):
    x = np.linspace(-4, 4, 81) / np.sqrt(n)
    law, q = stats.chi2(n - 1), (n - ddof) * np.exp(2 * x)
    found = tail(Gaussian(n, ddof), 1, x)
    kept = np.abs(np.log10(law.sf(q))) < 30
    np.testing.assert_allclose(found.above[kept], law.sf(q)[kept], rtol=1e-13)
    kept = np.abs(np.log10(law.cdf(q))) < 30
    np.testing.assert_allclose(found.at_most[kept], law.cdf(q)[kept], rtol=1e-13)


def test_one_generation_of_the_other_families():
    x = np.linspace(-2, 1, 31)
    eps = np.exp(x)
    np.testing.assert_allclose(tail(Exponential(6), 1, x).above, stats.gamma(6).sf(6 * eps), rtol=1e-13)
    np.testing.assert_allclose(tail(ShiftedExponential(6), 1, x).above, stats.gamma(5).sf(6 * eps), rtol=1e-13)
    np.testing.assert_allclose(tail(Uniform(6), 1, x).above, stats.beta(6, 1).sf(eps), rtol=1e-13)
    np.testing.assert_allclose(tail(UniformRange(6), 1, x).above, stats.beta(5, 2).sf(eps), rtol=1e-13)
    np.testing.assert_allclose(tail(Uniform(6), 1, x).at_most, stats.beta(6, 1).cdf(eps), rtol=1e-13)


@pytest.mark.parametrize("k", [1, 2, 10, 1000, 10**6])
def test_uniform_is_a_gamma_law(k):
    n, law = 50, stats.gamma(k)
    y = k + np.linspace(-min(3, 0.95 * np.sqrt(k)), 6, 19) * np.sqrt(k)
    found = tail(Uniform(n), k, -y / n)
    tolerance = 5e-13 + 1e-15 * np.sqrt(k)
    np.testing.assert_allclose(found.above, law.cdf(y), rtol=tolerance)
    np.testing.assert_allclose(found.at_most, law.sf(y), rtol=tolerance)
    assert tail(Uniform(n), k, [0.0, 3.0]).above.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("n", [2, 40])
def test_uniform_range_is_a_convolution_of_two_gamma_laws(n):
    k, shorter, longer = 3, stats.gamma(3, scale=1 / n), stats.gamma(3, scale=1 / (n - 1))
    for t in np.array([0.01, 0.5, 5, 12]) * k / n:
        below, _ = integrate.quad(lambda u, t=t: shorter.pdf(u) * longer.cdf(t - u), 0, t, epsabs=0, epsrel=1e-12)
        rest, _ = integrate.quad(lambda u, t=t: shorter.pdf(u) * longer.sf(t - u), 0, t, epsabs=0, epsrel=1e-12)
        found = tail(UniformRange(n), k, -t)
        assert float(found.above) == pytest.approx(below, rel=1e-11)
        assert float(found.at_most) == pytest.approx(rest + shorter.sf(t), rel=1e-11)


def test_determinant_in_the_plane_is_one_gamma_law():
    """For d = 2 sqrt(chi^2_{n-1} chi^2_{n-2}) is chi^2_{2n-4}/2 in law: the duplication formula."""
    n, x = 9, np.linspace(-1.5, 1, 21)
    exact = stats.chi2(2 * n - 4).sf(2 * (n - 1) * np.exp(2 * x))
    np.testing.assert_allclose(tail(GaussianDeterminant(n, 1, 2), 1, x).above, exact, rtol=1e-13)


def test_second_generation_by_quadrature_over_the_first():
    first, second, x = stats.chi2(4), stats.chi2(9), np.log(0.6)
    exact, _ = integrate.quad(
        lambda q: first.pdf(q) * second.sf(9 * np.exp(2 * x) / (q / 4)), 0, np.inf, epsabs=1e-13, epsrel=1e-13
    )
    found = tail_of_schedule(Gaussian(np.array([5, 10])), [2], x)
    assert found.above[0] == pytest.approx(exact, rel=1e-10)


def test_golden_values():
    k = [10, 23, 45, 50, 67, 89, 100, 133, 200]
    golden = [0.982142, 0.794999, 0.435967, 0.375538, 0.224012, 0.114166, 0.0815620, 0.029943, 0.00403833]
    np.testing.assert_allclose(tail(Gaussian(10), k, np.log(0.1)).above, golden, rtol=2e-5, atol=6e-7)
    assert float(tail(Gaussian(10), 200, np.log(0.1)).above) == pytest.approx(0.00403833, abs=5e-9)
    assert float(tail(Gaussian(100), 3000, np.log(1e-4)).above) == pytest.approx(0.0627, abs=5e-5)


@pytest.mark.parametrize("ddof", [0, 1])
def test_simulated_samples(ddof):
    """Whole samples, fitted with numpy: rejected at FALSE_ALARM only by a law that is wrong, as that of ddof + 1 is."""
    n, k, x, replicates = 5, 12, np.log(0.2), 40_000
    rng = np.random.default_rng(20250)
    mean, scale = np.zeros(replicates), np.ones(replicates)
    for _ in range(k):
        draws = mean[:, None] + scale[:, None] * rng.standard_normal((replicates, n))
        mean, scale = draws.mean(axis=1), draws.std(axis=1, ddof=ddof)
    count = int(np.count_nonzero(scale > np.exp(x)))

    def rejected(step):
        return stats.binomtest(count, replicates, float(tail(step, k, x).above)).pvalue < FALSE_ALARM

    assert not rejected(Gaussian(n, ddof))
    assert rejected(Gaussian(n, ddof + 1))
    assert rejected(Gaussian(n + 1, ddof))


def test_simulated_location_scale_families():
    rng = np.random.default_rng(7)
    n, k, replicates = 4, 6, 40_000
    draws = rng.random((replicates, k, n))
    waits = -np.log(draws)
    scales = {
        Exponential(n): waits.mean(axis=2),
        ShiftedExponential(n): waits.mean(axis=2) - waits.min(axis=2),
        Uniform(n): draws.max(axis=2),
        UniformRange(n): np.ptp(draws, axis=2),
    }
    points = rng.standard_normal((replicates, k, n, 2))
    centred = points - points.mean(axis=2, keepdims=True)
    determinants = np.linalg.det(np.einsum("rkia,rkib->rkab", centred, centred) / (n - 1))
    scales[GaussianDeterminant(n, 1, 2)] = determinants**0.25
    for step, factors in scales.items():
        x = k * float(step.cumulant(1))
        above = int(np.count_nonzero(np.log(factors).sum(axis=1) > x))
        assert stats.binomtest(above, replicates, float(tail(step, k, x).above)).pvalue > FALSE_ALARM / 5
        wrong = type(step)(n + 1)
        assert stats.binomtest(above, replicates, float(tail(wrong, k, x).above)).pvalue < FALSE_ALARM


def test_far_beyond_double_precision():
    n, k = np.array([2, 30, 10**12]), np.array([[1], [10**6]])
    for x in (-1e12, 1e12):
        found = tail(Gaussian(n), k, x)
        assert np.all((found.above if x > 0 else found.at_most) < 1e-300)
        assert np.all((found.at_most if x > 0 else found.above) == 1.0)
    # One generation of two draws still has a tail there: Pr(|Z| < e^-600) = sqrt(2/pi) e^-600.
    assert float(tail(Gaussian(2), 1, -600.0).at_most) == pytest.approx(np.sqrt(2 / np.pi) * np.exp(-600), rel=1e-11)


def test_arrays_are_the_single_answers():
    n, k, x = np.array([[2], [17], [10**9]]), np.array([1, 40, 10**5]), -0.7
    found = tail(Gaussian(n), k, x)
    for i, j in np.ndindex(3, 3):
        one = tail(Gaussian(int(n[i, 0])), int(k[j]), x)
        assert found.above[i, j] == pytest.approx(float(one.above), rel=1e-12)
        assert found.at_most[i, j] == pytest.approx(float(one.at_most), rel=1e-12)


@settings(max_examples=60)
@given(
    n=st.integers(2, 10**12),
    ddof=st.floats(-5, 1.99),
    k=st.integers(1, 2**62),
    x=st.floats(-1e6, 1e3),
    y=st.floats(-1e6, 1e3),
)
def test_always_a_distribution_function(n, ddof, k, x, y):
    low, high = tail(Gaussian(n, ddof), k, min(x, y)), tail(Gaussian(n, ddof), k, max(x, y))
    slack = 1e-15 * np.sqrt(k) + 1e-11
    for value in (low, high):
        assert 0 <= value.above <= 1
        assert value.above + value.at_most == pytest.approx(1, abs=1e-15)
    assert high.above <= low.above * (1 + slack)
    assert high.at_most >= low.at_most * (1 - slack)


def test_schedules():
    sizes = np.array([30, 4, 30, 7, 100])
    step, k, x = Gaussian(sizes, 0), np.arange(1, 6), -0.5
    found = tail_of_schedule(step, k, x)
    parts = [cumulant_function(Gaussian(int(n), 0)) for n in sizes]
    for j in (2, 5):
        both = combined_step(step, j)

        def summed(s, j=j):
            return sum(part(s) for part in parts[:j])

        upper = bool(saddle_point(both, np.array([x]))[0] >= 0)
        exact = reference_tail(both, 1, x, upper=upper, cumulant=summed)
        assert float((found.above if upper else found.at_most)[j - 1]) == pytest.approx(float(exact), rel=1e-12)
    constant = tail_of_schedule(Gaussian(np.full(5, 30)), k, x)
    np.testing.assert_allclose(constant.above, tail(Gaussian(30), k, x).above, rtol=1e-13)
    swapped = tail_of_schedule(Gaussian(sizes[::-1].copy(), 0), [5], x)
    assert swapped.above[0] == pytest.approx(found.above[4], rel=1e-13)
    # Far to the left of the strip of a size that comes only later.
    late = tail_of_schedule(Gaussian(np.array([100, 2])), [1], -1.0)
    assert late.at_most[0] == pytest.approx(float(tail(Gaussian(100), 1, -1.0).at_most), rel=1e-11)


@settings(max_examples=25)
@given(
    n=st.integers(2, 40),
    ddof=st.sampled_from([-1.0, 0.0, 1.0, 1.5, 1.9]),
    x=st.floats(-4, 2),
    q=st.floats(0.001, 0.999),
)
def test_quantiles_are_the_smallest(n, ddof, x, q):
    horizon = np.arange(1, 601)
    curve = tail(Gaussian(n, ddof), horizon, x).at_most
    found = float(quantile_generation(Gaussian(n, ddof), x, q))
    if (curve >= q).any():
        assert found == horizon[(curve >= q).argmax()]
    else:
        assert found > horizon[-1]


def test_quantiles_of_any_size():
    step = Gaussian(10**12)
    k = int(quantile_generation(step, -1.0, 0.9))
    before, at = (reference_tail(step, j, -1.0, upper=True) for j in (k - 1, k))
    assert 1 - before < mp.mpf("0.9") <= 1 - at
    median = float(quantile_generation(Gaussian(10), np.log(0.01), 0.5))
    assert median == 81
    assert float(quantile_generation(Uniform(5), 0.1, 0.99)) == 1
    assert np.isinf(quantile_generation(Gaussian(10, 2.5), -3.0, 0.9))
    assert quantile_of_schedule(Gaussian(np.full(50, 10)), np.log(0.1), [0.5, 0.9]).tolist() == [41.0, np.inf]


@pytest.mark.parametrize("level", [0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
def test_a_level_met_exactly_is_reached(level):
    """One draw of a uniform law: Pr(scale_1 <= eps) is eps itself, whatever rounding makes of its logarithm."""
    x = np.log(level)
    assert float(quantile_generation(Uniform(1), x, level)) == 1
    assert quantile_of_schedule(Uniform(np.array([1, 1])), x, [level]).tolist() == [1]
    missed = level * (1 + 1e-12)
    assert float(quantile_generation(Uniform(1), x, missed)) == 2
    assert quantile_of_schedule(Uniform(np.array([1, 1])), x, [missed]).tolist() == [2]


def test_a_level_reached_only_for_a_while():
    """Scales that grow almost surely are small for a time: the peak is found between the points of the grid."""
    step, x = Gaussian(1000, 2.5), -0.9
    horizon = np.arange(1, 20_001)
    curve = tail(step, horizon, x).at_most
    q = curve.max() * (1 - 1e-9)
    assert curve.argmax() > 200
    assert float(quantile_generation(step, x, q)) == horizon[(curve >= q).argmax()]
    assert np.isinf(quantile_generation(step, x, curve.max() * (1 + 1e-6)))


def test_rates():
    rates = {(10, 1): -0.0576032352, (100, 1): -0.0050675094, (10, 0): -0.1102834930, (100, 0): -0.0100926774}
    for (n, ddof), rate in rates.items():
        assert float(Gaussian(n, ddof).cumulant(1)) == pytest.approx(rate, abs=6e-11)
    for n, alpha in [(2, 0.7978845608), (5, 0.9399856030), (10, 0.9726592741), (100, 0.9974779761)]:
        assert float(np.exp(Gaussian(n).log_moment(1.0))) == pytest.approx(alpha, abs=6e-11)
    assert critical_amplification(10) == pytest.approx(1.1221, abs=5e-5)
    assert collapse_rate(Gaussian(100)).generations_to_lose_half == pytest.approx(136.783, abs=1e-3)
    assert collapse_rate(Gaussian(100, 3)).generations_to_lose_half == np.inf
    spectrum = lyapunov_spectrum(20, 5)
    assert np.all(np.diff(spectrum) < 0)
    assert spectrum.mean() == pytest.approx(float(GaussianDeterminant(20, 1, 5).cumulant(1)), rel=1e-14)


@pytest.mark.parametrize("a", [1e-3, 0.5, 1, 6.5, 11.9, 12, 100, 1e6, 5e11])
def test_differences_of_log_gamma(a):
    with mp.workdps(60):
        exact_a = mp.mpf(a)
        for z in [1e-9, 0.5, 3.0, 1e-3j, 1j - 0.2 * a, 3j * a, -0.99 * a, -0.999 * a + 0.001j * a]:
            exact = log_gamma_ratio(exact_a, mp.mpmathify(z)) - mp.mpmathify(z) * mp.log(exact_a)
            found = mp.mpmathify(log_gamma_change(np.array(a), np.array([z]))[0])
            near_pole = 1 / abs(1 + z / a)
            assert abs(found - exact) < 3e-15 * (max(abs(exact), abs(z) / a) + near_pole)
        assert abs(mp.mpf(float(digamma_excess(np.array(a)))) / (mp.digamma(exact_a) - mp.log(exact_a)) - 1) < 1e-15
        for order in (1, 2, 3):
            exact = mp.polygamma(order, exact_a)
            assert abs(mp.mpf(float(polygamma(order, np.array(a)))) / exact - 1) < 2e-15


@pytest.mark.parametrize("step", [Gaussian(3, 0), GaussianDeterminant(10**12, 1, 2), Exponential(9), UniformRange(4)])
def test_cumulants_and_moments(step):
    with mp.workdps(80):
        cumulant = cumulant_function(step)
        for order in (1, 2, 3, 4):
            exact = mp.diff(cumulant, mp.mpf(0), order, h=mp.mpf("1e-12"))
            assert float(step.cumulant(order)) == pytest.approx(float(exact), rel=1e-11)
        for s in (-0.5, 1e-6, 0.7, 3.0, 0.3 + 2j):
            exact = cumulant(mp.mpmathify(s))
            assert abs(mp.mpmathify(step.log_moment(s)) / exact - 1) < 1e-14


@pytest.mark.parametrize(
    "call",
    [
        lambda: Gaussian(1),
        lambda: Gaussian(10, 10),
        lambda: Gaussian(10, float("nan")),
        lambda: Gaussian(2.5),
        lambda: Gaussian(np.array([5.0, 6.0])),
        lambda: Gaussian(np.array([5, 1])),
        lambda: GaussianDeterminant(5, 1, 5),
        lambda: GaussianDeterminant(5, 1, 0),
        lambda: Exponential(0),
        lambda: UniformRange(1),
        lambda: tail(Gaussian(5), 0, -1.0),
        lambda: tail(Gaussian(5), 1.5, -1.0),
        lambda: tail(Gaussian(5), 1, float("nan")),
        lambda: tail(Gaussian(5), 1, -np.inf),
        lambda: tail(Gaussian(5), [], -1.0),
        lambda: tail_of_schedule(Gaussian(np.array([5, 6])), [3], -1.0),
        lambda: tail_of_schedule(Gaussian(5), [1], -1.0),
        lambda: quantile_generation(Gaussian(5), -1.0, 1.0),
        lambda: quantile_generation(Gaussian(np.array([5, 6])), -1.0, 0.5),
        lambda: Gaussian(5).log_moment(-4.0),
        lambda: Gaussian(5).log_moment(np.nan),
        lambda: lyapunov_spectrum(5, 5),
        lambda: critical_amplification(1),
    ],
)
def test_refusals(call):
    with pytest.raises(InputError):
        call()
