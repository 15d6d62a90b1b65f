"""Every bound about scales against the exact law, on a wide grid."""

import numpy as np
import pytest

from modelcollapse import Recursion, solve
from modelcollapse.bounds import BOUNDS
from modelcollapse.bounds.scale_tail import october_2024_as_plotted
from modelcollapse.families import Exponential, Gaussian, ShiftedExponential, Uniform, UniformRange
from modelcollapse.statistics import ScaleTail
from tests.bounds.grid import violation
from tests.families.plain import label, start

ABOUT_SCALES = {
    "suresh_2024.theorem_3",
    "suresh_2024.fractional_moment",
    "suresh_2024.october_2024",
    "bertrand_2024.first_moment",
    "modelcollapse.optimal_moment",
    "modelcollapse.maximum_likelihood",
}
FAMILIES = [
    Gaussian(),
    Gaussian(ddof=0),
    Gaussian(ddof=-1),
    Gaussian(dimension=2),
    Exponential(),
    ShiftedExponential(),
    Uniform(),
    UniformRange(),
]
THRESHOLDS = [1e-200, 1e-4, 0.1, 0.5, 0.99, 1.0, 1.5, 10.0]


def bounds_and_law(family, sizes, threshold, generations, **options):
    recursion, asked = Recursion(family, start(family), sizes), ScaleTail(threshold)
    exact = solve(recursion, asked, generations, method="exact")["scale_tail"]
    return solve(recursion, asked, generations, method="bounds", **options).of("scale_tail"), exact


@pytest.mark.parametrize("family", FAMILIES, ids=label)
def test_never_violated(family):
    seen = set()
    for n in (3, 8, 10, 200, 10**6):
        k = np.unique(np.geomspace(1, 40 * n, 20).astype(int))
        for threshold in THRESHOLDS:
            for tighten in (False, True):
                bounds, exact = bounds_and_law(family, n, threshold, k, tighten=tighten)
                for bound in bounds:
                    seen.add(bound.source)
                    assert violation(bound, exact) <= 0, (bound.source, bound.kind, n, threshold)
    wanted = {"modelcollapse.optimal_moment"}
    if family == Gaussian():
        wanted = ABOUT_SCALES - {"modelcollapse.maximum_likelihood"}
    if family == Gaussian(ddof=0):
        wanted |= {"modelcollapse.maximum_likelihood"}
    assert seen == wanted


@pytest.mark.parametrize("family", FAMILIES, ids=label)
def test_never_violated_where_sizes_vary(family):
    sizes = [4, 30, 7, 4, 100, 12, 50, 4] * 5
    for threshold in THRESHOLDS:
        bounds, exact = bounds_and_law(family, sizes, threshold, len(sizes))
        assert {bound.source for bound in bounds} == {"modelcollapse.optimal_moment"}
        assert all(violation(bound, exact) <= 0 for bound in bounds)


def test_golden_values():
    """The Gaussian tails known to every digit given: n = 10, eps = 0.1, k = 200."""
    bounds, _ = bounds_and_law(Gaussian(), 10, 0.1, [200])
    found = {bound.source: bound.value[0] for bound in bounds if bound.kind == "upper"}
    golden = {
        "suresh_2024.theorem_3": 0.0593,
        "bertrand_2024.first_moment": 0.0391,
        "suresh_2024.fractional_moment": 0.0305,
        "modelcollapse.optimal_moment": 0.0295,
    }
    for name, value in golden.items():
        assert found[name] == pytest.approx(value, abs=5e-5)


def test_negative_control():
    """The curve that the notebook of October 2024 drew for its bound is none, and that is seen."""
    bounds, exact = bounds_and_law(Gaussian(), 100, 1e-4, [3000])
    drawn = next(bound for bound in bounds if bound.source == "suresh_2024.october_2024")
    assert violation(drawn, exact) <= 0
    object.__setattr__(drawn, "value", october_2024_as_plotted(100, [3000], np.log(1e-4)))
    assert violation(drawn, exact) > 0


def test_none_is_missing():
    assert {bound.name for bound in BOUNDS} >= ABOUT_SCALES
