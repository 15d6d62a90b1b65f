"""Columns of a table from NumPy arrays and lists of text, laid out by hand.

`pyarrow.array` would do the same, but imports pandas wherever that is installed, which costs each worker a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def numbers(values: NDArray[Any], given: NDArray[np.bool_], kind: pa.DataType) -> pa.Array:
    """Return a column of floats, whole numbers or truth values; null where nothing is given.

    Examples
    --------
    >>> import pyarrow as pa
    >>> numbers(np.array([1.5, 0.0]), np.array([True, False]), pa.float64()).to_pylist()
    [1.5, None]
    """
    import pyarrow as pa

    content = _bits(values) if pa.types.is_boolean(kind) else values.astype(kind.to_pandas_dtype()).tobytes()
    return pa.Array.from_buffers(kind, len(values), [_valid(given), pa.py_buffer(content)])


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return a column of text.

    Examples
    --------
    >>> texts(["a", None, "", "bc"]).to_pylist()
    ['a', None, '', 'bc']
    """
    import pyarrow as pa

    encoded = [b"" if value is None else value.encode() for value in values]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    given = np.array([value is not None for value in values], dtype=bool)
    content = [_valid(given), pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(encoded), content)


def _valid(given: NDArray[np.bool_]) -> pa.Buffer | None:
    import pyarrow as pa

    return None if given.all() else pa.py_buffer(_bits(given))


def _bits(flags: NDArray[Any]) -> bytes:
    return np.packbits(flags.astype(bool), bitorder="little").tobytes()
