"""What a workflow is: a recipe of which data each generation is trained on; never a loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from modelcollapse.arguments import message
from modelcollapse.errors import InputError
from modelcollapse.provenance import plain


@dataclass(frozen=True)
class Recipe:
    """How one generation is made.

    Parameters
    ----------
    sources : mapping of int to float
        Generation of a model -> the chance that a draw of the new batch comes from it; the chances add up to 1.
    batches : mapping of int to float
        Generation of a batch -> its weight in the fit. The new batch counts under its own generation.
    subsample : int or None
        If given, the fit sees only that many of the pooled data, drawn without replacement.
    """

    sources: Mapping[int, float]
    batches: Mapping[int, float]
    subsample: int | None = None

    def __post_init__(self) -> None:
        chances = list(self.sources.values())
        if not chances or min(chances) < 0 or abs(sum(chances) - 1) > 1e-9:
            allowed = "chances, none negative, that add up to 1; a generation named twice in a literal counts once"
            raise InputError(message("sources", dict(self.sources), allowed))
        if not self.batches or min(self.batches.values()) < 0:
            raise InputError(message("batches", dict(self.batches), "at least one batch, no weight negative"))


class Workflow(ABC):
    """Which data generation k is trained on.

    A workflow is a frozen dataclass whose fields are its parameters. It knows nothing of families: every workflow
    works with every family.
    """

    name: ClassVar[str]

    @abstractmethod
    def recipe(self, generation: int) -> Recipe:
        """Return the recipe of a generation, 1 or later, in terms of earlier generations and its own."""

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}
