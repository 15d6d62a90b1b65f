"""The squared error of linear regression: fractions, quadrature, 50 digits, rows by hand, and the simulation.

Statistical tests: every |z| below 5.6, which 50 comparisons exceed with probability 1e-6.
"""

from fractions import Fraction
from math import comb

import mpmath
import numpy as np
import pytest
from scipy.integrate import dblquad

from modelcollapse import InputError, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.families import LinearRegression
from modelcollapse.laws.regression_error import carried, noise_error, pooled_sum
from modelcollapse.samplers import Amplification
from modelcollapse.start import Empirical
from modelcollapse.statistics import SquaredError
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FixedReal, FreshCount, FreshMix, Replace

LIMIT, REPLICATES = 5.6, 40_000
START = Parameters(weight=1.5)
SCHEDULE = [9, 14, 8, 30, 11]


def error_of(size, dimension, workflow, generations, noise=1.0, start=START):
    recursion = Recursion(LinearRegression(dimension, noise), start, size, workflow)
    return solve(recursion, SquaredError(), generations, method="exact")["squared_error"]


def carried_exactly(n, d, p):
    """c for p rows that are not fresh: the moments of a block of a projection, then two linear equations."""
    n, d, p = Fraction(n), Fraction(d), Fraction(p)
    diagonal = d * (d + 2) / (n * (n + 2))
    off = (d / n - diagonal) / (n - 1)  # the rest of a row, whose squares add up to its diagonal entry
    both = (d**2 / n - diagonal) / (n - 1)  # the rest of the trace times a diagonal entry
    square, trace = p * diagonal + p * (p - 1) * off, p * diagonal + p * (p - 1) * both
    if d == 1:
        return square
    b = (d * square - trace) / (d * (d - 1) * (d + 2))
    a = square / d - b * d
    return a + b * (n * d - 2) / (n - d - 1)


