"""`modelcollapse rate`: what it prints, and how it refuses."""

import csv
import io
import math
import re
from dataclasses import replace
from pathlib import Path

import click
import pytest

from modelcollapse import InputError
from modelcollapse.cli.rate import command
from modelcollapse.families import Gaussian, ScipyDistribution, Uniform
from modelcollapse.rating.questions import of_mixture, of_poisson, of_regression, of_scale, of_symbol
from modelcollapse.samplers import Amplification, Temperature, TopK, TopP
from tests.cli.running import data_of, run

PAGE = Path(__file__).parents[2] / "docs/rate.md"

SYMBOL = ("rate", "categorical", "--sample-size", "100", "--count", "1")
GAUSSIAN = ("rate", "gaussian", "--sample-size", "10", "--threshold", "0.1")


def test_golden_symbol(capsys):
    data = data_of(capsys, *SYMBOL, "--generations", "50")
    assert data["exact"][9] == pytest.approx(0.161389, abs=5e-7)
    assert data["exact"][49] == pytest.approx(0.041122, abs=5e-7)
    assert data["schema_version"] == 1
    assert set(data["bounds"]["suresh_2024.theorem_1"]) >= {"lower", "upper", "reference"}


def test_golden_gaussian(capsys):
    data = data_of(capsys, *GAUSSIAN, "--generations", "200")
    assert data["generation"][-1] == 200
    assert data["exact"][-1] == pytest.approx(0.00403833, abs=5e-9)
    assert data["bounds"]["suresh_2024.theorem_3"]["upper"][-1] == pytest.approx(0.0593, abs=5e-5)
    assert data["quantiles"] == {"0.1": 17.0, "0.5": 41.0, "0.9": 94.0}


SIMULATED = ("--generations", "50", "--simulate", "100000", "--seed", "1")


def test_law_bounds_and_simulation_agree(capsys, tmp_path):
    """The chart and the numbers of one command: the interval holds the law, the bounds hold both."""
    data = data_of(capsys, *SYMBOL, *SIMULATED)
    simulated, exact = data["simulated"], data["exact"]
    inside = [low <= truth <= high for low, truth, high in zip(simulated["low"], exact, simulated["high"], strict=True)]
    assert sum(inside) == 50 * simulated["law_within_interval"] >= 45
    bracket = data["bounds"]["modelcollapse.ancestry_bracket"]
    for low, mean, high in zip(bracket["lower"], simulated["mean"], bracket["upper"], strict=True):
        assert low - 0.01 < mean < high + 0.01
    _, out, _ = run(capsys, *SYMBOL, *SIMULATED, "--html", str(tmp_path / "page.html"))
    assert "The law lies within the simulated 95 % interval at 50 of 50 generations" in out
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert all(word in page for word in ("simulated, 95 % interval", "suresh_2024.theorem_1", "exact"))


def test_threads_change_nothing(capsys):
    one, two = (data_of(capsys, *SYMBOL, *SIMULATED, "--jobs", jobs)["simulated"] for jobs in ("1", "2"))
    assert one == two


def test_precision_decides_how_many_runs(capsys):
    simulated = data_of(capsys, *SYMBOL, "--precision", "0.02", "--seed", "1")["simulated"]
    assert 2000 < simulated["replicates"] < 3000
    assert max(h - low for low, h in zip(simulated["low"], simulated["high"], strict=True)) <= 0.04


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--fresh", "0.1"], "replaced by new real data with probability 0.1"),
        (["--workflow", "fresh-mix", "--fresh", "0.1"], "replaced by new real data with probability 0.1"),
        (["--fresh-count", "20"], "20 of them are replaced by new real data"),
        (["--fresh-count", "20", "--fresh-weight", "0.5"], "which together have the weight 0.5 in its fit"),
        (["--workflow", "weighted-mix", "--fresh-count", "20"], "which together have the optimal weight in its fit"),
        (["--workflow", "accumulate"], "learns from all."),
        (["--workflow", "accumulate", "--fresh", "0.1"], "10 % of them new real data on average, and learns from all."),
        (["--workflow", "accumulate-subsample"], "learns from as many of all, drawn anew"),
        (["--subsample", "30"], "learns from 30 of all, drawn anew"),
        (["--workflow", "fixed-real"], "the same real data every time"),
        (["--real-weight", "2"], "the same real data every time"),
        (["--temperature", "0.9"], "temperature (temperature 0.9)"),
        (["--top-k", "1"], "top-k (k 1)"),
    ],
)
def test_workflows_and_samplers(capsys, options, says):
    """Each is simulated; those that have a law show it beside."""
    code, out, err = run(capsys, *SYMBOL, "--generations", "5", "--simulate", "200", "--seed", "1", *options)
    assert (code, err) == (0, "")
    assert says in out
    header = next(line for line in out.splitlines() if line.lstrip().startswith("generation"))
    simulated_only = {"--temperature", "--top-k"}
    assert ("exact" in header) == simulated_only.isdisjoint(options)
    assert "simulated" in header
    if not any(option in options for option in ("--temperature", "--top-k")):
        assert "Nothing is over for ever" in out


