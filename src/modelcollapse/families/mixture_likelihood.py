"""The maximum likelihood of a symmetric mixture of two normal laws: the global one, found with a proof.

Data are absolute values, in units in which their mean square is 1. With b = mean / scale^2 and, for a given b, the best
scale, one equation is left. Let x = b^2 and w = (1 + sqrt(1 + 4x))/2; then scale^2 = 1/w, mean = b/w, and the
likelihood rises with b where h(x) > w^2 and falls where h(x) < w^2, with

    h(x) = 1 / average of y^4 phi(x y^2),      phi(q) = (1 - tanh(sqrt q)/sqrt q)/q.

phi(q) is a sum of fractions m/(p + q) with positive m and p, so h is a harmonic sum of straight lines: concave. Three
things follow, and `docs/mixture.md` has the proofs. A tangent of h lies above it and meets w^2 at the root of a square
equation: tangents lead down to the largest root, never past it, and likewise up to the smallest. A chord of h lies
below it: where the chord is above w^2, so is h, and no root is there. Chords that fail are halved, until every place
where the likelihood has a maximum is known.

The same is true of S(b), the average of y tanh(b y): it is concave in b, and to be compared with mean(b) = b/w. Its
chords are the better ones where the components are far apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_STEPS = 200
_SETTLED = 1e-13  # relative change at which tangents have arrived
_SEPARATED = 100.0  # beyond this b, h(x) loses digits against x
_NARROW = 1e-9  # relative width below which an interval holds no other estimate
_EVEN = 1e-13  # h and w^2 that differ by less are not told apart


@dataclass(frozen=True, eq=False)
class Folded:
    """Absolute values of data, rows scaled to mean square 1.

    Parameters
    ----------
    y : array, shape (row, datum)
    share : array, shape (row, datum)
        Weights that add up to 1 in each row.
    mean, variance : array, shape (row,)
        Of the absolute values, in these units; the variance without cancellation.
    """

    y: Floats
    share: Floats
    mean: Floats
    variance: Floats

    def rows(self, chosen: Rows) -> Folded:
        """Return some of the rows."""
        return Folded(self.y[chosen], self.share[chosen], self.mean[chosen], self.variance[chosen])

    def average(self, values: Floats) -> Floats:
        """Return the weighted mean of each row."""
        return np.asarray((self.share * values).sum(axis=1))


@dataclass(frozen=True, eq=False)
class Height:
    """What decides whether the likelihood rises at b: h, and S, of which small differences from 1 are kept."""

    b: Floats
    h: Floats
    slope: Floats  # of h, by x
    missing: Floats  # average of y (1 - tanh(b y))
    lack: Floats  # 1 - S

    @property
    def w(self) -> Floats:
        """1 / scale^2."""
        return inverse_variance(self.b)

    @property
    def lack_of_mean(self) -> Floats:
        """1 - mean."""
        return np.asarray(1.0 / (self.w + self.b))

    def rises(self) -> NDArray[np.bool_]:
        """Whether the likelihood does not fall at b."""
        by_h = self.h >= self.w**2 * (1.0 - _EVEN)
        return np.where(self.b < _SEPARATED, by_h, self.lack <= self.lack_of_mean)

    def rows(self, chosen: Rows) -> Height:
        """Return some of the rows."""
        return Height(*(array[chosen] for array in (self.b, self.h, self.slope, self.missing, self.lack)))

    def joined(self, other: Height) -> Height:
        """Return the rows of both."""
        return Height(*(np.concatenate(pair) for pair in zip(vars(self).values(), vars(other).values(), strict=True)))


def largest_likelihood(data: Folded) -> tuple[Floats, Floats]:
    """Return b and the average of y (1 - tanh(b y)) at the global maximum of the likelihood.

    Then mean = b/w, and scale^2 is the variance of the absolute values and missing (2 average(y) - missing).

    Examples
    --------
    Two data at 1 and two at 2, whatever their signs: the components are far apart.

    >>> y = np.array([[1.0, 1.0, 2.0, 2.0]]) / np.sqrt(2.5)
    >>> b, missing = largest_likelihood(Folded(y, np.full((1, 4), 0.25), y.mean(axis=1), y.var(axis=1)))
    >>> b.round(2), (b / inverse_variance(b) / y.mean(axis=1)).round(6)
    (array([9.49]), array([0.999996]))
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore", under="ignore"):
        b = descend(data, data.mean / np.maximum(data.variance, 1e-300))
        b = _highest(data, b)
        return b, height(data, b).missing


def inverse_variance(b: Floats) -> Floats:
    """Return w: 1 / scale^2 of the best scale for b, in units of the mean square."""
    return np.asarray(0.5 + np.hypot(0.5, b))


