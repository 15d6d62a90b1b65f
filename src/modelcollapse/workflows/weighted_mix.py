"""Weighted mix: fresh and synthetic data in every generation, the fresh ones with a weight of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.workflows.base import Recipe, Workflow

_LIGHTEST = 1e-9


@dataclass(frozen=True)
class WeightedMix(Workflow):
    """Train generation k on n_k draws, `count` of them new ones from P_0, which together weigh `weight` in the fit.

    The others come from model k - 1 and weigh the rest. A mean is weight x mean(fresh) + (1 - weight) x mean(others).
    `FreshCount` is the case weight = count / n_k, where every datum counts alike.

    Parameters
    ----------
    count : int
        From 1 up to one less than the smallest sample size.
    weight : float or "optimal"
        Between 0 and 1. "optimal" is the weight that leaves a mean the least variance in the limit,
        (sqrt(c^2 + 4 c) - c) / 2 with c = count / (n_k - count): `modelcollapse.laws.fresh_loop.optimal_weight`.

    Raises
    ------
    InputError
        If `count` is below 1 or `weight` not between 0 and 1; a recursion refuses a count that leaves no other draws.

    Examples
    --------
    >>> from modelcollapse.workflows import WeightedMix
    >>> recipe = WeightedMix(20, weight=0.5).recipe(5)
    >>> recipe.fresh_count, recipe.fresh_weight
    (20, 0.5)
    """

    count: int = 1
    weight: float | Literal["optimal"] = "optimal"

    name: ClassVar[str] = "weighted-mix"

    def __post_init__(self) -> None:
        most = arguments.LARGEST_SAMPLE_SIZE
        object.__setattr__(self, "count", arguments.integer("count", self.count, least=1, most=most))
        if self.weight != "optimal":
            weight = arguments.number(self.weight)
            if not _LIGHTEST <= weight <= 1 - _LIGHTEST:
                allowed = "a number between 0 and 1, or 'optimal'"
                remedy = "Fresh data without weight are the workflow replace; with all of it there is no recursion."
                raise InputError(arguments.message("weight", self.weight, allowed, remedy))
            object.__setattr__(self, "weight", weight)

    def require(self, smallest: int) -> None:
        """Refuse a generation without synthetic data, to which the rest of the weight would belong."""
        if self.count >= smallest:
            allowed = f"below the smallest sample size, {smallest}"
            remedy = "The data that are not fresh are drawn from the model before."
            raise InputError(arguments.message("count", self.count, allowed, remedy))

    def recipe(self, generation: int) -> Recipe:
        """New draws alone, so many of them real, with their weight."""
        return Recipe(
            sources={generation - 1: 1.0},
            batches={generation: 1.0},
            fresh_count=self.count,
            fresh_weight=self.weight,
        )
