"""Tails of a walk whose step is sampled: its characteristic function, to the power k, inverted by Gil-Pelaez.

The sample is put on a fine lattice. The integral is a trapezoid rule whose spacing covers the whole range of the sum,
with nodes as far as the power of the characteristic function is above noise; all generations within a factor of 2
share their nodes. Everything is computed for the whole sample and with each batch left out: the jackknife gives the
interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.scales.sampled_step import BATCHES, SampledStep

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

LONGEST = 10**6  # generations
_BINS_PER_DEVIATION = 100
_MOST_BINS = 20_000
_NODES, _MOST_BLOCKS = 64, 40
_NOISE = 1e-8  # where the power of the characteristic function is less, it is left out
_CERTAIN = 38.0  # standard deviations from the mean beyond which nothing is left


@dataclass(frozen=True, eq=False)
class Estimated:
    """An estimate with its pointwise 95 % interval, arrays of one shape."""

    value: Floats
    low: Floats
    high: Floats

    def within(self, low: float, high: float) -> Estimated:
        """Clip the interval to what is possible."""
        return Estimated(self.value, np.maximum(self.low, low), np.minimum(self.high, high))


class SampledWalk:
    """The sum of k independent steps of a sampled law.

    Parameters
    ----------
    step : SampledStep

    Examples
    --------
    >>> from modelcollapse.families import Laplace
    >>> from modelcollapse.laws.scales.sampled_step import sampled_step
    >>> walk = SampledWalk(sampled_step(Laplace(), 10))
    >>> found = walk.at_most(np.array([1, 20, 60]), np.log(0.1))
    >>> print(found.value.round(2))
    [0.   0.47 0.95]
    """

    def __init__(self, step: SampledStep) -> None:
        self._x = step.log_ratio.ravel()
        # Row 0 weighs the whole sample, the others leave out one batch each.
        rows = [step.weights(), *(step.weights(batch) for batch in range(BATCHES))]
        self._weights = np.array([row.ravel() for row in rows])
        self._mean = self._weights @ self._x
        self._deviation = float(np.sqrt(self._weights[0] @ (self._x - self._mean[0]) ** 2))
        self._lattice()
        self._octaves: dict[tuple[int, float], tuple[Floats, NDArray[np.complex128], float]] = {}

    def at_most(self, generations: Generations, x: float) -> Estimated:
        """Return Pr(ln(scale_k / scale_0) <= x) for generations from 1 to `LONGEST`, ascending."""
        rows = np.empty((len(self._weights), len(generations)))
        octave = np.frexp(generations.astype(np.float64))[1]
        for number in np.unique(octave):
            here = np.flatnonzero(octave == number)
            rows[:, here] = self._first(x) if number == 1 else self._inverted(int(number), generations[here], x)
        return estimated(np.clip(rows, 0.0, 1.0), floor=3.7 / self._x.size).within(0.0, 1.0)

    def log_moment(self, power: float) -> Floats:
        """Return ln E R^power, of the whole sample and with each batch left out."""
        return np.asarray(np.log(self._weights @ np.exp(power * self._x)))

    def mean(self) -> Floats:
        """Return E ln R, of the whole sample and with each batch left out."""
        return self._mean

    def _first(self, x: float) -> Floats:
        return (self._weights @ (self._x <= x))[:, None]

    def _lattice(self) -> None:
        """Share each weight between the two points of the lattice beside it, so that means stay what they are."""
        low, high = float(self._x.min()), float(self._x.max())
        bins = min(int((high - low) / self._deviation * _BINS_PER_DEVIATION) + 2, _MOST_BINS)
        self._points = np.linspace(low, high, bins) - self._mean[0]
        place = (self._x - low) / (high - low) * (bins - 1)
        left = np.minimum(place.astype(np.int64), bins - 2)
        part = place - left
        self._mass = np.array(
            [np.bincount(left, w * (1.0 - part), bins) + np.bincount(left + 1, w * part, bins) for w in self._weights]
        )

    def _inverted(self, octave: int, generations: Generations, x: float) -> Floats:
        """Gil-Pelaez for generations within a factor of 2, in units where the whole sample's mean is 0."""
        k = generations.astype(np.float64)
        away = x - k * self._mean[0]
        spread = self._deviation * np.sqrt(k)
        sure = np.abs(away) > _CERTAIN * spread
        result = np.broadcast_to(np.where(away > 0, 1.0, 0.0), (len(self._weights), k.size)).copy()
        if sure.all():
            return result
        nodes, log_cf, spacing = self._characteristic(octave, x)
        for column in np.flatnonzero(~sure).tolist():
            power = np.exp(k[column] * log_cf - 1j * nodes * away[column])
            result[:, column] = 0.5 - (spacing / np.pi) * (power.imag / nodes).sum(axis=1)
        return result

    def _characteristic(self, octave: int, x: float) -> tuple[Floats, NDArray[np.complex128], float]:
        """Nodes, the logarithm of the characteristic function there, and the spacing, for an octave of generations."""
        if (octave, x) not in self._octaves:
            least, most = 2.0 ** (octave - 1), 2.0**octave
            spread = self._deviation * np.sqrt(most)
            reach = max(abs(x - k * self._mean[0]) for k in (least, most))
            range_ = min(reach, _CERTAIN * spread) + 12.0 * spread + float(np.abs(self._points).max())
            spacing = 2.0 * np.pi / range_
            nodes, values = [], []
            for block in range(_MOST_BLOCKS):
                t = (np.arange(_NODES) + (block * _NODES + 0.5)) * spacing
                found = self._mass @ np.exp(1j * np.outer(self._points, t))
                nodes.append(t)
                values.append(found)
                if np.abs(found).max() ** least < _NOISE:
                    break
            cf = np.concatenate(values, axis=1)
            self._octaves[octave, x] = np.concatenate(nodes), np.log(np.where(cf == 0, 1e-300, cf)), spacing
        return self._octaves[octave, x]


def estimated(rows: Floats, *, floor: float = 0.0) -> Estimated:
    """Return the estimate in row 0 and its interval by the jackknife over the other rows, each without one batch.

    `floor` is added to half the interval: what a sample without a single hit cannot rule out.
    """
    from scipy.special import stdtrit

    away = rows[1:] - rows[1:].mean(axis=0)
    error = np.sqrt((BATCHES - 1.0) / BATCHES * (away**2).sum(axis=0))
    half = stdtrit(BATCHES - 1.0, 0.975) * error + floor
    return Estimated(rows[0], rows[0] - half, rows[0] + half)
