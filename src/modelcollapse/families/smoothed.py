"""Categorical models whose probabilities are estimated by smoothed counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families.smoothing import Additive, Smoothing
from modelcollapse.families.symbol_counts import Counts, Frequencies, SymbolCounts
from modelcollapse.start import Start


@dataclass(frozen=True)
class Smoothed(SymbolCounts):
    """Symbols drawn independently; their probabilities are smoothed relative frequencies.

    Parameters
    ----------
    smoothing : Smoothing
        `Additive` or `GoodTuring`. With a known alphabet no symbol is lost for good: adding `a` to each of m counts is
        the same as drawing a share a m / (n + a m) of the next data afresh from the uniform law.

    Draws can be shaped by the samplers `Temperature`, `TopK` and `TopP`, after smoothing.

    Raises
    ------
    InputError
        If `smoothing` is no such object; by `initial`, if a symbol of the start has probability 0.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Known
    >>> from modelcollapse.families import Additive, Smoothed
    >>> family = Smoothed(Additive(1.0))
    >>> model = family.initial(Known([0.5, 0.5]), replicates=1)
    >>> family.fit(family.sample(model, 10, np.random.default_rng(1)))
    array([[0.5, 0.5]])
    """

    smoothing: Smoothing = field(default_factory=Additive)

    name: ClassVar[str] = "categorical-smoothed"

    def __post_init__(self) -> None:
        if not isinstance(self.smoothing, Smoothing):
            raise InputError(arguments.message("smoothing", self.smoothing, "`Additive(...)` or `GoodTuring()`"))

    @property
    def absorbing(self) -> bool:
        """Whether the smoothing gives nothing to symbols that do not occur."""
        return not self.smoothing.revives

    def initial(self, start: Start, replicates: int) -> Frequencies:
        """Return P_0 for each replicate; every symbol must have a positive probability, being of the alphabet."""
        model = super().initial(start, replicates)
        if self.smoothing.revives and np.any(model[:1] == 0):
            raise InputError(
                "`start` has symbols of probability 0, but smoothing would bring them to life; leave them out."
            )
        return model

    def fit(self, batch: Counts) -> Frequencies:
        """Return smoothed frequencies."""
        return self.smoothing.estimate(batch)

    def to_dict(self) -> dict[str, Any]:
        """Return name and smoothing."""
        return {"name": self.name, "smoothing": self.smoothing.to_dict()}
