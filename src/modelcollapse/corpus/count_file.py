"""Count tables as files: two columns, word and count, separated by commas or tabs.

Two readers of the same language: `_read_fast` by pyarrow, for what is in order, and `_read_strictly`
line by line, for what is not: it defines the language and names the line.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from modelcollapse.corpus.count_table import LARGEST_TOTAL
from modelcollapse.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from modelcollapse.corpus.tally import Tally

ZERO_COUNTS = "words with a count of zero"
WHOLE_NUMBER = re.compile(r"\s*\+?[0-9]+\s*")


def counts_of_file(content: str, name: str, label: str, tally: Tally) -> dict[str, int]:
    """Read a count table.

    Parameters
    ----------
    content : str
        The whole file. A first line whose second column is no number is a header. A comma-separated
        file may quote its words; a tab-separated one takes every character as it is.
    name : str
        The name below any compression suffix: ``.tsv`` means tabs, ``.csv`` commas; under another
        name tabs if the first line has one.
    label : str
        What messages call the file.
    tally : Tally
        Where words with a count of zero are counted: they are passed over.

    Returns
    -------
    dict of str to int
        Counts of at least 1; those of a word that occurs more than once are added up.

    Raises
    ------
    InputError
        If a line has not two columns, no word, or a count that is negative, fractional, no number or
        above 2^63 - 1; the message names the line.
    """
    delimiter = _delimiter(content, name)
    columns = _read_fast(content, delimiter)
    if columns is None:
        return _read_strictly(content, delimiter, label, tally)
    words, counts = columns
    tally.skip(ZERO_COUNTS, int(np.count_nonzero(counts == 0)))
    found = dict(zip(words, counts.tolist(), strict=True))
    if len(found) < len(words):
        found = _added_up(zip(words, counts.tolist(), strict=True))
    return found if counts.all() else {word: count for word, count in found.items() if count}


def _delimiter(content: str, name: str) -> str:
    if name.endswith(".tsv"):
        return "\t"
    if name.endswith(".csv"):
        return ","
    return "\t" if "\t" in content.split("\n", 1)[0] else ","


def _added_up(rows: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for word, count in rows:
        found[word] = found.get(word, 0) + count
    return found


def _read_fast(content: str, delimiter: str) -> tuple[list[str], Any] | None:
    """Columns of a table in order, or None where anything at all is unusual."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    if "\r" in content.replace("\r\n", "\n") or (delimiter == "," and '"' in content):
        return None
    header = int(_is_header(content.split("\n", 1)[0].split(delimiter)))
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content.encode("utf-8")),
            arrow_csv.ReadOptions(column_names=["word", "count"], skip_rows=header, use_threads=False),
            arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False),
            arrow_csv.ConvertOptions(column_types={"word": pa.string(), "count": pa.int64()}, null_values=[]),
        )
    except (pa.ArrowException, ValueError):
        return None
    words = table["word"].to_pylist()
    if table["count"].null_count or not words or "" in words:
        return None
    counts = np.concatenate([np.from_dlpack(chunk) for chunk in table["count"].chunks])  # to_numpy imports pandas
    if np.any(counts < 0):
        return None
    return words, counts


def _is_header(cells: list[str]) -> bool:
    """Whether a first line names the columns: its second cell is no number of any kind."""
    if len(cells) != 2:
        return False
    try:
        float(cells[1])
    except ValueError:
        return bool(cells[1].strip())
    return False


def _read_strictly(content: str, delimiter: str, label: str, tally: Tally) -> dict[str, int]:
    found: dict[str, int] = {}
    for line, cells in _rows(content, delimiter, label):
        if line == 1 and _is_header(cells):
            continue
        count = _checked_count(cells, delimiter, f"{label}, line {line}")
        if count == 0:
            tally.skip(ZERO_COUNTS)
            continue
        found[cells[0]] = found.get(cells[0], 0) + count
    return found


def _rows(content: str, delimiter: str, label: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the number of the line they begin in."""
    if delimiter == "\t":
        lines = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        yield from ((number, row.split("\t")) for number, row in enumerate(lines, 1) if row)
        return
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{label}, line {line}: {error}; check its quotation marks") from None


def _checked_count(cells: list[str], delimiter: str, place: str) -> int:
    if len(cells) != 2:
        separator = "a tab" if delimiter == "\t" else "a comma"
        raise InputError(
            f"{place}: {len(cells)} column{'s' if len(cells) != 1 else ''}; a count table has two, "
            f"word and count, separated by {separator}"
        )
    word, count = cells
    if not word:
        raise InputError(f"{place}: there is no word before the count {count!r}")
    if not WHOLE_NUMBER.fullmatch(count):
        raise InputError(
            f"{place}: the count must be a whole number of 0 or more in plain digits, received {count!r:.40}"
        )
    digits = count.strip().lstrip("+").lstrip("0") or "0"
    if len(digits) > 19 or int(digits) > LARGEST_TOTAL:
        raise InputError(f"{place}: the count {count.strip():.40} is above 2^63 - 1")
    return int(digits)
