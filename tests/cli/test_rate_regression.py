"""`modelcollapse rate linear-regression`: law, bound and simulation, words, chart and page, and what is refused."""

import json

import pytest

from modelcollapse.rating import rate
from modelcollapse.rating.questions import of_regression
from modelcollapse.report.rate_chart import rate_chart
from modelcollapse.report.rate_page import rate_page
from modelcollapse.report.rate_text import rate_text
from modelcollapse.report.save import picture
from tests.cli.running import data_of, run

COMMAND = ("rate", "linear-regression", "--sample-size", "60", "--dimension", "20", "--noise", "1")
KEPT = ("--generations", "8", "--workflow", "accumulate")


def test_replace(capsys):
    data = data_of(capsys, *COMMAND, "--generations", "8")
    assert data["exact"] == pytest.approx([20 / 39 * k for k in range(1, 9)])
    assert data["statistic"] == {"name": "squared_error"}
    assert data["bounds"] == {}
    assert data["quantiles"] == {"0.1": None, "0.5": None, "0.9": None}
    assert data["quantiles_source"] is None


def test_accumulate(capsys):
    """The ratios of the published statement and of new features, and a simulation that holds the law."""
    data = data_of(capsys, *COMMAND, *KEPT, "--simulate", "2000", "--seed", "1")
    first, bound = data["exact"][0], data["bounds"]["gerstgrasser_2024.accumulate"]
    assert data["exact"][-1] / first == pytest.approx(1.395, abs=5e-4)
    assert bound["upper"][-1] / first == pytest.approx(1.527, abs=5e-4)
    assert bound["basis"] == "memory"
    assert data["asymptotic"]["accumulated_regression"][1] == pytest.approx(1.25 * 20 / 60)
    assert data["simulated"]["law_within_interval"] >= 0.5
    assert data["provenance"]["exact"] == "regression_error"


def test_other_workflows(capsys):
    fed = data_of(capsys, *COMMAND, "--fresh", "0.1", "--generations", "3")
    assert 0.9 * 3 * 20 / 39 < fed["exact"][2] + 0.2 < 3 * 20 / 39 + 0.2
    part = data_of(capsys, *COMMAND, "--subsample", "40", "--generations", "2", "--simulate", "50", "--seed", "1")
    assert part["exact"] is None
    assert len(part["simulated"]["mean"]) == 2
    kept = data_of(capsys, *COMMAND, "--real-size", "70", "--workflow", "fixed-real", "--simulate", "50", "--seed", "1")
    assert kept["exact"] is None


def test_sizes_that_vary(capsys):
    data = data_of(capsys, "rate", "linear-regression", "--sample-sizes", "23,30,22", "--dimension", "20")
    assert data["exact"] == pytest.approx([20 / 2, 20 / 2 + 20 / 9, 20 / 2 + 20 / 9 + 20])


def answer(workflow=None, **details):
    question = of_regression(60, dimension=20)
    recursion = question.recursion
    if workflow is not None:
        from dataclasses import replace

        recursion = replace(recursion, workflow=workflow)
    return rate(recursion, question.statistic, question.time_statistic, 8, **details)


def test_words():
    text = rate_text(answer())
    assert text.startswith("A linear regression on 20 features, noise of standard deviation 1. Each model learns")
    assert "the errors add up from generation to generation" in text
    assert "Expected squared error of the weights" in text
    assert "No published bound covers this question." in text
    assert not any(word in text for word in ("Chance", "Runs in which", "Rate constant", "When it is over"))


def test_chart_and_page_hold_what_is_above_1():
    found = answer(simulate=100, rng=1)
    spec = rate_chart(found).to_dict()
    scale = spec["layer"][0]["encoding"]["y"]["scale"]
    assert scale["domain"][0] == 0
    assert scale["domain"][1] > 8 * 20 / 39
    assert spec["title"]["text"].startswith("Expected squared error")
    assert "probability" not in json.dumps(spec).lower()
    assert "<svg" in picture(spec, ".svg").decode()
    page = rate_page(found)
    assert "Expected squared error of the weights" in page
    assert "Chance that" not in page


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--sample-size", "21"], "`sample_size` is 21, but must be at least 22"),
        (["--dimension", "0"], "`dimension` is 0"),
        (["--dimension", "59"], "`sample_size` is 60, but must be at least 61"),
        (["--noise", "0"], "`noise` is 0.0"),
        (["--noise", "-1"], "`noise` is -1.0"),
        (["--noise", "nan"], "`noise` is nan"),
        (["--amplification", "0.9"], "knows no such sampler"),
        (["--workflow", "fixed-real"], "--real-size"),
        (["--real-size", "20", "--workflow", "accumulate"], "`size` is 20, but must be at least 22"),
        (["--subsample", "21", "--simulate", "10"], "`subsample` is 21"),
    ],
)
def test_refused(capsys, options, named):
    code, out, err = run(capsys, *COMMAND, *options)
    assert (code, out) == (2, "")
    assert named in err
    assert err.count("\n") == 1
