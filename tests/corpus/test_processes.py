"""Several processes: the same table, the same refusal, whoever did the work."""

import gzip
import os
import subprocess
import sys
from itertools import pairwise

import pytest

from modelcollapse.corpus import embedded, plan, read_corpus
from modelcollapse.corpus.options import ReadOptions
from modelcollapse.corpus.plan import divide, number_of_processes
from modelcollapse.corpus.source import Source, find_sources
from modelcollapse.errors import InputError, InputWarning, ModelCollapseError
from tests.corpus.writing import as_dict


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(plan, "SMALLEST_PART", 1000)


@pytest.fixture
def library(tmp_path):
    """Return a folder with a large text, a compressed one, JSON lines, a count table and an empty file."""
    words = embedded().words
    lines = [" ".join(words[start : start + 9]) for start in range(0, 9000, 3)]
    (tmp_path / "large.txt").write_text("\n".join(lines) + "\ncaf\n")
    (tmp_path / "packed").write_bytes(gzip.compress("\n".join(lines).encode()))
    (tmp_path / "x.jsonl").write_text('{"text": "a b"}\n{"body": "c"}\n' * 2000)
    (tmp_path / "x.csv").write_text("a,5\nthe,7\n")
    (tmp_path / "empty").touch()
    return tmp_path


@pytest.mark.parametrize("ngram", [1, 2])
def test_the_result_does_not_depend_on_the_number(library, small_parts, ngram):
    if ngram > 1:
        (library / "x.csv").unlink()  # counted already: refused with n-grams
    with pytest.warns(InputWarning):
        alone = read_corpus(library, ngram=ngram, n_jobs=1)
    with pytest.warns(InputWarning):
        together = read_corpus(library, ngram=ngram, n_jobs=2)
    assert as_dict(alone) == as_dict(together)
    assert alone.words == together.words
    assert dict(alone.skipped) == dict(together.skipped) == {"empty files": 1, "lines without the field": 2000}


def test_the_first_refused_file_is_named(tmp_path):
    for number in range(9):
        (tmp_path / f"{number}.txt").write_bytes(b"words" if number < 4 else b"\0")
    with pytest.raises(InputError, match=r"4\.txt: a binary file"):
        read_corpus(tmp_path, n_jobs=2)


def test_large_files_are_cut_after_line_ends(library, small_parts):
    units = divide(find_sources(library / "large.txt"), ReadOptions(), 2)
    content = (library / "large.txt").read_bytes()
    assert len(units) > 4
    assert units[0].start == 0
    assert units[-1].stop is None
    for one, other in pairwise(units):
        assert one.stop == other.start
        assert content[: one.stop].endswith(b"\n")


@pytest.mark.parametrize("name", ["packed", "x.csv", "empty"])
def test_other_files_are_not_cut(library, small_parts, name):
    assert len(divide(find_sources(library / name), ReadOptions(), 2)) == 1


def test_small_input_stays_in_this_process():
    source = Source("x.txt", 1_000_000)
    assert number_of_processes(None, [source], ReadOptions()) == 1
    assert number_of_processes(3, [source], ReadOptions()) == 3


def test_large_input_gets_a_process_for_each_processor(monkeypatch):
    monkeypatch.setattr(plan, "_processors", lambda: 4)
    source = Source("x.txt", 10**12)
    assert number_of_processes(None, [source], ReadOptions()) == 4
    assert number_of_processes(None, [Source("x.txt", 2_400_000_000)], ReadOptions()) == 2
    assert number_of_processes(None, [source], ReadOptions(tokenizer=lambda line: [line])) == 1


def test_a_tokenizer_that_cannot_be_sent_is_refused(library):
    with pytest.raises(InputError, match="`tokenizer` cannot be sent to other processes"):
        read_corpus(library, tokenizer=lambda line: [line], n_jobs=2)


def die(line):
    """Stand for a tokenizer that ends its process."""
    os._exit(3)


def test_a_process_that_dies_is_reported(library):
    with pytest.raises(ModelCollapseError, match="a worker process ended unexpectedly"):
        read_corpus([library / "large.txt", library / "packed"], tokenizer=die, n_jobs=2)


def test_no_bar_where_nobody_looks(library):
    program = f"from modelcollapse.corpus import read_corpus; read_corpus({str(library / 'x.csv')!r}, progress=True)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stderr == ""


def test_a_bar_counts_the_bytes(library, monkeypatch):
    import tqdm

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    bars = []

    class Bar(tqdm.tqdm):
        def close(self):
            bars.append((self.n, self.total))
            super().close()

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    file = library / "large.txt"
    read_corpus(file, progress=True)
    assert bars[0] == (file.stat().st_size, file.stat().st_size)
