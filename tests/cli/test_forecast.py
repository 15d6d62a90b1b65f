"""The command line: what it prints, where, and how it refuses."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from modelcollapse.cli.app import COMMANDS
from tests.cli.running import run


def test_help_teaches(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(name in out for name in COMMANDS)
    code, out, _ = run(capsys, "forecast", "--help")
    assert code == 0
    assert "modelcollapse forecast corpus/*.txt" in out
    assert run(capsys, "--version")[1].startswith("modelcollapse, version")


def test_json(capsys, corpus):
    code, out, err = run(capsys, "forecast", str(corpus), "--generations", "5", "--format", "json", "--top", "2")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["corpus"]["tokens"] == 243
    assert data["generation"] == [1, 2, 3, 4, 5]
    assert [word["word"] for word in data["words"]] == ["a", "rare"]


def test_csv(capsys, corpus):
    code, out, _ = run(capsys, "forecast", str(corpus), "--generations", "4", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [int(row["generation"]) for row in rows] == [1, 2, 3, 4]
    assert float(rows[0]["mean"]) > float(rows[3]["mean"])


def test_table_is_readable(capsys):
    code, out, err = run(capsys, "forecast", "--generations", "20")
    assert (code, err) == (0, "")
    assert "King James Bible" in out
    assert "Half of the vocabulary is gone by generation 11." in out
    assert "2.885 x count" in out
    assert max(map(len, out.splitlines())) < 200


def test_output_file_appears_whole(capsys, corpus, tmp_path):
    target = tmp_path / "out.json"
    code, out, _ = run(capsys, "forecast", str(corpus), "--format", "json", "--output", str(target))
    assert (code, out) == (0, "")
    json.loads(target.read_text(encoding="utf-8"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.txt", "out.json"]


def test_full_disk_leaves_what_was_there(capsys, corpus, tmp_path, monkeypatch):
    target = tmp_path / "out.json"
    target.write_text("before", encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr("pathlib.Path.replace", full)
    code, _, err = run(capsys, "forecast", str(corpus), "--format", "json", "--output", str(target))
    assert code == 1
    assert "No space left" in err
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.txt", "out.json"]


def test_words_file(capsys, corpus, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("# pets\ncat\npets: cat dog\n\nmissing\n", encoding="utf-8")
    _, out, _ = run(capsys, "forecast", str(corpus), "--words", str(words), "--format", "json", "--top", "0")
    data = json.loads(out)
    assert [word["word"] for word in data["words"]] == ["cat", "pets"]
    assert data["words"][1]["members"] == ["cat", "dog"]
    assert all(word["asked_for"] for word in data["words"])
    assert data["missing_words"] == ["missing"]


def test_words_file_with_ngrams_and_capitals(capsys, tmp_path):
    table, words = tmp_path / "pairs.tsv", tmp_path / "words.txt"
    table.write_text("the cat\t4\na dog\t3\nNew York\t2\n", encoding="utf-8")
    words.write_text("pets: the cat, a dog\nNew York\nThe Cat\n", encoding="utf-8")
    _, out, _ = run(capsys, "forecast", str(table), "--words", str(words), "--format", "json", "--top", "0")
    found = {word["word"]: word["count"] for word in json.loads(out)["words"]}
    assert found == {"pets": 7, "New York": 2, "The Cat": 4}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no word"),
        (b"# only\n", "holds no word"),
        (b"a: \n", "line 1"),
        (b": b\n", "line 1"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_refused_words_file(capsys, corpus, tmp_path, content, message):
    words = tmp_path / "words.txt"
    words.write_bytes(content)
    code, out, err = run(capsys, "forecast", str(corpus), "--words", str(words))
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["forecast", "--generations", "0"],
        ["forecast", "--generations", "many"],
        ["forecast", "--sample-size", "0"],
        ["forecast", "--top", "-1"],
        ["forecast", "no such file"],
        ["forecast", "--words", "no such file"],
        ["forecast", "--ngram", "9", "no such file"],
        ["forecast", "--format", "xml"],
        ["forecast", "--no-such-option"],
        ["guess"],
        ["forecast", "--png", "chart.txt"],
    ],
    ids=" ".join,
)
def test_wrong_input_is_one_message_and_status_2(capsys, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_of_the_output_is_status_1(capsys, corpus, tmp_path):
    code, _, err = run(capsys, "forecast", str(corpus), "--output", str(tmp_path / "none" / "out.txt"))
    assert code == 1
    assert "cannot write" in err


@pytest.mark.parametrize("target", ["--output", "--html"])
def test_nothing_that_is_read_is_replaced(capsys, corpus, target, tmp_path):
    for path in (corpus, corpus.with_suffix(".html")):
        path.write_text("a rare word and a rare bird", encoding="utf-8")
        code, _, err = run(capsys, "forecast", str(path), target, str(path))
        assert code == 2
        assert "also read" in err or "must end in" in err
        assert path.read_text(encoding="utf-8") == "a rare word and a rare bird"


def test_two_outputs_need_two_names(capsys, corpus, tmp_path):
    page = str(tmp_path / "a.html")
    code, _, err = run(capsys, "forecast", str(corpus), "--html", page, "--output", page)
    assert code == 2
    assert "named twice" in err


def test_wrong_numbers_are_refused_before_anything_is_read(capsys):
    assert "`generations`" in run(capsys, "forecast", "no such file", "--generations", "0")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fresh-count", "900"], "`fresh-count` is 900, .* fresh-mix takes a share instead \\(`fresh`, --fresh\\)"),
        (["--fresh-count", "900", "--fresh-weight", "0.5"], "`fresh-count` is 900, but must be below"),
        (["--compare", "fresh-count=900"], "The workflow fresh-mix takes a share instead"),
    ],
)
def test_refusals_name_what_was_typed(capsys, corpus, arguments, said):
    code, out, err = run(capsys, "forecast", str(corpus), *arguments)
    assert (code, out) == (2, "")
    assert re.search(said, err)
    assert not re.search("`[A-Z][a-z]+[A-Z]", err)


def test_words_with_colons(capsys, tmp_path):
    table, words = tmp_path / "times.tsv", tmp_path / "words.txt"
    table.write_text("12:30\t4\nnoon\t3\n", encoding="utf-8")
    words.write_text("12:30\nmidday: noon 12:30\n", encoding="utf-8")
    _, out, _ = run(capsys, "forecast", str(table), "--words", str(words), "--format", "json", "--top", "0")
    found = {word["word"]: word["count"] for word in json.loads(out)["words"]}
    assert found == {"12:30": 4, "midday": 7}
    words.write_text("noon: 12:30 noon\nnoon\n", encoding="utf-8")
    assert run(capsys, "forecast", str(table), "--words", str(words))[0] == 2


def test_ngrams_of_a_table_are_refused(capsys, tmp_path):
    table = tmp_path / "topics.tsv"
    table.write_text("a\t4\nb\t3\n", encoding="utf-8")
    code, _, err = run(capsys, "forecast", str(table), "--ngram", "2")
    assert code == 2
    assert "counted already" in err


def test_a_name_that_is_no_utf8(capsys, tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
    with open(path, "wb") as file:
        file.write(b"to be or not to be")
    code, out, err = run(capsys, "forecast", os.fsdecode(path), "--html", str(tmp_path / "a.html"))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].endswith("(50 %)")
    out.encode("utf-8")


def test_charts_and_page(capsys, corpus, tmp_path):
    targets = {kind: tmp_path / f"forecast.{kind}" for kind in ("html", "png", "svg", "pdf")}
    options = [word for kind, path in targets.items() for word in (f"--{kind}", str(path))]
    code, _, err = run(capsys, "forecast", str(corpus), *options)
    assert (code, err) == (0, "")
    starts = {"html": b"<!doctype html>", "png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF"}
    for kind, path in targets.items():
        assert path.read_bytes()[:15].lower().startswith(starts[kind].lower())


def test_warnings_are_counted_on_standard_error(capsys, tmp_path):
    path = tmp_path / "broken.txt"
    path.write_bytes(b"good words \xff and more good words\n")
    code, out, err = run(capsys, "forecast", str(path), "--format", "json")
    assert code == 0
    assert err.startswith("modelcollapse: warning:")
    assert json.loads(out)["corpus"]["skipped"]
    assert run(capsys, "forecast", str(path), "--format", "json", "--quiet")[2] == ""


def program(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "modelcollapse", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def test_standard_input_and_a_reader_that_leaves(corpus):
    with program("forecast", "-", "--format", "json", stdin=subprocess.PIPE) as process:
        out, err = process.communicate(corpus.read_bytes())
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["corpus"]["tokens"] == 243
    with program("forecast", "--format", "csv", "--generations", "1000000") as process:
        process.stdout.close()
        assert process.wait() in (0, 1, -signal.SIGPIPE)
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
@pytest.mark.parametrize("format_", ["table", "json"])
def test_full_disk_on_standard_output(format_):
    with open("/dev/full", "wb") as full:
        code = [sys.executable, "-m", "modelcollapse", "forecast", "--format", format_, "--generations", "3"]
        done = subprocess.run(code, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("modelcollapse: cannot write to standard output")
    assert b"Traceback" not in done.stderr
