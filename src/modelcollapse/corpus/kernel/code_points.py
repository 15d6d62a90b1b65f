"""What the word rule needs to know about each code point, asked of the running Python itself."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CODE_POINTS = 0x110000
PLANE = 0x10000
WORD = 1  # its lower case is matched by \w
CASED = 2  # a capital sigma after it is at the end of a word ...
IGNORABLE = 4  # ... and this is looked through when deciding so
CAPITAL_SIGMA = 0x3A3
FINAL_SIGMA = 0x3C2
DOTTED_CAPITAL_I = 0x130  # lower case: i and a combining dot, which is no word character


@cache
def code_point_tables() -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the lower case and the kind of every code point.

    Returns
    -------
    lowered : array of uint32, shape (0x110000,)
        The lower case; for the dotted capital I, whose lower case is two code points, the first.
    kind : array of uint8, shape (0x110000,)
        Sum of `WORD`, `CASED` and `IGNORABLE`.
    """
    lowered = np.arange(CODE_POINTS, dtype=np.uint32)
    kind = np.zeros(CODE_POINTS, np.uint8)
    for start in range(0, CODE_POINTS, PLANE):
        plane = list(map(chr, range(start, start + PLANE)))
        if any(map(str.isprintable, plane)):  # planes without characters have no letters either
            part = slice(start, start + PLANE)
            lowered[part], kind[part] = _plane_tables(plane)
    for table in (lowered, kind):
        table.flags.writeable = False
    return lowered, kind


def is_safe_to_cut_after(character: str) -> bool:
    """Whether text may be cut after `character` without changing any word on either side."""
    in_word = re.search(r"\w", character.lower())
    return not in_word and not ("A" + character + "Σ").lower().endswith("ς")


def _plane_tables(plane: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Lower case and kind, each asked of all characters at once in texts whose spaces separate them."""
    single = ["I" if len(c.lower()) > 1 else c for c in plane]  # only the dotted capital I
    lowered = _codes(" ".join(single).lower())[::2]
    in_word = [c.isalnum() or c == "_" for c in map(chr, lowered.tolist())]
    after_it = _codes("".join(f"{c}Σ " for c in single).lower())[1::3] == FINAL_SIGMA
    through_it = _codes("".join(f"A{c}Σ " for c in single).lower())[2::4] == FINAL_SIGMA
    kind = np.where(in_word, WORD, 0) + np.where(after_it, CASED, 0)
    return lowered, (kind + np.where(through_it & ~after_it, IGNORABLE, 0)).astype(np.uint8)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
