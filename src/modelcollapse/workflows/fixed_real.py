"""Fixed real data: every generation is trained on the corpus and on new synthetic data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse import arguments
from modelcollapse.workflows.base import Recipe, Workflow


@dataclass(frozen=True)
class FixedReal(Workflow):
    """Train generation k on batch 0, the same real data every time, and on n_k draws of model k - 1.

    The start must have a batch 0: a `Corpus`, or an `Empirical` sample of a known law.

    Parameters
    ----------
    weight : float
        How often each real datum counts, above 0.

    Raises
    ------
    InputError
        If `weight` is not above 0; a simulation refuses a start without real data.

    Examples
    --------
    >>> from modelcollapse.workflows import FixedReal
    >>> dict(FixedReal().recipe(5).batches)
    {0: 1.0, 5: 1.0}
    """

    weight: float = 1.0

    name: ClassVar[str] = "fixed-real"

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", arguments.real("weight", self.weight, low=1e-9, high=1e9))

    def recipe(self, generation: int) -> Recipe:
        """The corpus and the new draws."""
        return Recipe(sources={generation - 1: 1.0}, batches={0: self.weight, generation: 1.0})
