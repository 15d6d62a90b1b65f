"""Accumulate: every generation is trained on all data so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.workflows.base import Recipe, Workflow


@dataclass(frozen=True)
class Accumulate(Workflow):
    """Train generation k on the corpus, if the start is one, and on all draws of all generations so far.

    Draws of generation k come from model k - 1. Real data never leave the pool, but their share falls.

    Examples
    --------
    >>> from modelcollapse.workflows import Accumulate
    >>> Accumulate().recipe(5).pool
    1.0
    """

    name: ClassVar[str] = "accumulate"

    def recipe(self, generation: int) -> Recipe:
        """All that there was, and the new draws."""
        return Recipe(sources={generation - 1: 1.0}, batches={generation: 1.0}, pool=1.0)