@pytest.mark.parametrize(
    ("options", "law"),
    [(["--real-size", "20", "--workflow", "fixed-real"], None), (["--amplification", "0.9"], "amplified_scale_walk")],
)
def test_scales_under_workflows_and_samplers(capsys, options, law):
    data = data_of(capsys, *GAUSSIAN, "--generations", "5", "--simulate", "200", "--seed", "1", *options)
    assert (data["exact"] is None) == (law is None)
    assert data["provenance"].get("exact") == law
    assert len(data["simulated"]["mean"]) == 5
    assert data["bounds"] == {}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--workflow", "fixed-real", "--fresh", "0.1"], "--workflow fresh-mix or accumulate"),
        (["--workflow", "accumulate", "--fresh", "1.1"], "`fresh` is 1.1"),
        (["--workflow", "accumulate", "--fresh-count", "3"], "It belongs to --workflow fresh-count or weighted-mix."),
        (["--fresh", "0.1", "--fresh-count", "3"], "left out under --workflow replace"),
        (["--workflow", "fresh-mix"], "which needs --fresh"),
        (["--fresh-weight", "0.5"], "which needs --fresh-count"),
        (["--workflow", "fresh-count", "--fresh-count", "3", "--fresh-weight", "0.5"], "--workflow weighted-mix"),
        (["--fresh-count", "3", "--fresh-weight", "best"], "or 'optimal'"),
        (["--fresh-count", "100", "--fresh-weight", "0.5"], "below the smallest sample size, 100"),
        (["--fresh", "1.5"], "`fresh`"),
        (["--fresh-count", "101", "--simulate", "10"], "at most the smallest sample size, 100"),
        (["--real-size", "10"], "left out with --count"),
        (["--temperature", "0"], "`temperature`"),
        (["--fresh-count", "101"], "`fresh-count` is 101"),
        (["--workflow", "fixed-real", "--real-weight", "0"], "`real-weight` is 0.0"),
        (["--subsample", "0"], "`subsample` is 0"),
        (["--top-k", "0"], "`top-k` is 0"),
        (["--top-p", "2"], "`top-p` is 2.0"),
        (["--amplification", "0"], "`amplification` is 0.0"),
        (["--temperature", "1", "--top-k", "3"], "give one"),
        (["--amplification", "0.5"], "knows no such sampler"),
        (["--precision", "0.1", "--simulate", "10"], "only one may be given"),
        (["--precision", "0"], "`precision`"),
        (["--jobs", "0", "--simulate", "10"], "`jobs`"),
    ],
)
def test_refused_workflow_options(capsys, options, named):
    code, out, err = run(capsys, *SYMBOL, "--generations", "5", *options)
    assert (code, out) == (2, "")
    assert named in err
    assert err.count("\n") == 1


def test_fixed_real_data_of_a_known_law_need_a_size(capsys):
    code, _, err = run(capsys, *GAUSSIAN, "--workflow", "fixed-real", "--simulate", "10")
    assert (code, "--real-size" in err) == (2, True)


def test_golden_poisson(capsys):
    data = data_of(capsys, "rate", "poisson", "--sample-size", "10", "--rate", "1")
    assert (data["generation"][-1], data["exact"][-1]) == (100, pytest.approx(0.177516, abs=5e-7))


@pytest.mark.parametrize(
    ("family", "least"),
    [("exponential", 0.05), ("exponential-shifted", 0.16), ("uniform", 0.09), ("uniform-range", 0.2)],
)
def test_other_scales(capsys, family, least):
    data = data_of(capsys, "rate", family, "--sample-size", "10", "--threshold", "0.5", "--generations", "5")
    assert data["exact"][0] > data["exact"][-1] > 0
    assert data["rate"]["per_generation"] < -least