@pytest.mark.parametrize(("n", "d"), [(4, 1), (5, 2), (9, 3), (22, 20), (31, 20), (60, 20), (1000, 7)])
def test_what_is_carried_on(n, d):
    for m in {0, 1, n // 3, n - 1, n}:
        exact = float(carried_exactly(n, d, n - m))
        assert carried(n, d, FreshCount(m)) == pytest.approx(exact, rel=1e-13, abs=1e-16)
    for share in (0.0, 0.25, 0.875, 1.0):
        chances = [comb(n, p) * Fraction(1 - share) ** p * Fraction(share) ** (n - p) for p in range(n + 1)]
        exact = float(sum(w * carried_exactly(n, d, p) for p, w in enumerate(chances)))
        assert carried(n, d, FreshMix(share)) == pytest.approx(exact, rel=1e-13, abs=1e-16)
    assert carried(n, d, Replace()) == 1.0


def ordered(density, low, high):
    """Mean of functions of two eigenvalues under an unnormalised density on low < y < x < high."""
    total = dblquad(lambda y, x: density(x, y), low, high, low, lambda x: x, epsabs=1e-11)[0]
    return lambda f: dblquad(lambda y, x: f(x, y) * density(x, y), low, high, low, lambda x: x, epsabs=1e-11)[0] / total


def test_two_features_by_quadrature():
    """E tr(B S^-1 B S) from the densities of the eigenvalues of a beta and a Wishart matrix, n = 9, p = 5 and 3."""
    n, p, q = 9, 5, 4
    wishart = ordered(lambda x, y: (x - y) * (x * y) ** ((n - 3) / 2) * np.exp(-(x + y) / 2), 0.0, 120.0)
    beta = ordered(lambda x, y: (x - y) * (x * y) ** ((p - 3) / 2) * ((1 - x) * (1 - y)) ** ((q - 3) / 2), 0.0, 1.0)
    assert wishart(lambda x, y: 1 / x + 1 / y) == pytest.approx(noise_error(n, n, 2), rel=1e-7)
    # With a uniform angle E B_12^2 = (x - y)^2 / 8, and the squares of all entries add up to x^2 + y^2.
    off = beta(lambda x, y: (x - y) ** 2 / 8)
    on = beta(lambda x, y: x**2 + y**2) - 2 * off
    found = (on + off * wishart(lambda x, y: x / y + y / x)) / 2
    assert found == pytest.approx(carried(n, 2, FreshCount(q)), rel=1e-7)
    assert abs(found - carried(n, 2, FreshCount(q - 1))) > 0.05


WORKFLOWS = [Replace(), Accumulate(), FreshMix(0.3), FreshCount(3)]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
@pytest.mark.parametrize("size", [10, SCHEDULE], ids=["constant", "schedule"])
@pytest.mark.parametrize("real", [0, 12], ids=["known", "sample"])
def test_simulation(workflow, size, real):
    """Another number of features, of fresh rows or of real ones would be caught."""
    family, start = LinearRegression(3, noise=0.5), Empirical(START, real) if real else START
    recursion = Recursion(family, start, size, workflow)
    options = {"method": "simulate", "replicates": REPLICATES, "rng": 5}
    found = solve(recursion, SquaredError(), 5, **options)["squared_error"]
    error = found.sd / np.sqrt(REPLICATES)
    assert np.max(np.abs(found.value - error_of(size, 3, workflow, 5, 0.5, start).value) / error) < LIMIT
    wrong = error_of(size, 3, workflow, 5, 0.52, start).value
    assert np.max(np.abs(found.value - wrong) / error) > LIMIT


def by_hand(n, d, generations, replicates, rng, *, same_features):
    """Squared errors of accumulating, replicate by replicate, by rows and NumPy's least squares."""
    errors = np.empty((replicates, generations))
    for row in errors:
        weights, features, responses = np.zeros(d), np.empty((0, d)), np.empty(0)
        own = rng.standard_normal((n, d))
        for k in range(generations):
            new = own if same_features else rng.standard_normal((n, d))
            features = np.concatenate([features, new])
            responses = np.concatenate([responses, new @ weights + rng.standard_normal(n)])
            weights = np.linalg.lstsq(features, responses, rcond=None)[0]
            row[k] = weights @ weights
    return errors


@pytest.mark.parametrize("same_features", [False, True])
def test_rows_by_hand(same_features):
    """New features follow the law; the same ones every time the bound, which is then an equality."""
    n, d, replicates = 12, 3, 6000
    errors = by_hand(n, d, 6, replicates, np.random.default_rng(8), same_features=same_features)
    law = error_of(n, d, Accumulate(), 6).value
    bound = noise_error(n, n, d) * np.cumsum(1.0 / np.arange(1, 7) ** 2)
    right, wrong = (bound, law) if same_features else (law, bound)
    error = errors.std(axis=0) / np.sqrt(replicates)
    assert np.max(np.abs(errors.mean(axis=0) - right) / error) < LIMIT
    # What tells them apart is what generations add: paired, so that the noise of the first cancels.
    added = errors[:, 5] - errors[:, 0]
    z = np.abs(added.mean() - np.array([right, wrong])[:, 5] + np.array([right, wrong])[:, 0])
    z /= added.std() / np.sqrt(replicates)
    assert z[0] < LIMIT < z[1]


def test_golden_values():
    """60 rows, 20 features, 8 generations: 1.395 times the first error where the bound says 1.527."""
    found = error_of(60, 20, Accumulate(), 8)
    assert found.value[-1] / found.value[0] == pytest.approx(1.3949666769, abs=1e-10)
    np.testing.assert_allclose(error_of(60, 20, Replace(), 8, noise=3.0).value, 9 * 20 / 39 * np.arange(1, 9))


@pytest.mark.parametrize(("n", "real", "d"), [(22, 0, 20), (3, 0, 1), (60, 75, 20), (10**6, 0, 4), (10**13, 0, 1000)])
def test_pools_for_ever(n, real, d):
    """Digamma with 60 digits, on both sides of where terms are no longer added one by one."""
    generations, less = np.array([1, 2, 999, 1000, 1001, 1002, 5000, 10**6, 10**12]), d + 1
    found = error_of(n, d, Accumulate(), generations, start=Empirical(START, real) if real else START)
    with mpmath.workdps(60):
        a, b, first = mpmath.mpf(real - less) / n, mpmath.mpf(real) / n, mpmath.mpf(0)
        if real:
            first = mpmath.mpf(d) / (real - less)
        for k, value in zip(generations.tolist(), found.value, strict=True):
            psi = [mpmath.digamma(k + 1 + a), mpmath.digamma(1 + a), mpmath.digamma(k + 1 + b), mpmath.digamma(1 + b)]
            exact = first + mpmath.mpf(d) / less * (psi[0] - psi[1] - psi[2] + psi[3])
            assert abs(mpmath.mpf(float(value)) / exact - 1) < found.error
    limit = pooled_sum(n, 0, d, 0, generations) * n / d
    np.testing.assert_allclose(limit[-1], np.pi**2 / 6, rtol=1e-12)


@pytest.mark.parametrize(("n", "d"), [(3, 1), (28, 20), (22, 20), (60, 20), (10**6, 30), (10**13, 2)])
@pytest.mark.parametrize("share", [1e-9, 0.01, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("real", [0, 100])
def test_digits_of_fresh_mix(n, d, share, real):
    generations = [1, 2, 10, 1000, 10**6, 10**12]
    found = error_of(n, d, FreshMix(share), generations, start=Empirical(START, real) if real else START)
    with mpmath.workdps(60):
        a = mpmath.mpf(share)
        h = n - d - mpmath.mpf((d + 2) * (d - 1)) / (n - d - 1)
        c, each = (1 - a) * (1 - a * h / (n + 2)), mpmath.mpf(d) / (n - d - 1)
        first = mpmath.mpf(d) / (real - d - 1) if real else mpmath.mpf(0)
        for k, value in zip(generations, found.value, strict=True):
            exact = c**k * first + each * (1 - c**k) / (1 - c)
            assert np.isinf(value) if exact > 1.7e308 else abs(mpmath.mpf(float(value)) / exact - 1) < found.error


def test_a_schedule_of_one_size_is_that_size():
    for workflow in WORKFLOWS:
        constant, listed = error_of(10, 3, workflow, 8), error_of([10] * 8, 3, workflow, 8)
        np.testing.assert_allclose(listed.value, constant.value, rtol=1e-14)


def test_few_rows_let_fresh_data_do_harm():
    """28 rows for 20 features: a tenth of them fresh is worse than none, and without an end; of 60 it is better."""
    k = np.arange(1, 30)
    worse, none = error_of(28, 20, FreshMix(0.1), k).value, error_of(28, 20, Replace(), k).value
    assert np.all(worse[1:] > none[1:])
    assert np.all(np.diff(np.log(worse)) > 0)
    assert np.all(error_of(60, 20, FreshMix(0.1), k).value[1:] < error_of(60, 20, Replace(), k).value[1:])
    assert error_of(28, 20, FreshMix(1.0), [29]).value[0] == pytest.approx(noise_error(28, 28, 20))


def test_harm_is_simulated():
    family, replicates = LinearRegression(10), 40_000
    recursion = Recursion(family, START, 15, FreshCount(2))
    found = solve(recursion, SquaredError(), [2], method="simulate", replicates=replicates, rng=3)["squared_error"]
    error = found.sd / np.sqrt(replicates)
    exact = error_of(15, 10, FreshCount(2), [2]).value
    assert np.abs(found.value - exact) / error < LIMIT
    assert exact > error_of(15, 10, Replace(), [2]).value


@pytest.mark.parametrize(
    ("size", "workflow", "start", "named"),
    [
        (4, Replace(), START, "`sample_size` is 4, but must be at least 5"),
        ([9, 4], Replace(), START, "`sample_size` is 4"),
        ([4, 9], Accumulate(), START, "`sample_size` is 4"),
        (9, AccumulateSubsample(4), START, "`subsample` is 4"),
        (9, FixedReal(), Empirical(START, 4), "`size` is 4"),
        (4, FreshMix(1.0), START, "`sample_size` is 4"),
    ],
)
def test_an_infinite_error_is_refused(size, workflow, start, named):
    for method in ("exact", "simulate", "asymptotic", "bounds", "auto"):
        recursion = Recursion(LinearRegression(3), start, size, workflow)
        with pytest.raises(InputError, match=named):
            solve(recursion, SquaredError(), [1, 2], method=method, replicates=10)


def test_what_keeps_an_error_finite_is_not_refused():
    assert np.isfinite(error_of([9, 1, 2], 3, Accumulate(), 3).value).all()
    assert np.isfinite(error_of(1, 3, Accumulate(), 3, start=Empirical(START, 5)).value).all()
    kept = Recursion(LinearRegression(3), Empirical(START, 12), 1, FixedReal())
    found = solve(kept, SquaredError(), 3, method="simulate", replicates=50, rng=1)["squared_error"]
    assert np.isfinite(found.value).all()


def test_what_no_law_covers():
    family = LinearRegression(3)
    for workflow, start in (
        (FixedReal(), Empirical(START, 12)),
        (AccumulateSubsample(), START),
        (Accumulate(0.1), START),
    ):
        with pytest.raises(NoAnswerError, match="squared_error"):
            solve(Recursion(family, start, 12, workflow), SquaredError(), 3, method="exact")
    with pytest.raises(InputError, match="knows no such sampler"):
        Recursion(family, START, 12, sampler=Amplification(0.9))
    asked = Recursion(family, START, 12, Accumulate())
    (limit,) = solve(asked, SquaredError(), [1, 2, 3], method="asymptotic").of("squared_error")
    np.testing.assert_allclose(limit.value, 3 / 12 * np.array([1, 1.25, 1.25 + 1 / 9]))
    mixed = Recursion(family, START, 12, Accumulate(0.1))
    for method in ("asymptotic", "bounds"):
        assert not list(solve(mixed, SquaredError(), [1, 2, 3], method=method).of("squared_error"))
