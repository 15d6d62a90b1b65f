"""What a statistic is: a question about the recursion, and how a simulation would observe it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import NoAnswerError
from modelcollapse.recursion import Recursion


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What there is to see at one generation of a block of replicates.

    Parameters
    ----------
    model : model of the family
        What was fitted at this generation.
    drawn : batch of the family
        What was drawn at this generation: presence is decided by it.
    pool : batch of the family
        All data that the model could be fitted to, before any part of them was drawn.
    columns : array of int, or None
        Families of symbols only: the symbols that the columns stand for, ascending; all others are absent. None
        where every symbol has its column.
    """

    model: Any
    drawn: Any
    pool: Any
    columns: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Sums:
    """What replicates leave behind, block by block: enough for means, standard deviations and intervals.

    Sums of blocks add up; they do so in the order of the blocks, so that no digit depends on who ran them.

    Parameters
    ----------
    replicates : int
    total, squares : array, shape (generation, ...)
        Sum over replicates of the observed values, and of their squares; replicates that have no value left out.
    undefined : array of int, shape (generation, ...)
        How many replicates have no value: an estimate that does not exist is neither 0 nor collapse.
    blocks : int
        How many blocks were added up.
    between : array, shape (generation, ...)
        Sum over blocks of total^2 / replicates that have a value: how much the means of blocks differ.
    """

    replicates: int
    total: NDArray[np.float64]
    squares: NDArray[np.float64]
    undefined: NDArray[np.int64]
    blocks: int
    between: NDArray[np.float64]

    @classmethod
    def of_block(
        cls,
        replicates: int,
        total: NDArray[np.float64],
        squares: NDArray[np.float64],
        undefined: NDArray[np.int64] | None = None,
    ) -> Sums:
        """Return the sums of one block; all replicates have a value unless `undefined` says otherwise."""
        lacking = np.zeros(total.shape, dtype=np.int64) if undefined is None else undefined
        with np.errstate(over="ignore"):  # what leaves the range of doubles is refused by who asked
            between = total**2 / np.maximum(replicates - lacking, 1)
        return cls(replicates, total, squares, lacking, 1, between)

    def at(self, rows: NDArray[np.int64]) -> Sums:
        """Return the sums of some generations only, by their places."""
        arrays = (self.total[rows], self.squares[rows], self.undefined[rows])
        return Sums(self.replicates, *arrays, self.blocks, self.between[rows])

    @property
    def defined(self) -> NDArray[np.int64]:
        """How many replicates have a value, shape (generation, ...)."""
        return self.replicates - self.undefined

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.replicates + other.replicates,
            self.total + other.total,
            self.squares + other.squares,
            self.undefined + other.undefined,
            self.blocks + other.blocks,
            self.between + other.between,
        )


class Observer(ABC):
    """Watches one block of replicates go by, generation after generation."""

    @abstractmethod
    def observe(self, snapshot: Snapshot) -> None:
        """Take note of a block of replicates at the next generation asked for."""

    @abstractmethod
    def finish(self) -> Sums:
        """Return what the block leaves behind."""

    def notes(self) -> dict[str, NDArray[Any]]:
        """Return what was noted so far, as arrays of numbers; an observer that cannot raises."""
        raise NoAnswerError(f"{type(self).__name__} cannot be stopped and gone on with; simulate without checkpoints.")

    def resume(self, notes: Mapping[str, NDArray[Any]]) -> None:  # noqa: ARG002
        """Go on from the notes of an observer of the same kind."""
        raise NoAnswerError(f"{type(self).__name__} cannot be stopped and gone on with; simulate without checkpoints.")


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
    watches_all: ClassVar[bool] = False  # whether an observer must see every generation, not only those asked for
    not_simulated: ClassVar[str] = "it is answered by laws alone"

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:  # noqa: ARG002
        """Return the labels of every axis but the generation; raise `InputError` if the question does not fit."""
        return {}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return the least and the largest value that the answer can have."""
        return (0.0, 1.0) if self.is_probability else (-np.inf, np.inf)

    def observer(self, recursion: Recursion) -> Observer:  # noqa: ARG002
        """Return a fresh observer for a block of replicates; a statistic that has none raises."""
        raise NoAnswerError(f"The statistic {self.name} is not simulated: {self.not_simulated}.")

    def followed(self, recursion: Recursion) -> tuple[Statistic, NDArray[np.float64]] | None:  # noqa: ARG002
        """Return, for a time, the curve whose fall it waits for, and the values waited for; None for all others.

        The time is the first generation at which the curve is at most the value. A simulation reads it off the
        estimated curve. Values have the axes of the answer that the curve lacks, so "level" and nothing else.
        """
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return name and details for the provenance record."""
        return {"name": self.name, **vars(self)}


class MeanObserver(Observer):
    """Observer of a quantity that each replicate has at each generation; a subclass says which.

    Not a number stands for a quantity that a replicate does not have: such replicates are counted, not averaged.
    """

    def __init__(self) -> None:
        self._replicates = 0
        self._totals: list[NDArray[np.float64]] = []
        self._squares: list[NDArray[np.float64]] = []
        self._undefined: list[NDArray[np.int64]] = []

    @abstractmethod
    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        """Return the quantity, shape (replicate, ...)."""

    def observe(self, snapshot: Snapshot) -> None:
        """Add the replicates' values up."""
        values = self.measure(snapshot).astype(np.float64)
        lacking = np.isnan(values)
        if lacking.any():
            values = np.where(lacking, 0.0, values)
        self._replicates = len(values)
        self._undefined.append(lacking.sum(axis=0))
        self._totals.append(values.sum(axis=0))
        self._squares.append((values**2).sum(axis=0))

    def notes(self) -> dict[str, NDArray[Any]]:
        """Return the sums so far."""
        return {
            "replicates": np.array(self._replicates),
            "totals": np.array(self._totals),
            "squares": np.array(self._squares),
            "undefined": np.array(self._undefined),
        }

    def resume(self, notes: Mapping[str, NDArray[Any]]) -> None:
        """Go on from sums."""
        self._replicates = int(notes["replicates"])
        self._totals, self._squares = list(notes["totals"]), list(notes["squares"])
        self._undefined = list(notes["undefined"])

    def finish(self) -> Sums:
        """Return the sums, generations along the first axis."""
        arrays = (np.array(self._totals), np.array(self._squares), np.array(self._undefined))
        return Sums.of_block(self._replicates, *arrays)


class FiniteObserver(MeanObserver):
    """Observer of a quantity without a limit, which may grow from generation to generation; a subclass says which."""

    def __init__(self, statistic: str) -> None:
        super().__init__()
        self.statistic = statistic

    def observe(self, snapshot: Snapshot) -> None:
        """Add the replicates' values up; `finish` refuses what overflows."""
        with np.errstate(over="ignore"):
            super().observe(snapshot)

    def finish(self) -> Sums:
        """Return the sums; a mean that left the range of doubles is no answer."""
        sums = super().finish()
        if not (np.all(np.isfinite(sums.total)) and np.all(np.isfinite(sums.squares))):
            raise NoAnswerError(
                f"The simulated {self.statistic} left the range of doubles; ask for fewer generations, or for the law."
            )
        return sums
