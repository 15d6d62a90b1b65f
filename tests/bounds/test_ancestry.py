"""Our own bounds: how sharp they are, where, and the steps their proofs rest on."""

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.bounds.ancestry import g_bracket, sharp_coefficients
from modelcollapse.branching import branching_numbers
from modelcollapse.statistics import NonZero, NotFixed, Survival
from tests.reference import ancestral_chain

STANDARD = [(0.001, 10_000), (0.01, 100), (0.2, 100), (0.05, 1000)]


def gaps(p, n, source, statistic=None, generations=200):
    statistic = statistic or Survival([0])
    asked = Recursion(Categorical(), Known([p, 1 - p]), n)
    exact = solve(asked, statistic, generations)[statistic.name].value
    found = solve(asked, statistic, generations, method="bounds").of(statistic.name)
    return {b.kind: np.abs(b.value - exact)[:, 0] for b in found if b.source == source}


@pytest.mark.parametrize(
    ("p", "n", "above"), [(0.01, 100, 1.7e-3), (0.2, 100, 3.2e-2), (0.05, 1000, 7.5e-3), (0.001, 10_000, 1.6e-4)]
)
def test_bracket_golden_gaps(p, n, above):
    """exact-laws 1; the same cases leave Theorem 1 with .986, .736, .595, .570."""
    assert gaps(p, n, "modelcollapse.ancestry_bracket")["upper"].max() == pytest.approx(above, rel=0.035)


@pytest.mark.parametrize(
    ("p", "n", "above"), [(0.001, 10_000, 3.3e-4), (0.01, 100, 9.4e-3), (0.2, 100, 0.178), (0.05, 1000, 0.0167)]
)
def test_sharp_theorem_1_golden_gaps(p, n, above):
    assert gaps(p, n, "modelcollapse.sharp_theorem_1")["upper"].max() == pytest.approx(above, rel=0.02)


@pytest.mark.parametrize(("p", "n"), STANDARD)
def test_bracket_is_exact_at_first_and_never_worse_than_theorem_1(p, n):
    ours, theirs = (gaps(p, n, s) for s in ("modelcollapse.ancestry_bracket", "suresh_2024.theorem_1"))
    for kind in ("lower", "upper"):
        assert ours[kind][0] < 1e-12
        assert np.all(ours[kind] <= theirs[kind] + 1e-12)


def test_coefficients_while_k_is_well_below_n():
    _, a, b = sharp_coefficients(10**9, 10_000)
    assert a[-1] * 10_000 == pytest.approx(4 / 3, rel=0.01)
    assert b[-1] == pytest.approx(2 / 3, rel=0.01)
    _, a, b = sharp_coefficients(10, 100_000)
    assert np.isfinite([a, b]).all()


@pytest.mark.parametrize("n", [3, 20, 150])
def test_jensen_keeps_the_ancestors_below_a(n):
    """E A_k <= a_k, with equality for k = 1 and 2."""
    generations = [1, 2, 3, 10, 100]
    mean = [(first + np.arange(len(pmf))) @ pmf for first, pmf in ancestral_chain.laws(n, generations)]
    a, mine = float(n), []
    for _ in range(100):
        mine.append(a)
        a = n * (1 - (1 - 1 / n) ** a)
    most = np.array(mine)[np.array(generations) - 1]
    assert np.all(np.array(mean) <= most + 1e-9)
    np.testing.assert_allclose(mean[:2], most[:2], rtol=1e-9)


def test_g_bracket_holds_and_touches_at_1():
    """Erratum 8: [1/k, 3/k] can be this narrow."""
    k = np.unique(np.concatenate([np.arange(1, 5000), np.geomspace(5000, 1e15, 500).astype(np.int64)]))
    low, high = g_bracket(k)
    g = branching_numbers(k)
    assert np.all((low[1:] < g[1:]) & (g[1:] < high[1:]))
    assert low[0] == g[0] == high[0] == 1
    assert (g / low)[-1] == pytest.approx(1, abs=1e-9)
    assert np.all((low >= 1 / k) & (high <= 3 / k))


def test_g_bracket_for_poisson():
    asked = Recursion(Poisson(), Parameters(rate=1.0), 10)
    exact = solve(asked, NonZero(), 1000)["nonzero"].value
    found = [b for b in solve(asked, NonZero(), 1000, method="bounds").of("nonzero") if "g_bracket" in b.source]
    assert {b.kind for b in found} == {"lower", "upper"}
    assert max(np.abs(b.value - exact).max() for b in found) < 0.04


def test_diversity_takes_over_late():
    """For k well above n the diversity bound decays as the truth does; its constant is n against 6."""
    n = 20
    late = [40 * n, 60 * n]
    asked = Recursion(Categorical(), Known([0.3, 0.7]), n)
    exact = solve(asked, NotFixed([0]), late)["not_fixed"].value[:, 0]
    found = solve(asked, NotFixed([0]), late, method="bounds").of("not_fixed")
    upper = next(b.value[:, 0] for b in found if b.source == "modelcollapse.diversity" and b.kind == "upper")
    np.testing.assert_allclose(upper / exact, n / (1 - 1 / n) / 5.6033, rtol=1e-4)


def test_too_late_to_iterate_is_declined():
    asked = Recursion(Categorical(), Known([0.3, 0.7]), 20)
    found = {b.source for b in solve(asked, Survival(), [10**9], method="bounds").of("survival")}
    assert "modelcollapse.ancestry_bracket" not in found
    assert {"suresh_2024.theorem_1", "modelcollapse.diversity", "modelcollapse.g_bracket"} <= found
