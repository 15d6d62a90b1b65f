"""Accumulate-subsample: all data are kept, each generation is trained on a random part of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from modelcollapse import arguments
from modelcollapse.workflows.base import Recipe, Workflow


@dataclass(frozen=True)
class AccumulateSubsample(Workflow):
    """Keep all data so far, and train generation k on a part of them, drawn without replacement.

    Training costs the same at every generation, unlike under `Accumulate`.

    Parameters
    ----------
    size : int, optional
        How many data a model is fitted to; as many as the generation draws if not given.

    Raises
    ------
    InputError
        If `size` is below 1.

    Examples
    --------
    >>> from modelcollapse.workflows import AccumulateSubsample
    >>> AccumulateSubsample().recipe(5).subsample
    'sample size'
    """

    size: int | None = None

    name: ClassVar[str] = "accumulate-subsample"

    def __post_init__(self) -> None:
        if self.size is not None:
            most = arguments.LARGEST_SAMPLE_SIZE
            object.__setattr__(self, "size", arguments.integer("size", self.size, least=1, most=most))

    def recipe(self, generation: int) -> Recipe:
        """A part of all that there was and of the new draws."""
        part: int | Literal["sample size"] = self.size or "sample size"
        return Recipe(sources={generation - 1: 1.0}, batches={generation: 1.0}, subsample=part, pool=1.0)
