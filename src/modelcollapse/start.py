"""Where a recursion starts: a known law, a corpus, real data, parameters of a family, or one sample of any of these."""

from __future__ import annotations

import hashlib
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError


class Start(ABC):
    """The law of generation 0."""

    @property
    def truth(self) -> Start:
        """The start whose law is the truth: itself, unless generation 0 is a sample."""
        return self

    @property
    def real_size(self) -> int:
        """How many real data batch 0 holds; 0 where there is no batch 0."""
        return 0

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return what identifies the start in a provenance record; large arrays as a hash."""

    def __str__(self) -> str:
        return type(self).__name__


class DiscreteStart(Start):
    """A start whose law is a list of symbol probabilities."""

    @property
    @abstractmethod
    def probabilities(self) -> NDArray[np.float64]:
        """P_0 of each symbol, shape (symbol,)."""

    def __str__(self) -> str:
        return f"{len(self.probabilities):,} symbols"

    @cached_property
    def spectrum(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Distinct positive probabilities, ascending, and how many symbols have each."""
        positive = self.probabilities[self.probabilities > 0]
        distinct, symbols = np.unique(positive, return_counts=True)
        return distinct, symbols.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Known(DiscreteStart):
    """A known discrete law P_0.

    Parameters
    ----------
    law : array_like, shape (symbol,)
        Probabilities that add up to 1 within 1e-9 (then divided by their sum).

    Raises
    ------
    InputError
        If a probability is negative or not finite, or the sum is not 1.

    Examples
    --------
    >>> Known([0.2, 0.8]).probabilities
    array([0.2, 0.8])
    """

    law: ArrayLike

    def __post_init__(self) -> None:
        vector = arguments.probabilities("law", self.law)
        object.__setattr__(self, "law", vector / vector.sum())

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """P_0 of each symbol, shape (symbol,)."""
        return np.asarray(self.law)

    def to_dict(self) -> dict[str, Any]:
        """Return the law, or its hash if it has more than 100 symbols."""
        return {"kind": "known", **_identity(self.probabilities)}


@dataclass(frozen=True, eq=False)
class Corpus(DiscreteStart):
    """A corpus, given by how often each symbol occurs: P_0 is its empirical law and batch 0 is the corpus.

    Parameters
    ----------
    counts : array_like of int, shape (symbol,)
        Occurrences; symbols of count 0 are allowed and never present.

    Raises
    ------
    InputError
        If a count is negative or fractional, or none is positive.

    Examples
    --------
    >>> corpus = Corpus([3, 1])
    >>> corpus.tokens, corpus.probabilities
    (4, array([0.75, 0.25]))
    """

    counts: ArrayLike

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", arguments.counts("counts", self.counts))

    @property
    def tokens(self) -> int:
        """Size of the corpus."""
        return int(np.asarray(self.counts).sum())

    @property
    def real_size(self) -> int:
        """Size of the corpus: it is batch 0."""
        return self.tokens

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """P_0 of each symbol, shape (symbol,)."""
        return np.asarray(self.counts) / self.tokens

    def to_dict(self) -> dict[str, Any]:
        """Return the size and the counts, or their hash if there are more than 100."""
        return {"kind": "corpus", "tokens": self.tokens, **_identity(np.asarray(self.counts))}


