"""Batches of text: tokens and ends of sentences, pooled, cut, and drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.data import require_held
from modelcollapse.text_corpus import END, TextCorpus

Tokens = NDArray[np.int32]
Places = NDArray[np.int64]
Floats = NDArray[np.float64]

_PIECE = 2**17  # tokens that are counted at a time


@dataclass(frozen=True)
class Frame:
    """What all texts of a recursion have in common.

    Parameters
    ----------
    symbols : int
        Size of the vocabulary of the start.
    contexts : int
        How many contexts are told apart: all that occur at the start. No other can occur later.
    root : int
        The context of the first word of a sentence.
    words_per_sentence : float
        At the start; how much is written at a time depends on it, and no number does.
    """

    symbols: int
    contexts: int
    root: int
    words_per_sentence: float


@dataclass(frozen=True, eq=False)
class Text:
    """The texts of a block of replicates, one behind the other.

    Parameters
    ----------
    frame : Frame
    tokens : array of int32, shape (place,)
        Words, and `END` behind the last word of each sentence.
    contexts : array of int32, shape (place,)
        The context of each token, as the start numbers them.
    rows : array of int64, shape (replicate + 1,)
        Where the text of each replicate begins, and where the last ends.
    weights : array of float, shape (place,), or None
        How often each token counts; the same within a sentence. None if all count once.
    """

    frame: Frame
    tokens: Tokens
    contexts: Tokens
    rows: Places
    weights: Floats | None = None

    def __len__(self) -> int:
        return self.replicates

    @property
    def replicates(self) -> int:
        """How many replicates there are."""
        return len(self.rows) - 1

    @property
    def owner(self) -> Places:
        """The replicate that each place belongs to, shape (place,)."""
        return np.repeat(np.arange(self.replicates), np.diff(self.rows))

    @property
    def is_word(self) -> NDArray[np.bool_]:
        """Whether each place holds a word, shape (place,)."""
        return np.asarray(self.tokens != END)

    def words(self) -> Floats:
        """Return how many words each replicate has, as they count, shape (replicate,)."""
        counted = self.is_word.astype(np.float64) if self.weights is None else self.is_word * self.weights
        return per_row(counted, self.rows)

    def counts(self) -> NDArray[np.int64]:
        """Return how often each word occurs, shape (replicate, symbol); fractions from weights are rounded up."""
        symbols = self.frame.symbols
        if self.replicates == 1 and self.weights is None:
            return _counted(self.tokens, symbols)[None, :]
        is_word = self.is_word
        words = self.tokens[is_word].astype(np.int64)
        if self.replicates > 1:
            words += symbols * self.owner[is_word]
        weights = None if self.weights is None else self.weights[is_word]
        found = np.bincount(words, weights, minlength=self.replicates * symbols)
        return np.ceil(found).astype(np.int64).reshape(self.replicates, symbols)

    def sentences(self) -> tuple[Places, Places]:
        """Return where each sentence begins, and the place of its end."""
        ends = np.flatnonzero(self.tokens == END)
        begins = np.zeros_like(ends)
        begins[1:] = ends[:-1] + 1
        return begins, ends


def text_of(start: TextCorpus, order: int, replicates: int) -> Text:
    """Return the text of a corpus, once for each replicate, with the contexts of a model of this order."""
    contexts = start.contexts(order)
    frame = Frame(start.symbols, contexts.number, contexts.root, start.tokens / start.sentences)
    places = len(start.running)
    rows = places * np.arange(replicates + 1, dtype=np.int64)
    tokens, ids = start.running, contexts.ids
    if replicates != 1:
        tokens, ids = np.tile(tokens, replicates), np.tile(ids, replicates)
    return Text(frame, tokens, ids, rows)


def pooled(batches: Sequence[Text], weights: Sequence[float]) -> Text:
    """Put texts one behind the other, those of each batch counted `weight` times."""
    kept = [(batch, weight) for batch, weight in zip(batches, weights, strict=True) if weight > 0]
    if not kept:
        return batches[0]
    if len(kept) == 1 and kept[0][1] == 1:
        return kept[0][0]
    texts = [batch for batch, _ in kept]
    tokens = np.concatenate([text.tokens for text in texts])
    contexts = np.concatenate([text.contexts for text in texts])
    counted = None
    if any(weight != 1 or text.weights is not None for text, weight in kept):
        counted = np.concatenate([weight * weights_of(text) for text, weight in kept])
    rows = np.sum([text.rows for text in texts], axis=0)
    if len(rows) > 2:
        order = np.argsort(np.concatenate([text.owner for text in texts]), kind="stable")
        tokens, contexts = tokens[order], contexts[order]
        counted = None if counted is None else counted[order]
    return Text(texts[0].frame, tokens, contexts, rows, counted)


def part(batch: Text, size: int, rng: np.random.Generator) -> Text:
    """Draw sentences without replacement, in random order, up to `size` words of each replicate; the last one is cut.

    Raises
    ------
    InputError
        If there are fewer words, or weights are no whole numbers.
    """
    require_held(batch.words(), size)
    begins, ends = batch.sentences()
    owner = batch.owner[ends]
    if batch.weights is not None:
        copies = batch.weights[ends]
        if np.any(copies != np.floor(copies)):
            require_whole()
        begins, ends, owner = (np.repeat(each, copies.astype(np.int64)) for each in (begins, ends, owner))
    order = np.lexsort([rng.random(len(ends)), owner])
    begins, ends, owner = begins[order], ends[order], owner[order]
    return cut(batch, begins, ends, owner, np.full(batch.replicates, size))


def require_whole() -> None:
    """Raise `InputError`: weights are fractions."""
    from modelcollapse.errors import InputError

    raise InputError("`weights` are fractions, but drawing without replacement needs whole numbers of data.")


def cut(batch: Text, begins: Places, ends: Places, owner: Places, sizes: Places) -> Text:
    """Keep sentences in the order given, up to so many words for each replicate; a sentence that is cut ends there."""
    lengths = ends - begins
    before = np.cumsum(lengths) - lengths
    first = np.searchsorted(owner, np.arange(batch.replicates))
    offsets = np.append(before, lengths.sum())[first]
    left = sizes[owner] - (before - offsets[owner])
    keep = left > 0
    begins, lengths, owner = begins[keep], np.minimum(lengths, left)[keep], owner[keep]
    taken = lengths + 1
    last = np.cumsum(taken) - 1
    places = np.arange(int(taken.sum())) + np.repeat(begins - (last - lengths), taken)
    tokens, contexts = batch.tokens[places], batch.contexts[places]
    tokens[last] = END  # the context of a cut is the context of the word that is cut off
    rows = np.zeros(batch.replicates + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, taken, minlength=batch.replicates).astype(np.int64), out=rows[1:])
    return Text(batch.frame, tokens, contexts, rows)


def _counted(tokens: Tokens, symbols: int) -> NDArray[np.int64]:
    """Return how often each word occurs, piece by piece: NumPy would make a copy of 64 bits of a whole text."""
    piece, found = max(_PIECE, symbols), np.zeros(symbols + 1, dtype=np.int64)
    for first in range(0, len(tokens), piece):
        found += np.bincount(tokens[first : first + piece] + 1, minlength=symbols + 1)  # `END` is -1
    return found[1:]


def weights_of(text: Text) -> Floats:
    """Return how often each token counts, shape (place,)."""
    return np.broadcast_to(1.0, len(text.tokens)) if text.weights is None else text.weights


def per_row(values: Floats, rows: Places) -> Floats:
    """Add up the values of the places of each row; an empty row adds up to 0."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[rows[1:]] - total[rows[:-1]])
