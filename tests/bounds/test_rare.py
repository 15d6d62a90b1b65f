"""Bounds of what is next to impossible: they keep their digits where 1 - (1 - p) would have none."""

import numpy as np
import pytest
from mpmath import mp, mpf

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.branching import presence
from modelcollapse.statistics import NotFixed, Survival, TotalCollapse

RARE = [1e-300, 1e-100, 1e-30, 1e-18, 1e-15, 1e-12, 1e-9]
GENERATIONS = [1, 2, 3, 10, 100, 1000]


def wrong(bound, exact, p):
    """By how much a curve is on the wrong side, less a relative rounding of 1e-9."""
    beyond = bound.value - exact.value if bound.kind == "lower" else exact.value - bound.value
    return float(np.max(beyond[:, 0] - 1e-9 * exact.value[:, 0] - 1e-15 * p))


@pytest.mark.parametrize("statistic", [Survival([0]), NotFixed([0])], ids=lambda s: s.name)
@pytest.mark.parametrize("n", [1, 2, 3, 100, 10**8, 10**12])
def test_no_bound_is_violated(n, statistic):
    for p in RARE:
        asked = Recursion(Categorical(), Known([p, 1 - p]), n)
        exact = solve(asked, statistic, GENERATIONS, method="exact")[statistic.name]
        for bound in solve(asked, statistic, GENERATIONS, method="bounds").of(statistic.name):
            assert wrong(bound, exact, p) <= 0, (bound.source, bound.kind, p)


@pytest.mark.parametrize("statistic", [NotFixed(), NotFixed([(0, 1), (1, 2)]), TotalCollapse()], ids=str)
@pytest.mark.parametrize("n", [10**6, 10**12])
def test_no_bound_is_violated_by_a_symbol_of_all_mass_but_a_rare_one(n, statistic):
    """What is left beside it is the sum of the others: 1 less its own chance is off by a ten-thousandth."""
    asked = Recursion(Categorical(), Corpus([1, 1, 10**12 - 2]), n)
    exact = solve(asked, statistic, GENERATIONS, method="exact")[statistic.name]
    for bound in solve(asked, statistic, GENERATIONS, method="bounds").of(statistic.name):
        beyond = bound.value - exact.value if bound.kind == "lower" else exact.value - bound.value
        assert beyond.max() <= 1e-10, (bound.source, bound.kind)


@pytest.mark.parametrize("n", [2, 100, 10**8])
def test_those_that_are_meant_to_be_sharp_are(n):
    """At k = 1 the bracket is exact and Theorem 1 errs by 3 n p^2 + 3 p: both near n p, not near 0 or 1e-16."""
    for p in RARE[:-2]:
        asked = Recursion(Categorical(), Known([p, 1 - p]), n)
        found = {
            (b.source, b.kind): b.value[0, 0] for b in solve(asked, Survival([0]), 1, method="bounds").of("survival")
        }
        assert found["modelcollapse.ancestry_bracket", "upper"] == pytest.approx(n * p, rel=1e-3)
        assert found["suresh_2024.theorem_1", "upper"] == pytest.approx((n + 3) * p, rel=1e-3)
        pair = solve(asked, NotFixed([0]), 1, method="bounds").of("not_fixed")
        bracket = {b.kind: b.value[0, 0] for b in pair if b.source == "modelcollapse.ancestry_bracket"}
        assert bracket["lower"] == pytest.approx(n * p, rel=1e-3)
        assert bracket["upper"] == pytest.approx(n * p, rel=1e-3)


def test_a_common_symbol_and_a_rare_one_are_bounded_alike():
    """Neither lost nor alone says the same of a symbol and of all others."""
    for p in (1e-6, 0.3):
        sides = []
        for law in ([p, 1 - p], [1 - p, p]):
            asked = Recursion(Categorical(), Known(law), 50)
            sides.append(solve(asked, NotFixed([0]), GENERATIONS, method="bounds").of("not_fixed"))
        for one, other in zip(*sides, strict=True):
            np.testing.assert_allclose(one.value, other.value, rtol=1e-9)


def test_presence_against_50_digits():
    with mp.workdps(50):
        for count in (1e-300, 1e-20, 1e-3, 2.0, 40.0):
            for excess in (0.0, 1e-310, 1e-22, 0.4, 1.0, 7.0):
                truth = 1 - (1 - mpf(excess)) * mp.exp(-mpf(count))
                assert float(presence(np.float64(count), np.float64(excess))) == pytest.approx(float(truth), rel=1e-15)


def test_the_limit_of_large_samples_keeps_its_digits():
    """n p g_k to first order: to 1e-3 where n p is 1e-12 and k = 10."""
    asked = Recursion(Categorical(), Known([1e-24, 1 - 1e-24]), 10**12)
    found = solve(asked, Survival([0]), [10], method="asymptotic").of("survival")
    second = next(curve.value[0, 0] for curve in found if curve.source == "second_order")
    assert second == pytest.approx(1.722546249e-13, rel=1e-9)
