"""Ancestors: how many draws of generation 1 the whole of generation k descends from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic


@dataclass(frozen=True)
class Ancestors(Statistic):
    """The law of A_k, the number of draws of generation 1 that have a copy in generation k.

    Dimensions (generation, ancestors), with ancestors running from 1 to the sample size (of generation 1, where sizes
    vary). The law does not depend on the start, and answers every question about which symbols survive: see the
    documentation page on the ancestry law.

    Examples
    --------
    >>> from modelcollapse import Categorical, Known, Recursion, solve
    >>> from modelcollapse.statistics import Ancestors
    >>> recursion = Recursion(Categorical(), Known([0.5, 0.5]), sample_size=3)
    >>> solve(recursion, Ancestors(), generations=2)["ancestors"].value.round(4)
    array([[0.    , 0.    , 1.    ],
           [0.1111, 0.6667, 0.2222]])
    """

    name: ClassVar[str] = "ancestors"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "ancestors")
    is_probability: ClassVar[bool] = True
    not_simulated: ClassVar[str] = (
        "it is about draws, not about symbols; its mean at generation k is `Vocabulary()` at generation k - 1 from "
        "`Corpus([1] * n)`, a corpus of n different words, which can be simulated"
    )

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the numbers of ancestors."""
        sizes = np.atleast_1d(recursion.sample_size)
        return {"ancestors": list(range(1, int(sizes[0]) + 1))}
