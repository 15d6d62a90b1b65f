"""All results of a sweep as one table, in the order of the grid, and as one file."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelcollapse import arguments
from modelcollapse.errors import InputError, ModelCollapseError
from modelcollapse.runs.place import Place
from modelcollapse.runs.pooling import pooled
from modelcollapse.runs.rows import NUMBERS, schema
from modelcollapse.runs.spec import Spec
from modelcollapse.runs.store import Store
from modelcollapse.runs.unit import units_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Exported:
    """What was exported.

    Parameters
    ----------
    units : int
        Of the sweep.
    done : int
        That have results; the others are not in the file.
    rows : int
    """

    units: int
    done: int
    rows: int


def export(store: str | os.PathLike[str], path: str | os.PathLike[str], *, pool: bool = False) -> Exported:
    """Write what a store holds to one file; the same results give the same file, however they were computed.

    Parameters
    ----------
    store : str or path
    path : str or path
        Ends in .parquet, .csv or .nc (NetCDF, which needs the extra ``xarray``).
    pool : bool
        Put the parts of each point together, as `table` does.

    Raises
    ------
    InputError
        If there is no sweep, or the file has another ending.
    ModelCollapseError
        If it cannot be written; what was there before is still there.

    Examples
    --------
    >>> export("memory://nothing", "all.txt")
    Traceback (most recent call last):
        ...
    modelcollapse.errors.InputError: `path` is 'all.txt', but must be a file name ending in .parquet, .csv or .nc.
    """
    target = Path(path)
    writers: dict[str, Callable[[pa.Table, Spec, Path], None]] = {
        ".parquet": _write_parquet,
        ".csv": _write_csv,
        ".nc": _write_netcdf,
    }
    write = writers.get(target.suffix.lower())
    if write is None:
        raise InputError(arguments.message("path", os.fspath(path), "a file name ending in .parquet, .csv or .nc"))
    rows, spec, units = _gathered(store)
    done = len(set(rows["unit"].to_pylist()))
    written = _pooled(rows, spec) if pool else rows
    _whole(target, lambda temporary: write(written, spec, temporary))
    return Exported(units, done, written.num_rows)


def table(store: str | os.PathLike[str], *, pool: bool = False) -> pa.Table:
    """Return what a store holds: what is varied, then the columns of the shards; unit after unit as in the grid.

    Parameters
    ----------
    store : str or path
    pool : bool
        Put the parts of each point together, one row for all: means weighted by their replicates, intervals as of
        normal means. Columns `unit` and `part` are left out. Without `parts` in the spec nothing is changed.

    Raises
    ------
    InputError
        If there is no sweep.

    Examples
    --------
    >>> from modelcollapse.runs import run, spec_of
    >>> spec = spec_of({
    ...     "recursion": {"family": "gaussian"}, "statistics": ["mean_variance"], "generations": [3],
    ...     "grid": {"recursion.sample_size": [10, 20]}, "run": {"executor": "serial"}})
    >>> _ = run(spec, "memory://example-table")
    >>> table("memory://example-table").select(["recursion.sample_size", "value"]).to_pylist()
    [{'recursion.sample_size': 10, 'value': 1.0}, {'recursion.sample_size': 20, 'value': 1.0}]
    """
    rows, spec, _ = _gathered(store)
    return _pooled(rows, spec) if pool else rows


def _gathered(store: str | os.PathLike[str]) -> tuple[pa.Table, Spec, int]:
    import numpy as np
    import pyarrow as pa

    kept = Store(Place(store))
    contents = kept.contents()
    spec = kept.require_spec(contents)
    listed = list(units_of(spec))
    places = {unit.key: place for place, (_, unit) in enumerate(listed)}
    rows = pa.concat_tables([schema().empty_table(), *kept.tables(contents)])
    owners = np.array([places.get(unit, -1) for unit in rows["unit"].to_pylist()], dtype=np.int64)
    order = np.argsort(owners, kind="stable")
    order = order[owners[order] >= 0]
    rows, owners = rows.take(pa.array(order)), owners[order]
    for position, path in enumerate(_varied(spec)):
        values = _column([{**point, "part": unit.parameters.get("part")}[path] for point, unit in listed])
        rows = rows.add_column(position, path, values.take(pa.array(owners)))
    return rows, spec, len(listed)


def _pooled(rows: pa.Table, spec: Spec) -> pa.Table:
    import pyarrow as pa

    if spec.parts == 1:
        return rows
    kept = rows.drop_columns(["unit", "part"])
    measured = {*NUMBERS, "error", "error_is_absolute", "undefined", "replicates"}
    one = [name for name in kept.column_names if name not in measured]
    return pa.Table.from_pylist(pooled(kept.to_pylist(), one), schema=kept.schema)


def _varied(spec: Spec) -> list[str]:
    return [*spec.zip, *spec.grid, *(["part"] if spec.parts > 1 else [])]


def _column(values: Sequence[Any]) -> pa.Array:
    """Values of one kind as they are; names as text; others as JSON."""
    import pyarrow as pa

    kinds = {type(value) for value in values}
    if kinds in ({int}, {float}, {int, float}, {bool}):
        return pa.array([float(value) for value in values] if len(kinds) > 1 else list(values))
    return pa.array([label(value) for value in values], pa.string())


def label(value: Any) -> str:
    """Return a value of the grid as text: a name by itself, all else as JSON.

    Examples
    --------
    >>> label("replace"), label({"name": "fresh-mix", "fresh": 0.1}), label([1, 2])
    ('replace', 'fresh-mix(fresh=0.1)', '[1, 2]')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        details = ", ".join(f"{key}={_json(each)}" for key, each in value.items() if key != "name")
        return f"{value['name']}({details})" if details else value["name"]
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, default=str)


def _write_parquet(rows: pa.Table, spec: Spec, path: Path) -> None:
    import pyarrow.parquet as pq

    about = {b"modelcollapse": json.dumps({"spec": spec.identity}, sort_keys=True, default=str).encode()}
    pq.write_table(rows.replace_schema_metadata(about), path, compression="zstd")


def _write_csv(rows: pa.Table, spec: Spec, path: Path) -> None:  # noqa: ARG001
    from pyarrow import csv

    csv.write_csv(rows, path)


def _write_netcdf(rows: pa.Table, spec: Spec, path: Path) -> None:
    from modelcollapse.runs.labelled import dataset

    try:
        dataset(rows, spec).to_netcdf(path, engine="h5netcdf")
    except (ImportError, ValueError) as error:
        if isinstance(error, ValueError) and "h5netcdf" not in str(error):
            raise
        raise InputError(
            "NetCDF needs packages that are not installed: pip install 'modelcollapse[xarray]'. Parquet and CSV do not."
        ) from error


def _whole(target: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place and move it there."""
    temporary = target.with_name(f".{secrets.token_hex(8)}{target.suffix.lower()}")
    try:
        write(temporary)
        temporary.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelCollapseError(f"cannot write {target}: {reason}; no partial file was left") from error
    finally:
        temporary.unlink(missing_ok=True)
