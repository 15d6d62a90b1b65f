"""The fresh share by maximum quasi-likelihood, and how well other shares explain the same steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.transitions import Transitions

Floats = NDArray[np.float64]

_ITERATIONS = 200
_ACCURACY = 1e-9  # of the estimate, relative: far below its own error
_SMALLEST = 1e-300


class FreshLikelihood:
    """Log-likelihood of the fresh share a: the sum of counts times log((1 - a) p_k + a p_0), which is concave in a.

    Its derivative has expectation 0 at the true share whatever the dispersion is, as each step's counts have the
    expected value n ((1 - a) p_k + a p_0) given what came before. Only words that occur enter, so a word of tiny
    expected count is no trouble: it adds nothing while it is absent, and counts as what it is if it comes back.

    Parameters
    ----------
    steps : Transitions
    """

    def __init__(self, steps: Transitions) -> None:
        occurring = np.flatnonzero(steps.after)
        self._count: Floats = steps.after.ravel()[occurring]
        self._law: Floats = steps.before.ravel()[occurring]
        self._pull: Floats = np.broadcast_to(steps.origin, steps.before.shape).ravel()[occurring] - self._law

    @property
    def regrown(self) -> float:
        """Occurrences of words that the generation before lacked: impossible without fresh data."""
        return float(self._count[self._law == 0].sum())

    def maximum(self, guess: float = 0.5) -> float:
        """Return the share from 0 to 1 of largest likelihood, by Newton's method kept within a bracket."""
        if not self.regrown and self._slope(0.0)[0] <= 0.0:
            return 0.0
        if self._slope(1.0)[0] >= 0.0:
            return 1.0
        low, high = 0.0, 1.0
        share = min(max(guess, 1e-12), 1.0 - 1e-12)
        for _ in range(_ITERATIONS):
            slope, bend = self._slope(share)
            low, high = (share, high) if slope > 0 else (low, share)
            new = share + slope / bend if bend > 0 else share
            if not low < new < high:
                new = 0.5 * (share + high) if slope > 0 else 0.5 * (low + share) if low else share / 8.0
            if abs(new - share) <= _ACCURACY * share:
                return float(new)
            share = new
        return float(share)

    def value(self, share: float) -> float:
        """Return the log-likelihood, up to what does not depend on the model."""
        if share == 0.0 and self.regrown:
            return -float("inf")
        return float(self._count @ np.log(self._law + share * self._pull))

    def drop(self, best: float, other: float) -> float:
        """Return by how much the log-likelihood at `other` is below that at `best`; infinite if impossible."""
        if other == 0.0 and self.regrown:
            return float("inf")
        ratio = (self._law + best * self._pull) / (self._law + other * self._pull)
        return float(self._count @ np.log(ratio))

    def end(self, best: float, drop: float, *, upper: bool) -> float:
        """Return the share, above or below `best`, at which the log-likelihood has fallen by `drop`; 0 or 1 if none."""
        from scipy.optimize import brentq

        if drop <= 0.0:
            return best

        def excess(other: float) -> float:
            return self.drop(best, other) - drop

        if upper:
            return 1.0 if excess(1.0) <= 0.0 else float(brentq(excess, best, 1.0, xtol=1e-15, rtol=1e-9))
        if best == 0.0 or excess(0.0) <= 0.0:
            return 0.0
        low = best / 2.0
        while excess(low) < 0.0 and low > _SMALLEST:
            low /= 8.0
        return float(brentq(excess, low, best, xtol=_SMALLEST, rtol=1e-9))

    def _slope(self, share: float) -> tuple[float, float]:
        """First derivative, and minus the second."""
        relative = self._pull / (self._law + share * self._pull)
        weighted = self._count * relative
        return float(weighted.sum()), float(weighted @ relative)
