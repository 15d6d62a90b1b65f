"""How the shares of words in samples of successive generations vary together: the fresh share and drift behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrices = tuple[Floats, Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class DriftCovariance:
    """Covariance of the shares of a word of probability p in samples of later generations, in units of p (1 - p).

    In each generation the training set is n draws from (1 - a) P + a p, where a is the fresh share and 1/n the rate of
    drift. So E P_k = p, and Var P_k = p (1 - p) c_k with c_0 = 0 and c_{k+1} = (1 - a)^2 c_k (1 - 1/n) + 1/n; two
    generations l apart share (1 - a)^l c of the earlier one. A sample of S tokens adds (1 - c_k) / S.

    Parameters
    ----------
    generation : array of int, shape (sample,)
        Ascending, from 1 on, counted from the generation whose law p is.
    noise : array, shape (sample,)
        One over the tokens of each sample.
    shared : float
        One over the tokens of the sample that stands for p and is taken from every other; 0 where p is known.
    """

    generation: NDArray[np.int64]
    noise: Floats
    shared: float = 0.0

    def matrices(self, fresh: Floats, rate: Floats) -> Matrices:
        """Return the matrices, their derivatives by the fresh share and by the rate, and the part that sampling makes.

        Shares and rates have shape (case,), matrices (case, sample, sample).
        """
        c, by_fresh, by_rate = self._variances(fresh, rate)
        lag = np.abs(self.generation[:, None] - self.generation)
        earlier = np.minimum.outer(*2 * (np.arange(len(self.generation)),))
        old = 1.0 - fresh[:, None, None]
        kept, fading = old**lag, -lag * old ** np.maximum(lag - 1, 0)
        diagonal = np.eye(len(self.generation)) * self.noise
        sampling = diagonal * (1.0 - c)[:, None] + self.shared
        return (
            kept * c[:, earlier] + sampling,
            kept * by_fresh[:, earlier] + fading * c[:, earlier] - diagonal * by_fresh[:, None],
            kept * by_rate[:, earlier] - diagonal * by_rate[:, None],
            sampling,
        )

    def _variances(self, fresh: Floats, rate: Floats) -> tuple[Floats, Floats, Floats]:
        """c_k of the generations sampled, and its derivatives by the fresh share and the rate."""
        found = np.zeros((3, int(self.generation[-1]) + 1, len(fresh)))
        old, less = 1.0 - fresh, 1.0 - rate
        for step in range(found.shape[1] - 1):
            c, by_fresh, by_rate = found[:, step]
            found[0, step + 1] = old * old * c * less + rate
            found[1, step + 1] = old * less * (old * by_fresh - 2.0 * c)
            found[2, step + 1] = old * old * (by_rate * less - c) + 1.0
        c, by_fresh, by_rate = found[:, self.generation].transpose(0, 2, 1)
        return c, by_fresh, by_rate
