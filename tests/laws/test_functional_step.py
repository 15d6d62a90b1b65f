"""One generation of a few functionals without its operator, against the binomial law summed in full and mpmath."""

import math

import mpmath as mp
import numpy as np
import pytest
from scipy.stats import binom

from modelcollapse.laws.presence import binomial_measures, functional_step
from modelcollapse.laws.presence.backward_operator import BackwardOperator
from modelcollapse.laws.presence.binomial_measures import RareDraws, SpreadDraws
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.count_moments import moment_polynomials
from modelcollapse.laws.presence.functional_step import FunctionalStep

POWERS = (2, 17, 1000, 10**6)  # functions 1 - (1 - y)^m - y, those that survival is made of


def excess(m, y):
    with np.errstate(divide="ignore"):
        return -np.expm1(m * np.log1p(-y)) - y


def carried(largest, n, x):
    """E f(Y/n), Y ~ Binomial(n, x), for functions f of the largest size and below, shape (power, x)."""
    spline = PanelSpline(largest)
    rows = FunctionalStep(spline).carried(spline.rows(x), n)
    return np.array([rows @ excess(m, spline.nodes) for m in POWERS if m <= largest])


@pytest.mark.parametrize("largest", [2, 30, 2000, 10**6, 10**12])
@pytest.mark.parametrize("n", [1, 2, 3, 64, 301, 600, 601, 1023, 1024, 1999])
def test_against_the_law_in_full(n, largest):
    if n > largest:
        n = largest
    x = np.array([1e-9, 1e-4, 0.03, 0.31, 0.5, 0.77, 0.9995, 1 - 1e-7])
    y = np.arange(n + 1)
    law = binom.pmf(y[None, :], n, x[:, None])
    expected = np.array([law @ excess(m, y / n) for m in POWERS if m <= largest])
    if n == 1:
        expected = 0 * expected  # 0 and 1: nothing is left to be decided
    scale = np.array([np.abs(excess(m, x)) for m in POWERS if m <= largest])
    # Relative to the value where it is not tiny beside what went in; SciPy's law is good to 1e-12.
    np.testing.assert_array_less(np.abs(carried(largest, n, x) - expected), 2e-12 * (expected + scale) + 1e-300)


@pytest.mark.parametrize("p", [1e-300, 1e-12, 1e-5])
@pytest.mark.parametrize("n", [2, 50])
def test_rare_symbols_keep_their_digits(n, p):
    """Few draws among functions of 10^12: what is left is proportional to p, to all digits."""
    found = carried(10**12, n, np.array([p]))[:, 0]
    with mp.workdps(40):
        for m, value in zip(POWERS, found, strict=True):
            terms = [
                mp.binomial(n, c) * mp.mpf(p) ** c * (1 - mp.mpf(p)) ** (n - c)
                * (1 - (1 - mp.mpf(c) / n) ** m - mp.mpf(c) / n)
                for c in range(1, n + 1)
            ]  # fmt: skip
            assert abs(value / mp.fsum(terms) - 1) < 1e-12


@pytest.mark.parametrize("n", [2, 500, 999, 1000, 10**6])
def test_a_functional_may_be_as_small_as_a_rare_symbol_makes_it(n):
    """Beside the factors e^-150 of a Poisson law nothing falls below the least number."""
    spline = PanelSpline(10**6)
    rows, values = spline.rows(np.array([1e-6, 1e-4, 0.15, 0.4, 0.9])), excess(1000, spline.nodes)
    step, tiny = FunctionalStep(spline), 2.0**-990
    np.testing.assert_allclose(
        step.carried(tiny * rows, n) @ values, tiny * (step.carried(rows, n) @ values), rtol=1e-13
    )


@pytest.mark.parametrize("n", [10**4, 200_000, 270_000, 3 * 10**7, 10**13])
def test_against_the_operator(n):
    """Where the draws are many: all ways to integrate meet in one functional."""
    spline = PanelSpline(10**13)
    x = np.array([0.01, 1.0, 50.0, 140.0, 160.0, 3000.0, 80_000.0]) / n
    rows = spline.rows(np.array([*x[x < 0.5], 0.3, 0.95]))
    found = FunctionalStep(spline).carried(rows, n)
    operator = BackwardOperator(n, spline)
    expected = rows @ operator.whole_by_basis @ spline.coefficients
    for m in (2, 1000, 10**7, 10**13):
        values = excess(m, spline.nodes)
        np.testing.assert_allclose(found @ values, expected @ values, rtol=1e-12)


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [(binomial_measures, "RARE", 20.0), (binomial_measures, "_NODES", 6), (functional_step, "_NEGLIGIBLE", 1e-4)],
)
def test_coarser_is_noticed(monkeypatch, module, name, value):
    """The negative control of the comparison above."""
    monkeypatch.setattr(module, name, value)
    spline = PanelSpline(10**6)
    rows = spline.rows(np.array([2.5e-5, 1.6e-4]))
    found = FunctionalStep(spline).carried(rows, 10**6)
    expected = rows @ BackwardOperator(10**6, spline).whole_by_basis @ spline.coefficients
    values = np.array([excess(m, spline.nodes) for m in (3000, 50_000)]).T
    assert abs((found @ values) / (expected @ values) - 1).max() > 1e-12


def test_measures_keep_total_and_mean():
    n, x = 5000, np.array([1e-6, 1e-3, 0.02, 0.4])
    rare = RareDraws(x)
    some = rare.number(n)
    drawn = rare.drawn(np.eye(4)[:, :some], n)
    np.testing.assert_allclose(drawn[:some] @ np.arange(1, drawn.shape[1] + 1), n * x[:some], rtol=1e-13)
    np.testing.assert_allclose(drawn[:some].sum(axis=1), -np.expm1(n * np.log1p(-x[:some])), rtol=1e-13)
    shares, weights, rest = SpreadDraws(x).drawn(np.eye(4)[:, some:], slice(some, None), n)
    np.testing.assert_allclose(weights[some:].sum(axis=1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(weights[some:] @ shares, x[some:], rtol=1e-14)
    np.testing.assert_allclose(weights[some:] @ rest, 1.0 - x[some:], rtol=1e-14)


@pytest.mark.parametrize("x", [1e-3, 0.2, 0.5, 0.93])
def test_moment_polynomials(x):
    n = 37
    y = np.arange(n + 1)
    law = binom.pmf(y, n, x)
    powers = float(n) ** np.arange(20)
    central = moment_polynomials(np.array(x), 9)
    z = (y - n * x) / math.sqrt(n * x * (1 - x))
    hermite = moment_polynomials(np.array(x), 9, least=3)
    for j in range(10):
        assert powers[: central.shape[1]] @ central[j] == pytest.approx(law @ (y - n * x) ** j, rel=1e-9, abs=1e-9)
        expected = law @ np.polynomial.hermite_e.hermeval(z, np.eye(10)[j])
        found = powers[: hermite.shape[1]] @ hermite[j] / (n * x * (1 - x)) ** (j / 2)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-8)
