"""Rates of collapse of scales: almost surely ln(scale_k) / k tends to E ln R, whatever the start."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from modelcollapse.arguments import integer
from modelcollapse.laws.scales.log_gamma import digamma_excess
from modelcollapse.laws.scales.scale_step import Floats, ScaleStep
from modelcollapse.laws.scales.scale_steps import Gaussian, check_ddof


@dataclass(frozen=True)
class CollapseRate:
    """How fast a typical scale shrinks.

    Parameters
    ----------
    per_generation : float
        E ln R, in nats per generation: the typical scale is multiplied by its exponential. Positive if scales grow.
    variance : float
        Of ln R: after k generations ln(scale_k) has k times this variance.
    """

    per_generation: float
    variance: float

    @property
    def generations_to_lose_half(self) -> float:
        """Generations in which the typical scale halves; infinite if it does not shrink."""
        return math.log(2.0) / -self.per_generation if self.per_generation < 0 else math.inf


def collapse_rate(step: ScaleStep) -> CollapseRate:
    """Return the rate of a single step.

    Examples
    --------
    >>> from modelcollapse.laws.scales.scale_steps import Gaussian
    >>> rate = collapse_rate(Gaussian(100))
    >>> print(f"{rate.per_generation:.10f} {rate.generations_to_lose_half:.1f}")
    -0.0050675094 136.8
    """
    return CollapseRate(float(step.cumulant(1)), float(step.cumulant(2)))


def lyapunov_spectrum(sample_size: int, dimension: int, ddof: float = 1.0) -> Floats:
    """Return the rates of the principal standard deviations of a d-dimensional Gaussian, largest first.

    Parameters
    ----------
    sample_size : int
        n, above the dimension.
    dimension : int
        d.
    ddof : float
        The covariance is divided by n - ddof.

    Returns
    -------
    array, shape (dimension,)
        lambda_i = (psi((n - i)/2) - ln((n - ddof)/2)) / 2, i = 1, ..., d, in nats per generation. Along one fixed
        direction the rate is lambda_1.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    Examples
    --------
    >>> print(lyapunov_spectrum(20, 3).round(6))
    [-0.026777 -0.055325 -0.0856  ]
    """
    d = integer("dimension", dimension, least=1)
    n = integer("sample_size", sample_size, least=d + 1, remedy="A covariance needs more draws than dimensions.")
    check_ddof(ddof, n)
    i = np.arange(1.0, d + 1.0)
    return 0.5 * (digamma_excess(np.asarray(0.5 * (n - i))) + np.log1p((ddof - i) / (n - ddof)))


def critical_amplification(sample_size: int, ddof: float = 1.0) -> float:
    """Return lambda_c: draws with the variance times lambda let a Gaussian collapse if lambda is below, explode above.

    Under replace ln Sigma_k is a walk with the mean step (ln lambda + psi((n - 1)/2) - ln((n - ddof)/2)) / 2. At
    lambda = 1 the mean variance is kept (ddof = 1), and yet almost every run collapses: lambda_c is then about
    1 + 1/(n - 1), and for ddof = 0 about 1 + 2/n.

    Parameters
    ----------
    sample_size : int
        n, at least 2.
    ddof : float
        The variance is divided by n - ddof.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Loop and lambda by Alemohammad et al. (2024); the critical value is derived here.

    Examples
    --------
    >>> print(f"{critical_amplification(10):.4f} {critical_amplification(100):.4f}")
    1.1221 1.0102
    """
    return math.exp(-2.0 * float(Gaussian(sample_size, ddof).cumulant(1)))
