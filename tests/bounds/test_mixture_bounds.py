"""Bounds on the scale of mixtures: Algorithm 1 stays below them, and joint likelihood has none."""

import numpy as np
import pytest

from modelcollapse import Parameters, Recursion, solve
from modelcollapse.bounds import BOUNDS, scale_tail
from modelcollapse.families import ApproximateLikelihood, JointLikelihood, Mixture
from modelcollapse.laws.scales import scale_steps
from modelcollapse.laws.scales.log_scale_walk import tail
from modelcollapse.statistics import MeanScale, ScaleTail
from modelcollapse.workflows import Accumulate

THEOREM, MOMENT, WALK = (
    "suresh_2024.theorem_4",
    "modelcollapse.mixture_first_moment",
    "modelcollapse.mixture_walk",
)
K = np.array([1, 2, 5, 10, 20, 30])


def recursion_of(estimator, n=10, mean=1.0, **details):
    return Recursion(Mixture(estimator), Parameters(mean=mean, scale=1.0), n, **details)


def curves(recursion, threshold=0.3, generations=K):
    found = solve(recursion, ScaleTail(threshold), generations, method="bounds").of("scale_tail")
    assert all(bound.kind == "upper" for bound in found)
    return {bound.source: bound.value for bound in found}


@pytest.mark.parametrize("mean", [0.0, 1.0, 3.0, 1e4])
@pytest.mark.parametrize(
    ("n", "estimator"),
    [
        (3, ApproximateLikelihood()),
        (10, ApproximateLikelihood()),
        (10, ApproximateLikelihood(paper_compatible=True)),
        (10, ApproximateLikelihood(kappa=0.0)),
        (10, ApproximateLikelihood(kappa=0.5)),
        (50, ApproximateLikelihood()),
    ],
    ids=lambda each: str(each) if isinstance(each, int) else f"{each.kappa} {each.a}",
)
def test_algorithm_1_stays_below(n, estimator, mean):
    """A probability above a bound by 5.9 standard errors: below 1e-6 over all 500 comparisons."""
    runs, recursion = 3000, recursion_of(estimator, n, mean)
    for threshold in (0.3, 0.9):
        found = solve(recursion, ScaleTail(threshold), K, method="simulate", replicates=runs, rng=1)["scale_tail"]
        for name, bound in curves(recursion, threshold).items():
            capped = np.minimum(bound, 1.0)
            error = np.sqrt(capped * (1 - capped) / runs)
            assert np.all(found.value <= capped + 5.9 * error + 5.9 / runs), name


def test_the_walk_is_reached_and_a_smaller_one_is_not():
    """Far apart and with kappa = 0 the walk is the law; one of a scale less by a hundredth is exceeded (control)."""
    runs, n = 100_000, 5
    recursion = recursion_of(ApproximateLikelihood(kappa=0.0), n, mean=1e9)
    found = solve(recursion, ScaleTail(0.3), K, method="simulate", replicates=runs, rng=2)["scale_tail"].value
    bound = curves(recursion)[WALK]
    error = np.sqrt(bound * (1 - bound) / runs) + 1e-12
    assert np.abs((found - bound) / error).max() < 5.5
    smaller = tail(scale_steps.Gaussian(n, 0.0), K, np.log(0.3 / 0.99**K)).above
    assert ((found - smaller) / error).max() > 5.5


def test_order_of_the_bounds():
    """The walk is below its first moment, which is below Theorem 4."""
    for n in (2, 3, 10, 1000, 10**6):
        k = np.unique(np.geomspace(1, 30 * n, 15).astype(int))
        found = curves(recursion_of(ApproximateLikelihood(), n), 0.1, k)
        assert np.all(found[WALK] <= found[MOMENT] * (1 + 1e-9))
        assert np.all(found[MOMENT] <= found[THEOREM] * (1 + 1e-12))
        assert np.all(found[WALK] <= 1)


def test_golden_values():
    """n = 10, eps = 0.1, k = 200: .0674 by Theorem 4, 6.17e-5 by its own rate."""
    found = curves(recursion_of(ApproximateLikelihood()), 0.1, [200])
    assert found[THEOREM][0] == pytest.approx(0.0674, abs=5e-5)
    assert found[MOMENT][0] == pytest.approx(6.17e-5, rel=1e-3)
    ddof = 10 * 0.0416955 / 1.0416955
    assert found[WALK][0] == pytest.approx(
        float(tail(scale_steps.Gaussian(10, ddof), 200, np.log(0.1)).above), rel=1e-4
    )


@pytest.mark.parametrize(("kappa", "proved"), [(0.1171, True), (0.1173, False)])
def test_theorem_4_is_shown_where_it_is_proved(kappa, proved):
    found = curves(recursion_of(ApproximateLikelihood(kappa=kappa)))
    assert (THEOREM in found) == proved
    assert {MOMENT, WALK} <= set(found)
    assert (scale_tail.mixture_rate(10, kappa=kappa) <= -0.025) == proved


def test_joint_likelihood_has_no_such_bound():
    """Its mean scale after one generation, n = 50, mean = scale = 1, is above e^{-1/(4n)}: 1.0046 against .9950."""
    recursion = recursion_of(JointLikelihood(), 50)
    found = solve(recursion, MeanScale(), [1], method="simulate", replicates=20_000, rng=3)["mean_scale"]
    assert found.low[0] > np.exp(-1 / 200) + 0.005
    assert found.value[0] == pytest.approx(1.0046, abs=0.007)
    assert curves(recursion) == {}


@pytest.mark.parametrize(
    "recursion",
    [
        recursion_of(ApproximateLikelihood(), [10] * 30),
        recursion_of(ApproximateLikelihood(), 10, workflow=Accumulate()),
    ],
    ids=["varying sizes", "accumulate"],
)
def test_where_nothing_is_proved_nothing_is_said(recursion):
    allowed = {THEOREM, MOMENT, WALK} if recursion.constant_size and recursion.workflow.name == "replace" else set()
    assert set(curves(recursion)) == allowed
    assert curves(recursion.__class__(recursion.family, recursion.start, 10)).keys() == {THEOREM, MOMENT, WALK}


def test_none_is_missing():
    assert {bound.name for bound in BOUNDS} >= {THEOREM, MOMENT, WALK}
