"""What a law is: a statement about some recursions and some statistics, exact with its error, or asymptotic."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.reference import Reference
from modelcollapse.statistics.base import Statistic


@dataclass(frozen=True, eq=False)
class Answer:
    """What a law says.

    Parameters
    ----------
    value : array
        Axes as the statistic's `dimensions`.
    error : float or None
        The largest error of `value`, relative unless `absolute` is set; proved or measured, as the law says. None
        if the law is asymptotic.
    sd : array, optional
        Exact standard deviation over realisations, where the statistic has one.
    sd_error : float
        The largest absolute error of `sd`.
    low, high : array, optional
        Pointwise 95 % interval of `value`, where the law is sampled.
    """

    value: NDArray[np.float64]
    error: float | None
    sd: NDArray[np.float64] | None = None
    sd_error: float = 0.0
    absolute: bool = False
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None


class Law(ABC):
    """A law; `docs/extending.md` shows how to add one.

    A law that does not cover a question returns None; it never guesses. A law is exact unless `asymptotic` is set:
    true in the limit that its statement names, at a distance from the truth that it does not know. The door hands
    such answers out only under ``method="asymptotic"``.
    """

    name: ClassVar[str]
    statement: ClassVar[str]
    references: ClassVar[tuple[Reference, ...]]
    asymptotic: ClassVar[bool] = False
    sampled: ClassVar[bool] = False

    @abstractmethod
    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the answer, or None if the law does not cover the question.

        `generations` is ascending and at least 1; it is ignored by statistics without a generation axis.
        """

    def covers(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> bool:
        """Whether there is an answer; a law whose answers take long says so without them."""
        return self.speaks(recursion, statistic, generations) is not None

    def speaks(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the answer; None if a sampler shapes draws or generation 0 is a sample: laws are about neither."""
        return self.answer(recursion, statistic, generations) if recursion.is_plain else None
