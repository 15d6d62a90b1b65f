"""`modelcollapse reproduce`: what it prints, what it leaves, and how it refuses."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from modelcollapse.cli.app import main
from modelcollapse.cli.reproduce import command
from modelcollapse.reproduce import FIGURES
from modelcollapse.reproduce.bernoulli_survival import BernoulliSurvival

PAGE = Path(__file__).parents[2] / "docs/reproduce.md"


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main(["reproduce", *arguments])
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


def test_list(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "--list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [kind.name for kind in FIGURES]
    assert list(tmp_path.iterdir()) == []


def test_one_figure(capsys, tmp_path):
    code, out, err = run(capsys, "bernoulli-survival", "--output", str(tmp_path / "out"), "--quick")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"bernoulli-survival: {BernoulliSurvival.title}"
    assert "published: (p, n) = (0.001, 10,000)" in out
    assert "500 replicates agree with the exact law" in out
    assert "Errata" in out
    assert re.fullmatch(r"\d+ statements about 1 figure: all hold", out.splitlines()[-1])
    assert (tmp_path / "out/index.html").exists()


def test_json_and_csv(capsys, tmp_path):
    arguments = ("zipf", "--output", str(tmp_path), "--quick", "--quiet")
    code, out, _ = run(capsys, *arguments, "--format", "json")
    data = json.loads(out)
    assert code == 0
    assert (data["schema_version"], data["holds"], data["seed"]) == (1, True, 42)
    (figure,) = data["figures"]
    assert set(figure) == {
        *("name", "title", "published", "holds", "seconds", "reused"),
        *("verdicts", "references", "facts", "errata"),
    }
    code, out, _ = run(capsys, *arguments, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert len(rows) == len(figure["verdicts"])
    assert {row["holds"] for row in rows} == {"True"}


def test_a_disagreement_is_a_failure(capsys, tmp_path, monkeypatch):
    honest = BernoulliSurvival.panels

    def shifted(self):
        import dataclasses

        return [dataclasses.replace(panel, shown=range(1, 20), shift=1) for panel in honest(self)]

    monkeypatch.setattr(BernoulliSurvival, "panels", shifted)
    code, out, err = run(capsys, "bernoulli-survival", "--output", str(tmp_path))
    assert code == 1
    assert "FAILS: p = 0.01, n = 100: 5,000 replicates agree" in out
    assert err == "modelcollapse: 2 statements fail, in bernoulli-survival\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("zpif",), "did you mean zipf?"),
        (("zipf", "--replicates", "0"), "`replicates` is 0"),
        (("zipf", "--replicates", "9", "--quick"), "leave one of the two out"),
        (("unigram", "--corpus", "nowhere.txt"), "nowhere.txt"),
        (("zipf", "--seed", "-1"), "--seed"),
    ],
)
def test_wrong_input(capsys, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_output_that_is_a_file(capsys, tmp_path):
    file = tmp_path / "file"
    file.write_text("kept")
    assert run(capsys, "zipf", "--output", str(file))[0] == 2
    code, _, err = run(capsys, "zipf", "--output", str(file / "below"))
    assert code == 1
    assert "cannot make the folder" in err
    assert file.read_text() == "kept"


def test_the_page_names_every_option_and_figure():
    page = PAGE.read_text(encoding="utf-8")
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("-")}
    assert {option for option in options if f"`{option}" not in page} == set()
    assert {kind.name for kind in FIGURES if kind.name not in page} == set()
