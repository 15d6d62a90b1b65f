"""What an n-gram model has learnt: for each context the tokens that followed it, one entry for each time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from modelcollapse.errors import InputError
from modelcollapse.families.beginnings import LEAST_CHANCE, nothing_but_ends
from modelcollapse.families.text import Floats, Frame, Places, Text, Tokens, per_row
from modelcollapse.samplers.base import SymbolSampler
from modelcollapse.text_corpus import END


@dataclass(frozen=True, eq=False)
class Transitions:
    """The models of a block of replicates: their training texts, sorted by context.

    To draw the successor of an entry chosen at random among those of a context is to draw from the relative frequencies
    of what followed it: the maximum-likelihood law, without a table of probabilities.

    Parameters
    ----------
    frame : Frame
    starts : array of int64, shape (replicate x context + 1,)
        Where the entries of each context of each replicate begin, and where the last end.
    tokens : array of int32, shape (entry,)
        The token that followed: a word or `END`.
    following : array of int32, shape (entry,)
        The context that it leads to; -1 behind `END`.
    weights : array of float, shape (entry,), or None
        How often each entry counts, above 0; None if all count once.
    """

    frame: Frame
    starts: Places
    tokens: Tokens
    following: Tokens
    weights: Floats | None = None

    def __len__(self) -> int:
        return self.replicates

    @property
    def replicates(self) -> int:
        """How many replicates there are."""
        return (len(self.starts) - 1) // self.frame.contexts

    @property
    def size(self) -> int:
        """How many numbers the models hold."""
        return len(self.starts) + len(self.tokens) + len(self.following)

    @cached_property
    def heaped(self) -> Floats | None:
        """Sums of the weights before each entry, and of all; None if all entries count once."""
        return None if self.weights is None else np.concatenate([[0.0], np.cumsum(self.weights)])

    def contexts(self) -> Places:
        """Return the replicate and context of each entry, as replicate x contexts + context, shape (entry,)."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def frequencies(self) -> Floats:
        """Return the share of each word among the words learnt from, shape (replicate, symbol)."""
        symbols, is_word = self.frame.symbols, self.tokens != END
        words = self.tokens[is_word].astype(np.int64)
        if self.replicates > 1:
            words += symbols * (self.contexts()[is_word] // self.frame.contexts)
        weights = None if self.weights is None else self.weights[is_word]
        counts = np.bincount(words, weights, minlength=self.replicates * symbols).reshape(-1, symbols)
        return np.asarray(counts / counts.sum(axis=1, keepdims=True))

    def entries(self, contexts: Places, rng: np.random.Generator) -> Places:
        """Draw an entry for each of these contexts (replicate x contexts + context), with chances as they count."""
        low, high = self.starts[contexts], self.starts[contexts + 1]
        uniform = rng.random(len(contexts))
        if self.heaped is None:
            return low + (uniform * (high - low)).astype(np.int64)
        level = self.heaped[low] + uniform * (self.heaped[high] - self.heaped[low])
        return np.clip(np.searchsorted(self.heaped, level, side="right") - 1, low, high - 1)

    def distinct(self) -> Transitions:
        """Return the same model with one entry for each token that followed a context, by token ascending."""
        contexts = self.contexts()
        keys = contexts * (self.frame.symbols + 1) + (self.tokens + 1)
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        weights = np.bincount(inverse, self.weights, minlength=len(first)).astype(np.float64)
        starts = np.searchsorted(contexts[first], np.arange(len(self.starts)))
        return Transitions(self.frame, starts, self.tokens[first], self.following[first], weights)

    def chances(self, contexts: Tokens, tokens: Tokens) -> Floats:
        """Return the probability of these tokens behind these contexts of the start, shape (replicate, place)."""
        model, symbols = self.distinct(), self.frame.symbols + 1
        assert model.weights is not None
        probabilities = model.weights / model.totals()
        known = model.contexts() * symbols + (model.tokens + 1)
        found = np.zeros((self.replicates, len(tokens)))
        for row in range(self.replicates):
            asked = (contexts.astype(np.int64) + row * self.frame.contexts) * symbols + (tokens + 1)
            place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
            found[row] = np.where(known[place] == asked, probabilities[place], 0.0)
        return found

    def totals(self) -> Floats:
        """Return for each entry how much all entries of its context count, shape (entry,)."""
        weights = np.ones(len(self.tokens)) if self.weights is None else self.weights
        contexts = self.contexts()
        return np.asarray(np.bincount(contexts, weights, minlength=len(self.starts) - 1)[contexts], dtype=np.float64)

    def entropy_rate(self) -> Floats:
        """Return the entropy of a token given its context, in nats, shape (replicate,)."""
        model = self.distinct()
        assert model.weights is not None
        surprise = -np.log(model.weights / model.totals()) * model.weights
        rows = model.starts[:: self.frame.contexts]
        return per_row(surprise, rows) / per_row(model.weights, rows)

    def shaped(self, sampler: SymbolSampler) -> Transitions:
        """Return the model whose plain draws are the sampler's: what follows each context is shaped by itself.

        The end of a sentence is a symbol among others, listed before all words.
        """
        model = self.distinct()
        assert model.weights is not None
        chances, degrees = np.zeros(len(model.tokens)), np.diff(model.starts)
        for degree in np.unique(degrees[degrees > 0]):  # contexts with as many successors are rows of one table
            places = model.starts[:-1][degrees == degree, None] + np.arange(degree)
            rows = model.weights[places]
            chances[places] = sampler.adjust(rows / rows.sum(axis=1, keepdims=True))
        keep = chances > 0
        if self.frame.contexts == 1:  # order 1, which draws the first word again where it would be the end
            words = np.add.reduceat(np.where(model.tokens == END, 0.0, chances), model.starts[:-1])
            if np.any(words < LEAST_CHANCE):
                raise InputError(nothing_but_ends(sampler))
        starts = np.concatenate([[0], np.cumsum(keep)])[model.starts]
        return Transitions(self.frame, starts, model.tokens[keep], model.following[keep], chances[keep])


def learnt(batch: Text) -> Transitions:
    """Return the maximum-likelihood models of texts: their places sorted by context."""
    contexts = batch.contexts.astype(np.int64)
    if batch.replicates > 1:
        contexts += batch.frame.contexts * batch.owner
    order = np.argsort(contexts, kind="stable")
    starts = np.zeros(batch.replicates * batch.frame.contexts + 1, dtype=np.int64)
    np.cumsum(np.bincount(contexts, minlength=len(starts) - 1), out=starts[1:])
    reached = np.full_like(batch.contexts, -1)
    reached[:-1] = batch.contexts[1:]
    reached[batch.tokens == END] = -1
    weights = None if batch.weights is None else batch.weights[order]
    return Transitions(batch.frame, starts, batch.tokens[order], reached[order], weights)
