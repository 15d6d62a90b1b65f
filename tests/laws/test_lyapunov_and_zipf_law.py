"""The spectrum against products of simulated covariances, and Zipf's closed form against the exact law."""

import numpy as np
import pytest

from modelcollapse import Categorical, Gaussian, InputError, Known, NoAnswerError, Parameters, Recursion, solve
from modelcollapse.laws.zipf import expected_lost_mass, expected_vocabulary
from modelcollapse.laws.zipf_law import zipf_exponent
from modelcollapse.statistics import LostMass, LyapunovSpectrum, Survival, Vocabulary
from modelcollapse.workflows import Accumulate

START = Parameters(mean=0.0, scale=1.0)


def spectrum(sizes, **details):
    return solve(Recursion(Gaussian(**details), START, sizes), LyapunovSpectrum(), [], method="exact")


@pytest.mark.parametrize("ddof", [0, 1])
def test_spectrum_by_products_of_sample_covariances(ddof):
    """QR of a long product of factors of sample covariances of plain data; |z| < 5.5, 1e-6 over 20 comparisons."""
    n, d, steps, rng = 12, 3, 6000, np.random.default_rng(2)
    basis, logs = np.eye(d), np.zeros((steps, d))
    for step in range(steps):
        data = rng.standard_normal((n, d))
        centred = data - data.mean(axis=0)
        factor = np.linalg.cholesky(centred.T @ centred / (n - ddof))
        basis, triangle = np.linalg.qr(factor.T @ basis)
        logs[step] = np.log(np.abs(np.diag(triangle)))
    error = logs.std(axis=0) / np.sqrt(steps)
    found = spectrum(n, dimension=d, ddof=ddof)["lyapunov_spectrum"]
    assert np.all(np.abs(logs.mean(axis=0) - found.value) < 5.5 * error)
    wrong = spectrum(n, dimension=d, ddof=ddof + 1)["lyapunov_spectrum"].value
    assert np.all(np.abs(logs.mean(axis=0) - wrong) > 5.5 * error)
    assert found.coordinates == {"direction": [1, 2, 3]}


def test_spectrum_where_sizes_vary():
    one, two = (spectrum(n, dimension=2)["lyapunov_spectrum"].value for n in (10, 30))
    assert spectrum([10, 30, 30], dimension=2)["lyapunov_spectrum"].value == pytest.approx((one + 2 * two) / 3)


def test_spectrum_is_about_gaussians_under_replace():
    with pytest.raises(InputError, match="directions of a Gaussian"):
        LyapunovSpectrum().coordinates(Recursion(Categorical(), Known([0.5, 0.5]), 5))
    with pytest.raises(NoAnswerError):
        solve(Recursion(Gaussian(), START, 5, Accumulate()), LyapunovSpectrum(), [], method="exact")


def zipf(b, symbols):
    law = np.arange(1, symbols + 1.0) ** -b
    return law / law.sum()


@pytest.mark.parametrize(("b", "symbols"), [(1.2, 50_000), (1.5, 20_000), (2.0, 5_000)])
@pytest.mark.parametrize("sizes", [20_000, [20_000, 5_000, 40_000, 30_000, 20_000]], ids=["constant", "schedule"])
def test_zipf_against_the_exact_law(b, symbols, sizes):
    generations = [1, 2, 5]
    recursion = Recursion(Categorical(), Known(zipf(b, symbols)), sizes)
    for statistic, tolerance in ((Vocabulary(), 2e-3), (LostMass(), 2e-3)):
        exact = solve(recursion, statistic, generations, method="exact")[statistic.name].value
        (limit,) = solve(recursion, statistic, generations, method="asymptotic").of(statistic.name)
        assert (limit.kind, limit.source) == ("asymptotic", "zipf")
        np.testing.assert_allclose(limit.value, exact, rtol=tolerance)
        wrong = solve(recursion, statistic, [2, 3, 4], method="exact")[statistic.name].value
        assert np.abs(limit.value / wrong - 1).max() > 10 * tolerance, "a generation more is noticed"


def test_a_long_list_is_the_unbounded_law():
    """All but the half symbol that the plain integral has more."""
    recursion, k = Recursion(Categorical(), Known(zipf(2.0, 10**6)), 20_000), np.array([1, 10, 100])
    words, lost = (solve(recursion, s, k, method="asymptotic").of(s.name)[0].value for s in (Vocabulary(), LostMass()))
    np.testing.assert_allclose(words, expected_vocabulary(2.0, 20_000, k) - 0.5, atol=0.03)
    np.testing.assert_allclose(lost, expected_lost_mass(2.0, 20_000, k), rtol=1e-3)


def test_what_is_no_zipf_law():
    assert zipf_exponent(zipf(0.8, 100)) is None
    assert zipf_exponent(np.append(zipf(1.5, 100) * 0.99, 0.01)) is None
    assert zipf_exponent(zipf(1.5, 5)) is None
    assert zipf_exponent(zipf(1.5, 100)[::-1]) == pytest.approx(1.5, abs=1e-12)
    survival = solve(Recursion(Categorical(), Known(zipf(1.5, 50)), 100), Survival([0]), 2, method="asymptotic")
    assert "zipf" not in {result.source for result in survival.of("survival")}
