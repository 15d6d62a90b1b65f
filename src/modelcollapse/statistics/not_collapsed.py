"""First passage: has a run not been collapsed yet, in a stated sense, at any generation so far?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.base import ScaleFamily, SymbolFamily
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import MeanObserver, Snapshot, Statistic
from modelcollapse.statistics.collapse_definitions import CollapseDefinition, CollapsingVariance


@dataclass(frozen=True)
class NotCollapsed(Statistic):
    """Pr(the run was collapsed at no generation up to k), in the sense of a definition.

    Every generation is watched, also those not asked for: a run that recovers stays collapsed.

    Parameters
    ----------
    definition : CollapseDefinition
        `CollapsingVariance`, `DisappearanceOfTail`, `AnyIncreaseOfRisk` or `CatastrophicIncreaseOfRisk`.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import CollapsingVariance, NotCollapsed
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, NotCollapsed(CollapsingVariance(0.01)), [50, 100], rng=1)["not_collapsed"].value.round(1)
    array([0.3, 0.1])
    """

    definition: CollapseDefinition = field(default_factory=CollapsingVariance)

    name: ClassVar[str] = "not_collapsed"
    is_probability: ClassVar[bool] = True
    watches_all: ClassVar[bool] = True
    trend: ClassVar[Literal["falls", "rises"] | None] = "falls"

    def __post_init__(self) -> None:
        _require_definition(self.definition)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return no labels; the definition must fit the model."""
        _require_model(recursion, self.name)
        self.definition.quantity(recursion)
        return {}

    def observer(self, recursion: Recursion) -> MeanObserver:
        """Return an observer that remembers which runs have collapsed."""
        _require_model(recursion, self.name)
        return _PassageObserver(recursion, self.definition)

    def to_dict(self) -> dict[str, Any]:
        """Return name and definition."""
        return {"name": self.name, "definition": self.definition.to_dict()}


@dataclass(frozen=True, eq=False)
class FirstCollapse(Statistic):
    """Quantiles of the first generation at which a run is collapsed, in the sense of a definition; dimensions (level,).

    Parameters
    ----------
    definition : CollapseDefinition
    levels : sequence of float
        Each above 0 and below 1.

    Examples
    --------
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import CollapsingVariance, FirstCollapse
    >>> recursion = Recursion(Gaussian(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> time = FirstCollapse(CollapsingVariance(0.01), levels=[0.5])
    >>> bool(solve(recursion, time, 100, rng=1)["first_collapse"].value[0] < 41)  # the scale itself: 41, by the law
    True
    """

    definition: CollapseDefinition = field(default_factory=CollapsingVariance)
    levels: Sequence[float] = (0.1, 0.5, 0.9)

    name: ClassVar[str] = "first_collapse"
    dimensions: ClassVar[tuple[str, ...]] = ("level",)

    def __post_init__(self) -> None:
        _require_definition(self.definition)
        for level in self.levels:
            if not 0 < arguments.real("levels", level, low=0, high=1) < 1:
                raise InputError(arguments.message("levels", level, "above 0 and below 1"))

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the levels; the definition must fit the model."""
        _require_model(recursion, self.name)
        self.definition.quantity(recursion)
        return {"level": list(self.levels)}

    def followed(self, recursion: Recursion) -> tuple[Statistic, NDArray[np.float64]]:  # noqa: ARG002
        """Return the chance of no collapse yet, and one minus the levels."""
        return NotCollapsed(self.definition), 1.0 - np.asarray(self.levels, dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """Return name, definition and levels."""
        return {"name": self.name, "definition": self.definition.to_dict(), "levels": list(self.levels)}


class _PassageObserver(MeanObserver):
    def __init__(self, recursion: Recursion, definition: CollapseDefinition) -> None:
        super().__init__()
        self._recursion, self._definition = recursion, definition
        self._quantity = definition.quantity(recursion)
        self._collapsed: NDArray[np.bool_] | None = None

    def measure(self, snapshot: Snapshot) -> NDArray[np.float64]:
        values = self._quantity.measure(snapshot)
        now = self._definition.crossed(values, self._recursion)
        self._collapsed = now if self._collapsed is None else self._collapsed | now
        # Who has no value, and has not collapsed before, is not known to have collapsed.
        return np.where(np.isnan(values) & ~self._collapsed, np.nan, ~self._collapsed)


def _require_model(recursion: Recursion, statistic: str) -> None:
    if not isinstance(recursion.family, ScaleFamily | SymbolFamily):
        raise InputError(
            f"The statistic {statistic} is about models of symbols or of a scale, but the family is "
            f"{recursion.family.name}; ask it of `Categorical()` or `Gaussian()`."
        )


def _require_definition(definition: object) -> None:
    if not isinstance(definition, CollapseDefinition):
        allowed = "a definition of collapse, as `CollapsingVariance(0.1)`"
        raise InputError(arguments.message("definition", definition, allowed))
