"""Fresh share and rate of drift by likelihood, from the covariance of samples of successive generations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.covariance import DriftCovariance

Floats = NDArray[np.float64]

FRESH, RATE = 0, 1
_ITERATIONS = 500
_ACCURACY = 1e-6  # of the estimates, relative: far below their own error
_STARTS = (0.01, 0.1, 0.4, 0.9)  # fresh shares to begin from
_NEAR_START = 0.4  # beside a guess
_LEAST_RATE = 1e-13  # one over the largest sample size
_GAIN = 1e-9  # of the likelihood per word, which an interval's ends are a thousandth below
_MOST = np.array([1.0, 0.5])  # of share and rate; with one draw a generation words fix at once, and nothing varies


@dataclass(frozen=True, eq=False)
class DriftLikelihood:
    """Gaussian log-likelihood of the fresh share and the rate of drift, 1/n, per effective word; of many cases at once.

    It is -(log det V + trace V^-1 M) / 2 with V the covariance of the model and M that of the data. Its slope is 0 on
    average at the truth, whatever the shape of the distribution, as M has V for its expectation. Where words are
    normal it uses all there is in the second moments; a bootstrap tells how far it may fall by chance.

    Points are arrays of shape (case, 2), of fresh share and rate, from 0 to 1 and to 1/2.

    Parameters
    ----------
    covariance : DriftCovariance
    moments : array, shape (case, sample, sample)
        Weighted mean products of the deviations, in units of p (1 - p).
    held : float, optional
        The fresh share, where it is not estimated.
    """

    covariance: DriftCovariance
    moments: Floats
    held: float | None = None

    def maximum(self, guess: Floats | None = None) -> Floats:
        """Return the points of largest likelihood.

        Climbs from several shares, or from a guess and one share, as there may be more than one summit.
        """
        spread = np.diagonal(self.moments, axis1=1, axis2=2) / self.covariance.generation
        rate = np.clip(spread.mean(axis=1), _LEAST_RATE, _MOST[RATE])
        shares = (_STARTS if guess is None else (_NEAR_START,)) if self.held is None else (self.held,)
        starts = [np.stack([np.full_like(rate, share), rate], axis=1) for share in shares]
        starts += [] if guess is None else [guess]
        tops = [self._climb(start, (self.held is None, True)) for start in starts]
        highest = np.argmax([self.value(top) for top in tops], axis=0)
        return np.stack(tops)[highest, np.arange(len(rate))]

    def value(self, points: Floats) -> Floats:
        """Return the log-likelihood, shape (case,)."""
        matrix = self.covariance.matrices(*points.T)[0]
        return self._value(matrix, _inverse(matrix))

    def drop(self, best: Floats, parameter: int, value: float) -> Floats:
        """Return by how much the likelihood falls if one parameter has another value and the other is the best then."""
        return self.value(best) - self.value(self.beside(best, parameter, value))

    def beside(self, best: Floats, parameter: int, value: float) -> Floats:
        """Return the points of largest likelihood where one parameter has a given value."""
        start = best.copy()
        start[:, parameter] = value
        return self._climb(start, (parameter != FRESH and self.held is None, parameter != RATE))

    def end(self, best: Floats, parameter: int, drop: float, *, upper: bool) -> float:
        """Of a single case, return where the likelihood has fallen by `drop` on one side; its limit if nowhere."""
        from scipy.optimize import brentq

        value = float(best[0, parameter])
        if drop <= 0.0:
            return value

        def excess(other: float) -> float:
            return float(self.drop(best, parameter, other)[0]) - drop

        most = float(_MOST[parameter])
        if upper:
            low, high = value, min(most, max(2.0 * value, _LEAST_RATE))
            while high < most and excess(high) < 0.0:
                low, high = high, min(most, 2.0 * high)
            return most if excess(high) <= 0.0 else float(brentq(excess, low, high, xtol=1e-15, rtol=1e-6))
        if value == 0.0 or excess(0.0) <= 0.0:
            return 0.0
        high, low = value, 0.5 * value
        while low > _LEAST_RATE and excess(low) < 0.0:
            high, low = low, 0.5 * low
        return float(brentq(excess, low, high, xtol=1e-16, rtol=1e-6)) if excess(low) > 0.0 else 0.0

    def sampling_excess(self, points: Floats) -> Floats:
        """Return by how much more than independent draws the samples seem to vary, in one step of scoring; 0: as they.

        Parts that the fresh share and the rate could explain as well are taken out of it first.
        """
        matrix, *slopes = self.covariance.matrices(*points.T)
        score, information = _scoring(_inverse(matrix), self.moments - matrix, slopes)
        free = (points > 0.0) & (points < _MOST)
        free[:, FRESH] &= self.held is None
        found = np.zeros(len(points))
        for case in range(len(points)):
            scale = np.sqrt(np.maximum(np.diag(information[case]), 1e-300))
            scaled, along = information[case] / np.outer(scale, scale), score[case] / scale
            others = np.flatnonzero(free[case])
            solved = np.linalg.lstsq(scaled[np.ix_(others, others)], scaled[2, others], rcond=1e-10)[0]
            own = scaled[2, 2] - scaled[2, others] @ solved
            if own > 1e-6:
                found[case] = (along[2] - solved @ along[others]) / own / scale[2]
        return found

    def _value(self, matrix: Floats, inverse: Floats) -> Floats:
        return -0.5 * (np.linalg.slogdet(matrix)[1] + (inverse * self.moments).sum(axis=(1, 2)))

    def _climb(self, start: Floats, free: tuple[bool, bool]) -> Floats:
        """Fisher's scoring within the limits; a step that does not climb is tried again at a quarter."""
        here, length = start.copy(), np.ones(len(start))
        matrix, *slopes = self.covariance.matrices(*here.T)
        inverse = _inverse(matrix)
        height = self._value(matrix, inverse)
        step = _step(here, *_scoring(inverse, self.moments - matrix, slopes[:2]), free)
        for _ in range(_ITERATIONS):
            far = np.abs(length[:, None] * step) > _ACCURACY * np.abs(here)
            if not far.any():
                break
            new = np.clip(here + np.where(far.any(axis=1), length, 0.0)[:, None] * step, 0.0, _MOST)
            matrix, *slopes = self.covariance.matrices(*new.T)
            inverse = _inverse(matrix)
            reached = self._value(matrix, inverse)
            climbs, gains = reached > height, reached > height + _GAIN
            here, height = np.where(climbs[:, None], new, here), np.where(climbs, reached, height)
            length = np.where(climbs, np.where(gains, 1.0, 0.0), 0.25 * length)
            ahead = _step(new, *_scoring(inverse, self.moments - matrix, slopes[:2]), free)
            step = np.where(climbs[:, None], ahead, step)
        return here


