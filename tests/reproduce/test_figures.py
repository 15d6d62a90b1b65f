"""What every figure promises, tried over the list."""

import dataclasses
import json

import numpy as np
import pytest

from modelcollapse.bounds import BOUNDS
from modelcollapse.reproduce import FIGURES
from modelcollapse.reproduce.data import Curve, FigureData, Verdict, data_from

EVERY = pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.name)


@EVERY
def test_every_statement_holds(kind, quick):
    data = quick(kind.name)
    assert data.verdicts
    assert [verdict for verdict in data.verdicts if not verdict.holds] == []
    assert any("agree" in v.statement or "stay below" in v.statement for v in data.verdicts)


@EVERY
def test_says_what_it_is(kind):
    figure = kind()
    assert dataclasses.is_dataclass(figure)
    for text in (kind.name, kind.title, kind.recursion, kind.published, kind.caption, kind.__doc__):
        assert len(text) > 3
    assert kind.name == kind.name.lower().replace(" ", "-").replace("_", "-")
    assert 1 <= figure.few_runs <= figure.runs
    json.dumps(figure.to_dict(), allow_nan=False)


def test_names_are_different():
    assert len({kind.name for kind in FIGURES}) == len(FIGURES)


@EVERY
def test_curves_are_whole(kind, quick):
    data = quick(kind.name)
    assert data.references
    assert data.facts["replicates"] == kind().few_runs
    assert any(curve.kind in ("estimate", "path", "point") for curve in data.curves) or kind.name == "survival-surface"
    for curve in data.curves:
        assert len(curve.x) == len(curve.value) > 0
        assert np.isfinite(curve.value).all()
        if curve.low is not None:
            assert np.all(curve.low <= curve.value + 1e-12)
            assert np.all(curve.value <= curve.high + 1e-12)


@EVERY
def test_kept_data_are_the_same(kind, quick):
    data = quick(kind.name)
    columns = data.columns()
    assert len({len(column) for column in columns.values()}) == 1
    back = data_from(columns, json.loads(json.dumps(data.to_dict(), allow_nan=False)))
    assert back.columns() == columns
    assert back.verdicts == data.verdicts
    assert back.references == data.references


@EVERY
def test_chart_shows_the_curves(kind, quick):
    """Exact laws are named in the legend; the chart needs nothing but the data, and has no undefined number."""
    data = quick(kind.name)
    spec = kind().chart(data).to_dict()
    assert spec["title"]["text"] == kind.title
    text = json.dumps(spec, allow_nan=False)
    assert "NaN" not in text
    for curve in data.curves:
        if curve.kind == "exact" and kind.name != "survival-surface":
            assert json.dumps(curve.name) in text
    assert not any(json.dumps(bound.name) in text for bound in BOUNDS), "legends have titles in words"


@pytest.mark.parametrize("name", ["bernoulli-survival", "zipf", "bernoulli-trajectories", "collapse-spectrum"])
def test_same_seed_same_figure(name, quick):
    kind = next(kind for kind in FIGURES if kind.name == name)
    again = kind().compute(kind().few_runs, np.random.SeedSequence(7))
    other = kind().compute(kind().few_runs, np.random.SeedSequence(8))
    assert again.columns() == quick(name).columns()
    assert other.columns() != again.columns()


def test_a_wrong_statement_is_a_wrong_figure():
    curve = Curve.of("panel", "exact law", "exact", [1], [0.5])
    assert FigureData((curve,), (Verdict("panel", "right", True),)).holds
    assert not FigureData((curve,), (Verdict("panel", "right", True), Verdict("panel", "wrong", False))).holds
    assert str(Verdict("panel", "wrong", False, "by 1")) == "FAILS: panel: wrong (by 1)"
