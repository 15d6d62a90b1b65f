"""Presence where models are trained on parts of all data, or on all of them: the count in the pool, carried forward.

Generation k is drawn from a model that is fitted to m of the N data in the pool before it, c of which show the symbol:

    Pr(present at k) = E [1 - (1 - s/m)^{n_k}],   s ~ Hypergeometric(N, c_{k-1}, m).

A part as large as the pool is the pool itself: accumulate. Steps are the same for all symbols, from P_0 or from the
corpus on. Backwards it is an ancestry: lines of descent are a uniform part of the pool, whatever symbols they show.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.corpus_frequencies import CorpusFrequencies
from modelcollapse.laws.presence.function_space import FunctionSpace
from modelcollapse.laws.presence.kept_presence import Pool, presence

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

# Relative error of every survival probability, measured in the tests against lines of descent (a few draws), operators
# and splines, the chain of the pool in full, a window (n to 10^12), and twice the resolution.
RELATIVE_ERROR = 1e-10


class SubsampledEquation:
    """The excess survival d_k(x) = Pr(present at k) - x of a recursion that trains on its data, or on parts of them.

    Parameters
    ----------
    sizes : array of int, shape (horizon,)
        n_1, n_2, ..., draws of every generation.
    fitted : array of int, shape (horizon,)
        Data that model 1, 2, ... is fitted to, at most those in the pool by then.
    corpus : int
        Data before the first draw; 0 if the start is a known law.

    Attributes
    ----------
    spline : FunctionSpace
        The space in which functions of x are held.
    """

    def __init__(self, sizes: Generations, fitted: Generations, corpus: int) -> None:
        self._sizes, self._corpus = sizes, corpus
        self._held = corpus + np.cumsum(sizes)  # after generation 1, 2, ...
        self._fitted = fitted
        self._pool = Pool(sizes, fitted, corpus, fresh=0.0, known=not corpus)
        self.spline: FunctionSpace = CorpusFrequencies(corpus) if corpus else PanelSpline(int(sizes[0]))

    def read(self, functionals: Floats, generations: Generations) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""
        nodes = self.spline.nodes
        if self._corpus:
            value = presence(self._pool, functionals, np.zeros(len(functionals)), generations)
        else:
            value = presence(self._pool, np.ones((len(nodes), 1)), nodes, generations, functionals)
        return value - functionals @ nodes

    def survival(self, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) of symbols of probabilities x, shape (generation, symbol)."""
        laws = self.spline.rows(x) if self._corpus else np.ones((len(x), 1))
        return np.clip(presence(self._pool, laws, x, generations), 0.0, 1.0)

    def weakest(self, generations: Generations) -> float:
        """Return a number w such that Pr(absent) <= exp(-x w) at each of the generations, for every x.

        A part drawn without replacement varies less than one with: E e^{-u s} <= exp(-c (m/N) (1 - e^{-u})). With
        (1 - q)^n <= e^{-nq} that carries exp(-v c) from the pool after a generation to the pool before.
        """
        return min(self._weakest(int(generation)) for generation in generations)

    def _weakest(self, last: int) -> float:
        exponent = 0.0
        for generation in range(last, 0, -1):
            n = float(self._sizes[generation - 1])
            drawn = n if generation == last else -n * np.expm1(-exponent)  # per share of what is drawn from
            if generation == 1:
                return float(self._corpus * exponent + drawn)
            m, held = float(self._fitted[generation - 2]), float(self._held[generation - 2])
            exponent += drawn / held if m == held else -m / held * np.expm1(-drawn / m)
        raise AssertionError("generations are 1 or later")


@lru_cache(maxsize=1)
def subsampled_equation(sizes: tuple[int, ...], fitted: tuple[int, ...], corpus: int) -> SubsampledEquation:
    """Return the equation of sizes, parts and a corpus; the last one is kept."""
    return SubsampledEquation(np.array(sizes, dtype=np.int64), np.array(fitted, dtype=np.int64), corpus)
