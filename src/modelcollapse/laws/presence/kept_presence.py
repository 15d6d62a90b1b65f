"""Presence where data are kept: laws of counts in the pool, carried forward from generation to generation.

A law is a functional on functions of a count, weights on the nodes of a lattice. It has weight on few nodes, so steps
are formed for those only, and for as many generations together as the pool needs to grow by a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.kept_step import Draws, KeptStep, form
from modelcollapse.laws.presence.lattice import Lattice

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Generations = NDArray[np.int64]

_NEGLIGIBLE = 1e-18  # of a law's weight off 0
_GROWTH = 1.25  # of the pool, while steps are formed together
_MARGIN = 8  # nodes that a law may spread on the side in the meantime
_FEW = 32  # laws are read one by one
_TERMS = 1 << 15  # rows of steps that are formed together, which bounds memory


@dataclass(frozen=True)
class Pool:
    """A recursion that keeps all its data.

    Parameters
    ----------
    sizes, fitted : arrays of int, shape (horizon,)
        Draws of every generation, and data that model 1, 2, ... is fitted to.
    corpus : int
        Data before the first draw.
    fresh : float
        The chance that a draw of generation 2, 3, ... is fresh; 0 where models are fitted to parts.
    known : bool
        Whether the first draws come from the law itself, and not from its corpus.
    """

    sizes: Generations
    fitted: Generations
    corpus: int
    fresh: float
    known: bool

    @cached_property
    def _held(self) -> list[int]:
        return [self.corpus, *(self.corpus + np.cumsum(self.sizes)).tolist()]

    def held(self, generation: int) -> int:
        """Data in the pool before a generation."""
        return self._held[generation - 1]

    def draws(self, generation: int) -> Draws:
        """What a generation draws; model 0 is fitted to all of the corpus."""
        first, total = generation == 1, self.held(generation)
        fitted = total if first else int(self.fitted[generation - 2])
        kept = 1.0 - self.fresh if not first else 0.0 if self.known else 1.0
        n = int(self.sizes[generation - 1])
        steady = generation > 2 and n == self.sizes[generation - 2] and fitted == self.fitted[generation - 3]
        return Draws(total, fitted, n, kept, bool(steady))


def presence(
    pool: Pool, laws: Floats, fresh: Floats, generations: Generations, functionals: Floats | None = None
) -> Floats:
    """Return Pr(present at k), or sums of it, shape (generation, law).

    Parameters
    ----------
    pool : Pool
    laws : array, shape (law, node)
        Weights on the counts in the corpus.
    fresh : array, shape (law,)
        Each symbol's probability, where draws are fresh.
    generations : array of int
    functionals : array, shape (functional, law), optional
        What is asked of the laws, if not each of them; later generations have no fresh draws.
    """
    wanted, value = set(generations.tolist()), []
    generation, last, before = 1, int(generations[-1]), Lattice(pool.corpus)
    while generation <= last:
        for step, place in _together(pool, before, laws, fresh, generation, last):
            terms = _terms(laws, before.nodes, place)
            if (terms[1] < 0).any():
                break
            asked = generation in wanted
            seen, laws = _read(step, *terms, len(laws), own=len(place) > 1, asked=asked)
            if functionals is not None and generation == 1:
                seen, laws = functionals @ seen, functionals @ laws
            if asked:
                value.append(seen)
            generation, before = generation + 1, step.after
    return np.array(value)


def _read(
    step: KeptStep, law: Indices, row: Indices, weight: Floats, size: int, *, own: bool, asked: bool
) -> tuple[Floats, Floats]:
    """Read laws one by one, or many of them by way of all their rows."""
    if own or size <= _FEW:
        return step.read(law, row, weight, size, asked=asked)
    rows, place = np.unique(row, return_inverse=True)
    each = step.read(np.arange(len(rows)), rows, np.ones(len(rows)), len(rows), asked=asked)
    weights = np.zeros((size, len(rows)))
    weights[law, place] = weight
    return weights @ each[0], weights @ each[1]


def _together(
    pool: Pool, before: Lattice, laws: Floats, fresh: Floats, generation: int, last: int
) -> list[tuple[KeptStep, Indices]]:
    """Form the steps of some generations, for the nodes that laws may reach; each with every node's row, or -1."""
    own = pool.draws(generation).kept < 1.0  # each law has draws of its own
    worth = _worth(laws, before.nodes)
    if not own:
        worth = np.asarray(worth.any(axis=0))[None, :]
    node = np.arange(worth.shape[1])
    low = np.where(worth[:, 1:], node[1:], len(node)).min(axis=1, initial=len(node)) - _MARGIN
    high = np.where(worth[:, 1:], node[1:], 0).max(axis=1, initial=0) + 2 * _MARGIN
    to_the_end, rows = high >= before.common, 0
    found: list[tuple[KeptStep, Indices]] = []
    for now in range(generation, last + 1):
        draws, after = pool.draws(now), Lattice(pool.held(now + 1))
        if found and (pool.held(now) > _GROWTH * pool.held(generation) or rows > _TERMS or now == 2):
            break
        node = np.arange(len(before.nodes))
        held = (node >= low[:, None]) & ((node <= high[:, None]) | to_the_end[:, None])
        held[:, 0] = own
        place = np.where(held, np.cumsum(held).reshape(held.shape) - 1, -1)
        law, chosen = np.nonzero(held)
        step = KeptStep(draws, after, before.nodes[chosen], (1.0 - draws.kept) * fresh[law] * own)
        found.append((step, place))
        rows, before = rows + len(chosen), after
    form([step for step, _ in found])
    return found


def _terms(laws: Floats, nodes: Floats, place: Indices) -> tuple[Indices, Indices, Floats]:
    """Return law, row and weight of what matters; the row is -1 where there is none."""
    worth = _worth(laws, nodes)
    if len(place) == 1 and place[0, 0] < 0:
        worth[:, 0] = False
    law, node = np.nonzero(worth)
    return law, place[law if len(place) > 1 else 0, node], laws[law, node]


def _worth(laws: Floats, nodes: Floats) -> NDArray[np.bool_]:
    """Which weights matter.

    What is asked of a count grows with it, but less than in proportion. So a weight w_c is held against the sum of
    w min(1, count/c) over counts above 0: a rare symbol is mostly at 0, and a few draws may weigh much.
    """
    size = np.abs(laws)
    counted = size * nodes
    below = np.cumsum(counted, axis=1) / np.maximum(nodes, 1.0)
    above = size[:, 1:].sum(axis=1, keepdims=True) - np.cumsum(size, axis=1) + size[:, :1]
    return np.asarray(size > _NEGLIGIBLE * np.minimum(below + np.maximum(above, 0.0), 1.0))
