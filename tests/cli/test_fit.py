"""`modelcollapse fit`: what it prints, draws and refuses, and that its page names every option and key."""

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import tqdm

from modelcollapse import fit, read_corpus
from modelcollapse.cli.fit import command
from modelcollapse.report.fit_chart import extent, fit_chart, fitted_rows
from tests.cli.running import run
from verification.fit_coverage import Setting, generations


@pytest.fixture
def paths(tmp_path):
    found = []
    for number, counts in enumerate(generations(Setting(50, 1000, 3, 0.2), np.random.default_rng(1))):
        found.append(tmp_path / f"generation-{number}.tsv")
        rows = [f"word{i}\t{count}" for i, count in enumerate(counts) if count]
        found[-1].write_text("\n".join(rows) + "\n", encoding="utf-8")
    return found


def test_table(capsys, paths):
    code, out, err = run(capsys, "fit", *paths, "--seed", 1)
    assert (code, err) == (0, "")
    for piece in ("fresh share", "dispersion", "effective sample size", "one faithful resample", "No check speaks"):
        assert piece in out
    assert "seed 1" in out
    assert "...generation-3.tsv"[-10:] in out


def test_two_files_say_how_chance_would_do(capsys, paths):
    _, out, _ = run(capsys, "fit", *paths[:2], "--seed", 1)
    said = r"Generation 1 covers [\d.]+ % of the words of generation 0; one .* cover [\d.]+ % \+- [\d.]+ %"
    assert re.search(said, out)
    assert "it takes a third" in out


def test_json_and_csv_agree(capsys, paths):
    data = json.loads(run(capsys, "fit", *paths, "--seed", 1, "--format", "json")[1])
    rows = list(csv.DictReader(io.StringIO(run(capsys, "fit", *paths, "--seed", 1, "--format", "csv")[1])))
    assert [int(row["types"]) for row in rows] == data["vocabulary"]["observed"]
    assert [float(row["fitted_types"]) for row in rows] == data["vocabulary"]["mean"]
    assert [float(row["chance_mean"]) for row in rows[1:]] == data["coverage"]["chance_mean"]
    assert rows[0]["coverage"] == ""
    assert data["forecast"]["generation"] == list(range(1, 11))


def test_files_appear(capsys, paths, tmp_path):
    pictures = [tmp_path / f"fit.{kind}" for kind in ("png", "svg", "pdf", "html")]
    flags = [part for path in pictures for part in (f"--{path.suffix[1:]}", path)]
    code, out, _ = run(capsys, "fit", *paths, "--seed", 1, "--output", tmp_path / "fit.txt", *flags)
    assert (code, out) == (0, "")
    assert "Does the model fit?" in (tmp_path / "fit.txt").read_text(encoding="utf-8")
    assert [path.read_bytes()[:4] for path in pictures] == [b"\x89PNG", b"<svg", b"%PDF", b"<!do"]


@pytest.fixture
def samples(tmp_path):
    found = []
    for number, counts in enumerate(generations(Setting(50, 1000, 3, 0.2, sample=3000), np.random.default_rng(1))):
        found.append(tmp_path / f"sample-{number}.tsv")
        rows = [f"word{i}\t{count}" for i, count in enumerate(counts) if count]
        found[-1].write_text("\n".join(rows) + "\n", encoding="utf-8")
    return found


def test_samples(capsys, samples):
    code, out, err = run(capsys, "fit", "--counts-are", "sample", *samples, "--seed", 1)
    assert (code, err) == (0, "")
    for piece in ("by samples of what they write", "the noise of the samples is taken out", "sampling noise"):
        assert piece in out
    assert "dispersion:" not in out
    data = json.loads(run(capsys, "fit", "--counts-are", "sample", *samples, "--seed", 1, "--format", "json")[1])
    assert (data["counts_are"], data["dispersion"]) == ("sample", None)
    assert data["sample_size"]["low_95"] < 1000 < data["sample_size"]["high_95"]


def test_samples_too_small_say_so(capsys, tmp_path):
    paths = [tmp_path / f"{name}.tsv" for name in ("real", "first", "second")]
    for path, counts in zip(paths, ([500, 300, 200], [51, 29, 20], [49, 31, 20]), strict=True):
        path.write_text("".join(f"{word}\t{count}\n" for word, count in zip("abc", counts, strict=True)), "utf-8")
    arguments = ("fit", "--counts-are", "sample", *paths, "--seed", 1)
    code, out, _ = run(capsys, *arguments, "--png", tmp_path / "fit.png", "--html", tmp_path / "fit.html")
    assert code == 0
    for piece in ("no limit", "the noise of the samples hides the drift", "No forecast", "no drift is seen"):
        assert piece in " ".join(out.split())
    data = json.loads(run(capsys, *arguments, "--format", "json")[1])
    assert (data["sample_size"]["high_95"], data["forecast"], data["fresh"]) == (None, None, None)
    assert "hides the drift" in data["sample_size_reason"]
    assert run(capsys, *arguments, "--format", "csv")[0] == 0


