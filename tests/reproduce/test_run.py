"""A folder of figures: whole or not there, not made twice, and never half."""

import csv
import json
import os

import pytest
from pyarrow import parquet

from modelcollapse import InputError
from modelcollapse.errors import ModelCollapseError
from modelcollapse.reproduce import folder as folder_module
from modelcollapse.reproduce import reproduce
from modelcollapse.reproduce.bernoulli_survival import BernoulliSurvival
from modelcollapse.reproduce.bernoulli_trajectories import BernoulliTrajectories
from modelcollapse.reproduce.data import FigureData
from modelcollapse.reproduce.gaussian_trajectories import GaussianTrajectories
from modelcollapse.reproduce.zipf import Zipf
from modelcollapse.text_corpus import TextCorpus

ENDINGS = {".csv", ".json", ".parquet", ".pdf", ".png", ".svg"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("reproduction") / "new" / "folder"
    return place, reproduce(["zipf"], place, quick=True)


@pytest.fixture
def undrawn(monkeypatch):
    """No pictures are drawn: what a folder keeps, and when, does not depend on what is in them."""
    blank = {ending: ending.encode() for ending in (".svg", ".png", ".pdf")}
    monkeypatch.setattr(folder_module, "pictures", lambda _: blank)
    monkeypatch.setattr(Zipf, "chart", lambda *_: _Blank())
    monkeypatch.setattr(BernoulliSurvival, "chart", lambda *_: _Blank())


class _Blank:
    def to_dict(self):
        return {}


def test_files(made):
    place, result = made
    assert {path.name for path in place.iterdir()} == {"index.html", *(f"zipf{ending}" for ending in ENDINGS)}
    assert place.joinpath("zipf.png").read_bytes()[:4] == b"\x89PNG"
    assert place.joinpath("zipf.pdf").read_bytes()[:5] == b"%PDF-"
    assert place.joinpath("zipf.svg").read_text(encoding="utf-8").startswith("<svg")
    columns = result.figures[0].data.columns()
    assert parquet.read_table(place / "zipf.parquet").to_pydict() == columns
    with place.joinpath("zipf.csv").open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads == list(columns)
    assert [float(row[4]) for row in rows] == columns["value"]
    record = json.loads(place.joinpath("zipf.json").read_text(encoding="utf-8"))
    assert record["settings"]["replicates"] == 25
    assert record["verdicts"]
    assert record["errata"]


def test_page(made):
    place, _ = made
    page = place.joinpath("index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 1
    for text in (Zipf.title.replace("'", "&#x27;"), "Errata", "Rate of false alarms", "statements about 1 figure"):
        assert text in page
    assert "<script" not in page
    assert 'src="http' not in page


def test_the_page_says_where_the_original_program_was_followed(undrawn, tmp_path, made):
    reproduce(["zipf"], tmp_path, quick=True, paper_compatible=True)
    said = "Made as the original program does"
    assert said in tmp_path.joinpath("index.html").read_text(encoding="utf-8")
    assert said not in made[0].joinpath("index.html").read_text(encoding="utf-8")


def test_a_finished_figure_is_not_made_again(made, monkeypatch):
    place, first = made
    monkeypatch.setattr(Zipf, "compute", lambda *_: pytest.fail("computed again"))
    before = {path.name: path.stat().st_mtime_ns for path in place.iterdir() if path.name != "index.html"}
    again = reproduce(["zipf"], place, quick=True)
    assert again.figures[0].reused
    assert again.figures[0].data.columns() == first.figures[0].data.columns()
    assert again.figures[0].errata == first.figures[0].errata
    assert {name: (place / name).stat().st_mtime_ns for name in before} == before


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"replicates": 30, "quick": False}, {"paper_compatible": True}], ids=lambda c: next(iter(c))
)
def test_other_settings_are_computed(undrawn, tmp_path, change):
    reproduce(["zipf"], tmp_path, quick=True)
    second = reproduce(["zipf"], tmp_path, **{"quick": True, **change})
    assert not second.figures[0].reused


@pytest.mark.parametrize("harm", ["cut", "gone", "record"])
def test_what_is_not_whole_is_made_again(undrawn, tmp_path, harm):
    reproduce(["zipf"], tmp_path, quick=True)
    whole = tmp_path.joinpath("zipf.parquet").read_bytes()
    if harm == "gone":
        tmp_path.joinpath("zipf.svg").unlink()
    else:
        harmed = tmp_path / ("zipf.json" if harm == "record" else "zipf.parquet")
        harmed.write_bytes(harmed.read_bytes()[:100])
    assert not reproduce(["zipf"], tmp_path, quick=True).figures[0].reused
    assert tmp_path.joinpath("zipf.parquet").read_bytes() == whole
    assert tmp_path.joinpath("zipf.svg").exists()


