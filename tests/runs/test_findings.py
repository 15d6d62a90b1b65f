"""What a sweep has found: the values of the store, parts put together, and rates as the door's own reading has them."""

import json
import math

import numpy as np
import pytest

from modelcollapse import InputError, Recursion
from modelcollapse.learners import KnownDistribution, Learned, read_rate
from modelcollapse.runs import findings, run, spec_of
from modelcollapse.runs.unit import units_of
from tests.runs.sweeps import sweep

ADDRESS = "tests.learners.own:Normal"
TABLE = {
    "recursion": {
        "learner": {"name": "scipy", "distribution": "multivariate_normal"},
        "sample_size": 15,
        "start": {"name": "distribution", "distribution": "multivariate_normal", "mean": [0.0, 0.0]},
    },
    "statistics": [{"name": "growth_rate", "since": 1}, "log_scale"],
    "generations": [2, 12],
    "replicates": 80,
    "run": {"executor": "serial"},
}


def found(table, store):
    run(spec_of(table), store)
    return findings(store)


def test_every_value_of_the_door_is_there(tmp_path):
    spec = sweep()
    run(spec, tmp_path)
    listed = list(units_of(spec))
    points = findings(tmp_path).points
    assert len(points) == len(listed) == 6
    for point, (_, unit) in zip(points, listed, strict=True):
        assert (point.parts, point.done) == (1, 1)
        results = {result.statistic: result for result in unit.question().answer(unit.entropy)}
        assert {curve.statistic for curve in point.curves} == set(results)
        for curve in point.curves:
            result = results[curve.statistic]
            assert [at.generation for at in curve.values] == result.coordinates["generation"]
            np.testing.assert_array_equal([at.value for at in curve.values], result.value)
            np.testing.assert_array_equal([at.low for at in curve.values], result.low)
        assert point.reading is None


def test_parts_are_put_together_by_their_replicates(tmp_path):
    """Means weighted by replicates, half intervals as of independent means: by hand from the parts' own results."""
    table = {**TABLE, "replicates": 90, "parts": 2, "statistics": ["log_scale"]}
    point = found(table, tmp_path).points[0]
    assert (point.parts, point.done) == (2, 2)
    parts = [unit.question().answer(unit.entropy)[0] for _, unit in units_of(spec_of(table))]
    (curve,) = point.curves
    for i, at in enumerate(curve.values):
        expected = sum(part.value[i] for part in parts) / 2
        half = math.sqrt(sum(((part.high - part.low)[i] / 4) ** 2 for part in parts))
        assert at.value == pytest.approx(expected, rel=1e-12)
        assert (at.high - at.low) / 2 == pytest.approx(half, rel=1e-12)


def test_the_reading_is_that_of_the_door(tmp_path):
    """The same numbers as `read_rate` from the same seed; the ends of log_scale say nearly the same."""
    (point,) = found(TABLE, tmp_path / "a").points
    ((_, unit),) = units_of(spec_of(TABLE))
    start = KnownDistribution("multivariate_normal", mean=[0.0, 0.0])
    recursion = Recursion(Learned("scipy", distribution="multivariate_normal"), start, 15)
    expected = read_rate(recursion, 12, replicates=80, rng=unit.entropy)
    assert point.reading.to_dict() == expected.to_dict()
    (point,) = found({**TABLE, "statistics": ["log_scale"]}, tmp_path / "b").points
    assert (point.reading.since, point.reading.until, point.reading.law) == (2, 12, expected.law)
    assert abs(point.reading.measured.value - expected.measured.value) < 0.03
    assert point.reading.agrees


def test_discrete_output_is_read_by_ancestry(tmp_path, monkeypatch):
    """Within 3 intervals of ln(1 - 1/20), which are more than 5 standard errors."""
    monkeypatch.chdir(tmp_path)  # a path is part of what the random numbers follow from
    np.save("real.npy", np.repeat(np.arange(8.0), 10))
    table = {
        **TABLE,
        "recursion": {
            "learner": "tests.learners.test_reading:Resamples",
            "sample_size": 20,
            "start": {"name": "sample", "path": "real.npy"},
        },
        "statistics": ["draw_diversity"],
        "replicates": 400,
    }
    (point,) = found(table, tmp_path / "store").points
    measured = point.reading.measured
    assert point.reading.law == "ancestry"
    assert abs(measured.value - math.log1p(-1 / 20)) < 3 * (measured.high - measured.low) / 2
    assert abs(measured.value - math.log1p(-1 / 12)) > 3 * (measured.high - measured.low) / 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"workflow": "accumulate"}, "accumulate"),
        ({"sample_size": [15] * 12}, "vary"),
    ],
)
def test_where_no_law_stands_beside(changed, why, tmp_path):
    learner = {"name": "kernel-density", "bandwidth": 0.5}
    table = {**TABLE, "recursion": {**TABLE["recursion"], "learner": learner, **changed}}
    (point,) = found(table, tmp_path).points
    assert why in point.reading.why_no_law


def test_no_code_of_a_learner_is_run(tmp_path, monkeypatch):
    table = {**TABLE, "recursion": {**TABLE["recursion"], "learner": ADDRESS}}
    run(spec_of(table), tmp_path)

    def imported(*_):
        raise AssertionError

    monkeypatch.setattr("modelcollapse.learners.recipe.load_attribute", imported)
    assert findings(tmp_path).points[0].reading is not None


def test_an_unfinished_sweep(tmp_path):
    table = {**TABLE, "grid": {"recursion.sample_size": [10, 15, 20]}, "statistics": ["log_scale"]}
    run(spec_of(table), tmp_path, shard="1/3")
    points = findings(tmp_path).points
    assert [point.done for point in points] == [1, 0, 0]
    assert [len(point.curves) for point in points] == [1, 0, 0]


def test_times_have_no_generation(tmp_path):
    table = {
        "recursion": {"family": "gaussian", "sample_size": 10},
        "statistics": ["collapse_time"],
        "generations": 5,
        "run": {"executor": "serial"},
    }
    (point,) = found(table, tmp_path).points
    assert [(c.place, c.values[0].generation, c.values[0].value) for c in point.curves] == [
        ("level=0.1", None, 17.0),
        ("level=0.5", None, 41.0),
        ("level=0.9", None, 94.0),
    ]
    json.dumps(findings(tmp_path).to_dict(), allow_nan=False)


def test_no_sweep(tmp_path):
    with pytest.raises(InputError, match="holds no sweep"):
        findings(tmp_path / "nothing")
