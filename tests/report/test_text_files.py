"""Saved texts are those of the first simulated run; a folder is continued, and nothing else is touched."""

import json

import numpy as np
import pytest

from modelcollapse import InputError, Recursion
from modelcollapse.corpus import read_text
from modelcollapse.errors import ModelCollapseError
from modelcollapse.families import NGram
from modelcollapse.rating.text import rate_text
from modelcollapse.report import text_files
from modelcollapse.report.text_files import save_texts
from modelcollapse.simulate.shortcuts import text as shortcut
from modelcollapse.text_corpus import TextCorpus
from modelcollapse.workflows import Accumulate

TEXT = TextCorpus.from_sentences(
    [line.split() for line in ["the cat sat on the mat", "the dog sat", "a dog and a cat"] * 4]
)
RECURSION = Recursion(NGram(2), TEXT, 40)


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("workflow", [None, Accumulate()])
def test_the_texts_are_those_of_the_run(tmp_path, monkeypatch, compiled, workflow):
    """One run: its vocabulary is that of the files, generation by generation; read again they are what they were."""
    if compiled:
        monkeypatch.setattr(shortcut, "KERNEL_WORK", 1)
    recursion = RECURSION if workflow is None else Recursion(NGram(2), TEXT, 40, workflow)
    seed = save_texts(recursion, [1, 2, 5], tmp_path / "texts", replicates=1, rng=3)
    rate = rate_text(recursion, [1, 2, 5], replicates=1, rng=seed)
    assert ("compiled" in rate.vocabulary.provenance.reason) == (compiled and workflow is None)
    assert set(contents(tmp_path / "texts")) == {f"generation-000{k}.txt" for k in (1, 2, 5)} | {"recursion.json"}
    for row, generation in enumerate((1, 2, 5)):
        text = read_text(tmp_path / "texts" / f"generation-000{generation}.txt")
        assert text.tokens == 40
        assert text.symbols == rate.vocabulary.value[row]
        assert set(text.vocabulary) <= set(TEXT.vocabulary)


def test_a_folder_is_continued_without_a_seed(tmp_path):
    folder = tmp_path / "texts"
    seed = save_texts(RECURSION, 4, folder)
    before = contents(folder)
    (folder / "generation-0003.txt").unlink()
    (folder / "generation-0001.txt").write_text("kept as it is\n")
    assert save_texts(RECURSION, 4, folder) == seed
    assert contents(folder) == {**before, "generation-0001.txt": "kept as it is\n"}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("workflow", [None, Accumulate()])
def test_a_folder_goes_on_to_more_generations(tmp_path, monkeypatch, compiled, workflow):
    """The texts are those of a run that was as long from the beginning; fewer generations leave what is there."""
    if compiled:
        monkeypatch.setattr(shortcut, "KERNEL_WORK", 1)
    recursion = RECURSION if workflow is None else Recursion(NGram(2), TEXT, 40, workflow)
    for generations in (2, [1, 4], 5, 3):
        save_texts(recursion, generations, tmp_path / "texts", replicates=60, rng=1)
    save_texts(recursion, 5, tmp_path / "other", replicates=60, rng=1)
    assert contents(tmp_path / "texts") == contents(tmp_path / "other")


def test_a_folder_goes_on_by_the_route_that_began_it(tmp_path, monkeypatch):
    """So many more generations that the whole would be compiled: the texts are still those of one run."""
    save_texts(RECURSION, 6, tmp_path / "whole", rng=1)
    save_texts(RECURSION, 2, tmp_path / "texts", rng=1)
    monkeypatch.setattr(shortcut, "KERNEL_WORK", 5 * 40 * 6)
    save_texts(RECURSION, 6, tmp_path / "texts")
    save_texts(RECURSION, 6, tmp_path / "compiled", rng=1)
    assert contents(tmp_path / "texts") == contents(tmp_path / "whole") != contents(tmp_path / "compiled")


def test_nothing_is_simulated_where_nothing_is_missing(tmp_path, monkeypatch):
    save_texts(RECURSION, 3, tmp_path / "texts", rng=1)
    monkeypatch.setattr(text_files, "snapshots", None)
    assert save_texts(RECURSION, 2, tmp_path / "texts") == 1