@pytest.mark.parametrize("family", [("laplace",), ("logistic",), ("student", "--shape", "3")])
def test_families_whose_step_is_sampled(capsys, family):
    given = ("rate", *family, "--sample-size", "8", "--threshold", "0.5", "--generations", "2")
    data = data_of(capsys, *given)
    assert data["exact"] is None
    assert len(data["estimate"]["mean"]) == len(data["estimate"]["low"]) == 2
    assert "Estimated by the law 'sampled_step'" in run(capsys, *given)[1]
    assert run(capsys, *given, "--format", "csv")[1].startswith("generation,estimate,estimate_low,estimate_high")


def test_families_without_a_law(capsys):
    given = ("rate", "distribution", "norm", "--sample-size", "8", "--threshold", "0.5", "--generations", "2")
    data = data_of(capsys, *given, "--simulate", "10", "--seed", "1")
    assert data["exact"] is None
    assert len(data["simulated"]["mean"]) == 2
    assert "add a simulation" in run(capsys, *given)[1]


def test_schedule(capsys):
    data = data_of(capsys, "rate", "gaussian", "--sample-sizes", "10,20,40", "--threshold", "0.5", "--ddof", "0")
    assert data["sample_size"] == [10, 20, 40]
    assert data["generation"] == [1, 2, 3]
    assert data["rate"]["generations_to_lose_half"] is None


def test_csv(capsys):
    code, out, _ = run(capsys, *SYMBOL, "--generations", "4", "--simulate", "10", "--seed", "1", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, len(rows)) == (0, 4)
    assert float(rows[0]["suresh_2024.theorem_1:lower"]) <= float(rows[0]["exact"])
    assert float(rows[3]["simulated_low"]) <= float(rows[3]["simulated_mean"])


def test_table_is_readable(capsys):
    code, out, err = run(capsys, *GAUSSIAN)
    assert (code, err) == (0, "")
    assert "Each model learns from 10 draws" in out
    assert "50 % by generation 41" in out
    assert "by half in 12.03 generations" in out
    assert max(map(len, out.splitlines())) < 200


def test_files(capsys, tmp_path):
    names = [tmp_path / f"rate.{kind}" for kind in ("png", "svg", "pdf", "html")]
    options = [item for name in names for item in (f"--{name.suffix[1:]}", str(name))]
    code, out, _ = run(capsys, *SYMBOL, "--generations", "5", "--output", str(tmp_path / "rate.txt"), *options)
    assert (code, out) == (0, "")
    assert names[0].read_bytes()[:4] == b"\x89PNG"
    assert b"<svg" in names[1].read_bytes()
    assert names[2].read_bytes()[:4] == b"%PDF"
    assert names[3].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "0.633968" in (tmp_path / "rate.txt").read_text(encoding="utf-8")


