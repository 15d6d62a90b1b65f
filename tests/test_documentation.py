"""README and documentation run as written: every block, every link, every option and key, every number of the README.

A page is read from top to bottom, in an empty folder and with one set of Python names. Its blocks are

* ``python``: with ``>>>`` an example whose output is compared, otherwise code that must run;
* ``console``: each line after ``$`` runs in a shell, standard output and error are compared with what is shown;
* ``text title="NAME"``: the content of a file of that name;
* ``text``, ``bibtex``: nothing runs;
* ``sh``: directly below ``<!-- command: ... -->``, run elsewhere as written; otherwise for the reader's own shell.

In output, ``...`` stands for anything.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)

BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^<!-- command: (.+) -->\n```sh\n(.+)\n```$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OUTPUT = doctest.ELLIPSIS
PROGRAM = "from modelcollapse.cli import main; main()"


def run_page(page: Path, folder: Path) -> dict[str, Any]:
    """Run the blocks of a page in a folder, which must be the current one; return the Python names it made."""
    names: dict[str, Any] = {"__name__": "__main__"}
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        kind, title, content = block.groups()
        line = text.count("\n", 0, block.start()) + 1
        if title:
            Path(title).parent.mkdir(parents=True, exist_ok=True)
            Path(title).write_text(content, encoding="utf-8")
        elif kind == "python":
            run_python(content, names, page.name, line)
        elif kind == "console":
            run_console(content, folder, page.name, line)
    return names


def run_python(content: str, names: dict[str, Any], page: str, line: int) -> None:
    """Run a block of code, or of examples with their output."""
    if ">>> " not in content:
        exec(compile("\n" * line + content, page, "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(content, names, f"{page}, line {line}", page, line)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=OUTPUT).run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert not said, "".join(said)


def run_console(content: str, folder: Path, page: str, line: int) -> None:
    """Run each command of a block; compare what it prints."""
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", content, re.MULTILINE):
        printed = shell(command, folder)
        if not doctest.OutputChecker().check_output(expected, printed, OUTPUT):
            pytest.fail(f"{page}, line {line}: $ {command}\nexpected:\n{expected}\nprinted:\n{printed}")


def shell(command: str, folder: Path) -> str:
    """Run a command as a terminal would, with `modelcollapse` meaning the package under test."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    program = programs / "modelcollapse"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{PROGRAM}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    place = os.pathsep.join([str(programs), os.environ["PATH"]])
    sources = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PATH": place, "PYTHONPATH": sources, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@EVERY
def test_every_block_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_page(page, tmp_path)


def test_a_wrong_output_is_caught(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    for wrong in ("```python\n>>> 1 + 1\n3\n```\n", "```python\nassert False\n```\n", "```console\n$ echo 1\n2\n```\n"):
        page.write_text(wrong, encoding="utf-8")
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            run_page(page, tmp_path)


@EVERY
def test_blocks_are_of_a_known_kind(page):
    text = page.read_text(encoding="utf-8")
    assert text.count("\n```") == 2 * len(BLOCK.findall(text))
    assert {kind for kind, _, _ in BLOCK.findall(text)} <= {"python", "console", "text", "bibtex", "sh"}


def test_the_two_commands_of_the_readme():
    commands = dict(COMMAND.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert list(commands) == ["install and forecast", "test"]


@EVERY
def test_links_lead_somewhere(page):
    for target in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        path, _, heading = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page.name} links to {target}"
        if heading:
            assert heading in anchors(found), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@EVERY
def test_no_absolute_path(page):
    assert not re.search(r"(?<![\w.:/)])/(home|root|work|tmp|usr|Users)/", page.read_text(encoding="utf-8"))


def test_numbers_of_the_readme_are_shown_by_a_block():
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## How to cite")[0]
    assert unshown_numbers(text) == set()
    assert unshown_numbers(text + "It takes 98,765 generations.\n") == {"98765"}


def unshown_numbers(text: str) -> set[str]:
    """Numbers of three digits or with a decimal point that no block of the page holds; code and versions excepted."""
    shown = "".join(content for _, _, content in BLOCK.findall(text)).translate(dict.fromkeys(map(ord, ",_")))
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->|arXiv [\d.]+|Python [\d.]+", "", BLOCK.sub("", text))
    numbers = {number.replace(",", "") for number in re.findall(r"\d[\d,]{2,}\b|\d+\.\d+", prose)}
    return {number for number in numbers if number not in shown}


def test_forecast_page_names_every_option_and_key(tmp_path):
    from modelcollapse import embedded, forecast
    from modelcollapse.cli.forecast import command

    page = (ROOT / "docs/forecast.md").read_text(encoding="utf-8")
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("-")}
    assert {option for option in options if f"`{option}" not in page} == set()
    data = forecast(embedded(), 2, words={"people": ["adam", "eve"]}, top=1).to_dict()
    missing = {key for key in keys({**data, "provenance": {}}) if f"`{key}`" not in page}
    assert missing == set()


def keys(data: Any) -> set[str]:
    """Every key of nested plain values."""
    if isinstance(data, list):
        return set().union(*map(keys, data)) if data else set()
    return set(data).union(*map(keys, data.values())) if isinstance(data, dict) else set()
