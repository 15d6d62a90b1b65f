"""Would another order of the samples explain better how far, and how much together, the shares of words have moved?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.covariance import DriftCovariance
from modelcollapse.fitting.drift_likelihood import FRESH, RATE, DriftLikelihood
from modelcollapse.fitting.likely_order import LikelierOrder, warn_of_order
from modelcollapse.fitting.observed import Observed
from modelcollapse.fitting.sampled import samples_of, settled
from modelcollapse.fitting.samples import Samples

Floats = NDArray[np.float64]
Rows = tuple[int, ...]

_FRESH_STEPS = 100  # values of the fresh share that another order may have, from 0 to 1
_RATE_STEPS, _LEAST_RATE = 8, 43  # of the rate: so many to a factor of two, over so many such factors below 1/2
_BURSTS = 5  # of the noise: factors 1, 2, 4, 8, 16
_CANDIDATES = 1000  # orders that are looked at together


def likelier_sample_order(samples: Samples, scale: float) -> LikelierOrder | None:
    """Return an order of the samples under which their shares are likelier, if one is found.

    The deviations d_i of the shares from p_i in generation 0 are taken as normal, with the covariance V, of the order
    and its values, times diag(p) - p p^T over words. With weights t_i from 0 to 1, sum t_i d_i^T V^-1 d_i / p_i is the
    sum over independent directions j of l_j times what each has in the exponent of its normal density, where l_j are
    from 0 to 1, the eigenvalues of the weights between roots of the covariance; they add up to N = sum t_i (1 - p_i).
    So N times the likelihood of `DriftLikelihood` is that of words, each to a power of at most 1. The ratio of another
    order, or of other values, to the true ones has the mean 1 for each direction, and to a power of at most 1 at most
    that. So has the product, and its average over all K! orders and G values that were chosen beforehand. By Markov's
    inequality the average is above 1/q with a chance of at most q. One order at one of the values adds 1/(K! G) times
    its own product, and the given order, if true, is at its best values at least as likely as at the true ones.

    Words are not quite normal: the heavier their tails, by their fourth moments, the less the logarithm counts. Noise
    may be a multiple of that of independent draws, as of text in bursts, in either order.

    Parameters
    ----------
    samples : Samples
        Generation 0 must be known.
    scale : float
        Draws that a share varies as, for the weights of words.

    Examples
    --------
    >>> law, rng = np.arange(1, 201) / 20_100, np.random.default_rng(1)
    >>> shares = [law]
    >>> for _ in range(4):
    ...     shares.append(rng.multinomial(2000, shares[-1]) / 2000)
    >>> written = np.array([rng.multinomial(20_000, shares[k]) for k in (3, 1, 4, 2)])
    >>> found = likelier_sample_order(Samples(written, np.arange(1, 5), law), 2000.0)
    >>> found.rows, found.convinces
    ((1, 3, 0, 2), True)
    """
    if samples.origin is None or len(samples.counts) < 2:
        return None
    seen = _Seen.of(samples, scale)
    given = tuple(range(len(samples.counts)))
    base = seen.best(given)
    found = _climbed(seen, base)
    if found.rows == given:
        return None
    gain = seen.words * (seen.value(_rounded(found)) - seen.value(base))
    values = (_FRESH_STEPS + 1) * (_RATE_STEPS * _LEAST_RATE + 1) * _BURSTS
    choice = math.lgamma(len(given) + 1) + math.log(values)
    return LikelierOrder(found.rows, gain, gain / seen.heaviness(base) - choice)


def warn_of_sample_order(observed: Observed) -> None:
    """Warn of samples that another order explains far better."""
    samples = samples_of(observed)
    if samples.origin is None:
        return
    _, _, scale = settled(samples, None)
    found, first = likelier_sample_order(samples, scale), len(observed.counts) - len(samples.counts)
    if found is not None:  # generation 0, if it is among the rows, stays the first
        found = replace(found, rows=(*range(first), *(first + row for row in found.rows)))
    warn_of_order(found, observed.names)


@dataclass(frozen=True)
class _Fitted:
    """An order with a fresh share, a rate of drift and a factor of the noise."""

    rows: Rows
    fresh: float
    rate: float
    bursts: float


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the samples show: their moments, and the deviations of each word in units of sqrt(p (1 - p)).

    `words` is how many words of full weight there are, N; `weight`, t, is 1 for the heaviest.
    """

    samples: Samples
    moments: Floats
    deviation: Floats
    weight: Floats
    words: float

    @classmethod
    def of(cls, samples: Samples, scale: float) -> _Seen:
        found = samples.deviations(scale)
        law, most = found.law, float((found.weight * found.law).max())
        seen = (law > 0.0) & (law < 1.0)
        deviation = found.difference[:, seen] / np.sqrt(law[seen] * (1.0 - law[seen]))
        return cls(samples, found.moments, deviation, (found.weight * law)[seen] / most, found.whole / most)

    def covariance(self, rows: Rows, bursts: float) -> DriftCovariance:
        return DriftCovariance(self.samples.generation, bursts / self.samples.sizes[list(rows)])

    def likelihood(self, rows: Rows, bursts: float) -> DriftLikelihood:
        order = list(rows)
        return DriftLikelihood(self.covariance(rows, bursts), self.moments[None][:, order][:, :, order])

    def value(self, at: _Fitted) -> float:
        """Log-likelihood per word of full weight."""
        return float(self.likelihood(at.rows, at.bursts).value(np.array([[at.fresh, at.rate]]))[0])

    def best(self, rows: Rows) -> _Fitted:
        """An order at its best values; the noise grows as long as that is likelier."""
        best, height = None, -math.inf
        for power in range(_BURSTS):
            likelihood = self.likelihood(rows, 2.0**power)
            top = likelihood.maximum()
            value = float(likelihood.value(top)[0])
            if value <= height:
                break
            best, height = _Fitted(rows, float(top[0, FRESH]), float(top[0, RATE]), 2.0**power), value
        assert best is not None
        return best

    def heights(self, orders: list[Rows], at: _Fitted) -> Floats:
        """Log-likelihood per word of many orders, all with the same values."""
        places = np.array(orders)
        still = DriftCovariance(self.samples.generation, np.zeros(len(at.rows)))
        drift = still.matrices(np.array([at.fresh]), np.array([at.rate]))[0][0]
        noise = at.bursts / self.samples.sizes[places] * (1.0 - np.diag(drift))
        matrix = drift + noise[:, :, None] * np.eye(len(at.rows))
        moments = self.moments[places[:, :, None], places[:, None, :]]
        return np.asarray(-0.5 * (np.linalg.slogdet(matrix)[1] + (np.linalg.inv(matrix) * moments).sum(axis=(1, 2))))

    def heaviness(self, at: _Fitted) -> float:
        """Fourth moments of the words over those of normal ones, if larger than 1."""
        matrix = self.covariance(at.rows, at.bursts).matrices(np.array([at.fresh]), np.array([at.rate]))[0][0]
        length = (self.deviation * np.linalg.solve(matrix, self.deviation)).sum(axis=0)
        samples, square = len(matrix), self.weight**2
        return max(1.0, float(square @ length**2) / float(square.sum()) / (samples * (samples + 2)))


