"""The folder of a reproduction: a figure is there when all of its files are, and the record of it is written last."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.provenance import plain
from modelcollapse.report.save import pictures, write_file
from modelcollapse.reproduce.base import Figure
from modelcollapse.reproduce.data import FigureData, data_from

_ENDINGS = (".csv", ".parquet", ".svg", ".png", ".pdf")


@dataclass(frozen=True)
class FigureFolder:
    """Where figures are kept.

    Parameters
    ----------
    path : Path
    """

    path: Path

    @classmethod
    def opened(cls, path: str | os.PathLike[str]) -> FigureFolder:
        """Return the folder, made if it does not exist.

        Raises
        ------
        InputError
            If there is a file of that name.
        ModelCollapseError
            If it cannot be made or written to.
        """
        place = Path(path)
        if place.exists() and not place.is_dir():
            raise InputError(arguments.message("output", os.fspath(path), "a folder", "It is a file."))
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelCollapseError(f"cannot make the folder {os.fspath(path)}: {error.strerror or error}") from error
        if not os.access(place, os.W_OK | os.X_OK):
            raise ModelCollapseError(f"cannot write to the folder {os.fspath(path)}: permission denied")
        return cls(place)

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all."""
        write_file(self.path / name, content)

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return (self.path / name).read_bytes()

    def save(self, figure: Figure, data: FigureData, settings: Mapping[str, Any], rest: Mapping[str, Any]) -> None:
        """Write data, pictures, and then the record that says that they are there."""
        columns = data.columns()
        files = {".csv": _csv(columns), ".parquet": _parquet(columns), **pictures(figure.chart(data).to_dict())}
        for ending in _ENDINGS:
            self.write(figure.name + ending, files[ending])
        record = {
            "settings": plain(dict(settings)),
            "files": {figure.name + ending: _digest(files[ending]) for ending in _ENDINGS},
            "title": figure.title,
            "recursion": figure.recursion,
            "published": figure.published,
            **data.to_dict(),
            **rest,
        }
        self.write(f"{figure.name}.json", (json.dumps(record, indent=1) + "\n").encode())

    def load(self, name: str, settings: Mapping[str, Any]) -> tuple[FigureData, dict[str, Any]] | None:
        """Return data and record of a figure, or None if it is not there, not whole, or of other settings."""
        try:
            record = json.loads((self.path / f"{name}.json").read_text(encoding="utf-8"))
            if record["settings"] != plain(dict(settings)):
                return None
            whole = all(_digest((self.path / file).read_bytes()) == was for file, was in record["files"].items())
            return (data_from(_columns(self.path / f"{name}.parquet"), record), record) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _csv(columns: Mapping[str, list[Any]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return buffer.getvalue().encode()


def _parquet(columns: Mapping[str, list[Any]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    texts = ("panel", "curve", "kind")
    table = pa.table({n: pa.array(v, pa.string() if n in texts else pa.float64()) for n, v in columns.items()})
    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _columns(path: Path) -> dict[str, list[Any]]:
    from pyarrow import parquet

    table = parquet.read_table(path)
    return {name: table[name].to_pylist() for name in table.column_names}
