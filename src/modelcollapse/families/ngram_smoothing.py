"""Estimators of n-gram models close to maximum likelihood: some probability is given to what was not seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.provenance import plain

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NGramSmoothing(ABC):
    """How much of what followed a context is given away, and to what: a shorter context, or any token.

    A frozen dataclass whose fields are its parameters. Tokens that were not seen at all are alike.

    Parameters
    ----------
    alphabet : {"known", "unknown"}
        "known": every word of the start, so that none is lost for good; "unknown": the words of the training text. The
        end of a sentence belongs to it either way.
    """

    alphabet: Literal["known", "unknown"] = "known"

    name: ClassVar[str]
    shortens: ClassVar[bool] = True  # whether what is given away goes to the context shorter by one token
    continues: ClassVar[bool] = False  # whether a shorter context counts different tokens before it, not occurrences

    def __post_init__(self) -> None:
        if self.alphabet not in ("known", "unknown"):
            raise InputError(arguments.message("alphabet", self.alphabet, "'known' or 'unknown'"))

    @property
    @abstractmethod
    def gives(self) -> bool:
        """Whether anything is given to tokens that were not seen."""

    @abstractmethod
    def kept(self, counts: Floats) -> Floats:
        """Return what is left of the count of each token behind a context."""

    def added(self, alphabet: Floats) -> Floats:
        """Return what is added to the total count of a context, for the whole alphabet; given its size."""
        return np.zeros_like(alphabet)

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters for the provenance record."""
        return {"name": self.name, **plain(vars(self))}


@dataclass(frozen=True)
class AddToNGrams(NGramSmoothing):
    """Add the same amount to the count of every token behind every context; contexts never seen are followed by all.

    Parameters
    ----------
    alphabet : {"known", "unknown"}
    amount : float
        0 is maximum likelihood.

    Examples
    --------
    >>> AddToNGrams(amount=0.5).to_dict()
    {'name': 'additive', 'alphabet': 'known', 'amount': 0.5}
    """

    amount: float = 0.01

    name: ClassVar[str] = "additive"
    shortens: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "amount", arguments.real("amount", self.amount, low=0.0, high=1e12))

    @property
    def gives(self) -> bool:
        """Whether something is added."""
        return self.amount > 0

    def kept(self, counts: Floats) -> Floats:
        """Return the counts."""
        return counts

    def added(self, alphabet: Floats) -> Floats:
        """Return the amount for each token of the alphabet."""
        return self.amount * alphabet


@dataclass(frozen=True)
class Discounting(NGramSmoothing):
    """What takes the same discount off every count; a subclass says what a shorter context counts."""

    discount: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "discount", arguments.real("discount", self.discount, low=0.0, high=1.0))

    @property
    def gives(self) -> bool:
        """Whether there is a discount."""
        return self.discount > 0

    def kept(self, counts: Floats) -> Floats:
        """Return the counts less the discount."""
        return np.maximum(counts - self.discount, 0.0)


@dataclass(frozen=True)
class AbsoluteDiscounting(Discounting):
    """Take the same discount off every count, and give it to the shorter context (Ney, Essen and Kneser 1994).

    The context of no token gives to the alphabet. A count below the discount gives all that it has.

    Parameters
    ----------
    alphabet : {"known", "unknown"}
    discount : float
        0 to 1. With 0 a context that was seen keeps all, and one that was not backs off to the shorter one.

    Examples
    --------
    >>> AbsoluteDiscounting().kept(np.array([1.0, 3.0]))
    array([0.25, 2.25])
    """

    name: ClassVar[str] = "absolute-discounting"


@dataclass(frozen=True)
class KneserNey(Discounting):
    """Interpolated Kneser-Ney: absolute discounting; a shorter context counts how many different tokens came before.

    So a word that follows one word only, however often, is unlikely behind others (Kneser and Ney 1995).

    Parameters
    ----------
    alphabet : {"known", "unknown"}
    discount : float
        0 to 1.

    Examples
    --------
    >>> KneserNey(discount=0.5).to_dict()
    {'name': 'kneser-ney', 'alphabet': 'known', 'discount': 0.5}
    """

    name: ClassVar[str] = "kneser-ney"
    continues: ClassVar[bool] = True
