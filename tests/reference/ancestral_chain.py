"""The number of distinct ancestors, as an exact chain.

Look back from generation k: A_1 = n draws descend from A_k distinct draws of generation 1, and given A_k = a,
A_{k+1} is the number of occupied boxes after a balls fall in n boxes. A symbol of initial probability x is lost
at k exactly when none of the A_k ancestors carried it, so Pr(present at k) = 1 - E (1-x)^{A_k}, for every x at once.

Method: balls are thrown one at a time, each throw a bidiagonal step on a window of the law, all terms positive. The
laws after m balls are kept at some of the m (checkpoints), so that a generation starts just below its own window.
Once the ancestors are few, rows of the one-generation matrix are kept (sparse), and once they are at most `FEW`,
leaps are made by squaring what the matrix takes away from the identity, so that no digit of 1 - Pr(no change) is lost.

Cost: one sweep of n throws, then per generation as many throws as the law is wide; every horizon. n = 10^4 takes
0.2 s in all, n = 436,577 7 s, n = 10^6 20 s, n = 10^7 8 minutes and 0.6 GB. Error: dropped mass below 1e-19 per
generation, and rounding. Relative error of the survival probability, measured: 3e-16 against extended precision
(n = 300, k to 3,000) and 40 digits (n = 50); 5e-15 against the window (n = 10^4 and 10^5, k to 100) and against
the cumulants (n = 10^6, k to 1,300).
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    Law = tuple[int, NDArray[np.float64]]  # the first value, and the probabilities of it and its successors

DROP = 1e-26  # an end of a law below this is cut
FEW = 300  # ancestors among whom leaps are made with a full matrix
SPARSE = 3000  # ancestors for whom the rows of the one-generation matrix are kept


class _Throws:
    """The law of the number of occupied boxes, ball after ball: a window in arrays indexed by that number."""

    def __init__(self, n: int) -> None:
        self.n = n
        occupied = np.arange(n + 1, dtype=np.float64)
        self._hit = occupied / n
        self._miss = (n - occupied) / n
        self._law = np.zeros(n + 2)
        self._moved = np.empty(n + 2)
        self.low = self.high = 0
        self._law[0] = 1.0

    def restart(self, law: Law) -> None:
        """Continue from a law kept earlier."""
        self._law[self.low : self.high + 1] = 0.0
        self.low, values = law
        self.high = self.low + len(values) - 1
        self._law[self.low : self.high + 1] = values

    def window(self) -> NDArray[np.float64]:
        """Return the current law on low..high (a view)."""
        return self._law[self.low : self.high + 1]

    def throw(self) -> None:
        """Throw one ball: a full box is hit, or an empty one."""
        low, stop, law = self.low, self.high + 1, self._law
        moved = np.multiply(law[low:stop], self._miss[low:stop], out=self._moved[low:stop])
        law[low:stop] *= self._hit[low:stop]
        law[low + 1 : stop + 1] += moved
        self.high = stop
        while law[self.high] < DROP:
            law[self.high] = 0.0
            self.high -= 1
        while law[self.low] < DROP:
            law[self.low] = 0.0
            self.low += 1


def _trimmed(law: Law) -> Law:
    """Cut negligible ends; and restore the total to one, from which 10^4 throws drift by some 10^-15."""
    first, pmf = law
    keep = np.flatnonzero(pmf > DROP)
    pmf = pmf[keep[0] : keep[-1] + 1]
    return first + int(keep[0]), pmf / pmf.sum()


class AncestralChain:
    """The chain A_1, A_2, ... for one n, holding what is shared by all its generations."""

    def __init__(self, n: int) -> None:
        self.n = n
        self._throws = _Throws(n)
        self._kept: dict[int, Law] = {}
        rows: list[Law] = []
        due = 0
        for balls in range(n + 1):
            if balls <= SPARSE:
                rows.append(_trimmed((self._throws.low, self._throws.window())))
            if balls >= due:
                self._kept[balls] = (self._throws.low, self._throws.window().copy())
                due = balls + 1 + int(2 * balls**0.5)
            if balls < n:
                self._throws.throw()
        self._matrix = _sparse_rows(rows)
        self._checkpoints = np.array(sorted(self._kept))

    def step(self, law: Law) -> Law:
        """Return the law one generation further back."""
        first, pmf = law
        last = first + len(pmf) - 1
        if last < self._matrix.shape[0]:
            padded = np.zeros(self._matrix.shape[0])
            padded[first : last + 1] = pmf
            return _trimmed((0, self._matrix @ padded))
        start = int(self._checkpoints[np.searchsorted(self._checkpoints, first, side="right") - 1])
        self._throws.restart(self._kept[start])
        following = np.zeros(last + 1)
        for balls in range(start, last + 1):
            if balls >= first:
                here = slice(self._throws.low, self._throws.high + 1)
                following[here] += pmf[balls - first] * self._throws.window()
            if balls < last:
                self._throws.throw()
        return _trimmed((0, following))

    @cached_property
    def _change(self) -> list[NDArray[np.float64]]:
        """Identity minus the 2^j-th power of the transition matrix among 1..FEW, for j = 0, 1, ..."""
        few = min(FEW, self.n)
        falls = np.tril(self._matrix[1 : few + 1, 1 : few + 1].toarray().T, -1)
        stay = np.array([np.log1p(-np.arange(a) / self.n).sum() for a in range(1, few + 1)])
        leave = -np.expm1(stay)  # Pr(some box is hit twice), to full relative accuracy
        falls[1:] *= (leave[1:] / falls[1:].sum(axis=1))[:, None]
        return [np.diag(leave) - falls]

    def leap(self, law: Law, steps: int) -> Law:
        """Return the law `steps` generations further back, for a law on 1..FEW."""
        few = len(self._change[0])
        pmf = np.zeros(few)
        pmf[law[0] - 1 : law[0] - 1 + len(law[1])] = law[1]
        power = 0
        while steps:
            if power == len(self._change):
                change = self._change[-1]
                self._change.append(2 * change - change @ change)
            if steps & 1:
                pmf = pmf - pmf @ self._change[power]
            steps >>= 1
            power += 1
        return _trimmed((1, np.maximum(pmf, 0.0)))

    def laws(self, generations: Sequence[int]) -> Iterator[tuple[int, Law]]:
        """Yield (k, law of A_k) in increasing order of the generations asked for."""
        k, law = 1, (self.n, np.ones(1))
        for target in sorted(set(generations)):
            while k < target:
                if law[0] + len(law[1]) - 1 <= FEW:
                    law, k = self.leap(law, target - k), target
                else:
                    law, k = self.step(law), k + 1
            yield k, law


def _sparse_rows(rows: list[Law]) -> csr_array:
    """Return the transposed one-generation matrix (occupied boxes x balls) from its laws."""
    balls = np.concatenate([np.full(len(pmf), a) for a, (_, pmf) in enumerate(rows)])
    boxes = np.concatenate([first + np.arange(len(pmf)) for first, pmf in rows])
    values = np.concatenate([pmf for _, pmf in rows])
    size = len(rows)
    return csr_array((values, (boxes, balls)), shape=(size, size))


@lru_cache(maxsize=2)
def chain(n: int) -> AncestralChain:
    """Return the chain for n, the costly sweep done once."""
    return AncestralChain(n)


def laws(n: int, generations: Sequence[int]) -> list[Law]:
    """Return the law of A_k as (first value, probabilities) for each generation asked for.

    Exact chain; n to 10^4 for every k in seconds, n = 10^6 in 20 s; any k.
    """
    found = dict(chain(n).laws(generations))
    return [found[k] for k in generations]


def survival(n: int, x: ArrayLike, generations: Sequence[int]) -> NDArray[np.float64]:
    """Return Pr(a symbol of initial probability x is present at generation k), one row per generation.

    From `laws`; any x in [0, 1]. Relative error 1e-13, measured 5e-15.
    """
    with np.errstate(divide="ignore"):
        stay = np.log1p(-np.atleast_1d(np.asarray(x, dtype=np.float64)))
    rows = []
    for first, pmf in laws(n, generations):
        ancestors = np.arange(first, first + len(pmf))
        rows.append(-(pmf @ np.expm1(ancestors[:, None] * stay)))
    return np.array(rows)
