"""The one-step laws of ln R that are known in closed form: Gaussian, exponential and uniform families."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.arguments import LARGEST_SAMPLE_SIZE, integer, message, real
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.scale_step import (
    ExponentialStep,
    Floats,
    LogGammaForm,
    LogGammaStep,
    Numbers,
    SampleSize,
    ScaleStep,
)

_TWO = "One draw has no spread: it takes two to fit a scale."


@dataclass(frozen=True)
class Gaussian(LogGammaStep):
    """The standard deviation of a Gaussian: R^2 = chi^2_{n-1} / (n - ddof).

    Parameters
    ----------
    sample_size : int or array of int
        n, at least 2.
    ddof : float
        The variance is divided by n - ddof; below n. 1 is the unbiased estimator, 0 maximum likelihood.

    Raises
    ------
    InputError
        If a sample size or `ddof` is outside of its domain.

    References
    ----------
    Suresh, Thangaraj, Khandavally (2025), Theorem 3.

    Examples
    --------
    >>> step = Gaussian(10)
    >>> print(f"{step.cumulant(1):.10f} {np.exp(step.log_moment(1.0)):.10f}")
    -0.0576032352 0.9726592741
    """

    sample_size: SampleSize
    ddof: float = 1.0

    def __post_init__(self) -> None:
        _check_sizes(self.sample_size, least=2, remedy=_TWO)
        check_ddof(self.ddof, self.sample_size)

    @property
    def form(self) -> LogGammaForm:
        """One gamma variable of shape (n - 1)/2."""
        surplus = np.full(self.shape, 0.5 * (self.ddof - 1.0))
        return LogGammaForm(0.5, 0.5 * (_float(self.sample_size) - self.ddof), surplus)


@dataclass(frozen=True)
class GaussianDeterminant(LogGammaStep):
    """The scale det(Sigma)^{1/(2d)} of a d-dimensional Gaussian: R^{2d} = product over i <= d of chi^2_{n-i}/(n-ddof).

    Parameters
    ----------
    sample_size : int or array of int
        n, above the dimension.
    ddof : float
        As for `Gaussian`.
    dimension : int
        d, at least 1.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    Examples
    --------
    >>> print(f"{GaussianDeterminant(20, dimension=5).cumulant(1):.6f}")
    -0.087559
    """

    sample_size: SampleSize
    ddof: float = 1.0
    dimension: int = 1

    def __post_init__(self) -> None:
        integer("dimension", self.dimension, least=1, most=10**5)
        remedy = "A covariance of full rank needs more draws than dimensions."
        _check_sizes(self.sample_size, least=self.dimension + 1, remedy=remedy)
        check_ddof(self.ddof, self.sample_size)

    @property
    def form(self) -> LogGammaForm:
        """Gamma variables of shapes (n - 1)/2, ..., (n - d)/2."""
        divisor = 0.5 * (_float(self.sample_size) - self.ddof)
        surplus = np.full(self.shape, 0.5 * (self.ddof - 1.0))
        return LogGammaForm(0.5 / self.dimension, divisor, surplus, self.dimension)


@dataclass(frozen=True)
class Exponential(LogGammaStep):
    """The mean of an exponential: R = Gamma(n) / n.

    Parameters
    ----------
    sample_size : int or array of int
        n, at least 1.

    Examples
    --------
    >>> print(f"{Exponential(10).cumulant(1):.6f}")
    -0.050833
    """

    sample_size: SampleSize

    def __post_init__(self) -> None:
        _check_sizes(self.sample_size, least=1)

    @property
    def form(self) -> LogGammaForm:
        """One gamma variable of shape n."""
        return LogGammaForm(1.0, _float(self.sample_size), np.zeros(self.shape))


@dataclass(frozen=True)
class ShiftedExponential(LogGammaStep):
    """The mean above the minimum of an exponential with a shift: R = Gamma(n - 1) / n.

    Parameters
    ----------
    sample_size : int or array of int
        n, at least 2.

    Examples
    --------
    >>> print(f"{ShiftedExponential(10).cumulant(1):.6f}")
    -0.161944
    """

    sample_size: SampleSize

    def __post_init__(self) -> None:
        _check_sizes(self.sample_size, least=2, remedy=_TWO)

    @property
    def form(self) -> LogGammaForm:
        """One gamma variable of shape n - 1."""
        return LogGammaForm(1.0, _float(self.sample_size), np.full(self.shape, -1.0))


@dataclass(frozen=True)
class Uniform(ExponentialStep):
    """The end theta of a uniform(0, theta), fitted by the maximum: R = Beta(n, 1).

    After k generations -n ln(theta_k / theta_0) is a gamma variable of shape k.

    Parameters
    ----------
    sample_size : int or array of int
        n, at least 1.

    Examples
    --------
    >>> print(f"{Uniform(10).cumulant(1):.6f}")
    -0.100000
    """

    closed_form: ClassVar[bool] = True
    sample_size: SampleSize

    def __post_init__(self) -> None:
        _check_sizes(self.sample_size, least=1)

    @property
    def rates(self) -> tuple[Floats, ...]:
        """One exponential variable of rate n."""
        return (_float(self.sample_size),)


@dataclass(frozen=True)
class UniformRange(ExponentialStep):
    """The length of a uniform on an interval, fitted by minimum and maximum: R = Beta(n - 1, 2).

    Parameters
    ----------
    sample_size : int or array of int
        n, at least 2.

    Examples
    --------
    >>> print(f"{UniformRange(10).cumulant(1):.6f}")
    -0.211111
    """

    sample_size: SampleSize

    def __post_init__(self) -> None:
        _check_sizes(self.sample_size, least=2, remedy=_TWO)

    @property
    def rates(self) -> tuple[Floats, ...]:
        """Two exponential variables, of rates n and n - 1."""
        n = _float(self.sample_size)
        return n, n - 1.0


@dataclass(frozen=True)
class CombinedStep(ScaleStep):
    """The sum of independent steps, such as one for each sample size of a schedule: many generations as one step.

    Parameters
    ----------
    step : ScaleStep
        Its sample sizes are a vector: the different steps.
    repeats : array, shape (..., step)
        How often each of them occurs; one combined step for each vector of the last axis. Or weights that stand for
        more steps than these (`condensed`): not whole, and not all positive.

    Examples
    --------
    >>> combined = CombinedStep(Uniform(np.array([10, 20])), np.array([1, 2]))
    >>> print(f"{combined.cumulant(1):.6f}")
    -0.200000
    """

    step: ScaleStep
    repeats: NDArray[Any]  # whole numbers or doubles

    @property
    def sample_size(self) -> SampleSize:  # type: ignore[override]
        """One sample size of each combination, for its shape only."""
        return np.zeros(self.repeats.shape[:-1], dtype=np.int64)

    @property
    def log_supremum(self) -> float:  # type: ignore[override]
        """That of the steps, 0 or infinite."""
        return self.step.log_supremum

    def widths(self) -> NDArray[np.integer]:
        """Return those of the steps that occur, together."""
        return np.asarray(((self.repeats != 0) * self.step.widths()).sum(axis=-1))

    @property
    def lowest_power(self) -> Floats:
        """The strip of the step that has the narrowest, among those that occur."""
        lowest = np.where(self.repeats != 0, self.step.lowest_power, -np.inf)
        return np.asarray(lowest.max(axis=-1))

    def cumulant(self, order: int, at: ArrayLike = 0.0) -> Floats:
        """Return the sum of the steps' cumulants."""
        if not np.any(at) and not np.ndim(at):  # at 0, where every step has cumulants, these are the same for all rows
            return np.asarray(self.repeats @ self.step.cumulant(order))
        return self._total(self.step.cumulant(order, self._of_each(np.asarray(at, dtype=np.float64))))

    def log_moment_change(self, at: Floats, by: Numbers) -> Numbers:
        """Return the sum of the steps' changes."""
        return self._total(self.step.log_moment_change(self._of_each(at), self._of_each(by)))

    def slope_guess(self, slope: Floats) -> Floats:
        """Take the largest guess of a single step for its share of the slope."""
        share = (slope / self.repeats.sum(axis=-1))[..., None]
        guess = np.where(self.repeats != 0, self.step.slope_guess(share), -np.inf)
        return np.asarray(guess.max(axis=-1))

    def rows(self, index: NDArray[np.intp]) -> Self:
        """Return some of the combinations, of those steps that occur in any of them."""
        if not self.shape:
            return self
        repeats = self.repeats.reshape(-1, self.repeats.shape[-1])[index]
        occurs = np.flatnonzero(repeats.any(axis=tuple(range(repeats.ndim - 1))))
        return replace(self, step=self.step.rows(occurs), repeats=repeats[..., occurs])

    def _of_each(self, s: Numbers) -> Numbers:
        """Give s an axis of steps; it is 0 where a step does not occur, as it may be outside of that step's strip."""
        return np.where(self.repeats != 0, s[..., None], 0.0)

    def _total(self, terms: Numbers) -> Numbers:
        return np.asarray((terms * self.repeats).sum(axis=-1))


def check_ddof(ddof: float, sample_size: SampleSize) -> None:
    """Refuse a `ddof` that is not below every sample size."""
    remedy = "The variance is divided by n - ddof; use 1 (unbiased) or 0 (maximum likelihood)."
    real("ddof", ddof, low=-1e15, high=1e13, remedy=remedy)
    if ddof >= np.min(sample_size):
        raise InputError(message("ddof", ddof, f"below the sample size {np.min(sample_size)}", remedy))


def _check_sizes(value: SampleSize, *, least: int, remedy: str = "") -> None:
    if not isinstance(value, np.ndarray):
        integer("sample_size", value, least=least, most=LARGEST_SAMPLE_SIZE, remedy=remedy)
    elif value.dtype.kind not in "iu" or not value.size or value.min() < least or value.max() > LARGEST_SAMPLE_SIZE:
        allowed = f"whole numbers from {least:,} to {LARGEST_SAMPLE_SIZE:,}, at least one"
        raise InputError(message("sample_size", value, allowed, remedy))


def _float(sample_size: SampleSize) -> Floats:
    return np.asarray(sample_size, dtype=np.float64)
