"""What a bound is: an inequality from the literature, or derived here, with its reference and range."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.recursion import Recursion
from modelcollapse.reference import MODELCOLLAPSE, Basis, Reference
from modelcollapse.statistics.base import Statistic


@dataclass(frozen=True, eq=False)
class Bracket:
    """What a bound says: a lower curve, an upper curve, or both, with axes as the statistic's `dimensions`."""

    lower: NDArray[np.float64] | None = None
    upper: NDArray[np.float64] | None = None


class Bound(ABC):
    """An inequality about some recursions and some statistics; `docs/extending.md` shows how to add one.

    `name` is ``source.statement``. `formula` is what `said` adds to a statement that is only a title. `basis`
    says how the statement is known. Curves are as stated, not clipped or made monotone, unless that is part of the
    statement.
    """

    name: ClassVar[str]
    statement: ClassVar[str]
    formula: ClassVar[str] = ""
    validity: ClassVar[str]
    basis: ClassVar[Basis]
    reference: ClassVar[Reference]

    @property
    def title(self) -> str:
        """The name in words, as charts and tables show it: who says so, and which statement.

        Examples
        --------
        >>> from modelcollapse.bounds import BOUNDS
        >>> [bound.title for bound in BOUNDS if bound.name.endswith(("theorem_1", "g_bracket"))]
        ['Suresh et al. 2025, Theorem 1', 'sharp Theorem 1 (derived here)', 'g bracket (derived here)']
        """
        words = re.sub(
            r"(theorem|corollary|october) (\d+)( (?=.))?", _numbered, self.name.partition(".")[2].replace("_", " ")
        )
        return f"{words} (derived here)" if self.reference is MODELCOLLAPSE else f"{self.reference.short}, {words}"

    @property
    def said(self) -> str:
        """The statement whole: with its formula, where the statement is only a title."""
        return f"{self.statement}: {self.formula}" if self.formula else self.statement

    @abstractmethod
    def bracket(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Bracket | None:
        """Return the bound's curves, or None if it does not cover the question."""


def _numbered(found: re.Match[str]) -> str:
    """A theorem, or a version, by its proper name, set apart from what is said of it."""
    return f"{found[1].capitalize()} {found[2]}" + (", " if found[3] else "")
