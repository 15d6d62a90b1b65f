"""The chart of a rate shows its numbers, and only what is possible."""

import numpy as np
import pytest

from modelcollapse.families import Gaussian, Laplace
from modelcollapse.questions import of_poisson, of_scale, of_symbol
from modelcollapse.rating import curve_of, rate
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
