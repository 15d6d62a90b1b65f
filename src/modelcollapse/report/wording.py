"""Words, numbers and tables as a terminal shows them."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

_WORD_WIDTH = 24


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = -1) -> list[str]:
    """Return the lines of a table indented by two; column `left` is aligned left, the others right."""
    columns = [[head, *(row[i] for row in rows)] for i, head in enumerate(heads)]
    widths = [max(map(width, column)) for column in columns]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell + " " * (widths[i] - width(cell)) if i == left else " " * (widths[i] - width(cell)) + cell
            for i, cell in enumerate(cells)
        ]
        return ("  " + "  ".join(padded)).rstrip()

    return [line(heads), *map(line, rows)]


def width(text: str) -> int:
    """Return how many columns a terminal gives a text: wide East Asian characters take two, marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shorten(word: str) -> str:
    """Return a word fit for a table: control characters shown as such, long words cut."""
    shown = "".join(c if c.isprintable() else "?" for c in word)
    return shown if len(shown) <= _WORD_WIDTH else shown[: _WORD_WIDTH - 3] + "..."


def plural(number: int, noun: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> plural(1, "word"), plural(2000, "word")
    ('1 word', '2,000 words')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def generation(value: float) -> str:
    """Return a generation as text; one that is never reached as 'never', one that does not exist as '-'.

    Examples
    --------
    >>> generation(1436.0), generation(math.inf), generation(2.885390081777927e40)
    ('1,436', 'never', '2.88539e+40')
    """
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "never"
    return f"{value:,.0f}" if value < 2.0**53 else f"{value:.6g}"


def percent(share: float) -> str:
    """Return a share as a percentage of three significant digits that never rounds to 0 or 100 what is neither.

    Examples
    --------
    >>> percent(0.1234), percent(1.0), percent(0.99999), percent(1e-9), percent(0.0)
    ('12.3 %', '100 %', '> 99.9 %', '< 0.01 %', '0 %')
    """
    value = 100.0 * share
    if share in (0.0, 1.0):
        return f"{value:.0f} %"
    if value < 0.01:
        return "< 0.01 %"
    if value > 99.9:
        return "> 99.9 %"
    return f"{value:.3g} %"
