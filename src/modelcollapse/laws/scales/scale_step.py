"""What one generation does to a scale: the contract of the law of ln R, R = scale_k / scale_{k-1}, and its two forms.

In a location-scale family with an equivariant estimator, R does not depend on the scale before it, so the logarithm of
the scale is a random walk with independent steps ln R. A step is described by its cumulant function ln E R^s, which
is elementary here: ln R is a sum of logarithms of gamma variables, or of exponential variables.

Sample sizes may be arrays: one step for each element, broadcast against thresholds and generations.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from math import factorial
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.arguments import message
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.log_gamma import digamma_excess, log1p, log_gamma_change, polygamma
from modelcollapse.laws.scales.progression import graded_rule

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # float64 or complex128
SampleSize = int | NDArray[np.integer]


class ScaleStep(ABC):
    """The law of ln R for one generation; a step is a value.

    Attributes
    ----------
    closed_form : bool
        Whether the law of a sum of k steps is a classical distribution.
    log_supremum : float
        The largest value ln R can take: infinity, or 0 where an estimate never exceeds the truth.
    """

    closed_form: ClassVar[bool] = False
    log_supremum: ClassVar[float] = np.inf
    sample_size: SampleSize

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the sample size; () for a single step."""
        return np.shape(self.sample_size)

    def widths(self) -> NDArray[np.integer]:
        """Return how many numbers each step's cumulant function holds in memory for each that it returns."""
        return np.array(1)

    @property
    @abstractmethod
    def lowest_power(self) -> Floats:
        """E R^s is finite for every s above this negative number, and for no other real s."""

    @abstractmethod
    def cumulant(self, order: int, at: ArrayLike = 0.0) -> Floats:
        """Return the derivative of ln E R^s of an order of at least 1 at a real s.

        At s = 0 these are the cumulants of ln R: its mean, its variance, and so on. The mean is accurate to 1e-15
        relative to the largest of the terms 1/n and `ddof`/n that it is made of.
        """

    @abstractmethod
    def log_moment_change(self, at: Floats, by: Numbers) -> Numbers:
        """Return ln E R^(at + by) - ln E R^at without cancellation; nothing is checked.

        `at` is real and has the shape of the last axes of `by`, which may be complex, also outside of the strip.
        """

    @abstractmethod
    def slope_guess(self, slope: Floats) -> Floats:
        """Return a start for solving cumulant(1, s) = `slope`, inside the strip and not below the root."""

    def rows(self, index: NDArray[np.intp]) -> Self:
        """Return the steps at some positions of the (flat) array of sample sizes; a single step returns itself."""
        if not self.shape:
            return self
        return replace(self, sample_size=np.ravel(self.sample_size)[index])  # type: ignore[type-var]

    def log_moment(self, power: ArrayLike) -> Numbers:
        """Return ln E R^s.

        Parameters
        ----------
        power : array
            s, real or complex, with a real part above `lowest_power`; broadcast against the sample size.

        Returns
        -------
        array
            Accurate to 1e-14 relative, except near its own zero beside s = 0, where that is relative to s/n.

        Raises
        ------
        InputError
            If s is not finite or E R^s is not.
        """
        s = np.asarray(power)
        s = s.astype(np.complex128 if np.iscomplexobj(s) else np.float64)
        lowest = self.lowest_power
        if not np.all(np.isfinite(s)) or np.any(s.real <= lowest):
            allowed = f"finite, with a real part above {np.max(lowest):g}, where the moment exists"
            raise InputError(message("power", power, allowed))
        s = s + np.zeros(self.shape)
        return self.log_moment_change(np.zeros(s.shape), s)