def test_page_holds_all(capsys, samples, tmp_path):
    """The answer, the chart, the numbers and the sources, in one file that asks for nothing."""
    run(capsys, "fit", "--counts-are", "sample", *samples, "--seed", 1, "--html", tmp_path / "fit.html", "--quiet")
    page = (tmp_path / "fit.html").read_text(encoding="utf-8")
    for piece in ("An effective sample size of", "one faithful resample", "Jorde, Ryman (2007)", "Waples (1989)"):
        assert piece in page
    spec = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert len(spec["layer"]) == 4
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'<(script|link|img)[^>]+(src|href)="(?!data:)', outside)


def test_a_small_loss_fills_the_chart(paths):
    found = fit([read_corpus(path) for path in paths], rng=1)
    rows, lost = fitted_rows(found), 0.02
    for row in rows:  # of 50,000 words, 2 % are lost in each generation
        kept = 50_000 * (1 - lost) ** row["generation"]
        row |= {"observed": round(kept), "words": kept, "low": kept - 9, "high": kept + 9}
    low, high = extent(rows, rows, [])
    assert 46_800 < low < min(row["low"] for row in rows)
    assert 50_009 < high < 50_300
    assert extent([{**row, "observed": 100} for row in rows], rows, [])[0] == 0.0
    assert extent([{**row, "observed": 7, "words": 7.0, "low": 7.0, "high": 7.0} for row in rows], [], []) == [6.0, 7.5]
    small = fit_chart(found).to_dict()["layer"][1]["encoding"]["y"]
    assert small["scale"]["domain"][0] > 0
    assert small["axis"]["title"] == "Words present (axis not from 0)"


def test_zero_and_first(capsys, paths):
    data = json.loads(run(capsys, "fit", "--zero", paths[0], "--first", 2, *paths[1:3], "--format", "json")[1])
    assert [row["generation"] for row in data["observed"]] == [2, 3]
    assert data["fresh"] is not None


def test_warnings_go_to_standard_error(capsys, paths):
    with paths[2].open("a", encoding="utf-8") as file:
        file.write("Word1\t3\n")
    code, out, err = run(capsys, "fit", *paths, "--seed", 1)
    assert code == 0
    assert "warning:" in err
    assert "in lower case, 100 %" in err
    assert "left out: 3 tokens" in out
    assert run(capsys, "fit", *paths, "--seed", 1, "--quiet")[2] == ""


def test_refusals(capsys, paths, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")
    for arguments, said in (
        ([], "Missing argument"),
        ([paths[0]], "single generation"),
        ([paths[0], empty], "empty"),
        ([paths[0], tmp_path / "none.txt"], "no such file"),
        ([*paths, "--png", "fit.gif"], "must end in .png"),
        ([*paths, "--fresh", "2"], "`fresh` is 2.0"),
        ([*paths, "--output", paths[0]], "is also read"),
    ):
        code, out, err = run(capsys, "fit", *arguments)
        assert (code, out) == (2, ""), said
        assert said in err


def test_page_names_every_option_and_key(capsys, paths):
    page = (Path(__file__).parents[2] / "docs/fit.md").read_text(encoding="utf-8")
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("-")}
    assert {option for option in options if f"`{option}" not in page} == set()
    data = json.loads(run(capsys, "fit", *paths, "--seed", 1, "--format", "json")[1])
    assert {key for key in keys({**data, "provenance": {}}) if f"`{key}`" not in page} == set()
    header = run(capsys, "fit", *paths, "--seed", 1, "--format", "csv")[1].splitlines()[0]
    assert {column for column in header.split(",") if f"`{column}`" not in page} == set()


def keys(data):
    if isinstance(data, list):
        return set().union(*map(keys, data)) if data else set()
    return set(data).union(*map(keys, data.values())) if isinstance(data, dict) else set()


def test_a_terminal_shows_how_far_a_long_bootstrap_is(monkeypatch, capsys, paths):
    """The bar waits two seconds: here it does not."""
    shown = tqdm.tqdm
    monkeypatch.setattr("tqdm.tqdm", lambda *what, **options: shown(*what, **{**options, "delay": 0.0}))
    assert run(capsys, "fit", *paths, "--seed", 1)[2] == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert "bootstrap" in run(capsys, "fit", *paths, "--seed", 1)[2]
    assert run(capsys, "fit", *paths, "--seed", 1, "--quiet")[2] == ""
