"""`modelcollapse report`: formats, refusals, and failed units."""

import csv
import io
import json

import pytest

from modelcollapse.cli.app import main
from modelcollapse.runs import run, spec_of

TABLE = {
    "recursion": {"family": "gaussian"},
    "statistics": ["mean_variance"],
    "generations": [1, 3],
    "grid": {"recursion.sample_size": [10, 20]},
    "run": {"executor": "serial"},
}


def report(capsys, *arguments):
    """Run the program in this process; return its exit status and what it printed."""
    with pytest.raises(SystemExit) as left:
        main(["report", *arguments])
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


@pytest.fixture
def store(tmp_path):
    run(spec_of(TABLE), tmp_path / "some.run")
    return str(tmp_path / "some.run")


def test_table(capsys, store):
    assert report(capsys, store) == (
        0,
        "some: 2 of 2 units done.\n\nmean_variance at generation 3\n"
        "  sample_size  value  low  high\n  10               1    -     -\n  20               1    -     -\n",
        "",
    )


def test_json_and_csv_agree(capsys, store, tmp_path):
    status, out, _ = report(capsys, store, "--format", "json")
    data = json.loads(out)
    assert (status, data["schema_version"], data["name"]) == (0, 1, "some")
    assert [point["varied"] for point in data["points"]] == [
        {"recursion.sample_size": "10"},
        {"recursion.sample_size": "20"},
    ]
    target = tmp_path / "curves.csv"
    assert report(capsys, store, "--format", "csv", "--output", str(target)) == (0, "", "")
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    listed = [at["value"] for point in data["points"] for curve in point["curves"] for at in curve["values"]]
    assert [float(row["value"]) for row in rows] == listed


def test_page(capsys, store, tmp_path):
    page = tmp_path / "page.html"
    status, out, err = report(capsys, store, "--html", str(page))
    assert (status, err) == (0, "")
    assert out.startswith("some: 2 of 2")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_failed_units_are_told(capsys, tmp_path):
    table = {
        **TABLE,
        "recursion": {
            "learner": "tests.learners.own:WrongShape",
            "sample_size": 5,
            "start": {"name": "distribution", "distribution": "norm"},
        },
        "statistics": ["log_scale"],
        "replicates": 2,
        "grid": {},
    }
    run(spec_of(table), tmp_path / "store")
    status, out, _ = report(capsys, str(tmp_path / "store"))
    assert status == 0
    assert "0 of 1 units done, 1 failed." in out
    assert "learner tests.learners.own:WrongShape, generation 2, replicate 0: sample(5) returned shape (6, 1)" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "holds no sweep"),
        (["{store}", "--html", "page.txt"], "must end in .html"),
        (["{store}", "--html", "a.html", "--output", "a.html"], "named twice"),
    ],
)
def test_refused(capsys, store, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = report(capsys, *(each.format(store=store) for each in arguments))
    assert (status, out) == (2, "")
    assert said in err
    assert not list(tmp_path.glob("*.html"))
