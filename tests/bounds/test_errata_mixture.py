"""Errata of the original's mixtures: Algorithm 1 and the root finder written out here, from the formulas alone."""

import warnings

import numpy as np
import pytest
from scipy.optimize import fsolve
from scipy.special import digamma

from modelcollapse import Parameters, Recursion, solve
from modelcollapse.families import ApproximateLikelihood, Mixture
from modelcollapse.families.data import Data
from modelcollapse.statistics import ScaleTail

N, ETA = 10, 2.0


def kappa_of(n):
    """The article's kappa with eta = 2."""
    return np.expm1((ETA - 1) * ((n - 1) / 2 + 4 * ETA) / (ETA * (n - 1) * (n + 4 * ETA - 1)))


KAPPA = kappa_of(N)


def algorithm_1(y):
    """Mean and scale of each row, with the printed a = 50."""
    kappa = kappa_of(y.shape[1])
    m, q = np.abs(y).mean(axis=1) ** 2, (y**2).mean(axis=1)
    near = q > (1 + kappa) * m
    a = np.where(near, 2 * (1 + kappa) * q / np.where(near, q - (1 + kappa) * m, 1), 50.0)
    square = np.where(q <= 2 * a * m / (a - 2), a * q * (q - m) / (a * m + 2 * q), q)
    return np.sqrt(q - square), np.sqrt(square)


def rooted(y):
    """What `fsolve` returns from 1 on, whether it converged, and whether a grid of the likelihood is higher."""
    square = y @ y / len(y)

    def short(t):
        return y @ np.tanh(t * y / max(square - t[0] * t[0], 1e-12)) - len(y) * t

    def likelihood(t):
        v = square - t * t
        z = np.multiply.outer(t / v, y)
        return np.logaddexp(z, -z).sum(axis=-1) - len(y) * (np.log(v) + (square + t * t) / v) / 2

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found, _, status, _ = fsolve(short, 1.0, full_output=True)
        t = abs(float(found[0]))
        highest = likelihood(np.linspace(0, np.sqrt(square) * (1 - 1e-9), 2001)).max()
        missed = not t * t < square or likelihood(np.array(t)) < highest - 1e-3
    return t, np.sqrt(max(square - t * t, 0.0)), status == 1, missed


def draws(mean, scale, rng):
    return rng.choice([-1.0, 1.0], N) * mean + scale * rng.standard_normal(N)


def test_the_root_finder_fails_in_a_tenth_of_the_first_steps():
    """It does not converge in 9.7 %, and converges elsewhere than at the maximum in 12 % (five standard errors)."""
    rng, samples = np.random.default_rng(11), 1500
    ends = np.array([rooted(draws(1.0, 1.0, rng))[2:] for _ in range(samples)])
    failed, wrong = np.mean(~ends[:, 0]), np.mean(ends[:, 0] & ends[:, 1])
    for found, expected in ((failed, 0.097), (wrong, 0.119)):
        assert abs(found - expected) < 5 * np.sqrt(expected * (1 - expected) / samples)
        assert found > 0.05


def test_the_root_finder_fails_along_the_recursion():
    """No convergence in 9.3 % of the steps, another root in 5.3 %; errors by run, as steps are not independent."""
    rng, failed, wrong = np.random.default_rng(12), [], []
    for _ in range(80):
        mean, scale, ends = 1.0, 1.0, []
        for _ in range(40):
            mean, scale, *end = rooted(draws(mean, scale, rng))
            ends.append(end)
        converged, missed = np.array(ends).T
        failed.append(np.mean(~converged))
        wrong.append(np.mean(converged & missed))
    for shares, counted in ((failed, 0.093), (wrong, 0.053)):
        error = np.std(shares) / np.sqrt(len(shares))
        assert abs(np.mean(shares) - counted) < 5 * error
        assert np.mean(shares) > 4 * error


def test_fifty_makes_the_estimate_jump():
    """At Q = (1 + kappa) M the variance falls by a factor 1 + (1 + kappa)/25; without a limit it is continuous."""
    for a, jump in ((50.0, 1 + (1 + KAPPA) / 25), (np.inf, 1.0)):
        family, variances = Mixture(ApproximateLikelihood(a=a)), []
        for shift in (-1e-7, 1e-7):
            apart = np.sqrt(KAPPA) * (1 + shift) * np.repeat([-1.0, 1.0], N // 2)
            variances.append(family.fit(Data(np.zeros((1, 1)), 1.0 + apart[None, :]))[0, 1] ** 2)
        assert variances[1] / variances[0] == pytest.approx(jump, rel=1e-5)


def test_the_drift_of_fifty_is_nine_times_that_of_likelihood():
    """Far apart, at n = 400: .0222 a generation, where likelihood takes the walk of a Gaussian with ddof 0, .0025."""
    rng, n, runs = np.random.default_rng(14), 400, 1000
    mean, scale = np.full(runs, 1000.0), np.ones(runs)
    for _ in range(20):
        mean, scale = algorithm_1(np.abs(mean[:, None] + scale[:, None] * rng.standard_normal((runs, n))))
    drift, error = -np.log(scale).mean() / 20, np.log(scale).std() / 20 / np.sqrt(runs)
    likelihood = -(digamma((n - 1) / 2) - np.log(n / 2)) / 2
    assert likelihood == pytest.approx(0.0025, abs=2e-5)
    assert drift == pytest.approx(0.0222, abs=5 * error)
    assert drift - 5 * error > 7 * likelihood


def test_error_bars_of_algorithm_1_are_those_of_joint_likelihood():
    """At k = 40 the chances are .039 and .0565: a bar of root p (1 - p) / 500 from the other is a fifth too long."""
    rng, runs = np.random.default_rng(15), 40_000
    mean, scale = np.ones(runs), np.ones(runs)
    for _ in range(40):
        signs = rng.choice([-1.0, 1.0], (runs, N))
        mean, scale = algorithm_1(signs * mean[:, None] + scale[:, None] * rng.standard_normal((runs, N)))
    own = np.mean(scale > 0.1)
    recursion = Recursion(Mixture(), Parameters(mean=1.0, scale=1.0), N)
    joint = solve(recursion, ScaleTail(0.1), [40], method="simulate", replicates=runs, rng=16)["scale_tail"].value[0]
    assert own == pytest.approx(0.039, abs=5 * np.sqrt(0.039 / runs) + 5e-4)
    assert joint == pytest.approx(0.0565, abs=5 * np.sqrt(0.0565 / runs))
    ratio = np.sqrt(joint * (1 - joint) / (own * (1 - own)))
    assert 1.1 < ratio < 1.3
