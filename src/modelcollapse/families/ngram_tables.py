"""Tables of a smoothed n-gram model: contexts of every length as a tree, and what followed each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.ngram_smoothing import NGramSmoothing
from modelcollapse.families.text import Floats, Frame, Places, Text, Tokens, weights_of
from modelcollapse.text_corpus import TextCorpus, words_before


@dataclass(frozen=True, eq=False)
class Level:
    """Contexts of one length, and what is known of what follows them.

    A context is the one shorter by a token and the token before that one; numbers go by both, so that a context is
    found by going from the last token backwards. Of length 0 there is one for each replicate.

    Parameters
    ----------
    keys : array of int64, shape (context,), ascending
        Number of the shorter context x (symbols + 1) + token; the beginning of a sentence is the last of the symbols.
    starts : array of int64, shape (context + 1,)
        Where the entries of each context begin.
    pairs : array of int64, shape (entry,), ascending
        Context x (symbols + 1) + token + 1, the end of a sentence being 0.
    weights : array of float, shape (entry,)
        What each keeps of its count.
    totals : array of float, shape (context,)
        What the weights are divided by; what lacks is given away.
    heaped : array of float, shape (entry + 1,)
        Sums of the weights before each entry, and of all.
    """

    keys: Places
    starts: Places
    pairs: Places
    weights: Floats
    totals: Floats
    heaped: Floats


@dataclass(frozen=True, eq=False)
class Tables:
    """Smoothed models of a block of replicates.

    Parameters
    ----------
    frame : Frame
    order : int
    levels : tuple of Level
        By the length of the context, from 0 on.
    deepest_only : bool
        Whether what is given away goes to the alphabet at once.
    counts : array of float, shape (replicate, symbol)
        How often each word occurred.
    alphabets : list of array of int
        The tokens that can be drawn though they were not seen, for each replicate.
    places : int
        Tokens learnt from.
    """

    frame: Frame
    order: int
    levels: tuple[Level, ...]
    deepest_only: bool
    counts: Floats
    alphabets: list[Places]
    places: int

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def size(self) -> int:
        """How many numbers the models hold, at most."""
        return values_of(self.order, self.places)

    @cached_property
    def _joined(self) -> tuple[Places, Places]:
        """The alphabets one behind the other, and where each begins."""
        sizes = [len(alphabet) for alphabet in self.alphabets]
        return np.concatenate(self.alphabets), np.concatenate([[0], np.cumsum(sizes)])

    def begin(self, owners: Places) -> Places:
        """Return states of new sentences: the replicate, and the tokens before, the last one first."""
        states = np.full((len(owners), self.order), self.frame.symbols, dtype=np.int64)
        states[:, 0] = owners
        return states

    def step(self, states: Places, rng: np.random.Generator) -> tuple[Tokens, Tokens, Places]:
        """Draw a token for each state: from the longest context known, or what it gives away, and so on."""
        tokens, open_ = np.empty(len(states), dtype=np.int64), np.arange(len(states))
        nodes = self._nodes(states)
        for length in range(self.order - 1, -1, -1):
            if self.deepest_only and length < self.order - 1:
                break
            level, node = self.levels[length], nodes[length][open_]
            known = node >= 0
            at, where = node[known], open_[known]
            uniform = rng.random(len(at)) * level.totals[at]
            low, high = level.starts[at], level.starts[at + 1]
            drawn = uniform < level.heaped[high] - level.heaped[low]
            low, high = low[drawn], high[drawn]
            entry = np.searchsorted(level.heaped, level.heaped[low] + uniform[drawn], side="right") - 1
            entry = np.clip(entry, low, high - 1)
            tokens[where[drawn]] = level.pairs[entry] % (self.frame.symbols + 1) - 1
            open_ = np.setdiff1d(open_, where[drawn], assume_unique=True)
        joined, begins = self._joined
        low, high = begins[states[open_, 0]], begins[states[open_, 0] + 1]
        tokens[open_] = joined[low + (rng.random(len(open_)) * (high - low)).astype(np.int64)]
        return np.zeros(len(states), np.int32), tokens.astype(np.int32), self._after(states, tokens)

    def chances(self, corpus: TextCorpus) -> Floats:
        """Return the probability of each token of a text, shape (replicate, place)."""
        tokens = corpus.running
        found = np.empty((len(self), len(tokens)))
        for row, alphabet in enumerate(self.alphabets):
            histories = self.begin(np.full(len(tokens), row))
            for distance in range(1, self.order):
                histories[:, distance] = before(tokens, distance, self.frame.symbols)
            nodes = self._nodes(histories)
            known = np.zeros(self.frame.symbols + 1, dtype=bool)
            known[alphabet + 1] = True
            chance = known[tokens + 1] / len(alphabet)
            for length in range(self.order - 1 if self.deepest_only else 0, self.order):
                chance = self._interpolated(self.levels[length], nodes[length], tokens, chance)
            found[row] = chance
        return found

    def _interpolated(self, level: Level, node: Places, tokens: Tokens, shorter: Floats) -> Floats:
        """Return the chance under a context, where it is known, given that under the shorter one."""
        pair = node * (self.frame.symbols + 1) + tokens + 1
        place = np.minimum(np.searchsorted(level.pairs, pair), len(level.pairs) - 1)
        weight = np.where(level.pairs[place] == pair, level.weights[place], 0.0)
        kept = level.heaped[level.starts[1:]] - level.heaped[level.starts[:-1]]
        given = np.maximum(1.0 - kept / level.totals, 0.0)
        return np.where(node >= 0, weight / level.totals[node] + given[node] * shorter, shorter)

    def _after(self, states: Places, tokens: Places) -> Places:
        """Return the states that these tokens lead to."""
        following = np.empty_like(states)
        following[:, 0], following[:, 2:] = states[:, 0], states[:, 1:-1]
        following[:, 1:2] = tokens[:, None]
        return following

    def _nodes(self, states: Places) -> list[Places]:
        """Find the contexts of each length; -1 where one was not seen."""
        nodes = [states[:, 0]]
        for length in range(1, self.order):
            keys = self.levels[length].keys
            asked = nodes[-1] * (self.frame.symbols + 1) + states[:, length]
            place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
            nodes.append(np.where((nodes[-1] >= 0) & (keys[place] == asked), place, -1))
        return nodes


def tabulated(batch: Text, order: int, smoothing: NGramSmoothing) -> Tables:
    """Return smoothed models of texts."""
    symbols, tokens, weights = batch.frame.symbols, batch.tokens, weights_of(batch)
    words = (batch.owner * symbols + tokens)[batch.is_word]
    found = np.bincount(words, weights[batch.is_word], minlength=len(batch) * symbols)
    counts = found.reshape(len(batch), symbols).astype(np.float64)
    every = np.arange(-1, symbols)
    alphabets = [every] * len(batch)
    if smoothing.alphabet == "unknown":
        alphabets = [every[np.append(True, row > 0)] for row in counts]
    node, keys = batch.owner, np.arange(len(batch))
    raw: list[Any] = []
    for length in range(order):
        parents = node
        if length:
            keys, node = np.unique(node * (symbols + 1) + before(tokens, length, symbols), return_inverse=True)
        pairs, first, inverse = np.unique(node * (symbols + 1) + tokens + 1, return_index=True, return_inverse=True)
        raw.append((keys, pairs, np.bincount(inverse, weights, minlength=len(pairs)), parents[first], tokens[first]))
    levels = [_level(raw, length, smoothing, alphabets, symbols) for length in range(order)]
    return Tables(batch.frame, order, tuple(levels), not smoothing.shortens, counts, alphabets, len(tokens))


def _level(raw: list[Any], length: int, smoothing: NGramSmoothing, alphabets: list[Places], symbols: int) -> Level:
    keys, pairs, counts, _, _ = raw[length]
    totals: Any
    if smoothing.continues and length + 1 < len(raw):  # each entry of the longer contexts is one token before
        _, _, _, parents, tokens = raw[length + 1]
        place = np.searchsorted(pairs, parents * (symbols + 1) + tokens + 1)
        counts = np.bincount(place, minlength=len(pairs)).astype(np.float64)
    nodes = pairs // (symbols + 1)
    totals = np.bincount(nodes, counts, minlength=len(keys))
    if not smoothing.shortens:
        # Of the longest contexts alone; their replicate decides how large the alphabet is.
        sizes = np.array([float(len(alphabet)) for alphabet in alphabets])
        totals = totals + smoothing.added(sizes[_owners(raw, length, symbols)])
    weights = smoothing.kept(counts)
    starts = np.searchsorted(nodes, np.arange(len(keys) + 1))
    return Level(keys, starts, pairs, weights, totals, np.concatenate([[0.0], np.cumsum(weights)]))


def _owners(raw: list[Any], length: int, symbols: int) -> Places:
    """The replicate of each context."""
    owners = np.arange(len(raw[length][0]))
    for shorter in range(length, 0, -1):
        owners = raw[shorter][0][owners] // (symbols + 1)
    return owners


def before(tokens: Tokens, distance: int, beginning: int) -> NDArray[np.int64]:
    """Return the token so far before each place in its sentence, or the mark of the beginning."""
    found = np.full(len(tokens), beginning, dtype=np.int64)
    inside = words_before(tokens) >= distance
    found[inside] = tokens[np.flatnonzero(inside) - distance]
    return found


def values_of(order: int, places: int) -> int:
    """Return how many numbers models of so many places hold, at most: five for each place and length of context."""
    return 5 * order * places
