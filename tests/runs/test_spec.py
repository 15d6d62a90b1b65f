"""A spec is refused as a whole, with every problem at its path, or it is sound."""

import tomllib

import pytest

from modelcollapse.errors import InputError
from modelcollapse.families import FAMILIES
from modelcollapse.runs import read_spec, spec_of
from modelcollapse.runs.choices import FAMILY, SAMPLER, STATISTIC, WORKFLOW, build
from modelcollapse.runs.problem import Problems
from modelcollapse.runs.settings import bytes_of
from modelcollapse.runs.starts import STARTS
from modelcollapse.samplers import SAMPLERS
from modelcollapse.statistics import STATISTICS, NotCollapsed
from modelcollapse.workflows import WORKFLOWS, Accumulate, FreshMix
from tests.runs.sweeps import TABLE, sweep


def refusal(table, changes=()):
    with pytest.raises(InputError) as caught:
        spec_of(table, changes)
    return str(caught.value)


@pytest.mark.parametrize("kind", WORKFLOWS, ids=lambda kind: kind.name)
def test_a_fresh_share_is_a_parameter_of_what_has_one(kind):
    built = build(WORKFLOW, {"name": kind.name, "fresh": 0.25}, ("workflow",), Problems())
    assert built == (kind(fresh=0.25) if kind in (Accumulate, FreshMix) else None)


def test_every_problem_is_listed_with_its_path():
    said = refusal(
        {
            "recursion": {"family": {"name": "gaussian", "dof": 1}, "sample_sise": 5, "workflow": "fresh-mx"},
            "statistics": ["mean_variance", {"name": "scale_tail", "threshold": "half"}],
            "generations": 0,
            "grid": {"recursion.sample_size": [0], "seeds": [1]},
        }
    )
    for line in (
        "recursion.family.dof: unknown key; did you mean 'ddof'?",
        "recursion.sample_sise: unknown key; did you mean 'sample_size'?",
        "recursion.workflow.name: 'fresh-mx' is unknown; did you mean 'fresh-mix'?",
        "statistics.1.threshold: is 'half': input should be a valid number",
        "generations: `generations` is 0, but must be a whole number of at least 1",
        "grid.seeds: cannot be varied; did you mean 'seed'?",
    ):
        assert line in said
    assert said.startswith("the spec: 6 problems; nothing was run")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"replicate": 5}, "replicate: unknown key; did you mean 'replicates'?"),
        ({"run": {"job": 2}}, "run.job: unknown key; did you mean 'jobs'?"),
        ({"run": {"memory": "much"}}, "run.memory: is 'much'"),
        ({"statistics": []}, "statistics: is []"),
        ({"precision": 0.1}, "precision: given besides replicates"),
        ({"parts": 50}, "parts: is 50, more than there are replicates"),
        ({"grid": {"recursion.sample_size": [5, 5]}}, "grid.recursion.sample_size: lists a value twice"),
        ({"grid": {"recursion.sample_size": []}}, "grid.recursion.sample_size: lists no value"),
        ({"grid": {"seed": list(range(1001)), "generations": list(range(1, 1001))}}, "asks for 1,001,000 units"),
        ({"zip": {"seed": [1, 2], "generations": [1]}}, "zip: lists are of lengths 1, 2"),
        ({"zip": {"recursion.sample_size": [1, 2, 3]}}, "grid.recursion.sample_size: stands in zip, too"),
        ({"recursion": {"family": "poisson", "sample_size": 5}, "grid": {}}, "recursion.start: missing, but needed"),
        ({"recursion": {"sample_size": 5}, "grid": {}}, "recursion: must have exactly one of family"),
        ({"recursion": {"family": "gaussian", "sample_size": 5.5}, "grid": {}}, "`sample_size` is 5.5"),
        ({"statistics": ["survival"]}, "statistics.0: "),
        ({"statistics": [{"threshold": 1}]}, "statistics.0.name: no name is given"),
        ({"recursion": {"family": 3, "sample_size": 5}, "grid": {}}, "recursion.family: is 3"),
        ({"grid": {"generations.x": [5]}}, "grid.generations.x: leads to no place"),
        ({"grid": {"statistics.7.threshold": [5]}}, "grid.statistics.7.threshold: leads to no place"),
    ],
)
def test_refused(change, problem):
    assert problem in refusal({**TABLE, **change})


