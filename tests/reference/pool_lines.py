"""Two routes to presence under accumulate-subsample, neither of which knows of interpolation.

- `survival`: lines of descent, back in time; exact for a few dozen draws, any number of generations.
- `window`: the chain of the count in the pool on 0..cap, any sizes; a lower bound, and how much has left the window.

Lines of descent. Those in a pool of N data are a uniform part of it, whatever they show. So of L lines a hypergeometric
number H is in its newest batch. These have their parents among the m data that the model before was fitted to, itself
a uniform part of the pool before: they fall into m boxes, and those hit are a uniform part that joins the other lines.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from tests.reference.fresh_chain import window_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def _occupied(boxes: int, most: int) -> Floats:
    """The law of the number of boxes hit, shape (balls + 1, boxes hit + 1)."""
    laws = np.zeros((most + 1, most + 1))
    laws[0, 0] = 1.0
    hit = np.arange(most + 1) / boxes
    for balls in range(most):
        laws[balls + 1] = laws[balls] * hit
        laws[balls + 1, 1:] += (laws[balls] * (1.0 - hit))[:-1]
    return laws


def _marked(total: int, marked: int, size: int) -> list[float]:
    """The law of how many of `size` are among the marked."""
    ways = comb(total, size)
    return [comb(marked, s) * comb(total - marked, size - s) / ways for s in range(min(marked, size) + 1)]


def _back(lines: Floats, held: int, n: int, boxes: int) -> Floats:
    """One generation back: from lines in a pool of `held` data, n of them new, to lines in the pool before."""
    most = len(lines) - 1
    occupied, following = _occupied(boxes, most), np.zeros(most + 1)
    for number, chance in enumerate(lines):
        if chance == 0.0:
            continue
        for new, part in enumerate(_marked(held, n, number)):
            old = number - new
            if part == 0.0 or old > held - n:
                continue
            for parents, share in enumerate(occupied[new]):
                if share == 0.0 or parents > held - n:
                    continue
                for known, both in enumerate(_marked(held - n, old, parents)):
                    following[old + parents - known] += chance * part * share * both
    return following


def survival(sizes: Sequence[int], fitted: Sequence[int], tokens: int, x: float, generation: int) -> float:
    """Return Pr(present) at a generation of one symbol; `tokens` of the corpus, 0 if the start is a known law."""
    n = sizes[generation - 1]
    if generation == 1:
        return 1.0 - (1.0 - x) ** n
    lines = _occupied(fitted[generation - 2], n)[n]
    for k in range(generation - 1, 0 if tokens else 1, -1):
        held = tokens + sum(sizes[:k])
        # Model 0 is fitted to all of the corpus.
        lines = _back(lines, held, sizes[k - 1], fitted[k - 2] if k > 1 else tokens)
    count = round(x * tokens)
    absent = [
        comb(tokens - count, number) / comb(tokens, number) if tokens and number <= tokens else (1.0 - x) ** number
        for number in range(n + 1)
    ]
    return 1.0 - float(lines @ absent)


def _part_law(total: int, count: int, size: int, most: int) -> Floats:
    """How many of `count` data are in a part: each of them in turn is, or is not."""
    law = np.zeros(most + 1)
    law[0] = 1.0
    for i in range(count):
        inside = np.maximum(size - np.arange(most + 1.0), 0.0) / (total - i)
        stays = law * (1.0 - inside)
        stays[1:] += (law * inside)[:-1]
        law = stays
    return law


def window(n: int, fitted: int, tokens: int, count: int, horizon: int, cap: int) -> tuple[Floats, Floats]:
    """Return Pr(present at k) on paths that stay at counts up to `cap`, and the chance of the others."""
    law, held, lost = np.zeros(cap + 1), tokens, 0.0
    law[count] = 1.0
    found, left = [], []
    for generation in range(1, horizon + 1):
        size = tokens if generation == 1 else fitted
        drawn = window_rows(n, np.minimum(np.arange(cap + 1) / size, 0.99), cap)
        following, present = np.zeros(cap + 1), 0.0
        for before in np.flatnonzero(law > 1e-25):
            part = np.eye(cap + 1)[before] if generation == 1 else _part_law(held, before, size, cap)
            row = part @ drawn
            present += law[before] * (1.0 - row[0])
            following[before:] += law[before] * row[: cap + 1 - before]
        found.append(present)
        left.append(lost)
        law, held, lost = following, held + n, 1.0 - following.sum()
    return np.array(found), np.array(left)