def log_likelihood(data: Folded, b: Floats) -> Floats:
    """Return the log likelihood per datum at b and its best scale; a constant is left out.

    Examples
    --------
    >>> one = Folded(np.ones((1, 1)), np.ones((1, 1)), np.ones(1), np.zeros(1))
    >>> log_likelihood(one, np.zeros(1))
    array([-0.5])
    """
    w, z = inverse_variance(b), b[:, None] * data.y
    # ln cosh z = z + ln(1 + e^{-2z}) - ln 2. Of b average(y) - w, both large, the difference is known.
    rest = data.average(np.log1p(np.exp(-2.0 * z)))
    apart = b * (data.variance / (1.0 + data.mean)) + 0.25 / (np.hypot(0.5, b) + b)
    return np.asarray(0.5 * np.log(w) - apart + rest - np.log(2.0))


def height(data: Folded, b: Floats) -> Height:
    """Return h, its slope, and S at b."""
    z = b[:, None] * data.y
    q = z * z
    phi, slope = phi_and_slope(q)
    square = data.y**2
    bent = data.average(square * square * phi)
    h = 1.0 / bent
    falls = data.average(square**3 * slope)
    rest = np.exp(-2.0 * z)
    missing = data.average(data.y * (2.0 * rest / (1.0 + rest)))
    lack = data.variance / (1.0 + data.mean) + missing
    return Height(b, h, -falls * h * h, missing, lack)


def phi_and_slope(q: Floats) -> tuple[Floats, Floats]:
    """Return phi(q) = (1 - tanh(sqrt q)/sqrt q)/q and its derivative, q at least 0.

    Up to 1 by the continued fraction of Lambert: 1/phi = 3 + q + q/(5 + q/(7 + ...)).

    Examples
    --------
    >>> phi_and_slope(np.array([0.0]))
    (array([0.33333333]), array([-0.13333333]))
    """
    small = np.minimum(q, 1.0)
    rest = np.full(np.shape(q), 17.0)
    for odd in (15.0, 13.0, 11.0, 9.0, 7.0, 5.0):
        rest = odd + small / rest
    large = np.maximum(q, 1.0)
    root = np.sqrt(large)
    phi = np.where(q < 1.0, 1.0 / (3.0 + small + small / rest), (1.0 - np.tanh(root) / root) / large)
    ratio = 1.0 - q * phi
    tiny = np.minimum(q, 0.01)
    series = -2.0 / 15 + tiny * (34.0 / 315 - tiny * (186.0 / 2835 - tiny * (5528.0 / 155925)))
    slope = np.where(q < 0.01, series, (ratio * ratio - 3.0 * phi) / (2.0 * np.maximum(q, 0.01)))
    return phi, slope


def descend(data: Folded, b: Floats) -> Floats:
    """Return the largest root below b, where the likelihood falls; 0 if there is none.

    Two steps lead down and never past a root, and the longer one is taken: to where the tangent of h meets w^2, and to
    where the mean is S(b), since S rises.
    """
    b = b.copy()
    active = np.arange(len(b))
    for _ in range(_STEPS):
        at = height(data.rows(active), b[active])
        after = np.maximum(np.minimum(_mean_step(at), _tangent_down(at)), 0.0)
        moves = after < at.b * (1.0 - _SETTLED)
        b[active] = np.minimum(after, at.b)
        active = active[moves & (b[active] > 0.0)]
        if not active.size:
            break
    return b


def ascend(data: Folded, b: Floats) -> Floats:
    """Return the smallest root above b, where the likelihood falls, by tangents of h; it must exist."""
    b = b.copy()
    active = np.arange(len(b))
    for _ in range(_STEPS):
        at = height(data.rows(active), b[active])
        after = _tangent_up(at)
        moves = after > at.b * (1.0 + _SETTLED)
        b[active] = np.where(moves, after, at.b)
        active = active[moves]
        if not active.size:
            break
    return b


def _mean_step(at: Height) -> Floats:
    """The b whose mean is S: scale^2 is 1 - S^2."""
    return np.asarray((1.0 - at.lack) / np.maximum(at.lack * (2.0 - at.lack), 1e-300))


def _tangent_down(at: Height) -> Floats:
    """Where the tangent of h meets w^2 to the left: (1 - h') w^2 + h' w = h - h' x, the smaller positive root."""
    lift = at.h - at.slope * at.b**2
    under = np.maximum(at.slope**2 + 4.0 * (1.0 - at.slope) * lift, 0.0)
    w = 2.0 * lift / (at.slope + np.sqrt(under))
    found = np.sqrt(np.maximum(w * (w - 1.0), 0.0))
    return np.where(at.b < _SEPARATED, found, np.inf)


def _tangent_up(at: Height) -> Floats:
    """Where the tangent of h meets w^2 to the right; it does, with a slope above 1, if there is a root."""
    lift = at.h - at.slope * at.b**2
    under = np.maximum(at.slope**2 + 4.0 * (1.0 - at.slope) * lift, 0.0)
    steep = at.slope > 1.0
    w = (at.slope + np.sqrt(under)) / np.where(steep, 2.0 * (at.slope - 1.0), 1.0)
    return np.where(steep, np.sqrt(np.maximum(w * (w - 1.0), 0.0)), at.b)