REFUSED = {
    "categorical --sample-size 100 --count 101": "`count` is 101",
    "categorical --sample-size 100 --probability 1.5": "`probability` is 1.5",
    "categorical --sample-size 100 --probability nan": "`probability` is nan",
    "categorical --sample-size 100": "`count` and `probability` are both missing",
    "categorical --count 1": "`sample-size` and `sample-sizes` are both missing",
    "categorical --sample-size 9 --sample-sizes 9 --count 1": "both given",
    "categorical --sample-sizes 9,9 --count 1": "give `probability` instead",
    "categorical --sample-sizes 9;9 --probability 0.1": "n_1 first",
    "categorical --sample-sizes 9,9 --probability 0.1 --generations 3": "one size per generation",
    "categorical --sample-size 0 --count 0": "`sample-size` is 0",
    "categorical --sample-size 9 --count 1 --generations 0": "`generations` is 0",
    "poisson --sample-size 9 --rate -1": "`rate` is -1.0",
    "poisson --sample-size 9 --rate 1e308": "a number from 0 to 1e+200",
    "poisson --sample-size 9 --rate nan": "`rate` is nan",
    "poisson --sample-size 9": "--rate",
    "gaussian --sample-size 9 --threshold 0": "`threshold` is 0.0",
    "gaussian --sample-size 9 --threshold nan": "`threshold` is nan",
    "gaussian --sample-size 1 --threshold 0.1": "`sample_size` is 1",
    "gaussian --sample-sizes 10,1 --threshold 0.1": "`sample_size` is [10, 1]",
    "gaussian --sample-size 9 --threshold 0.1 --ddof 9": "`ddof` is 9.0",
    "gaussian --sample-size 9 --threshold 0.1 --dimension 9": "more draws than dimensions",
    "gaussian --sample-size 9 --threshold 0.1 --png rate.jpg": "must end in .png",
    "distribution gama --sample-size 9 --threshold 0.1": "gamma",
    "distribution gamma --sample-size 9 --threshold 0.1": "free",
    "distribution lognorm --sample-size 9 --threshold 0.1": "on the command line `--shape s=2.0`",
    "distribution vonmises --shape kappa=1 --sample-size 9 --threshold 0.1": "'vonmises_line' is its like on the line",
    "distribution norm --sample-size 9 --threshold 0.1 --png rate.png": "there is nothing to draw",
    "mixture --mean 1 --scale 1 --sample-size 9 --threshold 0.1 --html rate.html": "add a simulation",
    "gausian --sample-size 9": "Did you mean 'gaussian'?",
    "gamma --sample-size 9": "`rate distribution NAME`",
    "distribution gamma --shape a=x --sample-size 9 --threshold 0.1": "`shape` is 'a=x'",
    "unheard-of --sample-size 9": "unheard-of",
    "Bernoulli --sample-size 9": "Did you mean 'categorical'?",
    "gaus --sample-size 9": "Did you mean 'gaussian'?",
    "normal --sample-size 9": "Did you mean 'gaussian'?",
    "distribution GAMMA --sample-size 9 --threshold 0.1": "Did you mean 'gamma'",
    "distribution Normal --sample-size 9 --threshold 0.1": "Did you mean 'norm'?",
    "gaussian --sample-size 9 --threshold 0.1 --ddof 10": "`ddof` is 10.0, but must be below the sample size 9.",
    "gaussian --sample-size 9 --threshold 0.1 --jobs 0": "`jobs` is 0",
    "gaussian --sample-size 9 --threshold 0.1 --png rate.png --output rate.png": "is named twice",
    "student --shape 1 --sample-size 2 --threshold 0.1": "must be above 2 for the student family with shape 1",
    "student --shape 0.5 --sample-sizes 9,3 --threshold 0.1": "must be above 3 for the student family with shape 0.5",
    "distribution cauchy --sample-size 2 --threshold 0.1": "must be above 2 for scipy.stats.cauchy",
    "gaussian --sample-size 1 --threshold 0.1 --workflow accumulate": "`sample_size` is 1",
    "gaussian --sample-sizes 9,1 --threshold 0.1 --fresh 0.5": "`sample_size` is 1",
    "gaussian --sample-size 5 --dimension 5 --threshold 0.1 --fresh 0.1": "more data than dimensions",
    "gaussian --sample-size 9 --ddof 9 --threshold 0.1 --fresh 0.1": "`ddof` is 9.0",
    "gaussian --sample-size 9 --threshold 0.1 --workflow accumulate-subsample --subsample 1": "at least 2",
    "exponential-shifted --sample-size 1 --threshold 0.1 --workflow accumulate": "`sample_size` is 1",
    "student --sample-size 1 --threshold 0.1 --fresh 0.5": "`sample_size` is 1",
}


