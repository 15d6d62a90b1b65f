"""Gaussian scales under biased sampling: against simulation, the plain walk, and the two-moment recursion."""

import numpy as np
import pytest

from modelcollapse import Gaussian, Parameters, Recursion, solve
from modelcollapse.laws.amplified_scale import AmplifiedScaleLaw
from modelcollapse.laws.scale_rates import critical_amplification
from modelcollapse.samplers import Amplification
from modelcollapse.start import Empirical
from modelcollapse.statistics import MeanScale, MeanVariance, ScaleTail
from modelcollapse.workflows import Accumulate

NORMAL = Parameters(mean=0.0, scale=1.0)
AT = [1, 3, 10, 30]


def exact(statistic, factor, family=None, sizes=10, at=AT):
    recursion = Recursion(family or Gaussian(), NORMAL, sizes, sampler=Amplification(factor))
    return solve(recursion, statistic, at, method="exact")[statistic.name]


@pytest.mark.parametrize("family", [Gaussian(), Gaussian(ddof=0), Gaussian(dimension=3)], ids=str)
@pytest.mark.parametrize("sizes", [10, list(range(8, 38))], ids=["one-size", "schedule"])
def test_against_simulation(family, sizes):
    """|z| below 5.3 at 4 generations and 2 statistics, false alarms below 1e-6; a lambda off by 5 % is caught."""
    runs = 20_000
    recursion = Recursion(family, NORMAL, sizes, sampler=Amplification(0.95))
    asked = [ScaleTail(0.5), MeanScale()]
    run = solve(recursion, asked, AT, method="simulate", replicates=runs, rng=6)

    def worst(factor):
        p = exact(asked[0], factor, family, sizes).value
        tail = np.abs(run["scale_tail"].value - p) / np.sqrt(np.maximum(p * (1 - p), 1 / runs) / runs)
        mean = run["mean_scale"]
        moment = np.abs(mean.value - exact(asked[1], factor, family, sizes).value) / mean.sd * np.sqrt(runs)
        return max(tail.max(), moment.max())

    assert worst(0.95) < 5.3
    assert worst(0.9) > 5.3


@pytest.mark.parametrize("statistic", [ScaleTail(0.3), MeanScale(), MeanVariance()], ids=lambda s: s.name)
def test_lambda_of_one_is_the_plain_walk(statistic):
    plain = solve(Recursion(Gaussian(dimension=2), NORMAL, 10), statistic, AT)[statistic.name]
    found = exact(statistic, 1.0, Gaussian(dimension=2))
    assert (found.source, plain.source) == ("amplified_scale_walk", "log_scale_walk")
    np.testing.assert_allclose(found.value, plain.value, rtol=1e-11)


def test_mean_variance_is_the_two_moment_recursion():
    at = np.array(AT)
    recursion = Recursion(Gaussian(ddof=0), NORMAL, 10, sampler=Amplification(1.2))
    own = AmplifiedScaleLaw().speaks(recursion, MeanVariance(), at).value
    two = solve(recursion, MeanVariance(), at, method="exact")["mean_variance"]
    assert two.source == "two_moments"
    np.testing.assert_allclose(own, two.value, rtol=1e-13)


def test_at_the_critical_lambda_a_scale_is_as_likely_to_grow_as_to_shrink():
    """By the central limit theorem: half within 0.02 at k = 1,000; lambda = 1 collapses, 1.25 explodes."""
    critical = critical_amplification(10)
    assert exact(ScaleTail(1.0), critical, at=[1000]).value[0] == pytest.approx(0.5, abs=0.02)
    assert exact(ScaleTail(1.0), 1.0, at=[1000]).value[0] < 1e-6
    assert exact(ScaleTail(1.0), 1.25, at=[1000]).value[0] > 1 - 1e-4


def test_what_it_does_not_cover():
    for recursion in (
        Recursion(Gaussian(), NORMAL, 10),
        Recursion(Gaussian(), Empirical(NORMAL, 5), 10, sampler=Amplification(0.9)),
        Recursion(Gaussian(), NORMAL, 10, Accumulate(), Amplification(0.9)),
    ):
        assert AmplifiedScaleLaw().speaks(recursion, ScaleTail(0.5), np.array([3])) is None
