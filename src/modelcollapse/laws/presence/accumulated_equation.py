"""Presence where all data are kept and a part of all draws is fresh: each symbol's count, carried forward.

A draw of generation k shows a symbol of probability x with chance t = a x + (1 - a) c/N, c its count among the N data
in the pool. So the law of c, as a functional on functions of a count, moves by c <- c + Binomial(n, t), and

    Pr(present at k) = E [1 - (1 - t)^{n_k}].

What is fresh differs from symbol to symbol, and with it the operator: laws are carried, not functions. A law has weight
on few nodes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.corpus_frequencies import CorpusFrequencies
from modelcollapse.laws.presence.function_space import FunctionSpace
from modelcollapse.laws.presence.kept_presence import Pool, presence
from modelcollapse.laws.presence.lattice import Lattice
from modelcollapse.laws.presence.reading import carried_where_uncertain

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

# Relative error of every survival probability, measured in the tests against enumeration, the chain of the pool in
# full and in a window, and twice the resolution.
RELATIVE_ERROR = 1e-10

_CARRIED = 256  # symbols carried at a time, which bounds memory


class AccumulatedEquation:
    """The excess survival d_k(x) = Pr(present at k) - x of a recursion that keeps all data, some of them fresh.

    Parameters
    ----------
    sizes : array of int, shape (horizon,)
        n_1, n_2, ..., draws of every generation.
    fresh : float
        The chance that a draw is fresh.
    corpus : int
        Data before the first draw; 0 if the start is a known law.

    Attributes
    ----------
    spline : FunctionSpace
        The space in which functions of x are held.
    """

    def __init__(self, sizes: Generations, fresh: float, corpus: int) -> None:
        self._sizes, self._fresh, self._corpus = sizes, fresh, corpus
        self._held = corpus + np.concatenate([[0], np.cumsum(sizes)])  # before generation 1, 2, ...
        self._pool = Pool(sizes, self._held[1:], corpus, fresh, known=fresh > 0.0 or not corpus)
        self._kept: tuple[tuple[int, ...], Floats] | None = None  # generations, and the excess at all nodes
        self.spline: FunctionSpace = CorpusFrequencies(corpus) if corpus else PanelSpline(int(sizes.max()))

    def read(self, functionals: Floats, generations: Generations) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""
        nodes, asked = self.spline.nodes, tuple(generations.tolist())
        if self._kept is None or self._kept[0] != asked:
            self._kept = asked, self.survival(nodes, generations) - nodes
        return self._kept[1] @ functionals.T

    def survival(self, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) of symbols of probabilities x, shape (generation, symbol)."""
        weakest, rows = self.weakest(generations), len(generations)
        return carried_where_uncertain(x, weakest, lambda part: self._carry(part, generations), rows, _CARRIED)

    def weakest(self, generations: Generations) -> float:
        """Return a number w such that Pr(absent) <= exp(-x w) at each of the generations, for every x.

        Because (1 - t)^n <= e^{-nt}, the bound exp(-u x - v c) on what the pool after a generation makes of it turns
        into one of the same form before.
        """
        return min(self._weakest(int(generation)) for generation in generations)

    def _weakest(self, last: int) -> float:
        by_probability = by_count = 0.0
        for generation in range(last, 0, -1):
            n = float(self._sizes[generation - 1])
            drawn = n if generation == last else -n * np.expm1(-by_count)  # per share of what is drawn from
            share = self._share(generation)
            by_probability += share * drawn
            by_count += (1.0 - share) * drawn / max(float(self._held[generation - 1]), 1.0)
        return by_probability + by_count * self._corpus

    def _share(self, generation: int) -> float:
        """The part of the draws that comes from P_0: model 0 is P_0 itself."""
        return 1.0 if generation == 1 else self._fresh

    def _carry(self, x: Floats, generations: Generations) -> Floats:
        laws = Lattice(self._corpus).rows(np.rint(x * self._corpus)[:, None], np.ones((len(x), 1)))
        return presence(self._pool, laws, x, generations)


@lru_cache(maxsize=1)
def accumulated_equation(sizes: tuple[int, ...], fresh: float, corpus: int) -> AccumulatedEquation:
    """Return the equation of sizes, a fresh share and a corpus; the last one is kept."""
    return AccumulatedEquation(np.array(sizes, dtype=np.int64), fresh, corpus)