def test_a_combination_that_no_one_can_run_fails_by_itself(tmp_path):
    """No variance is left to be divided by: only a fit shows that, and others are not touched."""
    from modelcollapse.runs import run

    families = [{"name": "gaussian"}, {"name": "gaussian", "ddof": 30}]
    spec = sweep(grid={"recursion.sample_size": [50, 10], "recursion.family": families})
    summary = run(spec, tmp_path / "store")
    (reason,) = summary.failed.values()
    assert "`ddof` is 30" in reason
    assert summary.done == 3


@pytest.mark.parametrize(
    ("kinds", "listed"), [(FAMILY, FAMILIES), (WORKFLOW, WORKFLOWS), (SAMPLER, SAMPLERS), (STATISTIC, STATISTICS)]
)
def test_everything_can_be_named(kinds, listed):
    """A newcomer to a list is at once known to specs, its parameters read off its constructor."""
    assert set(kinds) == {kind.name for kind in listed}
    for name in kinds:
        problems = Problems()
        build(kinds, {"name": name, "no_such_parameter": 1}, ("x",), problems)
        assert problems.found


def test_parts_within_parts():
    problems = Problems()
    start = {"name": "empirical", "of": {"name": "zipf", "symbols": 3}, "size": 7}
    assert build(STARTS, start, (), problems).truth.probabilities.round(4).tolist() == [0.5455, 0.2727, 0.1818]
    collapse = {"name": "not_collapsed", "definition": {"name": "collapsing variance"}}
    assert isinstance(build(STATISTIC, collapse, (), problems), NotCollapsed)
    gamma = build(FAMILY, {"name": "scipy", "distribution": "gamma", "a": 2}, (), problems)
    assert gamma.shapes == (("a", 2.0),)
    assert build(STARTS, {**start, "of": {"name": "zipf", "symbol": 3}}, ("start",), problems) is None
    assert ("start.of.symbol", "unknown key; did you mean 'symbols'?") in problems.found


def test_axes_may_be_nested_or_dotted():
    nested = tomllib.loads("[grid]\nrecursion.sample_size = [5, 10, 20]\nrecursion.family.ddof = [0, 1]\n")
    assert spec_of({**TABLE, **nested}).grid == spec_of(TABLE).grid


def test_changes():
    spec = spec_of(TABLE, ["replicates = 50", "grid.recursion.sample_size=[7]", "run.memory=1.5GB", "name=a b"])
    assert (spec.replicates, spec.grid["recursion.sample_size"], spec.run.memory) == (50, [7], 1_500_000_000)
    assert spec.name == "a b"
    assert "must be path=value" in refusal(TABLE, ["replicates"])
    assert "no such place" in refusal(TABLE, ["statistics.7.threshold=1"])
    assert "no such place" in refusal(TABLE, ["generations.x=1"])


@pytest.mark.parametrize(("text", "number"), [("2 GB", 2 * 10**9), ("512mb", 512 * 10**6), ("1e9", "1e9"), ("", "")])
def test_bytes(text, number):
    assert bytes_of(text) == number


@pytest.mark.parametrize(
    ("content", "said"), [(b"a = ", "is no TOML"), (b"\xff\xfe", "is no TOML"), (b"", "recursion: missing, but needed")]
)
def test_files_that_are_no_spec(tmp_path, content, said):
    file = tmp_path / "spec.toml"
    file.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_spec(file)


def test_a_spec_runs_no_code_of_others():
    """Names are looked up in the package's own lists, never imported."""
    said = refusal({**TABLE, "recursion": {"family": "os:system", "sample_size": 5}})
    assert "recursion.family.name: 'os:system' is unknown" in said