def _climbed(seen: _Seen, best: _Fitted) -> _Fitted:
    """Go from order to likelier order, the values following, as long as there is one."""
    nearest = tuple(np.argsort(np.diag(seen.moments) - 1.0 / seen.samples.sizes, kind="stable").tolist())
    while True:
        tops = [_moved(seen, rows, best) for rows in (best.rows, nearest)]
        found = max(map(seen.best, dict.fromkeys(tops)), key=seen.value)
        if found.rows == best.rows or seen.value(found) <= seen.value(best):
            return best
        best = found


def _moved(seen: _Seen, rows: Rows, at: _Fitted) -> Rows:
    """Move one sample after the other to where it is best, until none moves."""
    height = float(seen.heights([rows], at)[0])
    reach = max(1, _CANDIDATES // len(rows))
    while True:
        orders = [
            (*others[:place], row, *others[place:])
            for here, row in enumerate(rows)
            for others in [rows[:here] + rows[here + 1 :]]
            for place in range(max(0, here - reach), min(len(rows), here + reach + 1))
        ]
        heights = seen.heights(orders, at)
        top = int(np.argmax(heights))
        if heights[top] <= height:
            return rows
        rows, height = orders[top], float(heights[top])


def _rounded(found: _Fitted) -> _Fitted:
    """The nearest of the values that were chosen beforehand."""
    fresh = round(found.fresh * _FRESH_STEPS) / _FRESH_STEPS
    steps = round(_RATE_STEPS * -math.log2(2.0 * max(found.rate, 1e-300)))
    return replace(found, fresh=fresh, rate=0.5 * 2.0 ** -(min(max(steps, 0), _RATE_STEPS * _LEAST_RATE) / _RATE_STEPS))
