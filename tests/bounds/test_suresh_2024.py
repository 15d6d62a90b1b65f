"""The paper's bounds for counts: their printed values, and what is wrong or loose about them."""

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.branching import branching_numbers
from modelcollapse.statistics import NonZero, NotFixed, Survival
from tests.bounds.grid import GENERATIONS, LAW, PREFIXES, SIZES, recursion

STANDARD = [(0.001, 10_000), (0.01, 100), (0.2, 100), (0.05, 1000)]


def curves(p, n, statistic, source, generations=200):
    """Exact curve, and lower and upper of a bound, for the symbol of probability p."""
    asked = Recursion(Categorical(), Known([p, 1 - p]), n)
    exact = solve(asked, statistic, generations)[statistic.name].value[:, 0]
    found = solve(asked, statistic, generations, method="bounds").of(statistic.name)
    sides = {b.kind: b.value[:, 0] for b in found if b.source == source}
    return exact, sides.get("lower"), sides.get("upper")


@pytest.mark.parametrize(
    ("p", "n", "golden", "gap_below", "gap_above"),
    [
        (0.001, 10_000, [0.821553, 0.319022, 0.177843, 0.094346], 3.3e-4, 0.570),
        (0.01, 100, [0.161389, 0.041122, 0.023044, 0.014014], 4.2e-3, 0.986),
        (0.2, 100, [0.977379, 0.594563, 0.395007, 0.264188], 8.5e-2, 0.736),
    ],
)
def test_theorem_1_table(p, n, golden, gap_below, gap_above):
    """Literature 1.2: survival at 10, 50, 100, 200, and the largest gaps, the upper side cut at 1."""
    exact, lower, upper = curves(p, n, Survival([0]), "suresh_2024.theorem_1")
    np.testing.assert_allclose(exact[[9, 49, 99, 199]], golden, atol=5.1e-7)
    assert (exact - lower).max() == pytest.approx(gap_below, rel=0.02)
    assert (np.minimum(upper, 1) - exact).max() == pytest.approx(gap_above, abs=6e-4)


def test_erratum_upper_side_turns_round():
    """Least .424 at k = 69, then it rises, and says nothing from k = 324 on; survival itself can only fall."""
    exact, _, upper = curves(0.001, 10_000, Survival([0]), "suresh_2024.theorem_1", 400)
    assert upper.argmin() + 1 == 69
    assert upper.min() == pytest.approx(0.424, abs=6e-4)
    assert np.flatnonzero(upper > 1)[0] + 1 == 324
    assert np.all(np.diff(exact) < 0)


def test_erratum_upper_side_exceeds_1():
    _, _, upper = curves(0.2, 100, Survival([0]), "suresh_2024.theorem_1")
    assert upper[-1] == pytest.approx(108.5, abs=0.05)
    assert np.all(upper > 1)
    _, _, upper = curves(0.01, 100, Survival([0]), "suresh_2024.theorem_1")
    assert np.flatnonzero(upper > 1)[0] + 1 == 33


def test_erratum_upper_side_says_something_only_in_a_corner():
    """Only while 3 n p^2 + 3 k p < 1: never for p above 1/sqrt(3 n), nor beyond k = 1/(3 p)."""
    for n in SIZES:
        found = solve(recursion(n), Survival(PREFIXES), GENERATIONS, method="bounds").of("survival")
        upper = next(b.value for b in found if b.source == "suresh_2024.theorem_1" and b.kind == "upper")
        p = np.minimum(np.cumsum(LAW), 1.0)
        slack = 1 - 3 * n * p**2 - 3 * GENERATIONS[:, None] * p
        clear = np.abs(slack) > 1e-9
        lost = np.exp(-n * p * branching_numbers(GENERATIONS)[:, None]) > 1e-15
        assert np.array_equal((upper < 1)[clear & lost], (slack > 0)[clear & lost])


def test_erratum_the_constant_3_could_be_one_half():
    """The largest constant that k <= 1/p needs anywhere on the grid is .4862, at k = 1."""
    needed = []
    for n in range(1, 401, 19):
        p = np.minimum(np.cumsum(LAW), 1.0)[3:]
        survival = solve(recursion(n), Survival(PREFIXES[3:]), GENERATIONS)["survival"].value
        lost = (1 - survival) * np.exp(n * p * branching_numbers(GENERATIONS)[:, None])
        used = (GENERATIONS[:, None] * p <= 1) & (survival < 1 - 1e-6)
        constant = (1 - lost) / (n * p**2 + GENERATIONS[:, None] * p)
        needed.append(np.where(used, constant, 0.0).max())
    assert 0.45 < max(needed) < 0.5


def test_erratum_excess_factor():
    """3 n p^2 + 3 k p against the correction that is truly there: several times k too much."""
    p, n, k = 0.001, 10_000, 50
    exact, _, _ = curves(p, n, Survival([0]), "suresh_2024.theorem_1")
    true = 1 - (1 - exact[k - 1]) * np.exp(n * p * branching_numbers(np.array([k]))[0])
    assert 4.5 * k < (3 * n * p**2 + 3 * k * p) / true < 9 * k


@pytest.mark.parametrize(("p", "first"), [(0.01, 57), (0.2, 122)])
def test_erratum_two_sided_lower_side_is_negative(p, first):
    exact, lower, upper = curves(p, 100, NotFixed([0]), "suresh_2024.theorem_1_two_sided")
    assert np.flatnonzero(lower < 0)[0] + 1 == first
    assert np.all((lower < exact) & (exact < upper))


@pytest.mark.parametrize(("p", "first"), [(0.01, 46), (0.2, 70)])
def test_seddiks_lower_side_overtakes(p, first):
    _, ours, _ = curves(p, 100, NotFixed([0]), "suresh_2024.theorem_1_two_sided")
    _, theirs, _ = curves(p, 100, NotFixed([0]), "seddik_2024.binary")
    above = theirs > ours
    assert np.flatnonzero(above)[0] + 1 == first
    assert np.all(above[first - 1 :])


@pytest.mark.parametrize(("p", "n"), STANDARD)
def test_printed_bracket_is_looser_on_both_sides(p, n):
    _, lower, upper = curves(p, n, Survival([0]), "suresh_2024.theorem_1")
    _, printed_lower, printed_upper = curves(p, n, Survival([0]), "suresh_2024.theorem_1_printed")
    assert np.all(printed_lower <= lower)
    assert np.all(printed_upper >= upper - 1e-15)


def test_theorem_2_is_exact_with_g_and_loose_as_printed():
    asked = Recursion(Poisson(), Parameters(rate=1.0), 10)
    exact = solve(asked, NonZero(), [10, 100])["nonzero"].value
    sides = {b.kind: b.value for b in solve(asked, NonZero(), [10, 100], method="bounds").of("nonzero")[:2]}
    np.testing.assert_allclose(exact, 1 - np.exp(-10 * branching_numbers(np.array([10, 100]))), rtol=1e-13)
    np.testing.assert_allclose(sides["lower"], 1 - np.exp([-1.0, -0.1]), rtol=1e-14)
    np.testing.assert_allclose(sides["upper"], 1 - np.exp([-3.0, -0.3]), rtol=1e-14)


def test_no_bound_where_a_theorem_says_nothing():
    asked = Recursion(Categorical(), Known([0.2, 0.8]), [10, 20])
    for statistic in (Survival(), NotFixed()):
        found = solve(asked, statistic, 2, method="bounds").of(statistic.name)
        assert {b.source for b in found} == {"modelcollapse.ancestry_bracket"}