class LogGammaForm(NamedTuple):
    """ln R = power * sum over i < terms of ln(G_i / divisor), G_i a gamma variable of shape divisor + surplus - i/2.

    The surplus is exact where shape and divisor are close.
    """

    power: float
    divisor: Floats
    surplus: Floats
    terms: int = 1

    @property
    def least(self) -> Floats:
        """The surplus of the smallest shape."""
        return self.surplus - 0.5 * (self.terms - 1)

    def spread(self, start: Floats, end: float = 0.0) -> tuple[Floats, Floats]:
        """Return surpluses, along a new first axis, and the weights with which their terms make up the sum.

        They are those of all variables where these are few, and otherwise sum functions that are as smooth as
        ln Gamma is at the smallest shape plus `start`, and plus `end` (if negative) beyond.
        """
        shift = np.asarray(self.least + np.zeros(start.shape))
        if self.terms == 1:
            return shift[None], np.ones(1)
        nearest = float(np.min(self.divisor + shift + start)) + min(end, 0.0)
        places, weights = graded_rule(max(nearest, 1e-300), 0.5, self.terms)
        return shift + 0.5 * places.reshape(-1, *(1,) * shift.ndim), weights


class LogGammaStep(ScaleStep):
    """A step that is a sum of logarithms of gamma variables."""

    @property
    @abstractmethod
    def form(self) -> LogGammaForm:
        """The parameters of the gamma variables."""

    @property
    def lowest_power(self) -> Floats:
        """The pole of the gamma function of the smallest shape."""
        form = self.form
        return np.asarray(-(form.divisor + form.least) / form.power)

    def widths(self) -> NDArray[np.integer]:
        """Return one number for each term."""
        return np.array(len(self.form.spread(np.zeros(self.shape))[1]))

    def cumulant(self, order: int, at: ArrayLike = 0.0) -> Floats:
        """Return a derivative of ln E R^s, from polygamma functions."""
        form = self.form
        z = form.power * np.asarray(at, dtype=np.float64)
        surplus, weights = form.spread(z)
        if order == 1:
            terms = digamma_excess(form.divisor + surplus + z) + np.log1p((surplus + z) / form.divisor)
        else:
            terms = polygamma(order - 1, form.divisor + surplus + z)
        return np.asarray(form.power**order * np.tensordot(weights, terms, axes=1))

    def log_moment_change(self, at: Floats, by: Numbers) -> Numbers:
        """Return the difference of ln E R^s, from differences of ln Gamma."""
        form = self.form
        start = form.power * at
        surplus, weights = form.spread(start, float(np.min(by.real, initial=0.0)) * form.power)
        shape = form.divisor + surplus + start
        others = np.ndim(by) - start.ndim
        z = np.expand_dims(form.power * by, others)
        z = np.broadcast_to(z, (*z.shape[:others], *shape.shape))
        change = log_gamma_change(shape, z) + z * np.log1p((surplus + start) / form.divisor)
        return np.asarray(np.tensordot(change, weights, axes=(others, 0)))

    def slope_guess(self, slope: Floats) -> Floats:
        """Take all shapes for the smallest one and invert psi roughly (Minka's formula)."""
        form = self.form
        excess = np.minimum(slope / (form.power * form.terms), 600.0)
        mean_log = np.log(form.divisor) + excess
        deep = mean_log < -2.0
        near = form.divisor * np.expm1(excess) + 0.5 - form.least
        far = -1.0 / np.where(deep, mean_log + np.euler_gamma, -1.0) - (form.divisor + form.least)
        return np.asarray(np.where(deep, far, near) / form.power)


class ExponentialStep(ScaleStep):
    """-ln R is a sum of independent exponential variables with given rates."""

    log_supremum: ClassVar[float] = 0.0

    @property
    @abstractmethod
    def rates(self) -> tuple[Floats, ...]:
        """The rates, the smallest one last."""

    @property
    def lowest_power(self) -> Floats:
        """The pole of the smallest rate."""
        return -self.rates[-1]

    def cumulant(self, order: int, at: ArrayLike = 0.0) -> Floats:
        """Return a derivative of ln E R^s, a sum of powers."""
        s = np.asarray(at, dtype=np.float64)
        total: Any = sum((rate + s) ** -order for rate in self.rates)
        return np.asarray((-1.0) ** order * factorial(order - 1) * total)

    def log_moment_change(self, at: Floats, by: Numbers) -> Numbers:
        """Return the difference of ln E R^s, a sum of logarithms."""
        total: Any = sum(log1p(by / (rate + at)) for rate in self.rates)
        return np.asarray(-total)

    def slope_guess(self, slope: Floats) -> Floats:
        """Take all rates for the smallest one; the slope must be negative."""
        return np.asarray(len(self.rates) / -slope - self.rates[-1])
