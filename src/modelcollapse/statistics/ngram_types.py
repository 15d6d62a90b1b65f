"""N-gram types: how many different runs of words a text has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.recursion import Recursion
from modelcollapse.statistics.base import Statistic
from modelcollapse.statistics.text import TextObserver, corpus_of, text_family
from modelcollapse.text_corpus import LARGEST_ORDER, Tokens, numbered, words_before


@dataclass(frozen=True)
class NGramTypes(Statistic):
    """Expected number of different n-grams in the text of generation k; dimensions (generation, order).

    An n-gram is a run of n words within a sentence.

    Parameters
    ----------
    orders : sequence of int, optional
        1 to 16; 1 up to the order of the model if not given.

    Raises
    ------
    InputError
        If `orders` are no such numbers; when asked, if the models write no text.

    Examples
    --------
    >>> from modelcollapse import Recursion, solve
    >>> from modelcollapse.families import NGram
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> text = TextCorpus.from_sentences(["the cat sat on the mat".split(), "the dog sat down".split()])
    >>> recursion = Recursion(NGram(2), text, sample_size=text.tokens)
    >>> solve(recursion, NGramTypes(), [1, 10], rng=1)["ngram_types"].value.round(1)
    array([[5.6, 5.6],
           [2.6, 1.7]])
    """

    orders: Sequence[int] | None = None

    name: ClassVar[str] = "ngram_types"
    dimensions: ClassVar[tuple[str, ...]] = ("generation", "order")

    def __post_init__(self) -> None:
        if self.orders is not None:
            orders = tuple(arguments.integer("orders", each, least=1, most=LARGEST_ORDER) for each in self.orders)
            if not orders:
                raise InputError(arguments.message("orders", self.orders, "at least one order"))
            object.__setattr__(self, "orders", orders)

    def coordinates(self, recursion: Recursion) -> dict[str, list[Any]]:
        """Return the orders."""
        return {"order": self._orders(recursion)}

    def possible(self, recursion: Recursion) -> tuple[float, float]:  # noqa: ARG002
        """Return 0 and no limit."""
        return 0.0, np.inf

    def observer(self, recursion: Recursion) -> TextObserver:
        """Return an observer that counts types."""
        return _NGramTypesObserver(corpus_of(recursion, self.name).symbols, self._orders(recursion))

    def _orders(self, recursion: Recursion) -> list[int]:
        family = text_family(recursion, self.name)
        return list(self.orders or range(1, getattr(family, "order", 1) + 1))


class _NGramTypesObserver(TextObserver):
    def __init__(self, symbols: int, orders: Sequence[int]) -> None:
        super().__init__()
        self._symbols, self._orders = symbols, orders

    def of_text(self, tokens: Tokens) -> NDArray[Any]:
        before = words_before(tokens)
        return np.array([self._types(tokens, before, order) for order in self._orders])

    def _types(self, tokens: Tokens, before: NDArray[Any], order: int) -> int:
        runs = numbered(tokens, self._symbols, order)
        seen = np.zeros(runs.number, dtype=bool)
        seen[runs.ids[before >= order]] = True
        return int(np.count_nonzero(seen))