def test_an_interruption_leaves_what_was_finished(undrawn, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Zipf, "compute", stop)
        with pytest.raises(KeyboardInterrupt):
            reproduce(["bernoulli-survival", "zipf"], tmp_path, quick=True)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"bernoulli-survival{ending}" for ending in ENDINGS}
    result = reproduce(["bernoulli-survival", "zipf"], tmp_path, quick=True)
    assert [one.reused for one in result.figures] == [True, False]


def test_a_record_is_written_last(tmp_path, monkeypatch):
    """If a picture cannot be drawn, there is no record, and the figure counts as not made."""

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(folder_module, "pictures", stop)
    with pytest.raises(KeyboardInterrupt):
        reproduce(["zipf"], tmp_path, quick=True)
    assert list(tmp_path.iterdir()) == []


def test_numbers_do_not_depend_on_what_else_is_made():
    alone = reproduce(["zipf"], quick=True).figures[0]
    beside = reproduce(["bernoulli-survival", "zipf"], quick=True).figures[1]
    assert alone.data.columns() == beside.data.columns()


def test_a_corpus_is_shown_and_learnt_from():
    text = TextCorpus.from_sentences([["the", "of", "and", "the"]] * 30, name="a note")
    unigram, ngram = reproduce(["unigram", "ngram"], corpus=text).figures
    assert unigram.data.holds
    assert ngram.data.holds
    assert {c.panel for c in unigram.data.curves} == {
        "King James Bible: 791,450 tokens, 12,544 words",
        "a note: 120 tokens, 3 words",
    }
    assert ngram.data.facts["sha256 of the text"] == text.to_dict()["sha256"]


def test_what_fails_is_said_and_tried_again(undrawn, tmp_path, monkeypatch):
    honest = BernoulliSurvival.panels
    with monkeypatch.context() as patch:
        patch.setattr(BernoulliSurvival, "panels", lambda self: [_shifted(p) for p in honest(self)])
        assert not reproduce(["bernoulli-survival"], tmp_path).holds
    assert "FAIL" in tmp_path.joinpath("index.html").read_text(encoding="utf-8")
    assert reproduce(["bernoulli-survival"], tmp_path).holds


def _shifted(panel):
    import dataclasses

    return dataclasses.replace(panel, shown=range(1, 20), shift=1)


def test_figures_of_single_runs_keep_no_more_than_they_can(monkeypatch):
    """So that one number of replicates does for all figures."""
    asked = []
    for kind in (GaussianTrajectories, BernoulliTrajectories, Zipf):
        monkeypatch.setattr(kind, "compute", lambda self, runs, _: asked.append((self.name, runs)) or FigureData(()))
    reproduce(["gaussian-trajectories", "bernoulli-trajectories", "zipf"], replicates=20_000)
    assert asked == [("gaussian-trajectories", 4_000), ("bernoulli-trajectories", 16_666), ("zipf", 20_000)]


def test_the_page_says_what_the_bounds_are(made):
    page = made[0].joinpath("index.html").read_text(encoding="utf-8")
    part = page.partition('id="bounds-title"')[2].partition("</dl>")[0]
    names = {v.statement.split()[-1] for v in made[1].figures[0].data.verdicts if v.statement.startswith("the exact")}
    assert names
    assert all(f"<dt>{name}</dt>" in part for name in names)
    assert "suresh_2024.theorem_4" not in part


def test_refusals(tmp_path):
    with pytest.raises(InputError, match=r"`figure` is 'zpif', but must be the name of a figure; did you mean zipf\?"):
        reproduce(["zpif"])
    with pytest.raises(InputError, match=r"there are gaussian-trajectories, "):
        reproduce(["qqqqqq"])
    with pytest.raises(InputError, match=r"`replicates` is 1, but must be a whole number of at least 2"):
        reproduce(["zipf"], replicates=1)
    with pytest.raises(InputError, match=r"leave one of the two out"):
        reproduce(["zipf"], replicates=100, quick=True)
    note = TextCorpus.from_sentences([["too", "short"]], name="texts/a note")
    with pytest.raises(
        InputError, match=r"`corpus` is 'a note, with a length of 2', but must be a text of at least 16"
    ):
        reproduce(["unigram", "ngram"], corpus=note)
    with pytest.raises(InputError, match=r"`seed` is -1"):
        reproduce(["zipf"], seed=-1)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(InputError, match=r"but must be a folder. It is a file."):
        reproduce(["zipf"], file)
    with pytest.raises(ModelCollapseError, match=r"cannot make the folder"):
        reproduce(["zipf"], file / "below")
    assert os.listdir(tmp_path) == ["file"]
