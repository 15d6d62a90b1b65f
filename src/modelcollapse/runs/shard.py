"""A shard: the rows of a batch of units as one Parquet file, whose name holds the checksum of its bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1
_KEY = b"modelcollapse"
_NAME = re.compile(r"([0-9a-f]{32})-(\d+)\.parquet")


@dataclass(frozen=True)
class Shard:
    """What is known of a whole shard without its rows.

    Parameters
    ----------
    name : str
    units : tuple of str
        Keys of the units that it holds.
    spec : mapping
        Of the sweep that it belongs to.
    versions : mapping of str to str
        That it was made with.
    """

    name: str
    units: tuple[str, ...]
    spec: Mapping[str, Any]
    versions: Mapping[str, str]


def encode(table: pa.Table, units: Sequence[str], spec: Mapping[str, Any], versions: Mapping[str, str]) -> bytes:
    """Return the bytes of a shard; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {"schema_version": SCHEMA_VERSION, "units": list(units), "spec": spec, "versions": dict(versions)}
    text = json.dumps(about, sort_keys=True, separators=(",", ":"), default=str)
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({_KEY: text.encode()}), sink, compression="zstd")
    return bytes(sink.getvalue())


def name_of(content: bytes, units: int) -> str:
    """Return the name of a shard.

    Examples
    --------
    >>> name_of(b"", 2)
    'cae66941d9efbd404e4d88758ea67670-2.parquet'
    """
    return f"{hashlib.blake2b(content, digest_size=16).hexdigest()}-{units}.parquet"


def units_by_name(name: str) -> int | None:
    """Return how many units a shard of that name holds; None if it is no name of a shard."""
    found = _NAME.fullmatch(name)
    return int(found[2]) if found else None


def decode(name: str, content: bytes) -> Shard | None:
    """Return what a shard holds, None if its bytes are not those that were written."""
    units = units_by_name(name)
    if units is None or name_of(content, units) != name:
        return None
    about = _about(content)
    return Shard(name, tuple(about["units"]), about["spec"], about["versions"])


def units_in(content: bytes) -> list[str]:
    """Return the keys of the units of a shard that is known to be whole."""
    return list(_about(content)["units"])


def rows_of(content: bytes) -> pa.Table:
    """Return the rows of a shard that was found whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.read_table(pa.BufferReader(content)).replace_schema_metadata(None)


def _about(content: bytes) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return dict(json.loads(pq.read_metadata(pa.BufferReader(content)).metadata[_KEY]))
