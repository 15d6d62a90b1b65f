"""Estimators close to maximum likelihood: counts are smoothed before they become probabilities."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.provenance import plain

Floats = NDArray[np.float64]  # (replicate, symbol)
Counts = NDArray[np.int64]


class Smoothing(ABC):
    """How counts become probabilities. A frozen dataclass whose fields are its parameters."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def revives(self) -> bool:
        """Whether a symbol of count 0 may get a positive probability."""

    @abstractmethod
    def estimate(self, counts: Counts) -> Floats:
        """Return probabilities, rows adding up to 1; every symbol that has a column belongs to the alphabet."""

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}


@dataclass(frozen=True)
class Additive(Smoothing):
    """Add the same amount to every count: Laplace's rule for 1, the Jeffreys prior for 1/2.

    Parameters
    ----------
    amount : float
        0 is maximum likelihood.
    alphabet : {"known", "unknown"}
        "known" adds to every symbol of the start, so that none is ever lost for good; "unknown" to those alone that
        occur in the training data.

    Raises
    ------
    InputError
        If the amount is negative or not finite, or the alphabet is neither.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.families import Additive
    >>> Additive(1.0).estimate(np.array([[0, 3]]))
    array([[0.2, 0.8]])
    >>> Additive(1.0, alphabet="unknown").estimate(np.array([[0, 3]]))
    array([[0., 1.]])
    """

    amount: float = 1.0
    alphabet: Literal["known", "unknown"] = "known"

    name: ClassVar[str] = "additive"

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", arguments.real("amount", self.amount, low=0.0, high=1e12))
        if self.alphabet not in ("known", "unknown"):
            raise InputError(arguments.message("alphabet", self.alphabet, "'known' or 'unknown'"))

    @property
    def revives(self) -> bool:
        """Whether the alphabet is known and something is added."""
        return self.alphabet == "known" and self.amount > 0

    def estimate(self, counts: Counts) -> Floats:
        """Return (count + amount) / their sum."""
        raised = counts + (self.amount if self.alphabet == "known" else np.where(counts > 0, self.amount, 0.0))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class GoodTuring(Smoothing):
    """Give symbols that do not occur the share of tokens that occur once, in equal parts (Good 1953, after Turing).

    The symbols that occur share the rest in proportion to their counts. With N_1 symbols that occur once among n
    tokens, min(N_1, n - 1) / n is given away: those that occur keep the share of a token at least. Nothing is given
    where all symbols occur. So the estimate exists for every count; further counts of counts are not smoothed.

    The alphabet is known: it is the symbols of the start. With an unknown one there is nobody to give to, and the
    estimate would be maximum likelihood: `Categorical`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.families import GoodTuring
    >>> GoodTuring().estimate(np.array([[0, 0, 1, 3]]))
    array([[0.125 , 0.125 , 0.1875, 0.5625]])
    """

    name: ClassVar[str] = "good-turing"

    @property
    def revives(self) -> bool:
        """True."""
        return True

    def estimate(self, counts: Counts) -> Floats:
        """Return the probabilities; weighted counts are refused, as none of them is a count of one."""
        if not np.issubdtype(counts.dtype, np.integer):
            raise InputError(
                "`weights` are fractions, but Good-Turing smoothing asks how many symbols occur once; "
                "take additive smoothing."
            )
        size, unseen = counts.sum(axis=1, keepdims=True), (counts == 0).sum(axis=1, keepdims=True)
        once = np.minimum((counts == 1).sum(axis=1, keepdims=True), size - 1)
        given = np.where(unseen > 0, once / size, 0.0)
        return np.asarray(np.where(counts > 0, (1.0 - given) * counts / size, given / np.maximum(unseen, 1)))
