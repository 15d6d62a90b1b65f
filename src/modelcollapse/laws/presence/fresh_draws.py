"""The draws of one generation that are not fresh, acting on laws of a frequency: with an operator, or without."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.backward_operator import FEW, BackwardOperator
from modelcollapse.laws.presence.functional_step import FunctionalStep

Floats = NDArray[np.float64]


class Draws(Protocol):
    """n draws."""

    @property
    def passing(self) -> bool:
        """Whether they are asked for once, so that nothing about their generation is worth keeping."""

    def from_basis(self, functionals: Floats) -> Floats:
        """Return weights on the nodes before the draws, given what functionals make of the basis afterwards."""

    def from_nodes(self, functionals: Floats) -> Floats:
        """Return weights on the nodes before the draws, given those on the nodes afterwards."""


class OperatorDraws:
    """By the operator of n draws, which pays for many functionals or many generations.

    Parameters
    ----------
    operator : BackwardOperator
    """

    passing = False

    def __init__(self, operator: BackwardOperator) -> None:
        self._operator = operator
        self._few = operator.sample_size * FEW < 1.0 / operator.spline.edges[1]

    @cached_property
    def _moved(self) -> Floats:
        return self.from_nodes(self._operator.spline.coefficients)

    def from_basis(self, functionals: Floats) -> Floats:
        """Return weights on the nodes before the draws."""
        return np.asarray(functionals @ self._moved)

    def from_nodes(self, functionals: Floats) -> Floats:
        """Return weights on the nodes before the draws."""
        return self._operator.carried(functionals, self._few)


class StepDraws:
    """A functional at a time, which pays for a few of them and a sample size that does not come again.

    Parameters
    ----------
    step : FunctionalStep
    coefficients : array, shape (basis, node)
        Of the spline.
    n : int
        Draws.
    """

    passing = True

    def __init__(self, step: FunctionalStep, coefficients: Floats, n: int) -> None:
        self._step, self._coefficients, self._n = step, coefficients, n

    def from_basis(self, functionals: Floats) -> Floats:
        """Return weights on the nodes before the draws."""
        return self._step.carried(np.asarray(functionals @ self._coefficients), self._n)

    def from_nodes(self, functionals: Floats) -> Floats:
        """Return weights on the nodes before the draws."""
        return self._step.carried(functionals, self._n)
