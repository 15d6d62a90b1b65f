"""Bounds, one file per source; `BOUNDS` lists them all."""

from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.bounds.suresh_2024 import Corollary1, Theorem1

BOUNDS: tuple[Bound, ...] = (Theorem1(), Corollary1())

__all__ = ["BOUNDS", "Bound", "Bracket"]
