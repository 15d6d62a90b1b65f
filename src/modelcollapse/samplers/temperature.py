"""Temperature: probabilities to the power 1/T."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.samplers.base import Probabilities, SymbolSampler


@dataclass(frozen=True)
class Temperature(SymbolSampler):
    """Draw symbols with probabilities proportional to p^(1/T): T below 1 sharpens, T above 1 flattens.

    Parameters
    ----------
    temperature : float
        T, from 0.01 to 100.

    Raises
    ------
    InputError
        If the temperature is out of range; for the limit of T = 0, the likeliest symbol, take `TopK(1)`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.samplers import Temperature
    >>> Temperature(0.5).adjust(np.array([0.25, 0.75]))
    array([0.1, 0.9])
    """

    temperature: float = 1.0

    name: ClassVar[str] = "temperature"

    def __post_init__(self) -> None:
        remedy = "For the likeliest symbol alone take `TopK(1)`."
        checked = arguments.real("temperature", self.temperature, low=0.01, high=100.0, remedy=remedy)
        object.__setattr__(self, "temperature", checked)

    def adjust(self, probabilities: Probabilities) -> Probabilities:
        """Return p^(1/T), made to add up to 1; divided by the largest first, so that nothing underflows to 0 / 0."""
        largest = probabilities.max(axis=-1, keepdims=True)
        powers = np.where(probabilities > 0, (probabilities / largest) ** (1.0 / self.temperature), 0.0)
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
