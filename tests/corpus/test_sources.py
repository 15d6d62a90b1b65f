"""What can be named: files, folders, patterns, standard input, addresses."""

import io
import os
import sys
import types
import zipfile
from pathlib import Path

import fsspec
import pytest

from modelcollapse.corpus import read_corpus, source
from modelcollapse.errors import InputError, InputWarning
from tests.corpus.writing import as_dict


@pytest.fixture
def library(tmp_path):
    """Return a folder with two texts, one below, a hidden file and a hidden folder."""
    for name, text in {
        "b.txt": "b",
        "a.txt": "a a",
        "below/c.md": "c",
        ".hidden": "hidden",
        ".git/config": "hidden",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_folder_is_read_with_all_below(library):
    table = read_corpus(library)
    assert as_dict(table) == {"a": 2, "b": 1, "c": 1}
    assert table.name == f"{library / 'a.txt'} and 2 more"


@pytest.mark.parametrize(
    ("pattern", "words"), [("*.txt", "ab"), ("**/*.md", "c"), ("[bc].txt", "b"), ("?.txt", "ab"), ("**", "abc")]
)
def test_patterns(library, pattern, words):
    assert "".join(sorted(read_corpus(str(library / pattern)).words)) == words


def test_several_sources_add_up(library):
    assert as_dict(read_corpus([library / "a.txt", str(library / "b.txt"), library])) == {"a": 4, "b": 2, "c": 1}


def test_formats_may_be_mixed(library):
    (library / "counts.csv").write_text("a,40\n")
    (library / "lines.jsonl").write_text('{"text": "a d"}\n')
    assert as_dict(read_corpus(library)) == {"a": 43, "b": 1, "c": 1, "d": 1}


def test_a_name_that_looks_like_a_pattern_but_exists_is_a_file(tmp_path):
    file = tmp_path / "what[1].txt"
    file.write_text("brackets")
    assert read_corpus(file).words == ("brackets",)


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(b"one two one")))
    table = read_corpus("-")
    assert as_dict(table) == {"one": 2, "two": 1}
    assert table.name == "standard input"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe(tmp_path):
    read_end, write_end = os.pipe()
    os.write(write_end, b"from a pipe")
    os.close(write_end)
    pipe = f"/dev/fd/{read_end}"
    if not Path(pipe).exists():
        pytest.skip("needs /dev/fd")
    assert set(read_corpus(pipe).words) == {"from", "a", "pipe"}
    os.close(read_end)


def test_addresses_of_fsspec(library):
    memory = fsspec.filesystem("memory")
    memory.pipe({"/books/a.txt": b"a a", "/books/below/b.txt": b"b", "/books/.hidden/c": b"c"})
    assert as_dict(read_corpus("memory://books/a.txt")) == {"a": 2}
    assert as_dict(read_corpus("memory://books")) == {"a": 2, "b": 1}
    assert as_dict(read_corpus("memory://books/**/*.txt")) == {"a": 2, "b": 1}
    assert as_dict(read_corpus(f"file://{library}/a.txt")) == {"a": 2}
    with pytest.raises(InputError, match=r"memory://books/d.txt: no such file"):
        read_corpus("memory://books/d.txt")
    with pytest.raises(InputError, match="no files there"):
        read_corpus("memory://books/*.pdf")


def test_a_file_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "books.zip", "w") as archive:
        archive.writestr("a.txt", "a a")
        archive.writestr("b.txt", "b")
    assert as_dict(read_corpus(f"zip://a.txt::{tmp_path}/books.zip")) == {"a": 2}
    assert as_dict(read_corpus(f"zip://*.txt::{tmp_path}/books.zip")) == {"a": 2, "b": 1}


def test_an_unknown_protocol_is_refused():
    with pytest.raises(InputError, match="nonsense://x: cannot be read: Protocol not known"):
        read_corpus("nonsense://x")


def test_a_missing_file_is_told_its_neighbours(library):
    with pytest.raises(InputError, match=r"aa.txt: no such file; its folder has a\.txt"):
        read_corpus(library / "aa.txt")
    with pytest.raises(InputError, match=r"no such file; the folder .* cannot be read either"):
        read_corpus(library / "nowhere" / "a.txt")


def test_nothing_to_read_is_refused(tmp_path):
    with pytest.raises(InputError, match="the folder has no files"):
        read_corpus(tmp_path)
    with pytest.raises(InputError, match="no file matches this pattern"):
        read_corpus(str(tmp_path / "*.txt"))
    with pytest.raises(InputError, match="`sources` is empty"):
        read_corpus([])
    with pytest.raises(InputError, match="more than once"):
        read_corpus(["-", "-"])


@pytest.mark.parametrize("sources", [[3], [b"x"], "", [None], "a\0b"])
def test_what_is_no_path_is_refused(sources):
    with pytest.raises(InputError, match="`sources` must be paths"):
        read_corpus(sources)


def test_no_permission(tmp_path, monkeypatch):
    file = tmp_path / "x.txt"
    file.write_text("secret")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"x.txt: no permission to read it"):
        read_corpus(file)


def test_no_permission_for_a_folder(library, monkeypatch):
    def refuse(_folder, onerror):
        onerror(PermissionError(13, "Permission denied"))
        yield

    monkeypatch.setattr(source.os, "walk", refuse)
    with pytest.raises(InputError, match="no permission to read it"):
        read_corpus(library)


def test_empty_files_are_refused_by_name_and_passed_over_in_a_folder(library):
    (library / "empty.txt").touch()
    with pytest.raises(InputError, match=r"empty\.txt: the file is empty"):
        read_corpus(library / "empty.txt")
    with pytest.warns(InputWarning, match=r"empty files \(1\)"):
        assert read_corpus(library).skipped == {"empty files": 1}
