"""What a figure is: what it iterates and measures, as whom it follows, and how it is drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from modelcollapse.reproduce.data import FigureData
from modelcollapse.reproduce.panel import Panel
from modelcollapse.simulate.effort import Rng

if TYPE_CHECKING:
    from modelcollapse.reproduce.drawing import View


class Figure(ABC):
    """A figure that computes itself, checks itself and draws itself.

    A figure is a frozen dataclass; its fields are what may be set: a corpus, or `paper_compatible`, which does what
    the original program does where that differs from its own text. `compute` asks the door; `chart` draws what
    `compute` returned and nothing else, so that kept data can be drawn again.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    recursion: ClassVar[str]  # the recursion and the statistic, as a formula
    published: ClassVar[str]  # the published setting; "none" for figures of our own
    caption: ClassVar[str]
    runs: ClassVar[int]  # replicates as published
    most_runs: ClassVar[int] = 10**7

    @property
    def few_runs(self) -> int:
        """A tenth of the published replicates, but not fewer than 25 where there are so many."""
        return max(min(self.runs, 25), self.runs // 10)

    @abstractmethod
    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Return the data, from so many replicates; the same for the same `rng`."""

    @abstractmethod
    def chart(self, data: FigureData) -> Any:
        """Return the chart of what was computed."""

    def to_dict(self) -> dict[str, Any]:
        """Return name and settings: what the data depend on, besides replicates and seed."""
        return {"name": self.name, **{name: _identity(value) for name, value in vars(self).items()}}


class PanelFigure(Figure):
    """A figure of panels, each a question to law, bounds and simulation."""

    @abstractmethod
    def panels(self) -> Sequence[Panel]:
        """Return the questions, from left to right."""

    @abstractmethod
    def views(self) -> Mapping[str, View]:
        """Return how each panel is drawn, by its name."""

    def facts(self) -> dict[str, Any]:
        """Return what a reader must know besides."""
        return {}

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Compute every panel, each from random numbers of its own."""
        panels = self.panels()
        comparisons = sum(len(panel.shown) for panel in panels)
        seeds = spawned(rng, len(panels))
        found = [panel.compute(replicates, seed, comparisons) for panel, seed in zip(panels, seeds, strict=True)]
        return FigureData(
            tuple(curve for one in found for curve in one.curves),
            tuple(verdict for one in found for verdict in one.verdicts),
            tuple(dict.fromkeys(reference for one in found for reference in one.references)),
            {"replicates": replicates, **self.facts()},
        )

    def chart(self, data: FigureData) -> Any:
        """Draw law, bounds and simulation."""
        from modelcollapse.reproduce.drawing import panels_chart

        return panels_chart(self.title, self.views(), data.curves)


def spawned(rng: Rng, parts: int) -> list[np.random.SeedSequence]:
    """Return independent seeds, the same for the same `rng`."""
    if isinstance(rng, np.random.SeedSequence):
        # Spawning from a copy: who passes a seed in may pass it in again.
        root = np.random.SeedSequence(rng.entropy, spawn_key=rng.spawn_key)
    elif isinstance(rng, np.random.Generator):
        root = np.random.SeedSequence(int.from_bytes(rng.bytes(16), "little"))
    else:
        root = np.random.SeedSequence(rng)
    return root.spawn(parts)


def _identity(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else value
