"""Where results go: standard output or a file that appears only when it is whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from modelcollapse.report.save import write_file


def write(text: str, path: str | None) -> None:
    """Print the text, or put it into a file, complete or not at all."""
    if path is None:
        click.echo(text)
        return
    write_file(Path(path), (text + "\n").encode())


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
