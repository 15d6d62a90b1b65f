"""Where results go: standard output or a file that appears only when it is whole."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from modelcollapse.errors import ModelCollapseError


def write(text: str, path: str | None) -> None:
    """Print the text, or put it into a file, complete or not at all."""
    if path is None:
        click.echo(text)
        return
    write_file(Path(path), (text + "\n").encode())


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there: a failure leaves what was there before.

    Raises
    ------
    ModelCollapseError
        If the folder does not exist or cannot be written, or the disk is full.
    """
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or ".")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_mask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise ModelCollapseError(f"cannot write {path}: {error.strerror or error}; nothing was left there") from error


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


def _mask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
