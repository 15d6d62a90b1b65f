"""The chart of a rate shows its numbers, and only what is possible."""

from dataclasses import replace

import numpy as np
import pytest

from modelcollapse.families import Gaussian, Laplace
from modelcollapse.rating import curve_of, rate
from modelcollapse.rating.questions import of_poisson, of_scale, of_symbol
from modelcollapse.report.rate_chart import EXACT, curve_rows, is_far, rate_chart, simulated_rows
from modelcollapse.report.save import picture


def answer(question, generations, **details):
    return rate(question.recursion, question.statistic, question.time_statistic, generations, **details)


CASES = {
    "symbol": lambda: answer(of_symbol(100, count=1), 50, simulate=50, rng=1),
    "tail": lambda: answer(of_scale(Gaussian, 10, 0.1), 200),
    "far": lambda: answer(of_poisson(10, rate=1.0), 10**6),
    "never present": lambda: answer(of_symbol(10, count=0), 5),
    "certain": lambda: answer(of_symbol(10, count=10), 1),
    "simulated only": lambda: answer(of_scale(Laplace, 10, 0.5), 10, simulate=20, rng=1),
    "nothing known": lambda: answer(of_scale(Laplace, 10, 0.5), 10),
    "schedule": lambda: answer(of_symbol([10, 20, 30], probability=0.1), 3),
}


@pytest.mark.parametrize("name", CASES)
def test_charts_are_valid_and_drawn(name):
    found = CASES[name]()
    spec = rate_chart(found).to_dict()
    assert spec["description"]
    assert "<svg" in picture(spec, ".svg").decode()
    for row in curve_rows(found):
        assert 0 <= row["value"] <= 1


def test_rows_are_the_curve():
    found = CASES["symbol"]()
    exact = [row["value"] for row in curve_rows(found) if row["name"] == EXACT]
    np.testing.assert_array_equal(exact, curve_of(found.exact))
    rows = simulated_rows(found)
    assert 10 < len(rows) <= 25
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    names = {row["name"] for row in curve_rows(found)}
    assert names == {EXACT, *(bound.title for bound in found.bounds)}


def test_axes_follow_the_range():
    spec = rate_chart(CASES["tail"]()).to_dict()
    assert spec["layer"][0]["encoding"]["y"]["scale"]["type"] == "log"
    spec = rate_chart(CASES["symbol"]()).to_dict()
    assert "type" not in spec["layer"][0]["encoding"]["y"]["scale"]
    assert is_far(CASES["far"]())


def marks(spec, kind):
    """The rows of the layers that draw such marks."""
    layers = [layer for layer in spec["layer"] if layer.get("mark", {}).get("type") == kind]
    return [row for layer in layers for row in spec["datasets"][layer["data"]["name"]]]


def test_what_was_never_simulated_above_0_is_seen():
    """On a linear axis as a point at 0, on a logarithmic one as the interval that begins at its foot."""
    laplace = answer(of_scale(Laplace, 5, 0.9), 60, simulate=5, rng=1)
    linear = replace(laplace, estimate=None)
    rows = simulated_rows(linear)
    assert any(row["value"] == 0 for row in rows)
    assert len(marks(rate_chart(linear).to_dict(), "point")) == len(rows)
    spec = rate_chart(answer(of_scale(Gaussian, 10, 0.1), 200, simulate=50, rng=1)).to_dict()
    foot = spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0]
    intervals, points = marks(spec, "rule"), marks(spec, "point")
    assert len(intervals) == len(simulated_rows(answer(of_scale(Gaussian, 10, 0.1), 200, simulate=50, rng=1)))
    assert min(row["low"] for row in intervals) == foot
    assert len(points) < len(intervals)
    assert all(row["value"] > foot for row in points)


def test_a_label_belongs_to_its_curve_in_whatever_order():
    """The original gives labels by position; here the order of the bounds may change and each keeps its numbers."""
    found = answer(of_symbol(100, count=1), 30)
    for given in (found, replace(found, bounds=found.bounds[::-1])):
        rows = curve_rows(given)
        stroke = rate_chart(given).to_dict()["layer"][0]["encoding"]["stroke"]
        assert stroke["field"] == "name"
        assert set(stroke["scale"]["domain"]) == {row["name"] for row in rows}
        for bound in found.bounds:
            for side, curve in (("lower", bound.lower), ("upper", bound.upper)):
                drawn = {
                    row["generation"]: row["value"] for row in rows if (row["name"], row["curve"]) == (bound.name, side)
                }
                assert all(curve[generation - 1] == value for generation, value in drawn.items())


def test_the_axis_ends_above_what_is_drawn():
    """Of a symbol that is never seen the curves fill the chart; where a bound says nearly 1 it ends there."""
    rare = rate_chart(answer(of_symbol(100, probability=1e-200), 20)).to_dict()
    low, high = rare["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert 1e-200 < high < 1e-196
    assert high < 1e4 * low
    common = rate_chart(answer(of_scale(Gaussian, 10, 0.1), 200)).to_dict()
    assert common["layer"][0]["encoding"]["y"]["scale"]["domain"][1] == 1.2


def test_the_legend_lists_what_is_within_the_axes():
    """Bounds of a frequent symbol at a far horizon lie below the axis; what the rows hold stays whole."""
    found = answer(of_symbol(10**9, count=100), 10**6)
    spec = rate_chart(found).to_dict()
    lines = [layer for layer in spec["layer"] if layer.get("mark", {}).get("type") == "line"]
    listed = lines[0]["encoding"]["stroke"]["scale"]["domain"]
    low, high = lines[0]["encoding"]["y"]["scale"]["domain"]
    within = {row["name"] for row in curve_rows(found) if low <= row["value"] <= high}
    assert set(listed) == within
    assert within < {row["name"] for row in curve_rows(found)}
