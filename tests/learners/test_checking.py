"""`check-learner` finds what is wrong with a learner, and nothing wrong with a good one."""

import csv
import io
import json

import numpy as np
import pytest

from modelcollapse import InputError
from modelcollapse.cli.app import main
from modelcollapse.learners import check_learner
from tests.learners import own

# Learner -> the checks that it fails.
FAILS = {
    own.GlobalState: {"same seed, same sample", "no global random state"},
    own.SeedsGlobally: {"no global random state"},
    own.FixedSeed: {"other seed, other sample"},
    own.OwnEntropy: {"same seed, same sample"},
    own.FirstHalf: {"order of the data"},
    own.Remembers: {"a fit forgets the one before"},
    own.Drifts: {"sampling changes nothing"},
    own.Ordered: {"samples are in no order"},
    own.Overwrites: {"data are left alone"},
    own.NotANumber: {"shape of samples"},
    own.WrongShape: {"shape of samples"},
    own.Words: {"shape of samples"},
    own.RaisesInFit: {"fit"},
    own.RaisesInSample: {"shape of samples"},
}
GOOD = {
    "own": (own.Normal, {}),
    "kernel density": ("kernel-density", {"bandwidth": 0.5}),
    "mixture": ("gaussian-mixture", {"n_components": 2}),
    "bayesian mixture": ("bayesian-gaussian-mixture", {"n_components": 2, "max_iter": 500}),
    "scipy": ("scipy", {"distribution": "multivariate_normal"}),
}


def failed(report):
    return {check.name for check in report.checks if check.outcome == "failed"}


@pytest.mark.parametrize("learner", FAILS, ids=lambda learner: learner.__name__)
def test_what_is_wrong_is_found(learner):
    report = check_learner(learner)
    assert failed(report) == FAILS[learner]
    assert not report.passed


@pytest.mark.parametrize("name", GOOD)
def test_good_learners_pass(name):
    report = check_learner(*GOOD[name])
    assert failed(report) == set()
    assert report.passed
    assert len(report.checks) == 11


def test_every_check_can_fail():
    assert set().union(*FAILS.values()) | {"data that are all equal"} == {
        check.name for check in check_learner(own.Normal).checks
    }


def test_what_ends_a_run_is_noted():
    report = check_learner(own.Stubborn)
    assert report.passed
    assert [(c.name, c.outcome) for c in report.checks if c.outcome == "note"] == [("data that are all equal", "note")]
    assert "a scale of 0" in report.checks[-1].detail


def test_the_same_seed_tries_the_same():
    first, again = (check_learner(own.Normal, seed=3).to_dict() for _ in range(2))
    assert first == again


def test_too_few_data_are_refused():
    with pytest.raises(InputError, match="number of data"):
        check_learner(own.Normal, data=np.zeros((19, 1)))


def run(capsys, *arguments):
    """Run the program in this process; return its exit status and standard output."""
    with pytest.raises(SystemExit) as left:
        main(["check-learner", *arguments])
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


def test_command(capsys):
    status, out, err = run(capsys, "tests.learners.own:Normal")
    assert (status, err) == (0, "")
    assert out.endswith("It can be used.\n")
    status, out, err = run(capsys, "tests.learners.own:Ordered")
    assert (status, err) == (1, "")
    assert "FAILED  samples are in no order" in out
    assert out.endswith("1 check failed.\n")


def test_command_formats(capsys, tmp_path):
    place = tmp_path / "real.csv"
    np.savetxt(place, np.random.default_rng(1).normal(size=(50, 3)), delimiter=",", header="a,b,c", comments="")
    given = ("kernel-density", "--parameter", "bandwidth=0.5", "--data", str(place), "--columns", "c,a", "--seed", "7")
    status, out, _ = run(capsys, *given, "--format", "json")
    data = json.loads(out)
    assert status == 0
    assert {name: data[name] for name in ("schema_version", "learner", "parameters", "data", "dimension", "seed")} == {
        "schema_version": 1,
        "learner": "kernel-density",
        "parameters": {"bandwidth": 0.5},
        "data": 50,
        "dimension": 2,
        "seed": 7,
    }
    assert data["passed"] is True
    status, out, _ = run(capsys, *given, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["check"] for row in rows] == [check["name"] for check in data["checks"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere:Model"], "whose module is there"),
        (["tests.learners.own:Normal", "--parameter", "bandwidth"], "a name and a value"),
        (["tests.learners.own:Normal", "--columns", "a"], "without --data"),
        (["tests.learners.own:Normal", "--data", "none.csv"], "a file that exists"),
        (["tests.learners.own:Normal", "--data", "none.txt"], "a file ending in"),
    ],
)
def test_command_refuses(capsys, arguments, said):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
