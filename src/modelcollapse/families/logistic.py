"""Logistic models, by maximum likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse.families.kept_data import KeptData, total_weight, weighted_sum
from modelcollapse.families.location_scale import Floats


@dataclass(frozen=True)
class Logistic(KeptData):
    """Logistic laws, estimated by maximum likelihood.

    As a function of slope a = 1/scale and shift b = location/scale the log-likelihood of z = a x - b is concave, so
    Newton's method with halved steps finds the one maximum. Starts from `Parameters(location=..., scale=...)`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Logistic
    >>> family = Logistic()
    >>> model = family.initial(Parameters(location=5.0, scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 100_000, np.random.default_rng(1))).round(1)
    array([[5., 2.]])
    """

    name: ClassVar[str] = "logistic"

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return "A logistic model", "Scale and location are fitted by maximum likelihood."

    def standard(self, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
        """Draw from e^z / (1 + e^z)^2."""
        return rng.logistic(size=shape)

    def estimate(self, values: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
        """Return location and scale of the largest likelihood."""
        count = total_weight(values, weights)
        mean = weighted_sum(values, weights) / count
        spread = np.sqrt(weighted_sum((values - mean[:, None]) ** 2, weights) / count)
        x = (values - mean[:, None]) / spread[:, None]
        slope, shift = _maximum(x, weights, count)
        return mean + spread * shift / slope, spread / slope


def _maximum(x: Floats, weights: Floats | None, count: Floats) -> tuple[Floats, Floats]:
    """Slope and shift of standardised data."""
    at = np.stack([np.full(len(x), math.pi / math.sqrt(3.0)), np.zeros(len(x))])
    value = _log_likelihood(x, weights, count, at)
    for _ in range(100):
        step = _newton_step(x, weights, count, at)
        fraction = np.ones(len(x))
        for _ in range(60):
            following = at + fraction * step
            reached = _log_likelihood(x, weights, count, following)
            worse = ~(reached >= value - 1e-13 * (1.0 + np.abs(value)))
            if not worse.any():
                break
            fraction = np.where(worse, 0.5 * fraction, fraction)
        at, value = following, reached
        if np.all(np.abs(fraction * step) <= 1e-13 * (1.0 + np.abs(at))):
            break
    return at[0], at[1]


def _log_likelihood(x: Floats, weights: Floats | None, count: Floats, at: Floats) -> Floats:
    """Mean log-likelihood; minus infinity where the slope is not positive."""
    slope, shift = at
    z = np.abs(slope[:, None] * x - shift[:, None])
    density = weighted_sum(-z - 2.0 * np.log1p(np.exp(-z)), weights) / count
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(slope > 0, np.log(slope) + density, -np.inf)


def _newton_step(x: Floats, weights: Floats | None, count: Floats, at: Floats) -> Floats:
    """The step to the maximum of the quadratic approximation."""
    slope, shift = at
    pull = np.tanh(0.5 * (slope[:, None] * x - shift[:, None]))
    bend = 0.5 * (1.0 - pull * pull)

    def mean(values: Floats) -> Floats:
        return weighted_sum(values, weights) / count

    of_slope, of_shift = 1.0 / slope - mean(x * pull), mean(pull)
    a, b, c = 1.0 / slope**2 + mean(x * x * bend), mean(x * bend), mean(bend)
    determinant = a * c - b * b
    return np.stack([(c * of_slope + b * of_shift) / determinant, (b * of_slope + a * of_shift) / determinant])
