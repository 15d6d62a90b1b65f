"""Student models of a fixed shape, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.families.kept_data import KeptData, heaviest_datum, require_maximum, total_weight, weighted_sum
from modelcollapse.families.location_scale import Floats

_STARTS = 3  # how many of the best locations of the scan are followed up
_DENSE = 25  # up to here the scan tries points between neighbouring data
_GRID = 49  # beyond, so many quantiles
_FITTED = "Scale and location are fitted by maximum likelihood."
_THIN = 1000  # more data than these are scanned by as many quantiles


@dataclass(frozen=True)
class Student(KeptData):
    """Student's t with a fixed shape (degrees of freedom); location and scale at the global maximum of the likelihood.

    The likelihood of a location has several local maxima. It is scanned, each location with its best scale; from the
    best places Newton steps climb up, or steps of the EM algorithm (in its parameter-expanded form) where these fail.
    Starts from `Parameters(location=..., scale=...)`.

    Parameters
    ----------
    shape : float
        Degrees of freedom, from 0.1 to 10^6.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Parameters
    >>> from modelcollapse.families import Student
    >>> family = Student(shape=3)
    >>> model = family.initial(Parameters(location=5.0, scale=2.0), replicates=1)
    >>> family.fit(family.sample(model, 100_000, np.random.default_rng(1))).round(1)
    array([[5., 2.]])
    """

    shape: float = 4.0

    name: ClassVar[str] = "student"
    largest_size: ClassVar[int] = 10**6

    @property
    def values_per_datum(self) -> int:
        """A datum meets every point of the grid of locations."""
        return 4 * _GRID

    @property
    def tail(self) -> float:
        """The degrees of freedom."""
        return self.shape

    @property
    def described(self) -> str:
        """With its shape, which decides how many data it takes."""
        return f"the {self.name} family with shape {self.shape:g}"

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", arguments.real("shape", self.shape, low=0.1, high=1e6))

    def in_words(self) -> tuple[str, str]:
        """Return the model and its scale in words."""
        return f"A Student model with {self.shape:g} degrees of freedom", _FITTED

    def standard(self, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
        """Draw standard t variables."""
        return rng.standard_t(self.shape, size=shape)

    def estimate(self, values: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
        """Return location and scale of the largest likelihood."""
        require_maximum(total_weight(values, weights), heaviest_datum(values, weights), self.tail, self.described)
        thin = (values, weights) if values.shape[1] <= _THIN else (_quantiles(values, weights, _THIN), None)
        locations = _candidates(*thin)
        log_scales = self._best_scale(*thin, locations)
        reached = self._log_likelihood(*thin, locations, log_scales)
        best = np.argsort(-_peaks(reached), axis=1)[:, :_STARTS]
        mu, log_sigma = (np.take_along_axis(array, best, axis=1) for array in (locations, log_scales))
        mu, log_sigma = self._climb(values, weights, mu, log_sigma)
        top = self._log_likelihood(values, weights, mu, log_sigma).argmax(axis=1)
        rows = np.arange(len(values))
        return mu[rows, top], np.exp(log_sigma[rows, top])

    def _influence(self, values: Floats, mu: Floats, log_sigma: Floats) -> tuple[Floats, Floats]:
        """Residuals, in units of the scale, and the weight of each datum; shape (row, place, datum)."""
        z = (values[:, None, :] - mu[:, :, None]) * np.exp(-log_sigma)[:, :, None]
        return z, (self.shape + 1.0) / (self.shape + z * z)

    def _log_likelihood(self, values: Floats, weights: Floats | None, mu: Floats, log_sigma: Floats) -> Floats:
        z, _ = self._influence(values, mu, log_sigma)
        density = weighted_sum(np.log1p(z * z / self.shape), weights)
        return -0.5 * (self.shape + 1.0) * density - total_weight(values, weights)[:, None] * log_sigma

    def _best_scale(self, values: Floats, weights: Floats | None, mu: Floats) -> Floats:
        """The best log scale at each location, roughly: the mean of w z^2 falls with the scale and must be 1."""
        count = total_weight(values, weights)[:, None]
        away = np.abs(values[:, None, :] - mu[:, :, None])
        log_sigma = np.log(weighted_sum(away, weights) / count)
        for _ in range(6):
            z, w = self._influence(values, mu, log_sigma)
            mean = weighted_sum(w * z * z, weights) / count
            slope = 2.0 * self.shape * weighted_sum(w * w * z * z, weights) / (self.shape + 1.0) / count
            # Newton's method on the logarithm of the mean as a function of the logarithm of the scale.
            log_sigma = log_sigma + np.clip(np.log(mean) * mean / slope, -2.0, 2.0)
        return log_sigma

    def _climb(self, values: Floats, weights: Floats | None, mu: Floats, log_sigma: Floats) -> tuple[Floats, Floats]:
        """Climb to the local maxima, each row until its places have come to rest."""
        active, reach = np.arange(len(values)), np.ones(mu.shape)
        for _ in range(150):
            data = values[active], None if weights is None else weights[active]
            step, reach[active] = self._step(*data, mu[active], log_sigma[active], reach[active])
            change = np.maximum(np.abs(step[0]) * np.exp(-log_sigma[active]), np.abs(step[1]))
            mu[active] += step[0]
            log_sigma[active] += step[1]
            active = active[(change > 1e-12).any(axis=1)]
            if not active.size:
                break
        return mu, log_sigma

    def _step(
        self, values: Floats, weights: Floats | None, mu: Floats, log_sigma: Floats, reach: Floats
    ) -> tuple[tuple[Floats, Floats], Floats]:
        """Of Newton's step within reach and the EM step the one that leads higher; and the next reach.

        The EM step never leads down, but crawls along a ridge.
        """
        z, w = self._influence(values, mu, log_sigma)
        sigma, total = np.exp(log_sigma), weighted_sum(w, weights)
        shift = weighted_sum(w * z, weights) / total
        spread = weighted_sum(w * (z - shift[:, :, None]) ** 2, weights) / total
        safe = sigma * shift, 0.5 * np.log(spread)
        newton, concave = self._newton_step(z, w, weights, total_weight(values, weights)[:, None], reach)
        bold = sigma * newton[0], newton[1]
        best, there = (
            self._log_likelihood(values, weights, mu + away, log_sigma + wider) for away, wider in (safe, bold)
        )
        # Near the maximum heights no longer tell, and Newton's step is the accurate one.
        slack = np.where(concave, 1e-13 * (1.0 + np.abs(best)), 0.0)
        take = there >= best - slack
        chosen = [np.where(take, b, s) for s, b in zip(safe, bold, strict=True)]
        return (chosen[0], chosen[1]), np.where(take, np.minimum(2.0 * reach, 4.0), 0.25 * reach)

    def _newton_step(
        self, z: Floats, w: Floats, weights: Floats | None, count: Floats, reach: Floats
    ) -> tuple[tuple[Floats, Floats], NDArray[np.bool_]]:
        """Newton's step in (location/scale, log scale), at most `reach` long; and where the likelihood is concave.

        Elsewhere curvatures are taken without their sign, so that the step leads up in every direction:
        |M| = (M^2 + |det M|) / sqrt(tr M^2 + 2 |det M|) for a symmetric matrix of two rows.
        """
        nu, square = self.shape, z * z
        bend = w * w / (nu + 1.0)
        g1, g2 = weighted_sum(w * z, weights), weighted_sum(w * square, weights) - count
        a = weighted_sum(bend * (nu - square), weights)
        b, c = (2.0 * nu * weighted_sum(bend * power, weights) for power in (z, square))
        determinant = a * c - b * b
        size = np.abs(determinant) + 1e-300
        norm = np.sqrt(a * a + 2.0 * b * b + c * c + 2.0 * size)
        first, cross, second = ((a * a + b * b + size) / norm, b * (a + c) / norm, (b * b + c * c + size) / norm)
        x, y = (second * g1 - cross * g2) / size, (first * g2 - cross * g1) / size
        shrink = np.minimum(1.0, reach / np.maximum(np.hypot(x, y), 1e-300))
        return (shrink * x, shrink * y), (determinant > 0) & (a > 0)


def _candidates(values: Floats, weights: Floats | None) -> Floats:
    """Locations to try, ascending along each row: the data and points between them, or quantiles of many data."""
    if weights is not None or values.shape[1] > _DENSE:
        return _quantiles(values, weights, _GRID)
    ordered = np.sort(values, axis=1)
    left, gap = ordered[:, :-1, None], np.diff(ordered, axis=1)[:, :, None]
    between = (left + gap * np.array([0.0, 0.25, 0.5, 0.75])).reshape(len(values), -1)
    return np.concatenate([between, ordered[:, -1:]], axis=1)


def _quantiles(values: Floats, weights: Floats | None, number: int) -> Floats:
    """Evenly spaced quantiles of the data that count at all, each once."""
    ordered = np.sort(values if weights is None else np.where(weights > 0, values, np.nan), axis=1)
    count = np.sum(~np.isnan(ordered), axis=1, keepdims=True)
    place = np.linspace(0.0, 1.0, number) * (count - 1)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, count - 1)
    first, second = (np.take_along_axis(ordered, index, axis=1) for index in (low, high))
    return np.asarray(first + (place - low) * (second - first))


def _peaks(heights: Floats) -> Floats:
    """Keep what is not below its neighbours; lower everything else."""
    padded = np.pad(heights, ((0, 0), (1, 1)), constant_values=-np.inf)
    return np.where((heights >= padded[:, :-2]) & (heights >= padded[:, 2:]), heights, -np.inf)
