"""Upper bounds on Pr(scale_k > eps) as formulas, beside the exact law in `laws/scales/log_scale_walk.py`.

All are moment bounds: Pr(scale_k > eps) <= (scale_0/eps)^s (E R^s)^k for an s > 0, by Markov's inequality, or weaker
forms of it. They are returned as stated, neither clipped at 1 nor made monotone. Thresholds are x = ln(eps/scale_0), in
nats; generations are k from 1; arguments broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.arguments import message, real
from modelcollapse.errors import InputError
from modelcollapse.families.mixture_estimators import checked_eta, inflation
from modelcollapse.laws.scales.log_scale_walk import checked_generations, checked_thresholds, row_blocks
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_step import SampleSize, ScaleStep
from modelcollapse.laws.scales.scale_steps import Gaussian

Floats = NDArray[np.float64]


def theorem_3(sample_size: SampleSize, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return (sigma_0/eps) e^{-k/(4n-1)}, for a Gaussian with ddof = 1 and n of at least 2.

    References
    ----------
    Suresh, Thangaraj, Khandavally (2025), Theorem 3.

    Examples
    --------
    >>> print(theorem_3(10, 200, np.log(0.1)).round(4))
    0.0593
    """
    n = _sizes(sample_size, least=2)
    return _exponential(1.0, -1.0 / (4.0 * n - 1.0), generations, log_threshold)


