"""Presence under replace with sizes that vary wildly: lines of descent, counted while they are few.

The draws of generation K have so many distinct parents as boxes are hit when they fall into n_{K-1} boxes, and so on
back to generation 1. Of two neighbouring sizes one must be small. All terms are positive, so that no digit is lost
however rare the symbol is.
"""

from __future__ import annotations

import numpy as np

MOST = 64


def survival(sizes: list[int], p: np.ndarray) -> np.ndarray:
    """Pr(present at the last generation), for each probability."""
    lines = {sizes[-1]: 1.0}
    for boxes in sizes[-2::-1]:
        law = np.zeros(MOST + 1)
        for balls, chance in lines.items():
            hit = boxes_hit(balls, boxes)
            law[: len(hit)] += chance * hit
        lines = {number: float(chance) for number, chance in enumerate(law) if chance > 0}
    return sum(chance * -np.expm1(number * np.log1p(-p)) for number, chance in lines.items())


def boxes_hit(balls: int, boxes: int) -> np.ndarray:
    """The law of the number of boxes that are hit; balls or boxes are few."""
    most = min(balls, boxes)
    assert most <= MOST
    hit = np.arange(most + 1) / boxes
    one_more = np.diag(hit) + np.diag(1.0 - hit[:-1], 1)
    if balls <= MOST:
        law = np.eye(most + 1)[0]
        for _ in range(balls):
            law = law @ one_more
        return law
    return np.linalg.matrix_power(one_more, balls)[0]
