"""Accumulate: every generation is trained on all data so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse import arguments
from modelcollapse.workflows.base import Recipe, Workflow


@dataclass(frozen=True)
class Accumulate(Workflow):
    """Train generation k on the corpus, if the start is one, and on all draws of all generations so far.

    Draws of generation k come from model k - 1. Real data never leave the pool, but their share falls, unless some of
    the draws are real.

    Parameters
    ----------
    fresh : float
        From 0 to 1: each draw is a new one from P_0 with this probability, and stays in the pool like the others.

    Raises
    ------
    InputError
        If `fresh` is not from 0 to 1.

    Examples
    --------
    >>> from modelcollapse.workflows import Accumulate
    >>> Accumulate().recipe(5).pool
    1.0
    >>> Accumulate(fresh=0.1).recipe(5).fresh
    0.1
    """

    fresh: float = 0.0

    name: ClassVar[str] = "accumulate"

    def __post_init__(self) -> None:
        object.__setattr__(self, "fresh", arguments.real("fresh", self.fresh, low=0.0, high=1.0))

    def recipe(self, generation: int) -> Recipe:
        """All that there was, and the new draws, some of them real."""
        return Recipe(sources={generation - 1: 1.0}, batches={generation: 1.0}, pool=1.0, fresh=self.fresh)
