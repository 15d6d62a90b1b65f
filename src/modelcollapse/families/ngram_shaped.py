"""Smoothed n-gram models whose draws a sampler shapes: what follows a context is listed in full before it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from modelcollapse.errors import InputError
from modelcollapse.families.beginnings import LEAST_CHANCE, nothing_but_ends
from modelcollapse.families.ngram_tables import Tables
from modelcollapse.families.text import Floats, Places, Tokens
from modelcollapse.samplers.base import SymbolSampler

VALUES_AT_A_TIME = 2**20  # probabilities held at once


@dataclass(frozen=True, eq=False)
class ShapedTables(Tables):
    """Smoothed models, and the sampler that shapes what follows each context.

    The end of a sentence is a symbol among others, listed before all words.

    Parameters
    ----------
    sampler : SymbolSampler
    """

    sampler: SymbolSampler

    def step(self, states: Places, rng: np.random.Generator) -> tuple[Tokens, Tokens, Places]:
        """Draw a token for each state from the shaped probabilities of all tokens."""
        uniform, tokens = rng.random(len(states)), np.empty(len(states), dtype=np.int64)
        for places, row in self._rows(states):
            heaped = np.cumsum(row)
            drawn = np.searchsorted(heaped, uniform[places] * heaped[-1], side="right")
            tokens[places] = np.minimum(drawn, np.flatnonzero(row)[-1]) - 1
        return np.zeros(len(states), np.int32), tokens.astype(np.int32), self._after(states, tokens)

    def require_words(self) -> None:
        """Raise `InputError` if a sentence could hardly begin, as nearly all is left to its end."""
        for _, row in self._rows(self.begin(np.arange(len(self)))):
            if row[1:].sum() < LEAST_CHANCE * row.sum():
                raise InputError(nothing_but_ends(self.sampler))

    def _rows(self, states: Places) -> Iterator[tuple[Places, Floats]]:
        """Yield states of which the same is known, and the shaped probabilities of the end and of all words."""
        nodes = np.stack(self._nodes(states))
        deepest = (nodes >= 0).sum(axis=0) - 1  # what is known of a context is known of all shorter ones
        _, first, alike = np.unique(
            np.stack([deepest, nodes[deepest, np.arange(len(states))]]), axis=1, return_index=True, return_inverse=True
        )
        order = np.argsort(alike.ravel(), kind="stable")
        groups = np.split(order, np.cumsum(np.bincount(alike.ravel(), minlength=len(first)))[:-1])
        together = max(1, VALUES_AT_A_TIME // (self.frame.symbols + 1))
        for begin in range(0, len(first), together):
            part = first[begin : begin + together]
            rows = self.sampler.adjust(self._listed(states[part, 0], nodes[:, part]))
            yield from zip(groups[begin : begin + together], rows, strict=True)

    def _listed(self, owners: Places, nodes: Places) -> Floats:
        """Return the probabilities of the end and of all words behind contexts, shape (context, symbol + 1)."""
        found = np.zeros((len(owners), self.frame.symbols + 1))
        for row, owner in enumerate(owners):
            found[row, self.alphabets[owner] + 1] = 1.0 / len(self.alphabets[owner])
        for length in range(self.order - 1 if self.deepest_only else 0, self.order):
            level, known = self.levels[length], np.flatnonzero(nodes[length] >= 0)
            node = nodes[length][known]
            low, high = level.starts[node], level.starts[node + 1]
            kept = level.heaped[high] - level.heaped[low]
            found[known] *= np.maximum(1.0 - kept / level.totals[node], 0.0)[:, None]
            numbers = high - low
            entries = np.arange(numbers.sum()) + np.repeat(low - (np.cumsum(numbers) - numbers), numbers)
            symbols = level.pairs[entries] % (self.frame.symbols + 1)
            found[np.repeat(known, numbers), symbols] += level.weights[entries] / np.repeat(level.totals[node], numbers)
        return evened(found / found.sum(axis=1, keepdims=True))


def evened(values: Floats) -> Floats:
    """Return the values to 45 bits, so that what is equal but for rounding is equal: samplers take the first of equals.

    Examples
    --------
    >>> values = np.array([0.1 + 0.2, 0.3])
    >>> len(set(values)), len(set(evened(values)))
    (2, 1)
    """
    part, power = np.frexp(values)
    return np.asarray(np.ldexp(np.rint(part * 2.0**45), power - 45))


def shaped(model: Tables, sampler: SymbolSampler) -> ShapedTables:
    """Return the model whose plain draws are the sampler's; refuse a sampler that leaves hardly any word.

    Raises
    ------
    InputError
        If hardly anything but the end is left where a sentence begins.
    """
    fields = {name: getattr(model, name) for name in Tables.__dataclass_fields__}
    found = ShapedTables(**fields, sampler=sampler)
    found.require_words()
    return found
