"""Sums over thousands of sample sizes by a few dozen of them, against all of them and against mpmath."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.laws.scales import condensed_sizes, log_scale_walk
from modelcollapse.laws.scales.condensed_sizes import condensed
from modelcollapse.laws.scales.gamma_shapes import by_shape
from modelcollapse.laws.scales.log_scale_walk import ERROR_GROWTH, RELATIVE_ERROR, combined_step, tail_of_schedule
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_steps import (
    Exponential,
    Gaussian,
    GaussianDeterminant,
    ShiftedExponential,
    Uniform,
    UniformRange,
)
from tests.reference.scale_tail import cumulant_function, reference_tail

RNG = np.random.default_rng(7)
SCHEDULES = {
    "all scales": np.exp(RNG.uniform(np.log(3), np.log(1e6), 1500)).astype(np.int64),
    "up to 10^13": np.exp(RNG.uniform(np.log(60), np.log(1e13), 1000)).astype(np.int64),
    "rising": np.arange(100, 1100),
    "falling": np.arange(1500, 500, -1),
    "alike": RNG.integers(10**6, 10**6 + 2000, 1500),
}
STEPS = {
    "gaussian": Gaussian,
    "maximum likelihood": lambda sizes: Gaussian(sizes, 0.0),
    "far from unbiased": lambda sizes: Gaussian(sizes, -5.0),
    "two dimensions": lambda sizes: GaussianDeterminant(sizes, 1.0, 2),
    "many dimensions": lambda sizes: GaussianDeterminant(np.maximum(sizes, 51), 0.0, 50),
    "exponential": Exponential,
    "shifted": ShiftedExponential,
    "uniform": Uniform,
    "range": UniformRange,
}


def tails(step, at, x):
    found = tail_of_schedule(step, at, x)
    return np.concatenate([found.above, found.at_most])


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("kind", STEPS)
def test_tails_are_those_of_all_sizes(monkeypatch, kind, schedule):
    """Far into both tails, where the saddle point lies next to the end of the strip."""
    step = STEPS[kind](SCHEDULES[schedule])
    at = np.unique(np.geomspace(1, len(step.sample_size), 12).astype(np.int64))
    asked = (-8.0, -2.3, -0.3, -0.01, 0.2)
    found = [tails(step, at, x) for x in asked]
    monkeypatch.setattr(log_scale_walk, "condensed", lambda sizes, repeats: repeats)
    monkeypatch.setattr(log_scale_walk, "_FEW_DIMENSIONS", 10**6)
    for x, value in zip(asked, found, strict=True):
        expected = tails(step, at, x)
        seen = expected > 1e-290
        # Both round: a sum of a thousand logarithms of which e^600 is left has an error of its own.
        np.testing.assert_allclose(value[seen], expected[seen], rtol=6e-12)


@pytest.mark.parametrize(
    "step",
    [
        Gaussian(np.arange(20, 80), 0.0),
        UniformRange(np.arange(150, 20, -1)),
        GaussianDeterminant(np.arange(7, 37), 1.0, 6),
    ],
    ids=["gaussian", "range", "six dimensions"],
)
def test_against_mpmath(step):
    sizes = step.sample_size
    details = {name: getattr(step, name) for name in ("ddof", "dimension") if hasattr(step, name)}
    parts = [cumulant_function(type(step)(int(n), **details)) for n in sizes]
    both = combined_step(step, sizes.size)
    terms = by_shape(both)[0] if "dimension" in details else both
    assert np.count_nonzero(terms.repeats) < sizes.size * details.get("dimension", 1)
    for x in (-6.0, -0.4):
        found = tail_of_schedule(step, [sizes.size], x)
        upper = bool(saddle_point(both, np.array([x]))[0] >= 0)
        exact = reference_tail(both, 1, x, upper=upper, cumulant=lambda s: mp.fsum(part(s) for part in parts))
        value = float((found.above if upper else found.at_most)[0])
        assert abs(mp.mpf(value) / exact - 1) < RELATIVE_ERROR + ERROR_GROWTH * np.sqrt(sizes.size), (x, upper)


@given(
    sizes=st.lists(st.integers(2, 10**13), min_size=1, max_size=300, unique=True),
    dense=st.integers(0, 400),
    edge=st.floats(-0.999, 10.0),
)
def test_sums_of_smooth_functions(sizes, dense, edge):
    """Logarithms that are singular as near to the smallest size as the strip allows."""
    sizes = np.unique([*sizes, *range(1000, 1000 + dense)]).astype(np.float64)
    repeats = np.ones((1, len(sizes)))
    weights = condensed(sizes, repeats)
    assert weights.sum() == pytest.approx(len(sizes), rel=1e-13)
    for terms in (np.log(sizes + edge * sizes[0]), 1.0 / (sizes + edge * sizes[0])):
        assert abs(((weights - repeats) @ terms)[0]) < 1e-12 * np.abs(terms).sum()


def test_nothing_below_the_smallest_size_of_a_row():
    """There, the cumulant function of another size may not exist."""
    falling = np.arange(1500.0, 500.0, -1.0)
    repeats = np.tri(1000)[:, ::-1]
    weights = condensed(falling[::-1], repeats)
    for row, occurs in zip(weights, repeats, strict=True):
        assert np.flatnonzero(row)[0] == np.flatnonzero(occurs)[0]
    assert np.count_nonzero(weights[-1]) < 250


def test_shapes_have_the_cumulants_of_the_sizes():
    """In a thousand dimensions, with one size that is hardly above: the pole of the smallest shape is the same."""
    plain = combined_step(GaussianDeterminant(np.array([1001, 1500, 4000, 10**9, 1200]), 1.0, 1000), [1, 3, 5])
    summed, constant = by_shape(plain)
    for order in (1, 2, 3):
        expected = plain.cumulant(order)
        np.testing.assert_allclose(summed.cumulant(order) + (order == 1) * constant, expected, rtol=1e-12)
    np.testing.assert_allclose(summed.lowest_power, plain.lowest_power, rtol=1e-13)


def test_too_few_points_are_noticed(monkeypatch):
    monkeypatch.setattr(condensed_sizes, "_POINTS", 8)
    sizes = np.arange(100.0, 1100.0)
    weights = condensed(sizes, np.ones((1, 1000)))
    assert abs((weights @ np.log(sizes - 99.0))[0] / np.log(sizes - 99.0).sum() - 1) > 1e-9
