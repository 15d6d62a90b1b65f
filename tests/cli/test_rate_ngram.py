"""`modelcollapse rate ngram`: what it prints and draws, and how it refuses."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from modelcollapse.cli.rate_ngram import command
from tests.cli.running import data_of, run

WIKITEXT = Path(__file__).parents[2] / "../shared/data/wikitext2_500k_words.txt"


@pytest.fixture
def book(tmp_path):
    file = tmp_path / "book.txt"
    lines = ["the cat sat on the mat", "the dog sat on the cat", "a dog and a cat", "", "the mat"]
    file.write_text("\n".join(lines * 3 + ["once upon a time"]))
    return file


def test_json(capsys, book):
    data = data_of(capsys, "rate", "ngram", str(book), "--seed", "1", "--generations", "4")
    assert data["generation"] == [1, 2, 3, 4]
    assert data["corpus"] == {"name": str(book), "tokens": 61, "types": 11, "sentences": 13}
    assert data["simulated"]["replicates"] == 5
    assert len(data["unigram"]["mean"]) == 4
    assert data["provenance"]["recursion"]["family"] == {"name": "ngram", "order": 2, "longest": None}
    assert data_of(capsys, "rate", "ngram", str(book), "--seed", "1", "--generations", "4") == data
    assert data_of(capsys, "rate", "ngram", str(book), "--seed", "2", "--generations", "4") != data


def test_csv_and_table(capsys, book):
    code, out, _ = run(capsys, "rate", "ngram", str(book), "--seed", "1", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, len(rows)) == (0, 10)
    assert {"generation", "vocabulary_mean", "vocabulary_low", "unigram", "left_of_count_1"} <= set(rows[0])
    code, out, _ = run(capsys, "rate", "ngram", str(book), "--seed", "1", "--order", "3", "--longest", "4")
    assert code == 0
    assert "order 3, longest 4" in out
    options = ("--smoothing", "absolute-discounting", "--discount", "0")
    code, out, _ = run(capsys, "rate", "ngram", str(book), "--seed", "1", *options)
    assert code == 0
    assert "(order 2, smoothing absolute-discounting, alphabet known, discount 0.0)" in out


@pytest.mark.parametrize(
    "options",
    [
        "--fresh 0.2",
        "--temperature 0.5",
        "--workflow fixed-real",
        "--smoothing kneser-ney --statistic all",
        "--smoothing additive --amount 1 --alphabet unknown",
        "--smoothing absolute-discounting --discount 0",
        "--smoothing kneser-ney --top-k 3",
    ],
)
def test_workflows_samplers_smoothing(capsys, book, options):
    data = data_of(capsys, "rate", "ngram", str(book), "--seed", "1", *options.split())
    assert data["simulated"]["mean"]


def test_pictures_and_page(capsys, book, tmp_path):
    files = [tmp_path / f"rate.{kind}" for kind in ("png", "svg", "pdf", "html")]
    options = [part for file in files for part in (f"--{file.suffix[1:]}", str(file))]
    assert run(capsys, "rate", "ngram", str(book), "--seed", "1", *options)[0] == 0
    for file, start in zip(files, (b"\x89PNG", b"<svg", b"%PDF", b"<!doctype html>"), strict=True):
        assert file.read_bytes().startswith(start)
    page = files[3].read_text()
    assert "What is left of the vocabulary" in page
    assert not re.search(r'(src|href)="http', page.partition('<section aria-labelledby="cite-title">')[0])


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        ((), 2, "`PATH` is missing"),
        (("nowhere.txt",), 2, "nowhere.txt"),
        (("BOOK", "--order", "0"), 2, "`order`"),
        (("BOOK", "--order", "17"), 2, "`order`"),
        (("BOOK", "--order", "16", "--longest", "0"), 2, "`longest`"),
        (("BOOK", "--generations", "0"), 2, "`generations`"),
        (("BOOK", "--sample-size", "0"), 2, "`sample_size`"),
        (("BOOK", "--real-size", "5"), 2, "`real-size`"),
        (("BOOK", "--amplification", "2"), 2, "`sampler`"),
        (("BOOK", "--output", "BOOK"), 2, "is also read"),
        (("BOOK", "--discount", "0.5"), 2, "`discount`"),
        (("BOOK", "--smoothing", "additive", "--discount", "0.5"), 2, "belongs to --smoothing absolute-discounting"),
        (("BOOK", "--smoothing", "kneser-ney", "--discount", "2"), 2, "`discount`"),
        (("BOOK", "--smoothing", "kneser-ney", "--amplification", "2"), 2, "`sampler`"),
        (("BOOK", "--smoothing", "kneser-ney", "--statistic", "entropy_rate"), 1, "entropy_rate is not known"),
        (("BOOK", "--png", "book.gif"), 2, "must end in .png"),
        (("BOOK", "--png", "nowhere/a.png"), 1, "nowhere"),
        (("SHORT", "--order", "4"), 2, "has 2 words, fewer than the order of the model, 4"),
        (("ONE", "--order", "2"), 2, "one.txt, has 1 word, fewer"),
        (("ONE", "--order", "1", "--top-k", "1"), 2, "hardly anything but the end"),
        (("EMPTY",), 2, "empty"),
        (("BLANK",), 2, "no words"),
        (("BOOK", "--order", "two"), 2, "--order"),
        (("BOOK", "--order", "2.5"), 2, "--order"),
        (("BOOK", "--alphabet", "known"), 2, "left out without --smoothing"),
        (("BOOK", "--smoothing", "absolute-discounting", "--discount", "nan"), 2, "`discount`"),
        (("BOOK", "--smoothing", "additive", "--amount", "-1"), 2, "`amount`"),
        (("BOOK", "--sample-size", "1000000001"), 2, "`sample_size`"),
        (("BOOK", "--jobs", "0"), 2, "`n_jobs`"),
        (("BOOK", "--save-text", "BOOK"), 2, "`folder`"),
        (("COUNTS",), 2, "no running text"),
    ],
)
def test_refused(capsys, book, tmp_path, arguments, code, named):
    (tmp_path / "short.txt").write_text("one two")
    (tmp_path / "counts.csv").write_text("word,count\na,2\n")
    (tmp_path / "one.txt").write_text("word")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "blank.txt").write_text("\n \n...\n")
    files = {name.upper(): tmp_path / f"{name}.txt" for name in ("book", "short", "one", "empty", "blank")}
    files["COUNTS"] = tmp_path / "counts.csv"
    given = [str(files.get(argument, argument)) for argument in arguments]
    found, out, err = run(capsys, "rate", "ngram", *given)
    assert (found, out) == (code, "")
    assert named in err
    assert "Traceback" not in err
    assert not list(tmp_path.glob("*.png"))


def test_one_word(capsys, tmp_path):
    (tmp_path / "one.txt").write_text("word\n" * 20)
    data = data_of(capsys, "rate", "ngram", str(tmp_path / "one.txt"), "--order", "16")
    assert set(data["simulated"]["mean"]) == {1.0}


@pytest.mark.parametrize("options", [(), ("--top-k", "1"), ("--temperature", "0.01"), ("--smoothing", "kneser-ney")])
def test_a_context_with_one_successor(capsys, tmp_path, options):
    """What is followed by itself alone, or so the sampler makes it, is written until the size cuts."""
    (tmp_path / "cycle.txt").write_text("a a a a a a a a\n")
    command = ("rate", "ngram", str(tmp_path / "cycle.txt"), "--sample-size", "500", "--generations", "3")
    data = data_of(capsys, *command, *options, "--statistic", "sentence_length")
    assert data["simulated"]["mean"] == [1.0] * 3


def test_sentences_may_be_shorter_than_the_order_and_lines_without_words_are_none(capsys, tmp_path):
    (tmp_path / "lines.txt").write_text("a b c d\n\n...\na b c d\n   \na b c d\n")
    data = data_of(capsys, "rate", "ngram", str(tmp_path / "lines.txt"), "--order", "8", "--generations", "3")
    assert data["corpus"]["sentences"] == 3
    assert data["simulated"]["mean"] == [4.0] * 3  # copies of the only sentence


def test_documentation_names_every_option_and_key(capsys, book):
    page = (Path(__file__).parents[2] / "docs/ngram.md").read_text(encoding="utf-8")
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("-")}
    assert {option for option in options if f"`{option}" not in page} == set()
    data = data_of(capsys, "rate", "ngram", str(book), "--generations", "2", "--seed", "1")
    found = set(data) | set(data["simulated"]) | set(data["unigram"]) | set(data["corpus"]) | set(data["by_count"][0])
    assert found <= set(re.findall(r"`(\w+)`", page))


@pytest.mark.skipif(not WIKITEXT.exists(), reason="the corpus of the paper is not beside the checkout")
def test_the_corpus_of_the_paper(capsys):
    """Ten bigram generations: within 1 % of the unigram law at each, and the time to forget linear in the count."""
    data = data_of(capsys, "rate", "ngram", str(WIKITEXT), "--seed", "1", "--simulate", "2")
    assert data["corpus"]["tokens"] == 436_577
    assert data["corpus"]["types"] == 19_919
    for ours, law in zip(data["simulated"]["mean"], data["unigram"]["mean"], strict=True):
        assert abs(ours / law - 1) < 0.01
    assert data["generations_per_count"] == pytest.approx(2.885, rel=0.03)
    assert data["exponent_of_count"] == pytest.approx(1.0, abs=0.03)
    json.dumps(data, allow_nan=False)


def test_texts_are_saved_and_continued(capsys, book, tmp_path):
    """Without a seed the second run takes that of the folder, and gives the same numbers."""
    command = ("rate", "ngram", str(book), "--generations", "3", "--save-text", str(tmp_path / "texts"))
    first, second = data_of(capsys, *command), data_of(capsys, *command)
    assert first == second
    assert min(path.name for path in (tmp_path / "texts").iterdir()) == "generation-0001.txt"
    longer = data_of(capsys, *command, "--generations", "5")
    assert longer["simulated"]["mean"][:3] == first["simulated"]["mean"]
    assert (tmp_path / "texts" / "generation-0005.txt").exists()
    code, out, err = run(capsys, *command, "--order", "3")
    assert (code, out) == (2, "")
    assert "another recursion" in err


def test_statistics_of_text(capsys, book):
    data = data_of(capsys, "rate", "ngram", str(book), "--seed", "1", "--statistic", "all")
    assert set(data["statistics"]) == {
        "ngram_types",
        "entropy_rate",
        "perplexity",
        "verbatim_copies",
        "sentence_length",
    }
    code, out, _ = run(capsys, "rate", "ngram", str(book), "--statistic", "perplexity", "--statistic", "ngram_types")
    assert code == 0
    assert "Perplexity, simulated" in out
    code, out, _ = run(capsys, "rate", "ngram", str(book), "--statistic", "all", "--format", "csv")
    assert "perplexity_mean" in out.splitlines()[0]


def test_one_is_told_as_one(capsys, tmp_path):
    (tmp_path / "one.txt").write_text("a a a a\n", encoding="utf-8")
    code, out, _ = run(capsys, "rate", "ngram", str(tmp_path / "one.txt"), "--generations", "1", "--sample-size", "1")
    assert code == 0
    assert "4 words in 1 sentence, 1 different word\n" in out
    assert "writes 1 word;" in out
    (tmp_path / "short.txt").write_text("a\n", encoding="utf-8")
    assert "has 1 word, fewer" in run(capsys, "rate", "ngram", str(tmp_path / "short.txt"))[2]
