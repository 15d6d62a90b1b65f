"""Fresh count: so many of every generation's draws are new real data, neither more nor less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.workflows.base import Recipe, Workflow
from modelcollapse.workflows.replace import Replace


@dataclass(frozen=True)
class FreshCount(Workflow):
    """Train generation k on n_k draws, `count` of them new ones from P_0 and the others from model k - 1.

    Parameters
    ----------
    count : int
        From 0 (the same as replace) up to the smallest sample size.

    Raises
    ------
    InputError
        If `count` is negative; a recursion refuses one above its sample size.

    Examples
    --------
    >>> from modelcollapse.workflows import FreshCount
    >>> FreshCount(20).recipe(5).fresh_count
    20
    """

    count: int = 1

    name: ClassVar[str] = "fresh-count"

    def __post_init__(self) -> None:
        most = arguments.LARGEST_SAMPLE_SIZE
        object.__setattr__(self, "count", arguments.integer("count", self.count, least=0, most=most))

    def require(self, smallest: int) -> None:
        """Refuse to draw fewer data than are to be real."""
        if self.count > smallest:
            allowed = f"at most the smallest sample size, {smallest}"
            remedy = "The workflow fresh-mix takes a share instead (`fresh`, --fresh)."
            raise InputError(arguments.message("count", self.count, allowed, remedy))

    def recipe(self, generation: int) -> Recipe:
        """New draws alone, so many of them real."""
        return Recipe(sources={generation - 1: 1.0}, batches={generation: 1.0}, fresh_count=self.count)

    def simplest(self) -> Workflow:
        """Replace, where no draw is real."""
        return self if self.count else Replace()
