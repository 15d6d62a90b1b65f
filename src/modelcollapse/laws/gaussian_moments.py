"""Moments of the Gaussian recursion: scale, mean, Wasserstein distance and both divergences.

With R_j the factor of the scale at generation j and Z_j the standardised error of its mean, independent,

    Sigma_k = Sigma_{k-1} R_k,    mu_k = mu_{k-1} + Sigma_{k-1} Z_k / sqrt(n_k),

every moment is a product, or a sum of products, of V_j = E R_j^2, E R_j and C_j = E R_j^{-2}. All are in units of the
true standard deviation.

In d dimensions Sigma_k is the factor of a covariance, and R_j^2 a Wishart matrix over n_j - ddof: E R_j^2 is V_j times
the unit matrix, the mean of its inverse is C_j = (n_j - ddof)/(n_j - d - 2) times it, and |Z_j|^2 has the mean d. So
drift and divergences are d times their values in one dimension, with that C_j, and E ln det Sigma_k in place of
d E ln Sigma_k.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.arguments import integer, message
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.log_gamma import log_gamma_change
from modelcollapse.laws.scales.log_scale_walk import checked_generations
from modelcollapse.laws.scales.scale_step import Floats
from modelcollapse.laws.scales.scale_steps import Gaussian, GaussianDeterminant


class GaussianMoments:
    """Exact moments after k generations of fitting and sampling a Gaussian.

    Parameters
    ----------
    sample_size : int or sequence of int
        n, at least 2, the same for all generations; or n_1, n_2, ..., n_K.
    ddof : float
        The variance is divided by n - ddof; below every n.
    dimension : int
        d, below every n. In several dimensions drift and divergences are what is known here.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    Notes
    -----
    Methods take generations (numbers from 1; at most K for a schedule) and return an array of their shape. What can
    leave the range of doubles also comes as a logarithm; the plain value is then 0 or infinite. Relative accuracy is
    1e-13 plus 1e-15 times the logarithm of the result.

    References
    ----------
    Bertrand et al. (2024) for E Sigma_k, Shumailov et al. (2024) for the Wasserstein distance to first order; the exact
    forms are derived here.

    Examples
    --------
    >>> moments = GaussianMoments(10)
    >>> print(moments.mean_scale([1, 100]).round(6), moments.drift(100).round(6))
    [0.972659 0.062528] 10.0
    """

    def __init__(self, sample_size: int | ArrayLike, ddof: float = 1.0, dimension: int = 1) -> None:
        if np.ndim(sample_size) == 0:
            self._sizes: NDArray[np.int64] | None = None
            self._step = Gaussian(integer("sample_size", sample_size, least=2), ddof)
        else:
            self._sizes = np.asarray(sample_size)
            if self._sizes.ndim != 1:
                raise InputError(message("sample_size", sample_size, "a number, or a list of numbers"))
            self._step = Gaussian(self._sizes, ddof)
        self._determinant = GaussianDeterminant(self._step.sample_size, ddof, dimension)

    def log_mean_scale(self, generations: ArrayLike) -> Floats:
        """Return ln E Sigma_k."""
        return self._sum(self._step.log_moment(1.0), generations)

    def mean_scale(self, generations: ArrayLike) -> Floats:
        """Return E Sigma_k."""
        return _exp(self.log_mean_scale(generations))

    def log_mean_variance(self, generations: ArrayLike) -> Floats:
        """Return ln E Sigma_k^2: 0 for ddof = 1, k ln(1 - 1/n) for ddof = 0."""
        return self._sum(self._log_growth, generations)

    def mean_variance(self, generations: ArrayLike) -> Floats:
        """Return E Sigma_k^2."""
        return _exp(self.log_mean_variance(generations))

    def mean_log_scale(self, generations: ArrayLike) -> Floats:
        """Return E ln Sigma_k; in d dimensions E ln det(Sigma_k) / d, the scale being det^{1/d} of the factor."""
        step = self._step if self._dimension == 1 else self._determinant
        return self._sum(step.cumulant(1), generations)

    def log_drift(self, generations: ArrayLike) -> Floats:
        """Return ln E |mu_k - mu_0|^2."""
        return self._log_dimension + self._log_sum_of_products(self._log_growth, generations, backwards=False)

    def drift(self, generations: ArrayLike) -> Floats:
        """Return E |mu_k - mu_0|^2: d k/n for ddof = 1, d (1 - (1 - 1/n)^k) for ddof = 0."""
        return _exp(self.log_drift(generations))

    def wasserstein(self, generations: ArrayLike) -> Floats:
        """Return E W_2^2 between model k and the truth, in one dimension: E (mu_k - mu_0)^2 + E (Sigma_k - 1)^2."""
        log_mean = self.log_mean_scale(generations)
        half = np.full(self._step.shape, 0.5 * self._n - 0.5)
        pair = np.broadcast_to(np.array([0.5, 1.0]).reshape(2, *([1] * half.ndim)), (2, *half.shape))
        once, twice = log_gamma_change(half, pair)
        spread = self._sum(twice - 2.0 * once, generations)
        with np.errstate(over="ignore", invalid="ignore"):
            scale = np.exp(2.0 * log_mean) * np.expm1(spread) + np.expm1(log_mean) ** 2
            # Where the product mixes 0 and infinity, the second moment alone is left.
            scale = np.where(spread > 600.0, _exp(2.0 * log_mean + spread) + 1.0, scale)
        return self.drift(generations) + scale

    def divergence_to_start(self, generations: ArrayLike) -> Floats:
        """Return E KL(P_k || P_0) in nats: linear in k for ddof 0 and 1."""
        grown = np.expm1(np.minimum(self.log_mean_variance(generations), 709.0))
        d = self._dimension
        value = 0.5 * (d * grown + self.drift(generations)) - d * self.mean_log_scale(generations)
        return np.where(self.log_mean_variance(generations) > 709.0, np.inf, value)

    def log_divergence_from_start(self, generations: ArrayLike) -> Floats:
        """Return ln E KL(P_0 || P_k): exponential growth; infinite if a sample size up to k is d + 2 or less."""
        generations = checked_generations(generations)
        inverse = self._sum(self._log_inverse, generations)
        spread = self._log_sum_of_products(self._log_inverse, generations, backwards=True)
        shrunk = self.mean_log_scale(generations)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            near = np.log(0.5 * (np.expm1(np.minimum(inverse, 700.0)) + _exp(spread)) + shrunk)
            far = np.logaddexp(inverse, spread) - np.log(2.0)
        return self._log_dimension + np.where(np.maximum(inverse, spread) > 100.0, far, near)

    def divergence_from_start(self, generations: ArrayLike) -> Floats:
        """Return E KL(P_0 || P_k) in nats."""
        return _exp(self.log_divergence_from_start(generations))

    @property
    def _dimension(self) -> int:
        return self._determinant.dimension

    @property
    def _log_dimension(self) -> float:
        return float(np.log(self._dimension))

    @property
    def _n(self) -> Floats:
        return np.asarray(self._step.sample_size, dtype=np.float64)

    @cached_property
    def _log_growth(self) -> Floats:
        """V_j as a logarithm: ln((n - 1)/(n - ddof))."""
        return np.asarray(np.log1p((self._step.ddof - 1.0) / (self._n - self._step.ddof)))

    @cached_property
    def _log_inverse(self) -> Floats:
        """C_j as a logarithm: ln((n - ddof)/(n - d - 2)), infinite up to n = d + 2."""
        least = self._dimension + 2.0
        above = np.where(self._n > least, self._n - least, 1.0)
        return np.where(self._n > least, np.log1p((least - self._step.ddof) / above), np.inf)

    def _at(self, generations: ArrayLike) -> NDArray[np.int64]:
        """Positions in a schedule."""
        k = checked_generations(generations)
        assert self._sizes is not None
        if k.max() > len(self._sizes):
            raise InputError(message("generations", generations, f"at most {len(self._sizes)}, the sample sizes given"))
        return k.astype(np.int64) - 1

    def _sum(self, terms: Floats, generations: ArrayLike) -> Floats:
        """The sum over the first k generations of a term of each."""
        if self._sizes is None:
            return np.asarray(checked_generations(generations) * terms)
        return np.asarray(np.cumsum(terms)[self._at(generations)])

    def _log_sum_of_products(self, logs: Floats, generations: ArrayLike, *, backwards: bool) -> Floats:
        """Logarithm of the sum over j <= k of 1/n_j times the factors before j, or (backwards) from j to k."""
        if self._sizes is None:
            return self._log_geometric(float(logs), checked_generations(generations), extra=backwards)
        at = self._at(generations)
        total, value = np.cumsum(logs), np.empty(len(logs))
        if backwards:
            running = -np.inf
            for j, (factor, n) in enumerate(zip(logs, self._n, strict=True)):
                running = np.logaddexp(running, -np.log(n)) + factor
                value[j] = running
        else:
            value = np.logaddexp.accumulate(total - logs - np.log(self._n))
        return np.asarray(value[at])

    def _log_geometric(self, log_factor: float, k: Floats, *, extra: bool) -> Floats:
        """Logarithm of (1/n)(1 + f + ... + f^{k-1}), times f if extra, for f = e^log_factor."""
        lead = (log_factor if extra else 0.0) - np.log(self._n)
        if not np.isfinite(log_factor):
            return np.full(k.shape, np.inf)
        if log_factor == 0.0:
            return np.asarray(lead + np.log(k))
        size = np.abs(log_factor)
        log_sum = np.log(-np.expm1(-size * k)) - np.log(-np.expm1(-size))
        return np.asarray(lead + log_sum + np.maximum(log_factor, 0.0) * (k - 1.0))


def _exp(log_value: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(log_value))
