"""Where the recursion of a spec may start, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.start import Corpus, Empirical, Known, Parameters


def zipf(symbols: int, exponent: float = 1.0) -> Known:
    """Return the law that gives the symbol of rank i a probability in proportion to i^-exponent.

    Parameters
    ----------
    symbols : int
        How many there are, up to 10^7.
    exponent : float
        From 0 (uniform) to 100.

    Raises
    ------
    InputError
        If one is out of range.

    Examples
    --------
    >>> zipf(2).probabilities.round(4)
    array([0.6667, 0.3333])
    """
    ranks = np.arange(1, arguments.integer("symbols", symbols, least=1, most=10**7) + 1, dtype=np.float64)
    weights = ranks ** -arguments.real("exponent", exponent, low=0.0, high=100.0)
    return Known(weights / weights.sum())


def king_james() -> Corpus:
    """Return the corpus that comes with the package.

    Examples
    --------
    >>> king_james().tokens
    791450
    """
    from modelcollapse.corpus import embedded

    return Corpus(embedded().counts)


STARTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "parameters": Parameters,
        "known": Known,
        "corpus": Corpus,
        "zipf": zipf,
        "king-james": king_james,
        "empirical": Empirical,
    }
)
