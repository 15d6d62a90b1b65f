"""What a workflow is: a recipe of which data each generation is trained on; never a loop."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from modelcollapse import arguments
from modelcollapse.arguments import message
from modelcollapse.errors import InputError
from modelcollapse.provenance import plain


@dataclass(frozen=True)
class Recipe:
    """How one generation is made: what its new batch is drawn from, and which data its model is fitted to.

    Parameters
    ----------
    sources : mapping of int to float
        Generation of a model -> the chance that a draw comes from it; the chances add up to 1. Generation 0 is the
        model at the start, and the recursion's sampler shapes its draws like any other model's.
    batches : mapping of int to float
        Generation of a batch -> its weight in the fit. The new batch counts under its own generation.
    subsample : int, "sample size" or None
        If given, the fit sees only that many of the pooled data, drawn without replacement; "sample size" is as many
        as the generation draws.
    pool : float
        The weight with which all data of the generation before count again, before it subsampled them; the data of
        generation 0 are the corpus, if there is one.
    fresh : float
        The chance that a draw is fresh data from P_0 instead, never shaped by a sampler.
    fresh_count : int
        So many of the draws are fresh data, neither more nor less.
    fresh_weight : float, "optimal" or None
        The weight of those together in the fit; the other new draws together have the rest of 1. "optimal" leaves a
        mean the least variance in the limit. None where each counts as often as any other.
    """

    sources: Mapping[int, float]
    batches: Mapping[int, float]
    subsample: int | Literal["sample size"] | None = field(default=None)
    pool: float = 0.0
    fresh: float = 0.0
    fresh_count: int = 0
    fresh_weight: float | Literal["optimal"] | None = None

    def __post_init__(self) -> None:
        chances = list(self.sources.values())
        if not chances or min(chances) < 0 or abs(sum(chances) - 1) > 1e-9:
            allowed = "chances, none negative, that add up to 1; a generation named twice in a literal counts once"
            raise InputError(message("sources", dict(self.sources), allowed))
        if not self.batches or min(self.batches.values()) < 0:
            raise InputError(message("batches", dict(self.batches), "at least one batch, no weight negative"))
        if self.subsample is not None and self.subsample != "sample size":
            arguments.integer("subsample", self.subsample, least=1)
        arguments.real("pool", self.pool, low=0.0, high=1e9)
        arguments.real("fresh", self.fresh, low=0.0, high=1.0)
        arguments.integer("fresh_count", self.fresh_count, least=0)
        if self.fresh and self.fresh_count:
            raise InputError(message("fresh_count", self.fresh_count, f"0 where `fresh` is {self.fresh}"))
        if self.fresh_weight is not None and self.fresh_weight != "optimal":
            arguments.real("fresh_weight", self.fresh_weight, low=0.0, high=1.0)
        if self.fresh_weight is not None and not self.fresh_count:
            raise InputError(message("fresh_weight", self.fresh_weight, "left out where `fresh_count` is 0"))

    def weight_of_fresh(self, size: int) -> float:
        """Return the weight of the fresh data together in the fit of a generation that draws `size`."""
        if self.fresh_weight is None:
            return self.fresh_count / size
        if self.fresh_weight == "optimal":
            return optimal_share(self.fresh_count, size - self.fresh_count)
        return self.fresh_weight


def optimal_share(fresh: int, others: int) -> float:
    """Return the weight of the fresh data that leaves a mean the least variance in the limit.

    With c = fresh/others it is the root of w^2 + c w = c between 0 and 1.

    Examples
    --------
    >>> round(optimal_share(5, 5), 4)
    0.618
    """
    c = fresh / others
    return 2 * c / (math.sqrt(c * c + 4 * c) + c)


class Workflow(ABC):
    """Which data generation k is trained on.

    A workflow is a frozen dataclass whose fields are its parameters. It knows nothing of families: every workflow
    works with every family.
    """

    name: ClassVar[str]

    @abstractmethod
    def recipe(self, generation: int) -> Recipe:
        """Return the recipe of a generation, 1 or later, in terms of earlier generations and its own."""

    def require(self, smallest: int) -> None:  # noqa: B027 - most workflows need nothing
        """Raise `InputError` if the workflow cannot be run where a generation draws as few data as `smallest`."""

    def simplest(self) -> Workflow:
        """Return the plainest workflow that does the same: `Replace()` where the parameters leave nothing else."""
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **self.parameters()}

    def parameters(self) -> dict[str, Any]:
        """Return the parameters by name, those that were left out too."""
        return {name: plain(value) for name, value in vars(self).items()}