def test_what_was_written_before_a_failure_stays(tmp_path, monkeypatch):
    folder, written = tmp_path / "texts", []
    whole = text_files.write_file

    def failing(path, content):
        if len(written) == 3:
            raise ModelCollapseError("the disk is full")
        written.append(path)
        whole(path, content)

    monkeypatch.setattr(text_files, "write_file", failing)
    with pytest.raises(ModelCollapseError, match="full"):
        save_texts(RECURSION, 4, folder, rng=1)
    assert len(contents(folder)) == 3
    monkeypatch.undo()
    save_texts(RECURSION, 4, folder)
    save_texts(RECURSION, 4, tmp_path / "other", rng=1)
    assert contents(folder) == contents(tmp_path / "other")


def test_texts_of_something_else_are_left_alone(tmp_path):
    folder = tmp_path / "texts"
    save_texts(RECURSION, 2, folder, rng=1)
    before = contents(folder)
    for other, generations, details in (
        (Recursion(NGram(3), TEXT, 40), 2, {}),
        (RECURSION, 3, {"rng": 2}),
        (RECURSION, 3, {"replicates": 6}),
    ):
        with pytest.raises(InputError, match="another recursion"):
            save_texts(other, generations, folder, **details)
    assert contents(folder) == before


def test_texts_of_another_kernel_are_not_gone_on_with(tmp_path, monkeypatch):
    """Another stream of random numbers is found out where texts are missing; what is there stays, and can be read."""
    monkeypatch.setattr(shortcut, "KERNEL_WORK", 1)
    folder = tmp_path / "texts"
    save_texts(RECURSION, 2, folder, rng=1)
    before = contents(folder)
    key_of = text_files.key_of
    monkeypatch.setattr(text_files, "key_of", lambda stream: key_of(stream) ^ np.uint64(1))
    for generations in (3, [1, 4]):
        with pytest.raises(InputError, match="begun by another kernel, whose random numbers are others"):
            save_texts(RECURSION, generations, folder)
        assert contents(folder) == before
    assert save_texts(RECURSION, 2, folder) == 1  # nothing is missing
    monkeypatch.undo()
    monkeypatch.setattr(shortcut, "KERNEL_WORK", 1)
    save_texts(RECURSION, 3, folder)  # the negative control: the kernel of then goes on
    assert set(before) < set(contents(folder))


def test_versions_of_then_are_named_where_the_texts_would_differ(tmp_path):
    """A folder of a version that kept no checksum is of another one; other versions that write the same go on."""
    folder = tmp_path / "texts"
    save_texts(RECURSION, 2, folder, rng=1)
    manifest = folder / "recursion.json"
    about = json.loads(manifest.read_text())
    about["versions"]["numpy"] = "1.0"
    manifest.write_text(json.dumps(about))
    save_texts(RECURSION, 3, folder)
    del about["first_text_sha256"]
    manifest.write_text(json.dumps(about))
    with pytest.raises(InputError, match=r"begun by numpy 1\.0, .* Choose another folder"):
        save_texts(RECURSION, 4, folder)


def test_refused(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "recursion.json").write_text('{"entropy": "x"}')
    (tmp_path / "spoilt").mkdir()
    (tmp_path / "spoilt" / "recursion.json").write_text(
        '{"entropy": "1", "route": "", "block_size": 1, "generations": 5}'
    )
    for name in ("full", "file", "broken", "spoilt"):
        with pytest.raises(InputError, match="`folder`"):
            save_texts(RECURSION, 2, tmp_path / name)
    with pytest.raises(ModelCollapseError, match="cannot make"):
        save_texts(RECURSION, 2, tmp_path / "nowhere" / "texts")
    assert contents(tmp_path / "full") == {"mine.txt": "mine"}


def test_words_without_names_are_numbers(tmp_path):
    numbers = TextCorpus(np.array([3, 1, 2, 1]), np.array([2, 4]))
    save_texts(Recursion(NGram(2), numbers, 6), 1, tmp_path / "texts", rng=1)
    lines = (tmp_path / "texts" / "generation-0001.txt").read_text().splitlines()
    assert {word for line in lines for word in line.split()} <= {"1", "2", "3"}
    assert json.loads((tmp_path / "texts" / "recursion.json").read_text())["entropy"] == "1"
