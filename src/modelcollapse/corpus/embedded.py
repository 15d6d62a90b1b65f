"""The corpus that comes with the package: word counts of the King James Bible, fixed for ever."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from modelcollapse.corpus.count_table import CountTable

NAME = "King James Bible"
FILE = "king_james_counts.tsv"
SHA256 = "ce44d183297cb5d57538abebf72937fa5b6ff42754356ee7721a239554781d90"


def embedded() -> CountTable:
    """Return the word counts of the King James Bible.

    The text is that of Debian's package ``bible-kjv-text`` (public domain) without its verse references, counted by
    the word rule of `read_corpus`. The package ships the counts, not the text; ``scripts/make_king_james_counts.py``
    makes them again to the byte.

    Returns
    -------
    CountTable

    Examples
    --------
    >>> print(embedded())
    King James Bible: 791,450 tokens, 12,544 types, 3,937 singletons
    """
    content = files(__package__).joinpath("data", FILE).read_text(encoding="utf-8")
    cells = content.split()[2:]  # without the header; no word holds white space
    counts = np.fromiter(map(int, cells[1::2]), np.int64, len(cells) // 2)
    return CountTable(tuple(cells[0::2]), counts, NAME)
