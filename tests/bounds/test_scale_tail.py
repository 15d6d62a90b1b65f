"""Bounds on scale tails: golden values, never violated by the exact law, and the errata of the literature."""

import mpmath
import numpy as np
import pytest
from scipy import optimize

from modelcollapse.bounds import scale_tail
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.log_scale_walk import tail
from modelcollapse.laws.scales.scale_steps import (
    Exponential,
    Gaussian,
    GaussianDeterminant,
    ShiftedExponential,
    Uniform,
    UniformRange,
)

# The exact law errs by 2e-12 plus 2e-14 sqrt(k); a bound may be attained.
ROOM = 1e-10
X = np.log([1e-30, 1e-4, 0.01, 0.1, 0.5, 0.9, 1.0, 1.2, 3.0])
K = np.unique(np.geomspace(1, 10**6, 40).astype(int))[:, None]
N = [2, 3, 5, 8, 10, 30, 100, 1000, 10**6]


def holds(bound, exact):
    return np.all(exact <= bound * (1 + ROOM) + 1e-299)


def test_golden_values():
    at = (200, np.log(0.1))
    assert scale_tail.theorem_3(10, *at) == pytest.approx(0.0593, abs=5e-5)
    assert scale_tail.first_moment(Gaussian(10), *at) == pytest.approx(0.0391, abs=5e-5)
    assert scale_tail.fractional_moment(Gaussian(10), *at) == pytest.approx(0.0305, abs=5e-5)
    assert scale_tail.optimal_moment(Gaussian(10), *at) == pytest.approx(0.0295, abs=5e-5)
    assert float(scale_tail.mixture_inflation(10)) == pytest.approx(0.041695, abs=5e-7)
    assert float(-scale_tail.mixture_rate(10)) == pytest.approx(0.0600, abs=5e-5)
    per_generation = -float(Gaussian(10).log_moment(0.7)), 1 / 39, -float(Gaussian(10).log_moment(1.0))
    assert per_generation == pytest.approx((0.02551, 0.02564, 0.02772), abs=5e-6)


@pytest.mark.parametrize("n", N)
def test_never_violated_unbiased(n):
    step = Gaussian(n)
    exact = tail(step, K, X)
    assert holds(scale_tail.theorem_3(n, K, X), exact.above)
    assert holds(scale_tail.first_moment(step, K, X), exact.above)
    for power in (0.01, 0.7, 3.0):
        assert holds(scale_tail.fractional_moment(step, K, X, power), exact.above)
    if n > 7:
        assert holds(scale_tail.october_2024(n, K, X), exact.above)


@pytest.mark.parametrize("n", N)
def test_never_violated_maximum_likelihood(n):
    exact = tail(Gaussian(n, 0), K, X).above
    bound = scale_tail.maximum_likelihood(n, K, X)
    assert holds(bound, exact)
    assert np.all(bound >= scale_tail.first_moment(Gaussian(n, 0), K, X) * (1 - 1e-9))
    # The other estimator is slower: it does violate the bound.
    k, x = 20 * n, 20 * n * float(Gaussian(n, 1).cumulant(1))
    assert not holds(scale_tail.maximum_likelihood(n, k, x), tail(Gaussian(n, 1), k, x).above) or n < 5


STEPS = [
    Gaussian(2),
    Gaussian(50, 0),
    Gaussian(50, 2.5),
    Gaussian(10**9),
    Exponential(4),
    ShiftedExponential(9),
    Uniform(7),
    UniformRange(30),
    GaussianDeterminant(12, 1, 4),
]


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_the_optimal_moment(step):
    exact = tail(step, K, X)
    above, below = scale_tail.optimal_moment(step, K, X), scale_tail.optimal_moment_below(step, K, X)
    assert holds(above, exact.above)
    assert holds(below, exact.at_most)
    assert np.all(np.maximum(above, below) == 1)
    for power in (0.05, 0.7, 1.0, 2.0):
        assert np.all(above <= scale_tail.fractional_moment(step, K, X, power) * (1 + ROOM) + 1e-299)


def test_the_optimal_moment_is_the_minimum():
    step, k, x = Gaussian(10), 200, np.log(0.1)

    def log_bound(s):
        return k * float(step.log_moment(s)) - s * x

    best = optimize.minimize_scalar(log_bound, bounds=(1e-6, 5), method="bounded", options={"xatol": 1e-10})
    assert float(scale_tail.optimal_moment(step, k, x)) == pytest.approx(np.exp(best.fun), rel=1e-12)
    # The asymptotic exponent: s* tends to .9816.
    limit = optimize.brentq(lambda s: float(step.cumulant(1, s)), 0.1, 3)
    assert limit == pytest.approx(0.9816, abs=5e-5)


def test_theorem_3_is_always_weaker_than_the_first_moment():
    n = np.unique(np.geomspace(2, 10**9, 400).astype(int))
    log_alpha = Gaussian(n).log_moment(1.0)
    assert np.all(log_alpha < -1 / (4 * n - 1))
    # Sharp: -1/(4(n-1)) <= ln alpha <= -1/(4(n-1)) + 1/(24(n-1)^3).
    gap = log_alpha + 1 / (4 * (n - 1))
    assert np.all(gap >= -1e-15 / n)
    assert np.all(gap <= 1 / (24 * (n - 1.0) ** 3) + 1e-15 / n)