def _inverse(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _scoring(inverse: Floats, gap: Floats, slopes: list[Floats]) -> tuple[Floats, Floats]:
    """Slopes of the likelihood along the parameters, and the information, shapes (case, p) and (case, p, p)."""
    turned = np.stack([inverse @ slope for slope in slopes], axis=1)
    seen = inverse @ gap
    score = 0.5 * np.einsum("cpij,cji->cp", turned, seen)
    return score, 0.5 * np.einsum("cpij,cqji->cpq", turned, turned)


def _step(here: Floats, score: Floats, information: Floats, free: tuple[bool, bool]) -> Floats:
    """The step of scoring along the parameters that are free and not held back by their limits."""
    bounded = ((here <= 0.0) & (score <= 0.0)) | ((here >= _MOST) & (score >= 0.0))
    own = np.diagonal(information, axis1=1, axis2=2)
    moving = np.array(free) & ~bounded & (own > 0.0)
    scale = np.sqrt(np.where(own > 0.0, own, 1.0))
    along = np.where(moving, score / scale, 0.0)
    across = np.where(moving.all(axis=1), information[:, 0, 1] / (scale[:, 0] * scale[:, 1]), 0.0)
    whole = 1.0 + 1e-9 - across * across  # the determinant, kept from 0 where the two cannot be told apart
    return (along - across[:, None] * along[:, ::-1]) / whole[:, None] / scale
