"""Reading a rate: against the laws where they hold, and away from them where they do not."""

import math

import numpy as np
import pytest

from modelcollapse import InputError, NoAnswerError, Recursion
from modelcollapse.laws.scale_rates import collapse_rate
from modelcollapse.laws.scales.scale_steps import GaussianDeterminant
from modelcollapse.learners import KnownDistribution, Learned, Rate, read_rate, reading_of
from modelcollapse.start import Sample
from modelcollapse.workflows import Accumulate
from tests.learners import own

ABOUT = {"sample_size": 20, "dimension": 2, "workflow": "replace"}


@pytest.mark.parametrize("dimension", [1, 2, 5])
@pytest.mark.parametrize("ddof", [0.0, 1.0])
@pytest.mark.parametrize("size", [6, 20, 1000])
def test_effective_size_inverts_the_law(dimension, ddof, size):
    """The inverse, by digamma functions, against the law's own cumulants."""
    rate = collapse_rate(GaussianDeterminant(size, ddof, dimension)).per_generation
    near = rate * (1 - 1e-9)
    reading = reading_of(
        "scale", Rate(near, 2 * near, near / 2), {**ABOUT, "sample_size": size, "dimension": dimension}, 1, 9
    )
    assert reading.law == {0.0: "gaussian, maximum likelihood", 1.0: "gaussian, unbiased"}[ddof]
    assert reading.law_rate == pytest.approx(rate, rel=1e-12)
    assert reading.effective_size.value == pytest.approx(size, rel=1e-6)
    assert reading.effective_size.low < size < reading.effective_size.high
    assert reading.agrees


def test_effective_size_of_diversity():
    reading = reading_of("diversity", Rate(math.log(0.95), math.log(0.9), 0.01), ABOUT, 1, 9)
    assert (reading.law, reading.law_rate) == ("ancestry", pytest.approx(math.log(0.95), rel=1e-12))
    assert reading.effective_size.value == pytest.approx(20, rel=1e-12)
    assert reading.effective_size.low == pytest.approx(10, rel=1e-12)
    assert reading.effective_size.high == math.inf
    assert reading.to_dict()["effective_size"]["high"] is None


def test_what_grows_is_never_forgotten():
    reading = reading_of("scale", Rate(0.05, 0.04, 0.06), ABOUT, 1, 9)
    assert reading.effective_size.value == math.inf
    assert reading.agrees is False


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"workflow": "accumulate"}, "constant rate"),
        ({"sample_size": None}, "vary"),
        ({"dimension": None}, "not known"),
        ({"dimension": 20}, "more draws than dimensions"),
    ],
)
def test_no_law(changed, why):
    reading = reading_of("scale", Rate(-0.05, -0.06, -0.04), {**ABOUT, **changed}, 1, 9)
    assert why in reading.why_no_law
    assert (reading.law_rate, reading.effective_size, reading.agrees) == (None, None, None)


def test_a_gaussian_is_read_as_one():
    """95 % intervals of two dimensions; a sample size of 40 in the place of 20 is far from it."""
    recursion = Recursion(
        Learned("scipy", distribution="multivariate_normal"),
        KnownDistribution("multivariate_normal", mean=[0.0, 0.0]),
        20,
    )
    reading = read_rate(recursion, 20, replicates=200, rng=2)
    assert reading.law == "gaussian, maximum likelihood"
    assert reading.agrees
    assert reading.effective_size.low < 20 < reading.effective_size.high < 40


def test_a_kernel_density_is_not():
    recursion = Recursion(Learned("kernel-density", bandwidth=0.6), KnownDistribution("norm"), 20)
    reading = read_rate(recursion, 10, replicates=100, rng=1)
    assert reading.measured.low > 0.02
    assert reading.agrees is False
    assert reading.effective_size.value == math.inf


class Resamples:
    """Returns what it has seen: alleles without mutation."""

    def fit(self, data, rng):
        self.data = data

    def sample(self, n, rng):
        return rng.choice(self.data, n)


@pytest.mark.parametrize(("size", "agrees"), [(20, True), (25, False)])
def test_discrete_output_is_read_by_diversity(size, agrees):
    """Resampling is ancestry: the rate ln(1 - 1/20) is in the interval of n = 20, and far from that of n = 25."""
    real = Sample(np.repeat(np.arange(8.0), 10)[:, None])
    reading = read_rate(Recursion(Learned(Resamples), real, size), 15, replicates=2000, rng=4)
    assert (reading.quantity, reading.law) == ("diversity", "ancestry")
    assert reading.agrees
    assert (reading.measured.low < math.log1p(-1 / 20) < reading.measured.high) == agrees


def test_other_workflows_have_no_rate_law():
    recursion = Recursion(Learned(own.Normal), KnownDistribution("norm"), 20, Accumulate())
    assert "accumulate" in read_rate(recursion, 5, replicates=20, rng=1).why_no_law


def test_refused():
    recursion = Recursion(Learned(own.Normal), KnownDistribution("norm"), 20)
    with pytest.raises(InputError, match="`generations`"):
        read_rate(recursion, 1)
    with pytest.raises(InputError, match="`since`"):
        read_rate(recursion, 5, since=0)
    constant = Recursion(Learned(own.Normal), Sample(np.ones((9, 1))), 20)
    with pytest.raises(NoAnswerError, match="draw_diversity is 0"):
        read_rate(constant, 5, replicates=20, rng=1)
