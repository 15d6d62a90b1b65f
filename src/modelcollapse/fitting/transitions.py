"""The steps from each observed generation to the next, and what the model says of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Transitions:
    """Observed steps of a recursion: the counts of a generation beside the law that the one before was fitted to.

    Parameters
    ----------
    origin : array, shape (symbol,)
        P_0, where fresh data come from.
    before : array, shape (step, symbol)
        Relative frequencies of the generation that writes.
    after : array, shape (step, symbol)
        Counts of what it wrote; they need not be whole.
    """

    origin: Floats
    before: Floats
    after: Floats

    @property
    def sizes(self) -> Floats:
        """Tokens of each step, shape (step,)."""
        return self.after.sum(axis=1)

    def law(self, fresh: float) -> Floats:
        """Return (1 - fresh) p_k + fresh p_0, shape (step, symbol)."""
        return self.before + fresh * (self.origin - self.before)


@dataclass(frozen=True, eq=False)
class Residuals:
    """Squared distances from the model's means beside their expectation; arrays of shape (step, symbol).

    Parameters
    ----------
    law, mean : array
        Expected shares and counts.
    difference : array
        Observed minus expected counts.
    dispersion : float
        Variance of the counts over that of multinomial ones, estimated from all cells.
    observed, expected : array
        Weighted squares of `difference`, and their expectation at dispersion 1.
    """

    law: Floats
    mean: Floats
    difference: Floats
    dispersion: float
    observed: Floats
    expected: Floats

    @classmethod
    def of(cls, steps: Transitions, fresh: float, *, estimated: bool) -> Residuals:
        """Return the residuals at a fresh share, which was estimated from the same steps or not.

        Each cell's squared residual over its variance estimates the dispersion with variance dispersion / mean + 2,
        as for a count that is a dispersion times a Poisson number. So cells weigh as mean / (dispersion + 2 mean),
        which keeps words of tiny mean from ruling the sum, and never divides by a mean. The weights depend on what
        came before the step alone: whatever the dispersion in them, the estimate is unbiased.
        """
        law = steps.law(fresh)
        size = steps.sizes[:, None]
        mean = size * law
        difference = steps.after - mean
        variance = mean * (1.0 - law)
        if estimated and 0.0 < fresh < 1.0:  # at 0 and 1 it is the limit that decides, and takes nothing
            variance -= _leverage(steps, size, mean)
        value, square = 1.0, difference**2
        for _ in range(2):
            scale = 2.0 * mean
            scale += value
            observed, expected = square / scale, variance / scale
            found, whole = float(observed.sum()), float(expected.sum())
            if found <= 0.0 or whole <= 0.0:
                return cls(law, mean, difference, 0.0, observed, expected)
            value = found / whole
        return cls(law, mean, difference, value, observed, expected)


def _leverage(steps: Transitions, size: Floats, mean: Floats) -> Floats | float:
    """By how much fitting `fresh` lowers each expected square: (d mean / d fresh)^2 over the information."""
    slope = size * (steps.origin - steps.before)
    slope *= slope
    information = float(np.divide(slope, mean, out=np.zeros_like(mean), where=mean > 0).sum())
    return slope / information if information > 0 else 0.0
