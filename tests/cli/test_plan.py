"""`modelcollapse plan`: what it prints and how it refuses."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from modelcollapse.cli.plan import command
from tests.cli.running import run

ROOT = Path(__file__).parents[2]


def test_json(capsys, corpus):
    code, out, err = run(capsys, "plan", str(corpus), "--keep", "0.7", "--generations", "5", "--format", "json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["answer"]["sample_size"] == data["setting"]["sample_size"]
    assert data["achieved"] >= 0.7
    assert data["reason"] is None


def test_an_impossible_target_is_an_answer(capsys):
    code, out, err = run(capsys, "plan", "--vary", "fresh", "--format", "json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["answer"] is None
    assert "86.07 %" in data["reason"]


def test_csv(capsys, corpus):
    _, out, _ = run(capsys, "plan", str(corpus), "--keep", "0.7", "--generations", "5", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["sample_size", "fresh", "growth", "kept", "kept_low", "cost"]
    assert len(rows) >= 10


@pytest.mark.parametrize("levers", ["sample-size", "fresh", "growth", "sample-size,fresh"])
def test_figures_of_every_lever(capsys, corpus, tmp_path, levers):
    paths = [str(tmp_path / f"plan.{kind}") for kind in ("png", "svg", "html")]
    kinds = ["--png", paths[0], "--svg", paths[1], "--html", paths[2]]
    asked = ["--keep", "0.6", "--generations", "4", "--relative", "--vary", levers]
    code, out, err = run(capsys, "plan", str(corpus), *asked, *kinds)
    assert (code, err) == (0, "")
    assert "resample keeps" in out
    assert all(Path(path).stat().st_size > 5000 for path in paths)


def test_words_of_a_list(capsys, corpus, tmp_path):
    listed = tmp_path / "words.txt"
    listed.write_text("cat\npets: dog bird\nunicorn\n", encoding="utf-8")
    code, out, _ = run(capsys, "plan", str(corpus), "--words", str(listed), "--generations", "9")
    assert code == 0
    assert "the 3 words asked for" in out
    assert "Not in the corpus: unicorn" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--keep", "1"], "`keep` is 1.0"),
        (["--vary", "everything"], "`vary` is 'everything'"),
        (["--of", "scale", "--relative"], "--relative is about a corpus"),
        (["--of", "scale", "--fresh", "0"], "--fresh is about a corpus"),
        (["--of", "scale", "file.txt"], "PATH is about a corpus"),
        (["--ddof", "1"], "`ddof` belongs to --of scale"),
        (["--fresh-price", "1"], "--synthetic-price is missing"),
        (["--generations", "0"], "`generations` is 0"),
        (["--png", "plan.gif"], "must end in .png"),
        (["nowhere.txt"], "no such file"),
    ],
)
def test_refused(capsys, arguments, message):
    code, out, err = run(capsys, "plan", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_the_page_names_every_option_and_key(capsys):
    page = (ROOT / "docs/how-much-data.md").read_text(encoding="utf-8")
    shared = (ROOT / "docs/forecast.md").read_text(encoding="utf-8")
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    assert {option for option in options if not re.search(f"`{option}[ `]", page + shared)} == set()
    _, out, _ = run(capsys, "plan", "--of", "scale", "--format", "json")
    data = json.loads(out)
    keys = {*data, *data["target"], *data["setting"]}
    assert {key for key in keys if f"`{key}`" not in page} == set()
