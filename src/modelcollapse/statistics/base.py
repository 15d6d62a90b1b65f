"""What a statistic is: a question about the recursion, and how a simulation would observe it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import NoAnswerError
from modelcollapse.recursion import Recursion


@dataclass(frozen=True, eq=False)
class Sums:
    """What one block of replicates leaves behind: enough for means, standard deviations and intervals.

    Parameters
    ----------
    replicates : int
    total, squares : array, shape (generation, ...)
        Sum over replicates of the observed values, and of their squares.
    """

    replicates: int
    total: NDArray[np.float64]
    squares: NDArray[np.float64]

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.replicates + other.replicates,
            self.total + other.total,
            self.squares + other.squares,
        )


class Observer(ABC):
    """Watches one block of replicates go by, generation after generation."""

    @abstractmethod
    def observe(self, model: NDArray[np.float64]) -> None:
        """Take note of the models, shape (replicate, ...), at the next generation asked for."""

    @abstractmethod
    def finish(self) -> Sums:
        """Return what the block leaves behind."""


class Statistic(ABC):
    """A question about the model at generation k, or about the whole recursion.

    A statistic is a frozen dataclass whose fields are what is asked in detail. `dimensions` names the axes of the
    answer; a statistic without a generation axis is about the recursion as a whole. `trend` says how the answer moves
    from generation to generation under replace, where it can move one way only.
    """

    name: ClassVar[str]
    dimensions: ClassVar[tuple[str, ...]] = ("generation",)
    is_probability: ClassVar[bool] = False
    trend: ClassVar[Literal["falls", "rises"] | None] = None

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:  # noqa: ARG002
        """Return the labels of every axis but the generation; raise `InputError` if the question does not fit."""
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return the least and the largest value that the answer can have."""
        return (0.0, 1.0) if self.is_probability else (-np.inf, np.inf)

    def observer(self, recursion: Recursion) -> Observer:
        """Return a fresh observer for a block of replicates; a statistic that has none raises."""
        raise NoAnswerError(
            f"The statistic {self.name} has no observer for {recursion.family.name}; it is answered by laws alone."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return name and details for the provenance record."""
        return {"name": self.name, **vars(self)}


class MeanObserver(Observer):
    """Observer of a quantity that each replicate has at each generation; a subclass says which."""

    def __init__(self) -> None:
        self._replicates = 0
        self._totals: list[NDArray[np.float64]] = []
        self._squares: list[NDArray[np.float64]] = []

    @abstractmethod
    def measure(self, model: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the quantity, shape (replicate, ...)."""

    def observe(self, model: NDArray[np.float64]) -> None:
        """Add the replicates' values up."""
        values = self.measure(model).astype(np.float64)
        self._replicates = len(values)
        self._totals.append(values.sum(axis=0))
        self._squares.append((values**2).sum(axis=0))

    def finish(self) -> Sums:
        """Return the sums, generations along the first axis."""
        return Sums(self._replicates, np.array(self._totals), np.array(self._squares))
