"""What a sampler is: how a model is turned into the law that its draws follow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.provenance import plain

Probabilities = NDArray[np.float64]  # (..., symbol)


class Sampler(ABC):
    """How draws are taken from a model. It shapes draws from models alone, never fresh data.

    A sampler is a frozen dataclass whose fields are its parameters. `Family.shaped` says which samplers a family knows.
    """

    name: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}


class SymbolSampler(Sampler):
    """A sampler that changes the probabilities of symbols: of a categorical model, or of what follows a context."""

    @abstractmethod
    def adjust(self, probabilities: Probabilities) -> Probabilities:
        """Return the probabilities that draws follow, along the last axis; a symbol of probability 0 keeps it."""
