"""Moments of the Gaussian recursion: closed forms of the literature, a recursion on quadratures, simulation."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from modelcollapse import Gaussian as GaussianFamily
from modelcollapse import Parameters, Recursion, solve
from modelcollapse.errors import InputError
from modelcollapse.laws.gaussian_moments import GaussianMoments
from modelcollapse.laws.scales.scale_steps import Gaussian
from modelcollapse.statistics import Divergence, MeanSquaredDrift

K = np.array([1, 2, 7, 40, 1000])


def by_recursion(sizes, ddof):
    """Each moment of one more generation from the last, with the moments of R by quadrature."""
    scale = variance = 1.0
    drift = distance = log_scale = 0.0
    inverse, squared = 1.0, 0.0  # E 1/Sigma^2 and E (mu - mu_0)^2 / Sigma^2
    for n in sizes:
        law = stats.chi2(n - 1)

        def mean(function, law=law, n=n):
            top = n + 60 * np.sqrt(n) + 60
            value, _ = integrate.quad(
                lambda r: 2 * r * law.pdf(r * r) * function(r / np.sqrt(n - ddof)),
                0,
                np.sqrt(top),
                epsabs=1e-14,
                limit=200,
            )
            return value

        drift += variance / n
        scale *= mean(lambda r: r)
        variance *= mean(lambda r: r * r)
        log_scale += mean(np.log)
        shrink = mean(lambda r: r**-2)
        inverse, squared = inverse * shrink, (squared + 1 / n) * shrink
    distance = drift + variance - 2 * scale + 1
    return {
        "mean_scale": scale,
        "mean_variance": variance,
        "mean_log_scale": log_scale,
        "drift": drift,
        "wasserstein": distance,
        "divergence_to_start": 0.5 * (variance + drift - 1) - log_scale,
        "divergence_from_start": 0.5 * (inverse + squared - 1) + log_scale,
    }


@pytest.mark.parametrize("ddof", [-1.0, 0.0, 1.0, 2.0, 3.0, 4.5])
@pytest.mark.parametrize("sizes", [[10] * 9, [6, 40, 6, 100], [5]])
def test_against_the_recursion(sizes, ddof):
    schedule = GaussianMoments(sizes, ddof)
    for name, exact in by_recursion(sizes, ddof).items():
        found = getattr(schedule, name)(len(sizes))
        assert float(found) == pytest.approx(exact, rel=1e-10, abs=1e-12), name
        if len(set(sizes)) == 1:
            constant = getattr(GaussianMoments(sizes[0], ddof), name)(len(sizes))
            assert float(constant) == pytest.approx(float(found), rel=1e-12), name


@pytest.mark.parametrize("n", [4, 10, 10**5])
def test_unbiased(n):
    moments, step = GaussianMoments(n), Gaussian(n)
    alpha, rate = np.exp(step.log_moment(1.0)), float(step.cumulant(1))
    np.testing.assert_allclose(moments.mean_variance(K), 1, rtol=1e-14)
    np.testing.assert_allclose(moments.drift(K), K / n, rtol=1e-13)
    np.testing.assert_allclose(moments.wasserstein(K), K / n + 2 * (1 - alpha**K), rtol=1e-9)
    np.testing.assert_allclose(moments.divergence_to_start(K), -K * rate + K / (2 * n), rtol=1e-12)
    c = (n - 1) / (n - 3)
    with np.errstate(over="ignore"):
        power = c ** K.astype(float)
        exact = K * rate + 0.5 * (power + c / n * (power - 1) / (c - 1) - 1)
    np.testing.assert_allclose(moments.divergence_from_start(K), exact, rtol=1e-4 if n > 1000 else 1e-11)


@pytest.mark.parametrize("n", [2, 10, 10**5])
def test_maximum_likelihood(n):
    moments = GaussianMoments(n, 0)
    kept = -np.expm1(K * np.log1p(-1 / n))
    np.testing.assert_allclose(moments.mean_variance(K), (1 - 1 / n) ** K, rtol=1e-10)
    np.testing.assert_allclose(moments.drift(K), kept, rtol=1e-12)
    beta = np.exp(K * Gaussian(n, 0).log_moment(1.0))
    np.testing.assert_allclose(moments.wasserstein(K), 2 * (1 - beta), rtol=1e-9)
    assert np.all(moments.wasserstein([10**6, 10**12]) <= 2)
    np.testing.assert_allclose(moments.divergence_to_start(K), -K * float(Gaussian(n, 0).cumulant(1)), rtol=1e-12)


def test_golden_values():
    k = np.array([5, 20])
    ratio = GaussianMoments(10).wasserstein(k) / (1.5 * k / 10)
    np.testing.assert_allclose(ratio, [1.01, 0.95], atol=5e-3)  # against the first order of Shumailov et al.
    assert float(GaussianMoments(10).mean_scale(1)) == pytest.approx(0.9726592741, abs=6e-11)


def test_large_and_degenerate():
    assert np.all(np.isinf(GaussianMoments(3).divergence_from_start(K)))
    assert GaussianMoments([10, 3, 10]).divergence_from_start([1, 2, 3]).tolist()[1:] == [np.inf, np.inf]
    far = GaussianMoments(4).log_divergence_from_start(10**6)
    assert float(far) == pytest.approx(10**6 * np.log(3) + np.log((1 + 3 / 4 / 2) / 2), rel=1e-12)
    assert float(GaussianMoments(4).divergence_from_start(10**6)) == np.inf
    growing = GaussianMoments(10, 5)
    assert float(growing.log_mean_variance(10**6)) == pytest.approx(10**6 * np.log(9 / 5), rel=1e-12)
    for name in ("wasserstein", "divergence_to_start", "drift", "mean_variance"):
        assert float(getattr(growing, name)(10**6)) == np.inf
    large = GaussianMoments(10**12)
    assert float(large.divergence_to_start(1)) == pytest.approx(1e-12, rel=1e-10)
    assert float(large.wasserstein(1)) == pytest.approx(1.5e-12, rel=1e-10)
    assert float(large.divergence_from_start(1)) == pytest.approx(1e-12, rel=1e-9)


@pytest.mark.parametrize("ddof", [0, 1])
def test_simulated_samples(ddof):
    """False alarms at 1e-6 for each mean (4.9 standard errors); the other estimator is told apart."""
    sizes, replicates = [8, 30, 8, 15], 60_000
    rng = np.random.default_rng(11)
    mean, scale = np.zeros(replicates), np.ones(replicates)
    for n in sizes:
        draws = mean[:, None] + scale[:, None] * rng.standard_normal((replicates, n))
        mean, scale = draws.mean(axis=1), draws.std(axis=1, ddof=ddof)
    measured = {
        "mean_scale": scale,
        "mean_variance": scale**2,
        "drift": mean**2,
        "wasserstein": mean**2 + (scale - 1) ** 2,
        "divergence_to_start": 0.5 * (scale**2 + mean**2 - 1) - np.log(scale),
    }
    for name, values in measured.items():
        error = values.std() / np.sqrt(replicates)
        right, wrong = (float(getattr(GaussianMoments(sizes, d), name)(len(sizes))) for d in (ddof, 1 - ddof))
        assert abs(values.mean() - right) < 4.9 * error, name
        assert abs(values.mean() - wrong) > 4.9 * error, name


@pytest.mark.parametrize(
    "call",
    [
        lambda: GaussianMoments(1),
        lambda: GaussianMoments(10, 10),
        lambda: GaussianMoments([10, 1]),
        lambda: GaussianMoments([]),
        lambda: GaussianMoments([[10, 12]]),
        lambda: GaussianMoments([10.5]),
        lambda: GaussianMoments([10, 12]).drift(3),
        lambda: GaussianMoments(10).drift(0),
        lambda: GaussianMoments(10).drift(float("nan")),
    ],
)
def test_refusals(call):
    with pytest.raises(InputError):
        call()


def runs_written_out(sizes, ddof, dimension, runs, rng):
    """Drift, both divergences and their standard errors from data that are drawn and fitted one by one."""
    mean, root = np.zeros((runs, dimension)), np.tile(np.eye(dimension), (runs, 1, 1))
    for n in sizes:
        data = mean[:, None, :] + rng.standard_normal((runs, n, dimension)) @ np.swapaxes(root, 1, 2)
        mean = data.mean(axis=1)
        away = data - mean[:, None, :]
        covariance = np.swapaxes(away, 1, 2) @ away / (n - ddof)
        root = np.linalg.cholesky(covariance)
    squared, (_, logs) = (mean**2).sum(axis=1), np.linalg.slogdet(covariance)
    inverse = np.linalg.inv(covariance)
    quadratic = np.einsum("ri,rij,rj->r", mean, inverse, mean)
    found = {
        "drift": squared,
        "divergence_to_start": 0.5 * (np.trace(covariance, axis1=1, axis2=2) + squared - dimension - logs),
        "divergence_from_start": 0.5 * (np.trace(inverse, axis1=1, axis2=2) + quadratic - dimension + logs),
    }
    return {name: (float(v.mean()), float(v.std() / np.sqrt(runs))) for name, v in found.items()}


@pytest.mark.parametrize(("sizes", "ddof", "dimension"), [([16] * 3, 1.0, 3), ([20, 30, 18], 0.0, 2)])
def test_several_dimensions_by_runs_written_out(sizes, ddof, dimension):
    """Within 5 standard errors, false alarms 6e-7 each; the constants of one dimension are caught."""
    runs = runs_written_out(sizes, ddof, dimension, 40_000, np.random.default_rng(7))
    size = sizes[0] if len(set(sizes)) == 1 else sizes
    moments, flat = GaussianMoments(size, ddof, dimension), GaussianMoments(size, ddof)
    for name, (mean, error) in runs.items():
        assert abs(float(getattr(moments, name)(len(sizes))) - mean) < 5 * error, name
        if name != "drift":
            assert abs(dimension * float(getattr(flat, name)(len(sizes))) - mean) > 5 * error, name
    assert abs(float(flat.drift(len(sizes))) - runs["drift"][0]) > 5 * runs["drift"][1]


@pytest.mark.parametrize(("n", "dimension"), [(6, 3), (50, 10), (10**6, 999)])
def test_one_generation_in_several_dimensions(n, dimension):
    """Closed forms of a Wishart matrix: its mean, the mean of its inverse, and of the logarithm of its determinant."""
    moments, d = GaussianMoments(n, 1.0, dimension), dimension
    logs = float(np.sum(special.digamma((n - np.arange(1, d + 1)) / 2) - np.log((n - 1) / 2)))
    near = 1e-9 if n > 1000 else 1e-12  # what is left of a difference
    assert float(moments.divergence_to_start(1)) == pytest.approx(0.5 * (d / n - logs), rel=near)
    inverse = (n - 1) / (n - d - 2)
    if n > d + 3:
        exact = 0.5 * (d * (inverse - 1) + d * inverse / n + logs)
        assert float(moments.divergence_from_start(1)) == pytest.approx(exact, rel=near * 100)
    assert float(moments.drift(1)) == pytest.approx(d / n, rel=1e-13)


def test_too_few_draws_in_several_dimensions():
    assert GaussianMoments(5, 1.0, 3).divergence_from_start(1) == np.inf
    assert np.isfinite(GaussianMoments(6, 1.0, 3).divergence_from_start(1))
    with pytest.raises(InputError, match="more draws than dimensions"):
        GaussianMoments(3, 1.0, 3)


def test_the_door_answers_in_several_dimensions():
    family = GaussianFamily(dimension=3)
    recursion = Recursion(family, Parameters(mean=0.0, scale=2.0), 16)
    for statistic in (MeanSquaredDrift(), Divergence(), Divergence("from_start")):
        exact = solve(recursion, statistic, [1, 3], method="exact")[statistic.name]
        seen = solve(recursion, statistic, [1, 3], method="simulate", replicates=20_000, rng=3)[statistic.name]
        error = (seen.high - seen.low) / 3.92
        assert exact.source == "gaussian_moments"
        assert np.all(np.abs(exact.value - seen.value) < 5.5 * error)
