"""Where results go: standard output or a file that appears only when it is whole."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.report.save import write_file


def write(text: str, path: str | None) -> None:
    """Print the text, or put it into a file, complete or not at all."""
    if path is None:
        click.echo(text)
        return
    write_file(Path(path), (text + "\n").encode())


def check_targets(targets: Sequence[str | None], sources: Sequence[str | None]) -> None:
    """Refuse, before anything is read, files to write that would replace each other or what is read.

    Raises
    ------
    InputError
        If two files to write are the same, or one is a file to read.
    ModelCollapseError
        If a file to write has no folder, or one that cannot be written.
    """
    reading = {os.path.realpath(source) for source in sources if source and Path(source).is_file()}
    writing: set[str] = set()
    for target in filter(None, targets):
        real = os.path.realpath(target)
        if real in reading or real in writing:
            why = "is also read" if real in reading else "is named twice as a file to write"
            raise InputError(f"{target} {why}, and would be lost; choose another name")
        folder = Path(real).parent
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            why = "cannot be written to" if folder.is_dir() else "does not exist"
            raise ModelCollapseError(f"cannot write {target}: its folder {why}")
        if Path(real).is_file() or not Path(real).exists():
            writing.add(real)


def to_json(data: dict[str, Any]) -> str:
    """Return JSON with one line per top-level key."""
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in data.items())
    return f"{{\n{lines}\n}}"


def to_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return comma-separated rows under one line of names."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return buffer.getvalue().rstrip("\n")
