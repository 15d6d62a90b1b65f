"""The bound on accumulated regression: never violated, sharp at its first generation; tests/laws has its equality."""

from fractions import Fraction

import numpy as np
import pytest

from modelcollapse import Parameters, Recursion, solve
from modelcollapse.families import LinearRegression
from modelcollapse.start import Empirical
from modelcollapse.statistics import SquaredError
from modelcollapse.workflows import Accumulate, FreshMix, Replace

START, NAME = Parameters(weight=0.0), "gerstgrasser_2024.accumulate"
GENERATIONS = np.unique(np.geomspace(1, 10**9, 60).astype(np.int64))


def asked(n, d, workflow=None, start=START):
    return Recursion(LinearRegression(d, noise=2.0), start, n, workflow or Accumulate())


def bounds_of(recursion, generations=GENERATIONS, **options):
    return solve(recursion, SquaredError(), generations, method="bounds", **options).of("squared_error")


@pytest.mark.parametrize("d", [1, 2, 20, 1000])
def test_never_violated(d):
    for n in (d + 2, d + 3, 2 * d + 2, 10 * d, 10**6, 10**13):
        exact = solve(asked(n, d), SquaredError(), GENERATIONS, method="exact")["squared_error"]
        for tighten in (False, True):
            (bound,) = bounds_of(asked(n, d), tighten=tighten)
            assert (bound.source, bound.kind) == (NAME, "upper")
            assert np.all(bound.value >= exact.value * (1 - 2 * exact.error))
            assert bound.value[0] == pytest.approx(exact.value[0], rel=1e-13)
        assert np.any(0.999 * bound.value < exact.value), "a curve a thousandth too low is caught"


def test_each_term_by_fractions():
    """Term by term (1/j) d / (j n - d - 1) <= (1/j^2) d / (n - d - 1), equal at j = 1 alone."""
    for n in (4, 5, 30):
        for d in range(1, n - 1):
            for j in range(1, 30):
                fresh, same = Fraction(d, j * (j * n - d - 1)), Fraction(d, j * j * (n - d - 1))
                assert fresh < same if j > 1 else fresh == same


def test_curve():
    (bound,) = bounds_of(asked(60, 20), [1, 2, 3, 10**12])
    first = 4 * 20 / 39
    np.testing.assert_allclose(bound.value, first * np.array([1, 1.25, 1.25 + 1 / 9, np.pi**2 / 6]), rtol=1e-12)


@pytest.mark.parametrize(
    "recursion",
    [
        asked(60, 20, Replace()),
        asked(60, 20, FreshMix(0.5)),
        asked([60, 70, 80], 20),
        asked(60, 20, start=Empirical(START, 60)),
    ],
)
def test_says_nothing_elsewhere(recursion):
    assert bounds_of(recursion, [1, 2]) == ()