def test_fractional_moment_beats_the_first_only_early():
    k, step = np.arange(1, 400), Gaussian(10)
    early = scale_tail.fractional_moment(step, k, np.log(0.1)) < scale_tail.first_moment(step, k, np.log(0.1))
    assert k[early].max() == 312
    assert np.all(early[: k[early].max()])


def test_the_curve_of_october_2024_is_violated():
    at = (100, 3000, np.log(1e-4))
    exact = float(tail(Gaussian(100), 3000, np.log(1e-4)).above)
    assert exact == pytest.approx(0.0627, abs=5e-5)
    assert float(scale_tail.october_2024_as_plotted(*at)) == pytest.approx(0.0575, abs=5e-5)
    assert exact > scale_tail.october_2024_as_plotted(*at)
    assert exact < scale_tail.october_2024(*at)


def test_theorem_4_follows_from_the_sharper_rate():
    n = np.unique(np.geomspace(2, 10**9, 300).astype(int))
    assert np.all(scale_tail.mixture_rate(n) < -0.25 / n)
    sharper = scale_tail.mixture_first_moment(10, K, X)
    assert np.all(sharper <= scale_tail.theorem_4(10, K, X))
    # The largest kappa with which Theorem 4 follows.
    for size, largest in [(5, 0.2801), (10, 0.1172), (20, 0.0540), (50, 0.0206), (100, 0.01015)]:
        shrink = float(Gaussian(size, 0).log_moment(1.0))
        assert np.expm1(-2 * (shrink + 0.25 / size)) == pytest.approx(largest, abs=6e-5)


def test_simulated_mixture():
    """Algorithm 1 on whole samples stays below the sharper bound (a false alarm needs 4.9 standard errors)."""
    n, k, replicates, eps = 10, 30, 20_000, 0.3
    rng = np.random.default_rng(3)
    mu, sigma = np.ones(replicates), np.ones(replicates)
    kappa, a = float(scale_tail.mixture_inflation(n)), 50.0
    for _ in range(k):
        y = rng.choice([-1.0, 1.0], (replicates, n)) * mu[:, None] + sigma[:, None] * rng.standard_normal(
            (replicates, n)
        )
        first, second = np.abs(y).mean(axis=1) ** 2, (y**2).mean(axis=1)
        spread = second - first
        far = second <= (1 + kappa) * first
        variance = np.where(far, spread * (second / first) / (1 + second / (a / 2 * first)), (1 + kappa) * spread)
        variance = np.minimum(variance, second)
        mu, sigma = np.sqrt(second - variance), np.sqrt(variance)
    share = np.mean(sigma > eps)
    bound = float(scale_tail.mixture_first_moment(n, k, np.log(eps)))
    assert (
        share - 4.9 * np.sqrt(share * (1 - share) / replicates) < bound < float(scale_tail.theorem_4(n, k, np.log(eps)))
    )
    assert 0.01 < share < bound < 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: scale_tail.theorem_3(1, 5, -1.0),
        lambda: scale_tail.theorem_3(10.5, 5, -1.0),
        lambda: scale_tail.theorem_3(10, 0, -1.0),
        lambda: scale_tail.theorem_3(10, 5, np.nan),
        lambda: scale_tail.october_2024(7, 5, -1.0),
        lambda: scale_tail.fractional_moment(Gaussian(10), 5, -1.0, 0.0),
        lambda: scale_tail.fractional_moment(Gaussian(10), 5, -1.0, np.nan),
        lambda: scale_tail.mixture_inflation(10, 0.5),
    ],
)
def test_refusals(call):
    with pytest.raises(InputError):
        call()


@pytest.mark.parametrize("n", [*range(2, 60), 10**3, 10**6, 10**9])
def test_the_inequalities_of_the_proofs(n):
    """docs/bounds.md, at 50 digits: alpha^2 <= 1 - 1/(2n - 1), and (E R)^2 <= 2 (1 - 1/n)^2 / (2 - 1/n), ddof = 0."""
    with mpmath.workdps(50):
        a, x = mpmath.mpf(n - 1) / 2, mpmath.mpf(1) / n
        alpha = mpmath.exp(mpmath.loggamma(a + 0.5) - mpmath.loggamma(a)) / mpmath.sqrt(a)
        likeliest = alpha * mpmath.sqrt(1 - x)
        assert alpha**2 < 1 - 1 / mpmath.mpf(2 * n - 1) < mpmath.exp(-2 / mpmath.mpf(4 * n - 1))
        assert likeliest**2 < 2 * (1 - x) ** 2 / (2 - x) < mpmath.exp(-3 * x / 2)
        # A slightly faster rate is wrong, of either.
        assert alpha > mpmath.exp(-1 / mpmath.mpf(4 * n - 4))
        assert likeliest > mpmath.exp(-3 / mpmath.mpf(4 * n - 4))
