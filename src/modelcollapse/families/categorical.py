"""Categorical models: symbols with probabilities, estimated by relative frequencies; Bernoulli has two symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse.families.symbol_counts import Counts, Frequencies, SymbolCounts


@dataclass(frozen=True)
class Categorical(SymbolCounts):
    """Symbols drawn independently; the maximum-likelihood estimate is the relative frequency.

    A batch is compressed to the count of each symbol. Draws can be shaped by `Temperature`, `TopK` and `TopP`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse import Categorical, Known
    >>> family = Categorical()
    >>> model = family.initial(Known([0.5, 0.5]), replicates=1)
    >>> family.fit(family.sample(model, 10, np.random.default_rng(1)))
    array([[0.5, 0.5]])
    """

    name: ClassVar[str] = "categorical"

    def fit(self, batch: Counts) -> Frequencies:
        """Return relative frequencies."""
        return batch / batch.sum(axis=1, keepdims=True)
