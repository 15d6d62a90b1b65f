"""Sampling bias of scale models: draws from a covariance multiplied by lambda."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelcollapse import arguments
from modelcollapse.samplers.base import Sampler


@dataclass(frozen=True)
class Amplification(Sampler):
    """Draw from the model with its variance multiplied by `factor`, the lambda of Alemohammad et al. (2024).

    Below 1, draws favour what is typical (quality over diversity); above 1 they work against collapse.

    Parameters
    ----------
    factor : float
        lambda, above 0 and up to 1,000,000.

    Raises
    ------
    InputError
        If the factor is out of range.

    Examples
    --------
    >>> from modelcollapse.samplers import Amplification
    >>> Amplification(0.9)
    Amplification(factor=0.9)
    """

    factor: float = 1.0

    name: ClassVar[str] = "amplification"

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", arguments.real("factor", self.factor, low=1e-12, high=1e6))
