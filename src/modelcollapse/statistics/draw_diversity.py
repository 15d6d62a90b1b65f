"""Diversity of the drawn data: are two of them different?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.kept_data import DataObserver, DataStatistic, Rows


@dataclass(frozen=True)
class DrawDiversity(DataStatistic):
    """Expected 1 - sum over distinct data of their squared shares in the draws of generation k, for discrete output.

    Where a model returns nothing but data it was trained on, it falls by the factor 1 - 1/n a generation: the law of
    ancestry.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Gaussian, Parameters, Recursion, solve
    >>> from modelcollapse.statistics import DrawDiversity
    >>> recursion = Recursion(Gaussian().uncompressed(), Parameters(mean=0.0, scale=1.0), sample_size=10)
    >>> solve(recursion, DrawDiversity(), [1], rng=1)["draw_diversity"].value.round(3)  # all ten are different
    array([0.9])
    """

    name: ClassVar[str] = "draw_diversity"
    trend: ClassVar[Literal["falls", "rises"] | None] = None

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and 1."""
        return (0.0, 1.0)

    def observer(self, recursion: Recursion) -> DataObserver:
        """Return an observer of shares."""
        return _DiversityObserver(recursion, self.name)


class _DiversityObserver(DataObserver):
    def of_rows(self, rows: Rows) -> Any:
        _, counts = np.unique(rows, axis=0, return_counts=True)
        return 1.0 - ((counts / len(rows)) ** 2).sum()
