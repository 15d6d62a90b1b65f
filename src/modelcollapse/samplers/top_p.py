"""Top-p (nucleus): only the likeliest symbols that together have probability p are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.samplers.base import Probabilities, SymbolSampler


@dataclass(frozen=True)
class TopP(SymbolSampler):
    """Draw only from the nucleus, in proportion: the fewest symbols whose probabilities add up to at least p.

    Symbols enter from the likeliest on; among equals the one listed first comes first.

    Parameters
    ----------
    p : float
        Above 0, up to 1.

    Raises
    ------
    InputError
        If `p` is not above 0 and at most 1.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.samplers import TopP
    >>> TopP(0.7).adjust(np.array([0.5, 0.2, 0.3]))
    array([0.625, 0.   , 0.375])
    """

    p: float = 0.9

    name: ClassVar[str] = "top-p"

    def __post_init__(self) -> None:
        remedy = "For the likeliest symbol alone take `TopK(1)`."
        object.__setattr__(self, "p", arguments.real("p", self.p, low=1e-300, high=1.0, remedy=remedy))

    def adjust(self, probabilities: Probabilities) -> Probabilities:
        """Return the nucleus, made to add up to 1; sums are compared with a margin for rounding, relative to p."""
        if self.p == 1.0:
            return probabilities
        order = np.argsort(-probabilities, axis=-1, kind="stable")
        ordered = np.take_along_axis(probabilities, order, axis=-1)
        before = np.cumsum(ordered, axis=-1) - ordered
        kept = np.zeros_like(probabilities)
        np.put_along_axis(kept, order, np.where(before < self.p * (1.0 - 1e-12), ordered, 0.0), axis=-1)
        return np.asarray(kept / kept.sum(axis=-1, keepdims=True))
