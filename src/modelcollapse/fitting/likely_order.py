"""Would another order of the generations explain the counts far better? Where fresh data flow, words do not tell."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputWarning
from modelcollapse.fitting.fresh_share import FreshLikelihood
from modelcollapse.fitting.transitions import Residuals, Transitions

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FALSE_ALARM = 1e-6  # the most that generations in order are taken for others
_SHARES = (1e-3, 0.9)  # fresh shares between which orders differ
_DROP = 1.0  # of the log-likelihood, between the ends of the range that its average is bounded by


@dataclass(frozen=True)
class LikelierOrder:
    """An order of the rows that makes the counts likelier than the given one does.

    Parameters
    ----------
    rows : tuple of int
    gain : float
        By how much the logarithm of the likelihood is higher, each order at its best fresh share.
    evidence : float
        What is left of it after the choice among orders and shares: above log(1/q) with a chance of at most q if the
        given order is the true one.
    """

    rows: tuple[int, ...]
    gain: float
    evidence: float

    @property
    def convinces(self) -> bool:
        """Whether that is no chance: of generations in order, at most one in a million are taken for others."""
        return self.evidence >= -math.log(FALSE_ALARM)


def warn_of_order(found: LikelierOrder | None, names: Sequence[str]) -> None:
    """Warn of generations that another order of their names explains far better, be words coming back or not."""
    if found is not None and found.convinces:
        order = ", ".join(names[row] for row in found.rows)
        warnings.warn(
            f"in the order {order} the counts would be e^{found.gain:.0f} times as likely as in the order given: are "
            "the generations in order?",
            InputWarning,
            stacklevel=5,
        )


def likelier_order(origin: Floats, counts: Counts) -> LikelierOrder | None:
    """Return an order of the later rows that makes the counts likelier, if one is found.

    Each order has a likelihood, a product over its steps. Let A be its average over the fresh share, uniformly from 0
    to 1, and over all K! orders. A over the likelihood of the true order at the true share has a mean of at most 1, as
    A sums up to 1 over all counts; so by Markov's inequality it is above 1/q with a chance of at most q, whatever the
    sizes and shares. The given order, if true, is at its best share at least as likely as at the true one, and what a
    single order adds to A is at most A: 1/K! times its own average over the share. As the logarithm is concave in the
    share, that average is at least the length of any range times the value at the lower of its ends.

    That holds for words drawn one by one; a dispersion above 1, as estimated in the given order, divides the logarithm.

    Parameters
    ----------
    origin : array, shape (symbol,)
        Shares in generation 0.
    counts : array of int, shape (row, symbol)
        Training sets; the first row stays the first.

    Examples
    --------
    >>> law, rng = np.arange(1, 201) / 20_100, np.random.default_rng(1)
    >>> rows = [5000 * law]
    >>> for _ in range(3):
    ...     rows.append(rng.multinomial(5000, 0.9 * rows[-1] / rows[-1].sum() + 0.1 * law))
    >>> found = likelier_order(law, np.array([rows[i] for i in (0, 3, 1, 2)]))
    >>> found.rows, found.convinces
    ((0, 2, 3, 1), True)
    >>> likelier_order(law, np.array(rows)) is None
    True
    """
    given = tuple(range(len(counts)))
    if len(given) < 3:
        return None
    base = _Best.of(origin, counts, given)
    found = _climbed(origin, counts, base)
    if found.rows == given:
        return None
    steps = _steps(origin, counts, given)
    dispersion = max(1.0, Residuals.of(steps, base.fresh, estimated=True).dispersion)
    gain = (found.height - base.height) / dispersion
    choice = _DROP - math.log(found.width(dispersion)) + math.lgamma(len(given))
    return LikelierOrder(found.rows, gain, gain - choice)


@dataclass(frozen=True, eq=False)
class _Best:
    """An order at the fresh share that suits it best, and its log-likelihood there."""

    rows: tuple[int, ...]
    likelihood: FreshLikelihood
    fresh: float
    height: float

    @classmethod
    def of(cls, origin: Floats, counts: Counts, rows: tuple[int, ...]) -> _Best:
        likelihood = FreshLikelihood(_steps(origin, counts, rows))
        fresh = likelihood.maximum()
        return cls(rows, likelihood, fresh, likelihood.value(fresh))

    def width(self, dispersion: float) -> float:
        """Length of the range of shares around the best, at whose ends the logarithm is lower by `_DROP`."""
        drop = _DROP * dispersion
        low, high = (self.likelihood.end(self.fresh, drop, upper=upper) for upper in (False, True))
        return max(high - low, 1e-300)


def _steps(origin: Floats, counts: Counts, rows: tuple[int, ...]) -> Transitions:
    ordered = counts[list(rows)]
    return Transitions(origin, ordered[:-1] / ordered[:-1].sum(axis=1, keepdims=True), ordered[1:].astype(np.float64))


def _climbed(origin: Floats, counts: Counts, best: _Best) -> _Best:
    """Go from order to likelier order, the fresh share following, as long as there is one."""
    nearest = _by_distance(origin, counts)
    while True:
        steps = _step_likelihoods(origin, counts, min(max(best.fresh, _SHARES[0]), _SHARES[1]))
        tops = [_moved(steps, rows) for rows in (best.rows, nearest)]
        found = _Best.of(origin, counts, max(tops, key=lambda rows: _height(steps, rows)))
        if found.height <= best.height:
            return best
        best = found


def _by_distance(origin: Floats, counts: Counts) -> tuple[int, ...]:
    """Rows after the first by their divergence from generation 0, which grows on average."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    ratio = np.divide(shares, origin, out=np.ones_like(shares), where=shares > 0)
    return (0, *(1 + np.argsort((shares * np.log(ratio)).sum(axis=1)[1:], kind="stable")).tolist())


def _step_likelihoods(origin: Floats, counts: Counts, fresh: float) -> Floats:
    """Log-likelihood of a step from any row to any other, shape (row, row)."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    found = np.empty((len(counts), len(counts)))
    for row, law in enumerate(shares + fresh * (origin - shares)):
        found[row] = counts @ np.log(law, out=np.zeros_like(law), where=law > 0)
    return found


def _height(steps: Floats, rows: tuple[int, ...]) -> float:
    return float(steps[rows[:-1], rows[1:]].sum())


def _moved(steps: Floats, rows: tuple[int, ...]) -> tuple[int, ...]:
    """Move one row after the other to where it is best, until none moves."""
    height, moving = _height(steps, rows), True
    while moving:
        moving = False
        for row in rows[1:]:
            others = tuple(other for other in rows if other != row)
            places = [(*others[:place], row, *others[place:]) for place in range(1, len(rows))]
            heights = [_height(steps, one) for one in places]
            if max(heights) > height:
                height, moving = max(heights), True
                rows = places[heights.index(height)]
    return rows
