"""Routes to presence where fresh data flow, none of which knows of splines.

A draw of generation k shows a symbol of probability x with chance a_k x + (1 - a_k) y, y its frequency at k - 1.

- `survival`: the chain of counts 0..n in full; n to about 1,000, any schedule. Rounding only.
- `lineage_survival`: going back, how many lines froze at fresh draws and how many are active; n to about 30.
- `settled`: the law of the count in the limit, by a linear system; n to about 1,000.
- `window_bracket`: the chain on the counts 0..cap, all that leaves it written down; any n. The bracket's width.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import numpy as np

from tests.reference.dense_chain import binomial_law
from tests.reference.forward_window import TINY, binomial_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def survival(sizes: Sequence[int], shares: Sequence[float], x: float) -> Floats:
    """Return Pr(present at generation k) for k = 1, 2, ... of one symbol."""
    law, found = binomial_law(sizes[0], np.longdouble(x)), []
    found.append(law[1:].sum())
    rows: dict[tuple[int, int, float], Floats] = {}
    for before, n, share in zip(sizes[:-1], sizes[1:], shares[1:], strict=True):
        if (before, n, share) not in rows:
            chances = share * x + (1 - share) * np.arange(before + 1, dtype=np.longdouble) / before
            rows[before, n, share] = np.stack([binomial_law(n, chance) for chance in chances])
        law = law @ rows[before, n, share]
        found.append(law[1:].sum())
    return np.array(found)


def settled(n: int, share: float, x: float) -> Floats:
    """Return the law of the count of one symbol after infinitely many generations, shape (n + 1,)."""
    chances = share * x + (1 - share) * np.arange(n + 1) / n
    system = np.stack([binomial_law(n, chance) for chance in chances]).T - np.eye(n + 1)
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(n + 1)[-1])


def _occupied(balls: int, boxes: int) -> Floats:
    """Return the law of the number of boxes that are not empty, shape (boxes + 1,)."""
    law = np.zeros(boxes + 1)
    law[0] = 1.0
    hit = np.arange(boxes + 1) / boxes
    for _ in range(balls):
        law = law * hit + np.concatenate([[0.0], (law * (1 - hit))[:-1]])
    return law


def lineage_survival(sizes: Sequence[int], shares: Sequence[float], x: float) -> float:
    """Return Pr(present at the last generation): 1 - E (1 - x)^{frozen + active}."""
    active = {sizes[-1]: 1.0}  # number of active lines -> E (1 - x)^frozen on that event
    for boxes, share in zip(sizes[-2::-1], shares[:0:-1], strict=True):
        following: dict[int, float] = {}
        for lines, weight in active.items():
            for kept in range(lines + 1):
                chance = comb(lines, kept) * (1 - share) ** kept * (share * (1 - x)) ** (lines - kept)
                for roots, part in enumerate(_occupied(kept, boxes)):
                    following[roots] = following.get(roots, 0.0) + weight * chance * part
        active = following
    return 1.0 - sum(weight * (1 - x) ** lines for lines, weight in active.items())


def window_bracket(n: int, flow: float | int, x: float, horizon: int, cap: int) -> tuple[Floats, Floats]:
    """Return (low, high) around Pr(present at k), k = 1..horizon; `flow` is a fresh share or, if whole, a number."""
    count = flow if isinstance(flow, int) else 0
    share = 0.0 if count else flow
    first = window_rows(n, np.array([x]), cap)[0]
    matrix = window_rows(n - count, share * x + (1 - share) * np.arange(cap + 1) / n, cap)
    if count:
        new = window_rows(count, np.array([x]), cap)[0]
        shifted = np.stack([np.concatenate([np.zeros(i), new[: cap + 1 - i]]) for i in range(cap + 1)])
        matrix = matrix @ shifted
    leaving = np.maximum(1.0 - matrix.sum(axis=1), 0.0)
    law, lost = first, max(1.0 - float(first.sum()), 0.0)
    low, high = [], []
    for _ in range(horizon):
        low.append(law[1:].sum())
        high.append(low[-1] + lost)
        lost += float(law @ leaving)
        law = law @ matrix
    return np.array(low), np.array(high)


def window_rows(n: int, chances: Floats, cap: int) -> Floats:
    """Return binomial probabilities of 0..cap, one row for each chance below 1."""
    rows = np.zeros((len(chances), cap + 1))
    rows[chances == 0.0, 0] = 1.0
    positive = np.flatnonzero(chances > 0)
    p = chances[positive]
    first, terms, _ = binomial_rows(n, p / (1 - p), np.floor((n + 1) * p), TINY * 1e-6)
    for row, start, values in zip(positive, first.astype(int), terms, strict=True):
        held = values[max(0, -start) : max(0, cap + 1 - start)]
        rows[row, max(0, start) : max(0, start) + len(held)] = held
    return np.maximum(rows, 0.0)
