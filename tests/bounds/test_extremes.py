"""Every bound there is against the exact law at the ends of its range, and a control that would be caught at each.

n = 2, 3 and 10^12; generations from 1 to 10^6; probabilities next to 0 and 1; thresholds from 1e-300 to 1e6 and next
to 1. Scales of mixtures are held against the exact walk that stays above them.
"""

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.bounds import BOUNDS
from modelcollapse.families import (
    ApproximateLikelihood,
    Exponential,
    Gaussian,
    LinearRegression,
    Mixture,
    ShiftedExponential,
    Uniform,
    UniformRange,
)
from modelcollapse.laws.scales import scale_steps
from modelcollapse.laws.scales.log_scale_walk import tail
from modelcollapse.statistics import NonZero, NotFixed, ScaleTail, SquaredError, Survival, TotalCollapse, Vocabulary
from modelcollapse.workflows import Accumulate
from tests.bounds.grid import violation
from tests.families.plain import label, start

SIZES = [2, 3, 10, 10**12]
K = np.array([1, 2, 3, 10, 100, 1000, 10**5, 200_000, 10**6])
LAWS = [
    [1e-15, 1 - 1e-15],
    [1e-9, 1e-6, 1 - 1e-9 - 1e-6],
    [2.0**-40, 2.0**-12, 0.5, 0.5 - 2.0**-40 - 2.0**-12],
    [0.5, 0.5],
    [0.1] * 10,
]
THRESHOLDS = [1e-300, 1e-12, 0.1, 1 - 1e-9, 1.0, 1 + 1e-9, 1.5, 1e6]
FAMILIES = [Gaussian(), Gaussian(ddof=0), Gaussian(ddof=-1), Exponential(), ShiftedExponential(), Uniform()]
FAMILIES += [UniformRange(), Gaussian(dimension=2)]
ESTIMATORS = [ApproximateLikelihood(), ApproximateLikelihood(kappa=0.0), ApproximateLikelihood(kappa=0.05)]
SEEN = set()


def hold(recursion, statistic, exact=None, generations=K):
    """Hold all bounds that answer against the law; return their names."""
    exact = exact or solve(recursion, statistic, generations, method="exact")[statistic.name]
    names = set()
    for tighten in (False, True):
        for bound in solve(recursion, statistic, generations, method="bounds", tighten=tighten).of(statistic.name):
            assert violation(bound, exact) <= 0, (bound.source, bound.kind, recursion, statistic)
            assert not np.isnan(bound.value).any()
            names.add(bound.source)
    SEEN.update(names)
    return names


@pytest.mark.parametrize("law", LAWS, ids=range(len(LAWS)))
@pytest.mark.parametrize("n", [1, *SIZES])
def test_symbols(n, law):
    recursion = Recursion(Categorical(), Known(law), n)
    asked = [NotFixed(), Vocabulary(), TotalCollapse()]
    for statistic in asked:
        # To 200,000 generations every bound answers; beyond, some say nothing.
        assert hold(recursion, statistic, generations=K[:-1]) or (n == 1 and statistic == TotalCollapse())
        hold(recursion, statistic)
    assert hold(recursion, Survival(), generations=K[:-1])
    hold(recursion, Survival())


@pytest.mark.parametrize("n", [1, *SIZES])
@pytest.mark.parametrize("rate", [1e-15, 1e-12, 1e-3, 1.0, 100.0])
def test_rates(n, rate):
    assert hold(Recursion(Poisson(), Parameters(rate=rate), n), NonZero())


@pytest.mark.parametrize("family", FAMILIES, ids=label)
def test_scales(family):
    for n in (3, 4, 8, 10, 10**12) if getattr(family, "dimension", 1) > 1 else SIZES:
        for threshold in THRESHOLDS:
            assert hold(Recursion(family, start(family), n), ScaleTail(threshold))


class Walk:
    """The exact tail of the walk above the scale of a mixture."""

    def __init__(self, n, kappa, threshold):
        step = scale_steps.Gaussian(n, n * kappa / (1 + kappa))
        self.value = tail(step, K, float(np.log(threshold))).above


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: str(each.kappa))
@pytest.mark.parametrize("n", SIZES)
def test_mixtures(n, estimator):
    recursion = Recursion(Mixture(estimator), Parameters(mean=1.0, scale=1.0), n)
    kappa = float(estimator.inflation(np.array([float(n)]))[0])
    for threshold in THRESHOLDS:
        names = hold(recursion, ScaleTail(threshold), Walk(n, kappa, threshold))
        assert {"modelcollapse.mixture_walk", "modelcollapse.mixture_first_moment"} <= names


@pytest.mark.parametrize("d", [1, 20, 1000])
def test_regressions(d):
    for n in (d + 2, d + 3, 10 * d, 10**12):
        assert hold(kept_regression(n, d), SquaredError())


def kept_regression(n, d):
    return Recursion(LinearRegression(d), Parameters(weight=0.0), n, Accumulate())


def test_none_is_left_out():
    """Runs after the others, which fill the list; on its own it asks one of each."""
    for n in (3, 10):
        for statistic in (NotFixed(), Vocabulary(), TotalCollapse(), Survival()):
            hold(Recursion(Categorical(), Known([0.5, 0.5]), n), statistic, generations=[1, 5])
        hold(Recursion(Poisson(), Parameters(rate=1.0), n), NonZero())
        for family in (Gaussian(), Gaussian(ddof=0)):
            hold(Recursion(family, start(family), n), ScaleTail(0.1))
        hold(kept_regression(n, 1), SquaredError())
        recursion = Recursion(Mixture(ESTIMATORS[0]), Parameters(mean=1.0, scale=1.0), n)
        kappa = float(ESTIMATORS[0].inflation(np.array([float(n)]))[0])
        hold(recursion, ScaleTail(0.1), Walk(n, kappa, 0.1))
    assert {bound.name for bound in BOUNDS} == SEEN


CONTROLS = [
    (Recursion(Categorical(), Known([0.1, 0.9]), 20), Survival([0]), None),
    (Recursion(Categorical(), Known([0.1, 0.9]), 20), NotFixed([0]), None),
    (Recursion(Poisson(), Parameters(rate=1.0), 10), NonZero(), None),
    (Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), 10), ScaleTail(0.1), None),
    (Recursion(Gaussian(ddof=0), Parameters(mean=0.0, scale=1.0), 10), ScaleTail(0.1), None),
    (kept_regression(10, 3), SquaredError(), None),
    (Recursion(Mixture(ESTIMATORS[1]), Parameters(mean=1.0, scale=1.0), 10), ScaleTail(0.1), Walk(10, 0.0, 0.1)),
]


@pytest.mark.parametrize(("recursion", "statistic", "exact"), CONTROLS, ids=range(len(CONTROLS)))
def test_negative_control(recursion, statistic, exact):
    """Each curve, moved a thousandth past the closest it comes to the law, is caught; as it is, it is not."""
    exact = exact or solve(recursion, statistic, K, method="exact")[statistic.name]
    for bound in solve(recursion, statistic, K, method="bounds").of(statistic.name):
        value = np.asarray(bound.value, dtype=np.float64)
        usable = (exact.value > 1e-290) & (value > 0)
        if not usable.any():
            continue
        closest = np.where(usable, value / np.where(usable, exact.value, 1.0), np.nan)
        factor = 0.999 / np.nanmin(closest) if bound.kind == "upper" else 1.001 / np.nanmax(closest)
        assert violation(bound, exact) <= 0
        object.__setattr__(bound, "value", value * factor)
        assert violation(bound, exact) > 0, bound.source
