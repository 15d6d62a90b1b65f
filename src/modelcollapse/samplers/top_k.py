"""Top-k: only the k likeliest symbols are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.samplers.base import Probabilities, SymbolSampler


@dataclass(frozen=True)
class TopK(SymbolSampler):
    """Draw only the k likeliest symbols, in proportion; among equals the one listed first comes first.

    Parameters
    ----------
    k : int
        From 1 on.

    Raises
    ------
    InputError
        If `k` is below 1.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.samplers import TopK
    >>> TopK(2).adjust(np.array([0.5, 0.2, 0.3]))
    array([0.625, 0.   , 0.375])
    """

    k: int = 50

    name: ClassVar[str] = "top-k"

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", arguments.integer("k", self.k, least=1))

    def adjust(self, probabilities: Probabilities) -> Probabilities:
        """Return the k largest, made to add up to 1."""
        if self.k >= probabilities.shape[-1]:
            return probabilities
        order = np.argsort(-probabilities, axis=-1, kind="stable")[..., : self.k]
        kept = np.zeros_like(probabilities)
        np.put_along_axis(kept, order, np.take_along_axis(probabilities, order, axis=-1), axis=-1)
        return np.asarray(kept / kept.sum(axis=-1, keepdims=True))
