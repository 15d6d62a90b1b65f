"""`modelcollapse rate mixture`: the known curve, both estimators, workflows, and refusals."""

import pytest

from tests.cli.running import data_of, run

MIXTURE = ("rate", "mixture", "--sample-size", "10", "--mean", "1", "--scale", "1", "--threshold", "0.1")
RUNS = ("--generations", "60", "--seed", "1")


def test_golden_curve(capsys):
    """.438, .0565, .0062 at 20, 40, 60 lie in the 95 % intervals of 100,000 runs, a little widened for their digits."""
    data = data_of(capsys, *MIXTURE, *RUNS, "--simulate", "100000")
    assert (data["exact"], data["bounds"]) == (None, {})
    for k, truth, digit in ((20, 0.438, 0.0015), (40, 0.0565, 0.0008), (60, 0.0062, 0.0003)):
        low, high = (data["simulated"][side][k - 1] for side in ("low", "high"))
        assert low - digit < truth < high + digit
        assert high - low < 0.02
    assert data["quantiles"]["0.5"] == 19
    assert data["provenance"]["recursion"]["family"] == {"name": "mixture", "estimator": {"name": "joint"}}


def test_joint_likelihood_says_that_it_has_no_bound(capsys):
    _, out, _ = run(capsys, *MIXTURE, "--generations", "3")
    assert "Theorem 4 is about Algorithm 1" in out
    _, out, _ = run(capsys, *MIXTURE, "--generations", "3", "--estimator", "approximate")
    assert "suresh_2024.theorem_4" in out


def test_algorithm_1_has_bounds(capsys):
    data = data_of(capsys, *MIXTURE, *RUNS, "--estimator", "approximate", "--paper-compatible", "--simulate", "2000")
    bounds = {name: bound["upper"] for name, bound in data["bounds"].items()}
    names = ["modelcollapse.mixture_walk", "modelcollapse.mixture_first_moment", "suresh_2024.theorem_4"]
    assert set(bounds) == set(names)
    walk, moment, theorem = (bounds[name][-1] for name in names)
    assert data["simulated"]["mean"][-1] < walk < moment < theorem
    assert data["provenance"]["recursion"]["family"]["estimator"]["a"] == 50


def test_parameters_of_algorithm_1_are_used(capsys):
    options = ("--estimator", "approximate", "--kappa", "0.3", "--a", "9")
    data = data_of(capsys, *MIXTURE, "--generations", "3", *options)
    estimator = data["provenance"]["recursion"]["family"]["estimator"]
    assert (estimator["kappa"], estimator["a"], estimator["eta"]) == (0.3, 9.0, 2.0)
    assert "suresh_2024.theorem_4" not in data["bounds"]


@pytest.mark.parametrize(
    "options",
    [["--fresh", "0.2"], ["--workflow", "accumulate"], ["--real-size", "10", "--workflow", "fixed-real"]],
    ids=lambda options: options[-1],
)
@pytest.mark.parametrize("estimator", ["joint", "approximate"])
def test_workflows(capsys, estimator, options):
    arguments = (*MIXTURE, "--generations", "4", "--simulate", "50", "--seed", "1", "--estimator", estimator, *options)
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    assert "mean 1, half of -1" in out
    assert "nan" not in out.lower()


def test_a_schedule_and_a_page(capsys, tmp_path):
    arguments = [*MIXTURE, "--simulate", "50", "--seed", "1", "--html", str(tmp_path / "page.html")]
    at = arguments.index("--sample-size")
    arguments[at : at + 2] = ["--sample-sizes", "5,9,2,7"]
    code, out, _ = run(capsys, *arguments)
    assert code == 0
    assert "5, 9, 2, 7 in turn" in out
    assert (tmp_path / "page.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--mean", "-1"], "mean"),
        (["--mean", "nan"], "mean"),
        (["--scale", "0"], "scale"),
        (["--threshold", "0"], "threshold"),
        (["--sample-size", "1"], "sample_size"),
        (["--sample-size", "10000000", "--simulate", "1"], "sample_size"),
        (["--kappa", "0.1"], "--kappa"),
        (["--paper-compatible"], "--paper-compatible"),
        (["--estimator", "approximate", "--kappa", "-1"], "kappa"),
        (["--estimator", "approximate", "--eta", "1"], "eta"),
        (["--estimator", "approximate", "--a", "2"], "a"),
        (["--estimator", "approximate", "--a", "9", "--paper-compatible"], "a"),
        (["--amplification", "0.9", "--simulate", "5"], "sampler"),
    ],
)
def test_refusals(capsys, options, names):
    code, out, err = run(capsys, *MIXTURE, "--generations", "3", *options)
    assert (code, out) == (2, "")
    assert f"`{names}`" in err
    assert "Traceback" not in err
