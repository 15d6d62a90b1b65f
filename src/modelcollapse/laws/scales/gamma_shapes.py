"""Gaussians of many dimensions and many sample sizes as one sum over gamma variables, whatever size they belong to.

A generation of n draws in d dimensions multiplies the determinant by d gamma variables, of shapes (n - 1)/2, ...,
(n - d)/2. What they do depends on the shape alone, apart from a factor; the logarithm of the factor moves the
threshold. So thousands of sizes in a thousand dimensions are a sum of one function over shapes, and a few hundred of
those stand for all (`condensed`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.scales.condensed_sizes import condensed
from modelcollapse.laws.scales.progression import graded_rule
from modelcollapse.laws.scales.scale_step import Floats, LogGammaForm, LogGammaStep
from modelcollapse.laws.scales.scale_steps import CombinedStep, GaussianDeterminant


@dataclass(frozen=True)
class GammaVariable(LogGammaStep):
    """A power of ln(G/a), G a gamma variable of shape a.

    Parameters
    ----------
    sample_size : array
        The shapes: they take the place of sample sizes.
    power : float
    """

    sample_size: NDArray[np.float64]  # type: ignore[assignment]
    power: float

    @property
    def form(self) -> LogGammaForm:
        """One gamma variable of shape a, over a."""
        return LogGammaForm(self.power, self.sample_size, np.zeros(self.shape))


def by_shape(combined: CombinedStep) -> tuple[CombinedStep, Floats]:
    """Return the same sum of steps as one over gamma variables, and what it lacks: a constant for each combination.

    Parameters
    ----------
    combined : CombinedStep
        Of `GaussianDeterminant` steps.

    Examples
    --------
    >>> from modelcollapse.laws.scales.log_scale_walk import combined_step
    >>> plain = combined_step(GaussianDeterminant(np.arange(100, 1100), 1.0, 50), [1000])
    >>> summed, constant = by_shape(plain)
    >>> print(np.count_nonzero(summed.repeats), (summed.cumulant(1) + constant).round(10), plain.cumulant(1).round(10))
    184 [-33.0861418] [-33.0861418]
    """
    weights = combined.repeats.reshape(-1, combined.repeats.shape[-1])
    occurs = np.flatnonzero(weights.any(axis=0))
    step, weights = combined.step.rows(occurs), weights[:, occurs]
    assert isinstance(step, GaussianDeterminant)
    form = step.form
    # The rule holds however near the powers come to the pole of the smallest shape.
    places, of_places = graded_rule(1e-300, 0.5, form.terms)
    surplus = form.least[:, None] + 0.5 * places
    shapes = (form.divisor[:, None] + surplus).ravel()
    constant = weights @ (form.power * (np.log1p(surplus / form.divisor[:, None]) @ of_places))
    distinct, place = np.unique(shapes, return_inverse=True)
    total = np.array([np.bincount(place, (row[:, None] * of_places).ravel(), len(distinct)) for row in weights])
    outer = combined.repeats.shape[:-1]
    few = condensed(distinct, total).reshape(*outer, -1)
    return CombinedStep(GammaVariable(distinct, form.power), few), constant.reshape(outer)
