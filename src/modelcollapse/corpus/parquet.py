"""Parquet: the text in one of its columns."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from modelcollapse.corpus.refusal import refusing
from modelcollapse.corpus.source import STANDARD_INPUT, Source
from modelcollapse.corpus.stream import open_source
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from modelcollapse.corpus.tally import Tally

MAGIC = b"PAR1"
ROWS = 1024  # at once
NO_TEXT = "rows without text"


def texts_of_parquet(source: Source, text_field: str, tally: Tally, on_bytes: Callable[[int], None]) -> Iterator[str]:
    """Yield the text of each row; rows without one are counted in `tally`."""
    if source.address == STANDARD_INPUT or source.size is None:
        raise InputError(f"{source.label}: Parquet cannot be read from a pipe; give it as a file")
    with _parquet_errors(source.label), open_source(source) as stream:
        import pyarrow.parquet as pq

        file = pq.ParquetFile(stream)
        _check_column(file.schema_arrow, text_field, source.label)
        share = source.size / max(file.metadata.num_rows, 1)
        told = 0
        rows = 0
        for batch in file.iter_batches(ROWS, columns=[text_field], use_threads=False):
            for text in batch.column(0).to_pylist():
                if text is None:
                    tally.skip(NO_TEXT)
                else:
                    yield text
            rows += batch.num_rows
            on_bytes(int(rows * share) - told)
            told = int(rows * share)


@contextmanager
def _parquet_errors(label: str) -> Iterator[None]:
    import pyarrow as pa

    with refusing(label):
        try:
            yield
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            reason = " ".join(str(error).split())
            raise InputError(f"{label}: damaged or unknown Parquet ({reason:.200})") from None


def _check_column(schema: Any, text_field: str, label: str) -> None:
    import pyarrow as pa

    if text_field not in schema.names:
        near = difflib.get_close_matches(text_field, schema.names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"{label}: no column {text_field!r}; its columns are {', '.join(schema.names)}{hint} "
            "(`text_field`, --text-field, names the column)"
        )
    kind = schema.field(text_field).type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind)):
        raise InputError(f"{label}: the column {text_field!r} holds {kind}, not text")


def _is_view(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string_view(kind))
