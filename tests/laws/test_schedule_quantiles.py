"""Quantiles of a schedule against looking at every generation, and the inequalities that spare the looking."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelcollapse.laws.scales import scale_quantiles
from modelcollapse.laws.scales.log_scale_walk import combined_step, tail_of_schedule
from modelcollapse.laws.scales.scale_quantiles import enclosed, quantile_of_schedule
from modelcollapse.laws.scales.scale_steps import (
    Exponential,
    Gaussian,
    GaussianDeterminant,
    ShiftedExponential,
    Uniform,
    UniformRange,
)

SIZES = [
    np.array([2] * 12 + [3] * 12),
    np.arange(2, 122),
    np.array([1000, 2] * 30),
    np.concatenate([np.full(40, 7), np.full(40, 10**6)]),
    np.full(100, 10**12),
]
STEPS = [Gaussian, Exponential, ShiftedExponential, Uniform, UniformRange]


@pytest.mark.parametrize("sizes", SIZES, ids=range(len(SIZES)))
@pytest.mark.parametrize("kind", [*STEPS, lambda n: Gaussian(n, -20.0), lambda n: Gaussian(n, 1.9)])
def test_tails_lie_between_what_encloses_them(kind, sizes):
    step, generations = kind(sizes), np.arange(1, sizes.size + 1)
    for x in (-30.0, -2.0, -0.3, -1e-5, 0.2, 3.0):
        low, high = enclosed(step, x)
        exact = tail_of_schedule(step, generations, x).at_most
        assert np.all(low <= exact + 1e-11)
        assert np.all(exact <= high + 1e-11)


def test_a_smaller_constant_would_not_enclose(monkeypatch):
    """The constant that no law needs less than is 0.4097; what a skewed walk needs is seen at a tenth of 0.4748."""
    sizes = np.full(30, 2)
    exact = tail_of_schedule(Uniform(sizes), np.arange(1, 31), -8.0).at_most
    monkeypatch.setattr(scale_quantiles, "_BERRY_ESSEEN", 0.04748)
    low, high = enclosed(Uniform(sizes), -8.0)
    assert np.any(low > exact + 1e-6) or np.any(high < exact - 1e-6)


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(2, 60), min_size=1, max_size=80),
    kind=st.sampled_from(STEPS),
    x=st.floats(-6, 1),
    level=st.floats(0.001, 0.999),
)
def test_quantiles_are_the_smallest(sizes, kind, x, level):
    step = kind(np.array(sizes))
    reached = tail_of_schedule(step, np.arange(1, len(sizes) + 1), x).at_most >= level
    expected = 1 + reached.argmax() if reached.any() else np.inf
    assert quantile_of_schedule(step, x, [level]).tolist() == [expected]


def test_a_long_schedule_needs_little_memory_and_keeps_only_what_occurs():
    """The table of counts has a row for each generation asked for, not one for each generation."""
    step = Gaussian(np.arange(100, 20_100))
    combined = combined_step(step, [3, 20_000])
    assert combined.repeats.shape == (2, 20_000)
    assert combined.rows(np.array([0])).step.sample_size.tolist() == [100, 101, 102]
    assert combined.rows(np.array([1, 1])).repeats.sum() == pytest.approx(40_000, rel=1e-12)
    assert combined.rows(np.array([1])).repeats.size < 500
    mean = float(combined.rows(np.array([1])).cumulant(1)[0])
    assert mean == pytest.approx(float(np.sum(step.cumulant(1))), rel=1e-12)


def test_generations_may_come_in_any_order_and_shape():
    step = GaussianDeterminant(np.array([10, 20, 10, 30]), dimension=3)
    generations = np.array([[4, 1], [2, 4]])
    alone = [float(tail_of_schedule(step, [k], -0.2).above[0]) for k in generations.ravel()]
    assert tail_of_schedule(step, generations, -0.2).above.ravel() == pytest.approx(alone, rel=1e-12)
