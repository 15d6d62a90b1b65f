"""The splines: they reproduce what they should, and stay smooth where panels meet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcollapse.laws.presence.backward_operator import binomial_window, central_moments
from modelcollapse.laws.presence.collocation import PanelSpline
from tests.reference.dense_chain import binomial_law

SIZES = pytest.mark.parametrize("finest", [1, 2, 3, 5, 64, 1000, 10**12])


@SIZES
def test_polynomials_that_vanish_at_both_ends_are_exact(finest):
    spline = PanelSpline(finest)
    x = np.concatenate([np.linspace(0, 1, 101), np.geomspace(1e-3 / finest, 1, 50)])
    for degree in range(1, 12):
        values = spline.nodes * (1 - spline.nodes) ** degree
        np.testing.assert_allclose(spline.rows(x) @ values, x * (1 - x) ** degree, atol=1e-12)


@SIZES
def test_panels_cover_the_interval_and_double_at_most(finest):
    edges = PanelSpline(finest).edges
    assert edges[0] == 0
    assert edges[-1] == 1
    assert edges[1] == pytest.approx(1 / finest)
    assert np.all(np.diff(edges) > 0)
    assert np.all(edges[2:] <= 2.0001 * edges[1:-1])


def test_relative_accuracy_next_to_both_ends():
    spline = PanelSpline(1000)
    values = spline.nodes * (1 - spline.nodes)
    tiny = np.array([1e-30, 1e-12])
    np.testing.assert_allclose(spline.rows(tiny) @ values, tiny, rtol=1e-9)
    np.testing.assert_allclose(spline.rows(1 - tiny, tiny) @ values, tiny, rtol=1e-9)


def test_values_and_slopes_are_continuous():
    spline = PanelSpline(100)
    values = np.sin(7 * spline.nodes) * spline.nodes * (1 - spline.nodes)
    for edge in spline.edges[1:-1]:
        step = 1e-7 * edge
        left, at, right = spline.rows(np.array([edge - step, edge, edge + step])) @ values
        assert left == pytest.approx(at, rel=1e-5)
        assert (at - left) / step == pytest.approx((right - at) / step, rel=1e-4, abs=1e-6)


def test_sums_over_points_are_one_row():
    spline = PanelSpline(5000)
    rng = np.random.default_rng(1)
    x, weights = rng.random(1000) ** 4, rng.random(1000)
    values = np.exp(-30 * spline.nodes) * spline.nodes * (1 - spline.nodes)
    expected = weights @ (spline.rows(x) @ values)
    assert spline.functional(x, weights) @ values == pytest.approx(expected, rel=1e-12)
    condensed = spline.condense(x, weights) @ (np.exp(-30 * spline.nodes) * spline.nodes)
    assert condensed == pytest.approx(weights @ (np.exp(-30 * x) * x), rel=1e-11)


@given(n=st.integers(1, 2000), x=st.floats(1e-6, 1 - 1e-6))
def test_binomial_window_integrates_smooth_functions(n, x):
    counts, weights = binomial_window(n, np.array([x]))
    law = binomial_law(n, x)
    for rate in (0.0, 0.1, 1.0):
        expected = law @ np.exp(-rate * np.arange(n + 1) / n)
        assert weights[0] @ np.exp(-rate * counts[0] / n) == pytest.approx(expected, rel=1e-12)


@given(n=st.integers(1, 60), x=st.floats(0.001, 0.999), scale=st.floats(1, 50))
def test_central_moments_against_the_law_itself(n, x, scale):
    law, deviations = binomial_law(n, x), (np.arange(n + 1) - n * x) / scale
    moments = central_moments(n, np.array([x]), scale, 9)
    for order in range(10):
        expected = law @ deviations**order
        size = law @ np.abs(deviations) ** order
        assert moments[order][0] == pytest.approx(expected, abs=1e-9 * max(size, 1e-300))