def october_2024(sample_size: SampleSize, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return the form of October 2024: (sigma_0^2/eps^2)^{(n-1)/(2(n+3))} e^{-k/(4(n+3))}, ddof = 1, n above 7.

    References
    ----------
    Suresh, Thangaraj, Khandavally, first version (October 2024), by the authors' notebook.

    Examples
    --------
    >>> print(october_2024(10, 200, np.log(0.1)).round(4))
    0.1052
    """
    n = _sizes(sample_size, least=8)
    return _exponential((n - 1.0) / (n + 3.0), -0.25 / (n + 3.0), generations, log_threshold)


def october_2024_as_plotted(sample_size: SampleSize, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return the curve drawn by the notebook of October 2024: half the exponent of its theorem. **Not a bound.**

    The exact law exceeds it at n = 100, eps = 1e-4 sigma_0, k = 3000: .0627 against .0575.
    """
    n = _sizes(sample_size, least=8)
    return _exponential(0.5 * (n - 1.0) / (n + 3.0), -0.25 / (n + 3.0), generations, log_threshold)


def fractional_moment(
    step: ScaleStep, generations: ArrayLike, log_threshold: ArrayLike, power: ArrayLike = 0.7
) -> Floats:
    """Return (scale_0/eps)^s (E R^s)^k for a given s > 0; the notebook plots the Gaussian with s = 0.7.

    References
    ----------
    Suresh, Thangaraj, Khandavally (2025), Theorem 3, by the authors' notebook.

    Raises
    ------
    InputError
        If a power is not positive and finite, or another argument is outside of its domain.

    Examples
    --------
    >>> print(fractional_moment(Gaussian(10), 200, np.log(0.1)).round(4))
    0.0305
    """
    s = np.asarray(power, dtype=np.float64)
    if not np.all((s > 0) & np.isfinite(s)):
        raise InputError(message("power", power, "positive and finite"))
    return _exponential(s, step.log_moment(s), generations, log_threshold)


def first_moment(step: ScaleStep, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return (scale_0/eps) alpha^k with alpha = E R: the bound that E scale_k = alpha^k scale_0 gives.

    References
    ----------
    Bertrand et al. (2024), for the Gaussian with ddof = 1.

    Examples
    --------
    >>> print(first_moment(Gaussian(10), 200, np.log(0.1)).round(4))
    0.0391
    """
    return fractional_moment(step, generations, log_threshold, 1.0)


def optimal_moment(step: ScaleStep, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return the smallest of all moment bounds: the minimum over s >= 0 of (scale_0/eps)^s (E R^s)^k.

    It is 1 up to the generation k = x / E ln R at which the threshold is the typical scale. Derived here (Chernoff);
    its logarithm divided by k has the right limit.

    Examples
    --------
    >>> print(optimal_moment(Gaussian(10), [10, 200], np.log(0.1)).round(4))
    [1.     0.0295]
    """
    return _chernoff(step, generations, log_threshold, upper=True)


def optimal_moment_below(step: ScaleStep, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return an upper bound on the complement, Pr(scale_k <= eps): the minimum over s <= 0.

    Examples
    --------
    >>> print(optimal_moment_below(Gaussian(10), [10, 200], np.log(0.1)).round(4))
    [0.1171 1.    ]
    """
    return _chernoff(step, generations, log_threshold, upper=False)


def maximum_likelihood(sample_size: SampleSize, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return (sigma_0/eps) e^{-3k/(4n)}, for a Gaussian with ddof = 0 and n of at least 2. Derived here.

    Examples
    --------
    >>> print(maximum_likelihood(10, 200, np.log(0.1)).round(10))
    3.059e-06
    """
    n = _sizes(sample_size, least=2)
    return _exponential(1.0, -0.75 / n, generations, log_threshold)


def theorem_4(sample_size: SampleSize, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """Return (sigma_0/eps) e^{-k/(4n)}, for a symmetric mixture of two Gaussians and the estimator of Algorithm 1.

    References
    ----------
    Suresh, Thangaraj, Khandavally (2025), Theorem 4.

    Examples
    --------
    >>> print(theorem_4(10, 200, np.log(0.1)).round(4))
    0.0674
    """
    n = _sizes(sample_size, least=2)
    return _exponential(1.0, -0.25 / n, generations, log_threshold)


def mixture_inflation(sample_size: SampleSize, eta: float = 2.0) -> Floats:
    """Return kappa of Algorithm 1: exp((eta - 1)((n-1)/2 + 4 eta) / (eta (n-1)(n + 4 eta - 1))) - 1.

    Parameters
    ----------
    sample_size : int or array of int
        n, at least 2.
    eta : float
        Above 1; the notebook takes 2.

    References
    ----------
    Suresh, Thangaraj, Khandavally (2025), Algorithm 1, by the authors' notebook.

    Examples
    --------
    >>> print(mixture_inflation(10).round(6))
    0.041695
    """
    return inflation(_sizes(sample_size, least=2), checked_eta(eta))


def mixture_rate(sample_size: SampleSize, eta: float = 2.0, kappa: float | None = None) -> Floats:
    """Return ln(1 + kappa)/2 + ln E sqrt(chi^2_{n-1}/n), the exponent per generation of `mixture_first_moment`.

    Kappa is the paper's for `eta` unless it is given.

    Examples
    --------
    >>> print(mixture_rate(10).round(4))
    -0.06
    """
    shrink = Gaussian(sample_size, 0.0).log_moment(1.0)
    used = mixture_inflation(sample_size, eta) if kappa is None else real("kappa", kappa, low=0.0, high=1e6)
    return np.asarray(0.5 * np.log1p(used) + shrink)


def mixture_first_moment(
    sample_size: SampleSize,
    generations: ArrayLike,
    log_threshold: ArrayLike,
    eta: float = 2.0,
    kappa: float | None = None,
) -> Floats:
    """Return (sigma_0/eps) e^{k r} with r = `mixture_rate`: Theorem 4 with the rate its estimator has.

    The estimate is at most sqrt(1 + kappa) times the standard deviation (divisor n) of |mu + sigma Z|, which is
    pathwise at most that of mu + sigma Z. Derived here.

    Examples
    --------
    >>> print(mixture_first_moment(10, 200, np.log(0.1)).round(7))
    6.17e-05
    """
    return _exponential(1.0, mixture_rate(sample_size, eta, kappa), generations, log_threshold)


def _exponential(power: ArrayLike, rate: ArrayLike, generations: ArrayLike, log_threshold: ArrayLike) -> Floats:
    """e^{k rate - s x}."""
    k, x = checked_generations(generations), checked_thresholds(log_threshold)
    with np.errstate(over="ignore"):
        return np.exp(k * np.asarray(rate, dtype=np.float64) - np.asarray(power, dtype=np.float64) * x)


def _chernoff(step: ScaleStep, generations: ArrayLike, log_threshold: ArrayLike, *, upper: bool) -> Floats:
    k, x = checked_generations(generations), checked_thresholds(log_threshold)
    shape = np.broadcast_shapes(k.shape, x.shape, step.shape)
    k, x = (np.broadcast_to(array, shape).ravel() for array in (k, x))
    each = np.arange(int(np.prod(step.shape))).reshape(step.shape)
    position = np.broadcast_to(each, shape).ravel()
    possible = x < step.log_supremum
    bound = np.where(possible, 1.0, 0.0 if upper else 1.0)
    # On the other side of the mean the best power is 0, and the bound 1.
    beyond = (x / k > step.cumulant(1).ravel()[position]) == upper
    for rows in row_blocks(step, position, np.flatnonzero(possible & beyond)):
        part, k_in, x_in = step.rows(position[rows]), k[rows], x[rows]
        s = saddle_point(part, x_in / k_in)
        s = np.maximum(s, 0.0) if upper else np.minimum(s, 0.0)
        exponent = k_in * part.log_moment_change(np.zeros(s.shape), s) - s * x_in
        bound[rows] = np.exp(np.minimum(exponent, 0.0))
    return bound.reshape(shape)


def _sizes(sample_size: SampleSize, *, least: int) -> Floats:
    n = np.asarray(sample_size)
    if n.dtype.kind not in "iu" or not n.size or n.min() < least:
        raise InputError(message("sample_size", sample_size, f"whole numbers of at least {least}"))
    return n.astype(np.float64)
