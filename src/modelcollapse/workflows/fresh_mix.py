"""Fresh mix: a share of every generation's draws are new real data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse import arguments
from modelcollapse.workflows.base import Recipe, Workflow
from modelcollapse.workflows.replace import Replace


@dataclass(frozen=True)
class FreshMix(Workflow):
    """Train generation k on n_k draws, each real with probability `fresh`, else from model k - 1.

    Real draws are new ones from P_0 every time. How many there are is binomial: `FreshCount` fixes their number.

    Parameters
    ----------
    fresh : float
        From 0 (the same as replace) to 1 (no recursion at all).

    Raises
    ------
    InputError
        If `fresh` is not from 0 to 1.

    Examples
    --------
    >>> from modelcollapse.workflows import FreshMix
    >>> FreshMix(0.1).recipe(5).fresh
    0.1
    """

    fresh: float = 0.1

    name: ClassVar[str] = "fresh-mix"

    def __post_init__(self) -> None:
        object.__setattr__(self, "fresh", arguments.real("fresh", self.fresh, low=0.0, high=1.0))

    def recipe(self, generation: int) -> Recipe:
        """New draws alone, some of them real."""
        return Recipe(sources={generation - 1: 1.0}, batches={generation: 1.0}, fresh=self.fresh)

    def simplest(self) -> Workflow:
        """Replace, where no draw is real."""
        return self if self.fresh else Replace()
