"""Principal scales against covariances of plain data, and the Lyapunov law against both."""

import numpy as np
import pytest

from modelcollapse import Categorical, Gaussian, InputError, Known, Parameters, Recursion, solve
from modelcollapse.laws.scale_rates import lyapunov_spectrum
from modelcollapse.statistics import PrincipalScales

N, D = 12, 3
GAUSSIAN = Recursion(Gaussian(dimension=D), Parameters(mean=1.0, scale=2.0), N)


def plain(replicates, generations, seed):
    """Logarithms of the axes of N x D data, drawn, averaged and decomposed as a textbook has it."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(replicates):
        factor = 2.0 * np.eye(D)
        for _ in range(generations):
            data = rng.standard_normal((N, D)) @ factor.T
            factor = np.linalg.cholesky(np.cov(data, rowvar=False))
        found.append(0.5 * np.log(np.linalg.eigvalsh(factor @ factor.T)[::-1]) - np.log(2.0))
    return np.array(found)


def test_agrees_with_plain_data():
    """|z| < 5.4 in 3 comparisons, false-alarm rate 2e-7; a generation too many is seen."""
    naive = plain(1500, 5, seed=1)
    seen = solve(GAUSSIAN, PrincipalScales(), [5, 6], replicates=20_000, rng=2)["principal_scales"]
    error = np.sqrt(naive.var(axis=0) / len(naive) + seen.sd**2 / seen.replicates)
    z = np.abs(seen.value - naive.mean(axis=0)) / error
    assert z[0].max() < 5.4
    assert z[1].max() > 5.4


@pytest.mark.parametrize("ddof", [1, 0])
def test_axes_follow_the_lyapunov_law(ddof):
    """Between two late generations the slope is lambda_i up to 4 %, noise being 0.7 %; n = 7 is not taken for 6."""
    recursion = Recursion(Gaussian(ddof=ddof, dimension=2), Parameters(mean=0.0, scale=1.0), 6)
    seen = solve(recursion, PrincipalScales(), [20, 50], replicates=20_000, rng=3)["principal_scales"]
    slope = (seen.value[1] - seen.value[0]) / 30
    for n, right in ((6, True), (7, False)):
        other = Recursion(recursion.family, recursion.start, n)
        (law,) = solve(other, PrincipalScales(), [1], method="asymptotic").of("principal_scales")
        assert bool(np.all(np.abs(slope / law.value[0] - 1) < 0.04)) is right


def test_one_dimension_is_the_log_of_the_scale():
    """There the law is exact: E ln sigma_k = k E ln R."""
    line = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 10)
    (law,) = solve(line, PrincipalScales(), [1, 7], method="asymptotic").of("principal_scales")
    assert law.value[:, 0] == pytest.approx([-0.0576032352, -0.4032226464], abs=1e-9)
    assert law.value[0] == pytest.approx(lyapunov_spectrum(10, 1))


def test_axes_thinner_than_rounding_have_no_value():
    far = solve(
        Recursion(Gaussian(dimension=2), Parameters(mean=0.0, scale=1.0), 4),
        PrincipalScales(),
        [100],
        replicates=50,
        rng=1,
    )["principal_scales"]
    assert far.undefined is not None
    assert far.undefined[0, 0] == 0
    assert far.undefined[0, 1] > 0


def test_refuses_another_model():
    with pytest.raises(InputError, match=r"covariance of a Gaussian model, but the family is categorical"):
        solve(Recursion(Categorical(), Known([0.5, 0.5]), 5), PrincipalScales(), 3)