def _highest(data: Folded, b: Floats) -> Floats:
    """Look for other maxima below the largest root, and return where the likelihood is highest."""
    best, top = b.copy(), log_likelihood(data, b)
    rows = np.flatnonzero(b > 0.0)
    zero = height(data.rows(rows), np.zeros(len(rows)))
    rising = zero.h > 1.0
    lowest = np.zeros(len(rows))
    falling = np.flatnonzero(~rising)
    if falling.size:
        # At b = 0 the likelihood falls: a maximum is there as well, and the first root is a minimum.
        _compare(data, rows[falling], np.zeros(len(falling)), best, top)
        lowest[falling] = np.minimum(ascend(data.rows(rows[falling]), np.zeros(len(falling))), b[rows[falling]])
    low, high = height(data.rows(rows), lowest), height(data.rows(rows), b[rows])
    while rows.size:
        open_ = np.flatnonzero(~(chord_of_h(low, high) | chord_of_s(low, high) | _narrow(low, high)))
        rows, low, high = rows[open_], low.rows(open_), high.rows(open_)
        rows, low, high = _halve(data, rows, low, high, best, top)
    return best


def _halve(
    data: Folded, rows: Rows, low: Height, high: Height, best: Floats, top: Floats
) -> tuple[Rows, Height, Height]:
    """Split intervals at a place inside; where the likelihood falls there, at the roots on either side of it."""
    here = data.rows(rows)
    inside = height(here, _between(here, low.b, high.b))
    fall = np.flatnonzero(~inside.rises())
    left, right = inside.b.copy(), inside.b.copy()
    if fall.size:
        falls = here.rows(fall)
        left[fall] = np.maximum(descend(falls, inside.b[fall]), low.b[fall])
        right[fall] = np.minimum(ascend(falls, inside.b[fall]), high.b[fall])
        _compare(data, rows[fall], left[fall], best, top)
    first, second = height(here, left), height(here, right)
    return np.concatenate([rows, rows]), low.joined(second), first.joined(high)


def _compare(data: Folded, rows: Rows, b: Floats, best: Floats, top: Floats) -> None:
    """Take b where it has a higher likelihood than the best so far."""
    found = log_likelihood(data.rows(rows), b)
    better = found > top[rows]
    best[rows[better]], top[rows[better]] = b[better], found[better]


def chord_of_h(low: Height, high: Height) -> NDArray[np.bool_]:
    """Whether the chord of h, hence h, is above w^2 = x + w between two places where h is."""
    x0, x1 = low.b**2, high.b**2
    first = np.maximum(low.h - x0 - low.w, 0.0)
    second = np.maximum(high.h - x1 - high.w, 0.0)
    # Less x, both are compared with w, whose slope by x is 1 / (2w - 1).
    slope = (second + high.w - first - low.w) / np.maximum(x1 - x0, 1e-300)
    touching = 0.5 + 0.5 / np.maximum(slope, 1e-300)
    inside = (touching > low.w) & (touching < high.w) & (slope > 0.0)
    room = first + low.w + slope * (touching * (touching - 1.0) - x0) - touching
    return np.asarray((~inside | (room >= 0.0)) & (high.b < _SEPARATED))


def chord_of_s(low: Height, high: Height) -> NDArray[np.bool_]:
    """Whether the chord of S, hence S, is above the mean b/w between two places where S is.

    The mean is concave in b: below its tangents at both ends, whose slopes are scale^2 / sqrt(1 + 4x).
    """
    width = np.maximum(high.b - low.b, 1e-300)
    first = np.maximum(low.lack_of_mean - low.lack, 0.0)
    second = np.maximum(high.lack_of_mean - high.lack, 0.0)
    chord = (low.lack_of_mean - first - high.lack_of_mean + second) / width
    rise = 1.0 / (low.w * (2.0 * low.w - 1.0)) - chord  # of the tangent at the low end over the chord
    fall = chord - 1.0 / (high.w * (2.0 * high.w - 1.0))
    meet = first * fall + second * rise >= rise * fall * width
    return np.asarray((rise <= 0.0) | (fall <= 0.0) | meet)


def _narrow(low: Height, high: Height) -> NDArray[np.bool_]:
    return np.asarray(high.b - low.b <= _NARROW * high.b)


def _between(data: Folded, low: Floats, high: Floats) -> Floats:
    """Where to split an interval.

    Where all terms of S are nearly complete, so that one chord reaches up from there; or the middle, or where the ends
    are far apart the middle of their logarithms.
    """
    least = np.where(data.share > 0.0, data.y, np.inf).min(axis=1)
    complete = (0.5 + 0.5 * np.log(4.0 * high)) / np.clip(least, 0.2, 1.0)
    start = np.maximum(low, 1.0)
    middle = np.where(high > 4.0 * start, np.sqrt(start * high), 0.5 * (low + high))
    return np.where((1.2 * low < complete) & (complete < 0.6 * high), complete, middle)