def test_a_folder_that_is_missing_is_noticed_before_anything_is_computed(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("modelcollapse.rating.rate", lambda *_args, **_kwargs: pytest.fail("computed"))
    for option in ("--png", "--html", "--output"):
        target = tmp_path / "missing" / f"rate.{option[2:]}"
        code, out, err = run(capsys, *SYMBOL, option, str(target))
        assert (code, out) == (1, "")
        assert err == f"modelcollapse: cannot write {target}: its folder does not exist\n"


def test_what_can_be_fitted_in_the_end_is_answered(capsys):
    """One draw a generation is enough where real data, or earlier draws, are in the fit as well."""
    given = "gaussian --sample-sizes 9,1,1 --threshold 0.1 --workflow accumulate"
    assert run(capsys, "rate", *given.split())[0] == 0
    given = "gaussian --sample-size 1 --real-size 9 --threshold 0.1 --workflow fixed-real"
    assert run(capsys, "rate", *given.split())[0] == 0


def test_the_largest_rate_is_answered(capsys):
    """Half of such models are lost at 2.885 n lambda_0."""
    given = ("rate", "poisson", "--sample-size", "10000000000000", "--rate", "1e200", "--generations", "1")
    assert data_of(capsys, *given)["quantiles"]["0.5"] == pytest.approx(2e213 / math.log(2), rel=1e-9)
    assert "50 % by generation 2.88539e+213" in run(capsys, *given)[1]


@pytest.mark.parametrize("given", REFUSED)
def test_refusals(capsys, given):
    code, out, err = run(capsys, "rate", *given.split())
    assert (code, out) == (2, "")
    assert REFUSED[given] in err
    assert "Traceback" not in err


def test_numbers_of_json_fit_64_bits_or_have_an_exponent(capsys):
    """Bounds as stated grow without limit; digits by the hundred would be read as a number by few."""
    given = ("rate", "gaussian", "--sample-size", "10", "--threshold", "1e-200", "--generations", "3")
    code, out, _ = run(capsys, *given, "--format", "json")
    assert code == 0
    assert max(data_of(capsys, *given)["bounds"]["suresh_2024.theorem_3"]["upper"]) > 1e190
    assert max(map(len, re.findall(r"\d+", out))) <= 19


def test_help_teaches(capsys):
    code, out, _ = run(capsys, "rate", "--help")
    assert code == 0
    assert all(name in out for name in ("categorical", "poisson", "gaussian", "uniform-range", "distribution"))
    code, out, _ = run(capsys, "rate", "gaussian", "--help")
    assert code == 0
    assert all(option in out for option in ("--ddof", "--dimension", "--threshold", "--sample-sizes", "--simulate"))


def test_documentation_names_every_family_option_and_key(capsys):
    page = PAGE.read_text(encoding="utf-8")
    context = click.Context(command)
    families = {name: command.get_command(context, name) for name in command.list_commands(context)}
    assert {name for name in families if f"`{name}" not in page} == set()
    del families["ngram"]  # has a page of its own
    options = {name for family in families.values() for p in family.params for name in p.opts if name.startswith("-")}
    assert {option for option in options if f"`{option}" not in page} == set()
    data = data_of(capsys, *SYMBOL, "--generations", "2", "--simulate", "5", "--seed", "1")
    assert keys({**data, "bounds": list(data["bounds"].values())}) <= set(re.findall(r"`(\w+)`", page))


def keys(data):
    """The keys of the answer, of its parts and of each bound; not those of the specification."""
    found = set(data) | set(data["rate"]) | set(data["simulated"])
    for bound in data["bounds"]:
        found |= set(bound).union(*bound["slack"].values())
    return found


@pytest.mark.parametrize("family", ["laplace", "logistic", "student"])
@pytest.mark.parametrize("sizes", [("--sample-size", "1"), ("--sample-sizes", "5,1,7")])
def test_too_few_data_to_fit_a_scale(capsys, family, sizes):
    code, out, err = run(capsys, "rate", family, *sizes, "--threshold", "0.5")
    assert (code, out) == (2, "")
    assert f"`sample_size` is 1, but must be at least 2 for the {family} family" in err


SAMPLERS = {"temperature": Temperature(2.0), "top-k": TopK(1), "top-p": TopP(0.9), "amplification": Amplification(0.9)}
OF_FAMILY = {
    "categorical": of_symbol(10, probability=0.5),
    "poisson": of_poisson(10, rate=1.0),
    "gaussian": of_scale(Gaussian, 10, 0.5),
    "uniform": of_scale(Uniform, 10, 0.5),
    "mixture": of_mixture(10, 0.5, mean=1.0, scale=1.0),
    "distribution": of_scale(ScipyDistribution, 10, 0.5, distribution="norm"),
    "linear-regression": of_regression(10),
}


@pytest.mark.parametrize("family", OF_FAMILY)
def test_help_shows_the_samplers_that_the_family_takes(capsys, family):
    """And no other: what is not shown is refused with the reason."""
    shown = run(capsys, "rate", family, "--help")[1]
    for name, sampler in SAMPLERS.items():
        try:
            replace(OF_FAMILY[family].recursion, sampler=sampler)
        except InputError:
            assert f"--{name} " not in shown
        else:
            assert f"--{name} " in shown


def test_an_option_that_is_not_shown_is_refused_with_the_reason(capsys):
    status, _, error = run(capsys, *GAUSSIAN, "--top-k", "3")
    assert status == 2
    assert "top-k and top-p shape symbols" in error
