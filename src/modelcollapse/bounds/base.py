"""What a bound is: an inequality from the literature, or derived here, with its reference and range."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.reference import Basis, Reference
from modelcollapse.statistics.base import Statistic


@dataclass(frozen=True, eq=False)
class Bracket:
    """What a bound says: a lower curve, an upper curve, or both, with axes as the statistic's `dimensions`."""

    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None


class Bound(ABC):
    """An inequality about some recursions and some statistics; `docs/extending.md` shows how to add one.

    `name` is ``source.statement``. `formula` is what the catalogue adds to a statement that is only a title. `basis`
    says how the statement is known. Curves are as stated, not clipped or made monotone, unless that is part of the
    statement.
    """

    name: ClassVar[str]
    statement: ClassVar[str]
    formula: ClassVar[str] = ""
    validity: ClassVar[str]
    basis: ClassVar[Basis]
    reference: ClassVar[Reference]

    @abstractmethod
    def bracket(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Bracket | None:
        """Return the bound's curves, or None if it does not cover the question."""
