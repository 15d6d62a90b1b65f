"""`run`, `status`, `compact`, `export`: what a user sees, and with which status they end."""

import json

import pytest

from modelcollapse.cli import main

SPEC = """
statistics = ["mean_variance"]
generations = 3
method = "simulate"
replicates = 40

[recursion]
family = "gaussian"

[grid]
recursion.sample_size = [5, 10]

[run]
executor = "serial"
"""


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Call the program in an empty folder that holds a spec; return status, output and errors."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sweep.toml").write_text(SPEC)

    def called(*arguments):
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        return (left.value.code, *capsys.readouterr())

    return called


def test_from_spec_to_file(call, tmp_path):
    assert call("run", "sweep.toml") == (0, "sweep.run: 2 of 2 units done, 2 of them now\n", "")
    assert call("run", "sweep.toml") == (0, "sweep.run: 2 of 2 units done, 0 of them now\n", "")
    code, said, _ = call("status", "sweep.run")
    assert (code, said.splitlines()[0]) == (0, "sweep.run: 2 of 2 units done (100 %)")
    assert said.splitlines()[1].startswith("run: finished at 20")
    assert call("compact", "sweep.run") == (0, "", "modelcollapse: 2 shards became 1\n")
    code, said, told = call("export", "sweep.run", "all.csv")
    assert (code, said, told) == (0, "", "modelcollapse: wrote 6 rows of 2 of 2 units to all.csv\n")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 7


def test_json(call):
    code, said, _ = call("run", "sweep.toml", "--format", "json", "--store", "elsewhere")
    summary = json.loads(said)
    assert (code, summary["store"], summary["run"], summary["failed"]) == (0, "elsewhere", 2, {})
    code, said, _ = call("status", "elsewhere", "--format", "json")
    found = json.loads(said)
    assert (code, found["done"], found["running"], found["runs"]["whole"]["state"]) == (0, 2, False, "finished")
    assert call("status", "elsewhere", "--format", "csv")[1].splitlines()[1] == "2,2,0,2,0,False"


def test_dry_run_runs_nothing(call, tmp_path):
    code, said, _ = call("run", "sweep.toml", "--dry-run")
    assert code == 0
    assert said.splitlines()[0] == "2 units on 1 worker"
    assert "time: about less than 1 s" in said
    assert "recursion.sample_size = 10" in said
    found = json.loads(call("run", "sweep.toml", "--dry-run", "--format", "json")[1])
    assert [unit["recursion.sample_size"] for unit in found["units"]] == [5, 10]
    assert 0 < found["seconds"] < 1
    assert found["memory_bytes_per_worker"] > 0
    assert call("run", "sweep.toml", "--dry-run", "--format", "csv")[1].startswith("unit,recursion.sample_size\n")
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.toml"]


def test_failed_units_end_with_status_3(call):
    family = 'recursion.family={name="gaussian",ddof=7}'
    code, said, _ = call("run", "sweep.toml", "--set", family)
    assert code == 3
    assert "1 of 2 units done" in said
    assert "failed: " in said
    assert "`ddof` is 7.0, but must be below the sample size 5" in said
    assert "failed: " in call("status", "sweep.run")[1]
    assert call("run", "sweep.toml", "--set", family)[0] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "generatoins=3"], "did you mean 'generations'?"),
        (["--jobs", "0"], "run.jobs: is 0"),
        (["--memory", "lots"], "run.memory: is 'lots'"),
        (["--shard", "3/2"], "`shard` is '3/2'"),
        (["--store", "nosuch://x"], "`store` is 'nosuch://x'"),
    ],
)
def test_wrong_input_ends_with_status_2(call, arguments, said):
    code, output, told = call("run", "sweep.toml", *arguments)
    assert (code, output) == (2, "")
    assert said in told


def test_another_sweep_is_refused(call):
    call("run", "sweep.toml")
    code, _, told = call("run", "sweep.toml", "--seed", "5")
    assert code == 2
    assert told.splitlines()[1:] == ["  seed: was 0, is 5"]
    assert call("run", "sweep.toml", "--no-resume")[0] == 2


def test_parts(call):
    assert call("run", "sweep.toml", "--shard", "1/2")[1] == "sweep.run: 1 of 1 units done, 1 of them now\n"
    assert call("status", "sweep.run")[1].splitlines()[1].startswith("part 1/2: finished")
    assert call("run", "sweep.toml", "--shard", "2/2")[1] == "sweep.run: 1 of 1 units done, 1 of them now\n"
    assert "2 of 2 units done, 0 of them now" in call("run", "sweep.toml")[1]


def test_a_run_that_ended_without_a_word(call, tmp_path):
    call("run", "sweep.toml", "--shard", "1/2")
    note = tmp_path / "sweep.run" / "progress" / "1-of-2.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "state": "running"}))
    assert "ended without a word" in call("status", "sweep.run")[1]