@dataclass(frozen=True, eq=False, repr=False)
class Sample(Start):
    """Real data: P_0 is their empirical law and batch 0 is the data; models that learn from data start here.

    Parameters
    ----------
    data : array_like, shape (datum, dimension) or (datum,)
        Finite numbers.

    Raises
    ------
    InputError
        If there is no datum, a number is not finite, or the shape is another one.

    Examples
    --------
    >>> sample = Sample([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> sample, sample.dimension
    (Sample(3 data of dimension 2), 2)
    """

    data: ArrayLike

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", arguments.table("data", self.data))

    @property
    def values(self) -> NDArray[np.float64]:
        """The data, shape (datum, dimension)."""
        return np.asarray(self.data)

    @property
    def dimension(self) -> int:
        """How many numbers a datum has."""
        return self.values.shape[1]

    @property
    def real_size(self) -> int:
        """How many data there are: they are batch 0."""
        return len(self.values)

    def to_dict(self) -> dict[str, Any]:
        """Return shape and content, or its hash if there are more than 100 numbers."""
        identity = _identity(self.values.ravel())
        identity = {name: value for name, value in identity.items() if name != "symbols"}
        return {"kind": "sample", "size": self.real_size, "dimension": self.dimension, **identity}

    def __str__(self) -> str:
        return f"{self.real_size:,} data of dimension {self.dimension}"

    def __repr__(self) -> str:
        return f"Sample({self})"


@dataclass(frozen=True, init=False, repr=False)
class Parameters(Start):
    """A law P_0 of a parametric family, given by the family's parameters.

    Parameters
    ----------
    **values : float
        Finite numbers by name; the family says which names it takes.

    Raises
    ------
    InputError
        If no parameter is given, or one is not a finite number.

    Examples
    --------
    >>> Parameters(rate=3)
    Parameters(rate=3.0)
    """

    values: Mapping[str, float]

    def __init__(self, **values: float) -> None:
        if not values:
            raise InputError("`Parameters` got none; name at least one, as `Parameters(rate=3.0)`.")
        checked = {name: _finite(name, value) for name, value in values.items()}
        object.__setattr__(self, "values", MappingProxyType(checked))

    def to_dict(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return {"kind": "parameters", "values": dict(self.values)}

    def __str__(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.values.items())

    def __repr__(self) -> str:
        return f"Parameters({self})"

    def __hash__(self) -> int:
        return hash(frozenset(self.values.items()))


@dataclass(frozen=True)
class Empirical(Start):
    """Generation 0 is itself fitted to one sample of a known law; batch 0 is that sample, drawn anew in each replicate.

    Statistics compare with the known law, and fresh data come from it. Only simulations start here: exactly, the
    recursion is the one from the law itself, one generation later.

    Parameters
    ----------
    of : Start
        `Known`, `Corpus` or `Parameters`.
    size : int
        Size of the sample, from 1 on.

    Raises
    ------
    InputError
        If `of` is no such start, or `size` is out of range.

    Examples
    --------
    >>> Empirical(Known([0.2, 0.8]), size=50)
    Empirical(50 draws of 2 symbols)
    """

    of: Start
    size: int

    def __post_init__(self) -> None:
        if not isinstance(self.of, Start) or isinstance(self.of, Empirical):
            raise InputError(arguments.message("of", self.of, "`Known(...)`, `Corpus(...)` or `Parameters(...)`"))
        most = arguments.LARGEST_SAMPLE_SIZE
        object.__setattr__(self, "size", arguments.integer("size", self.size, least=1, most=most))

    @property
    def truth(self) -> Start:
        """The known law."""
        return self.of

    @property
    def real_size(self) -> int:
        """Size of the sample: it is batch 0."""
        return self.size

    def to_dict(self) -> dict[str, Any]:
        """Return the size and what identifies the law."""
        return {"kind": "empirical", "size": self.size, "of": self.of.to_dict()}

    def __str__(self) -> str:
        return f"{self.size:,} draws of {self.of}"

    def __repr__(self) -> str:
        return f"Empirical({self})"


def _finite(name: str, value: object) -> float:
    number = math.nan if isinstance(value, bool | str) else arguments.number(value)
    if not math.isfinite(number):
        raise InputError(arguments.message(name, value, "a finite number"))
    return number


def _identity(values: NDArray[Any]) -> dict[str, Any]:
    if len(values) <= 100:
        return {"values": values.tolist()}
    digest = hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
    return {"symbols": len(values), "sha256": digest}
