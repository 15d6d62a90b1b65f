"""The law of A_k itself: the number of draws of generation 1 that generation k descends from.

Backwards, each of the n draws of a generation copied a uniformly chosen draw of the generation before: a balls fall
in n boxes, and the occupied boxes are the ancestors. A_1 = n. Where sample sizes vary, there are as many boxes as the
generation before has draws. All terms are positive, so every probability keeps its relative accuracy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LARGEST_SAMPLE_SIZE = 10_000
RELATIVE_ERROR = 1e-11  # of every probability above 1e-20; smaller ones are dropped
_NEGLIGIBLE = 1e-35


def ancestor_laws(n: int, horizon: int) -> Iterator[Floats]:
    """Yield the laws of A_1, ..., A_horizon, each of shape (n,): entry a - 1 is Pr(A_k = a).

    Examples
    --------
    >>> [law.round(4).tolist() for law in ancestor_laws(2, 3)]
    [[0.0, 1.0], [0.5, 0.5], [0.75, 0.25]]
    """
    law = np.zeros(n)
    law[-1] = 1.0
    for generation in range(1, horizon + 1):
        yield law
        if generation < horizon:
            law = _occupied(n, law)


def ancestor_law_of_schedule(sizes: Sequence[int]) -> Floats:
    """Return the law of the number of draws of generation 1 that the last of `sizes` descends from, shape (n_1,).

    Each horizon has its own way back: it starts from all the draws of its own generation.

    Examples
    --------
    >>> ancestor_law_of_schedule([2, 3]).tolist()
    [0.25, 0.75]
    """
    law = np.zeros(sizes[-1])
    law[-1] = 1.0
    for boxes in reversed(sizes[:-1]):
        law = _occupied(boxes, law)
    return law


def _occupied(n: int, law: Floats) -> Floats:
    """The law of the number of occupied boxes when A balls, A ~ law, fall in n boxes.

    Ball after ball from the largest A down; a smaller A joins with no box occupied when as many balls are left.
    Only the window of boxes that carries mass is touched.
    """
    balls = np.flatnonzero(law) + 1
    occupied, window = 0, np.array([law[balls[-1] - 1]])
    for left in range(int(balls[-1]), 0, -1):
        boxes = occupied + np.arange(len(window) + 1)
        thrown = np.append(window, 0.0) * (boxes / n)
        thrown[1:] += window * (1.0 - boxes[:-1] / n)
        if left - 1 >= balls[0] and law[left - 2] > 0.0:
            thrown = np.concatenate([np.zeros(occupied), thrown])
            occupied = 0
            thrown[0] += law[left - 2]
        kept = np.flatnonzero(thrown > _NEGLIGIBLE)
        window = thrown[kept[0] : kept[-1] + 1]
        occupied += int(kept[0])
    result = np.zeros(n)
    # Many throws let the total drift by rounding; it is 1.
    result[occupied - 1 : occupied - 1 + len(window)] = window / window.sum()
    return result
