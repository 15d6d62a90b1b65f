"""Real data from files: .npy, .csv, .tsv and .parquet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.start import Sample

_ENDINGS = (".npy", ".csv", ".tsv", ".parquet")


def read_sample(path: str | os.PathLike[str], columns: Sequence[str] | None = None) -> Sample:
    r"""Return the real data of a file.

    Parameters
    ----------
    path : str or path
        An array saved by numpy, or a table with a line of names and numbers below; the ending says which.
    columns : sequence of str, optional
        Columns of a table, by name; all if not given.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, or something in it is no finite number.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Path(folder) / "heights.csv"
    ...     _ = place.write_text("name,cm\nann,171.5\nbob,180\n")
    ...     read_sample(place, ["cm"])
    Sample(2 data of dimension 1)
    """
    ending = Path(path).suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(arguments.message("path", os.fspath(path), f"a file ending in {', '.join(_ENDINGS)}"))
    try:
        rows = np.load(path, allow_pickle=False) if ending == ".npy" else _table(path, ending, columns)
    except FileNotFoundError:
        raise InputError(arguments.message("path", os.fspath(path), "a file that exists")) from None
    except (OSError, ValueError, EOFError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"`path` is {os.fspath(path)!r}, which cannot be read as {ending}: {error}") from None
    return Sample(arguments.table(f"data of {os.fspath(path)}", rows))


def _table(path: str | os.PathLike[str], ending: str, columns: Sequence[str] | None) -> Any:
    """Return the columns of a table side by side."""
    import pyarrow as pa

    if ending == ".parquet":
        from pyarrow import parquet

        table = parquet.read_table(path)
    else:
        from pyarrow import csv

        options = csv.ParseOptions(delimiter="\t" if ending == ".tsv" else ",")
        table = csv.read_csv(path, parse_options=options)
    names = list(table.column_names) if columns is None else list(columns)
    missing = [name for name in names if name not in table.column_names]
    if missing or not names:
        remedy = f"The table has {', '.join(map(repr, table.column_names))}."
        raise InputError(arguments.message("columns", missing, "names of its columns", remedy))
    numeric = [pa.types.is_integer(t) or pa.types.is_floating(t) for t in (table.schema.field(n).type for n in names)]
    if not all(numeric):
        bad = names[numeric.index(False)]
        raise InputError(arguments.message("columns", bad, "a column of numbers", "Name those to use by `columns`."))
    return np.column_stack([table[name].to_numpy() for name in names])
