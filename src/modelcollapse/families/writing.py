"""Writing text by an n-gram model, by NumPy: all sentences of all replicates at once, one token after the other."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.text import Frame, Places, Text, Tokens, cut, pooled
from modelcollapse.text_corpus import END

NO_LIMIT = 2**62


class Writer(Protocol):
    """What writes needs of a model: where a sentence begins, and what comes next."""

    @property
    def frame(self) -> Frame:
        """What the texts have in common."""

    def begin(self, owners: Places) -> Any:
        """Return the states of new sentences of these replicates."""

    def step(self, states: Any, rng: np.random.Generator) -> tuple[Tokens, Tokens, Any]:
        """Return for each sentence the context that it has reached, the token drawn there, and the state after it."""


def written(model: Writer, sizes: Places, longest: int | None, rng: np.random.Generator) -> Text:
    """Write `sizes` words for each replicate.

    Sentences are written one by one until there are so many words; the last is cut there. A sentence of `longest` words
    is cut, too. A cut is the end of a sentence like any other to who reads the text.
    """
    left = np.array(sizes, dtype=np.int64)
    parts: list[Text] = []
    limit = NO_LIMIT if longest is None else longest
    typical = min(model.frame.words_per_sentence, limit)
    while left.any() or not parts:
        number = np.ceil(left / typical).astype(np.int64)
        owner = np.repeat(np.arange(len(left)), number)
        parts.append(_sentences(model, owner, left, limit, rng))
        left = left - parts[-1].words().astype(np.int64)
    return pooled(parts, [1.0] * len(parts))


def _sentences(model: Writer, owner: Places, left: Places, limit: int, rng: np.random.Generator) -> Text:
    """Write one sentence for each owner and keep them, in order, as far as words are needed."""
    most = np.minimum(left[owner], limit)
    live, states, step = np.arange(len(owner)), model.begin(owner), 0
    drawn: list[tuple[Places, Tokens, Tokens]] = []
    while len(live):
        contexts, tokens, states = model.step(states, rng) if step else _first_words(model, states, rng)
        tokens = np.where(step == most[live], END, tokens).astype(np.int32)
        drawn.append((live, contexts, tokens))
        going = tokens != END
        live, states, step = live[going], states[going], step + 1
    if not drawn:
        nothing: NDArray[Any] = np.zeros(0, np.int32)
        return Text(model.frame, nothing, nothing, np.zeros(len(left) + 1, np.int64))
    sentence = np.concatenate([live for live, _, _ in drawn])
    order = np.argsort(sentence, kind="stable")
    contexts = np.concatenate([contexts for _, contexts, _ in drawn])[order]
    tokens = np.concatenate([tokens for _, _, tokens in drawn])[order]
    lengths = np.bincount(sentence, minlength=len(owner))
    rows = np.zeros(len(left) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, lengths, minlength=len(left)).astype(np.int64), out=rows[1:])
    text = Text(model.frame, tokens, contexts, rows)
    return cut(text, *text.sentences(), owner, left)


def _first_words(model: Writer, states: Any, rng: np.random.Generator) -> tuple[Tokens, Tokens, Any]:
    """Draw the first word of each sentence; a model that knows no beginnings draws again where it would be the end."""
    contexts, tokens, reached = model.step(states, rng)
    empty = np.flatnonzero(tokens == END)
    while len(empty):
        again, words, after = model.step(states[empty], rng)
        contexts[empty], tokens[empty], reached[empty] = again, words, after
        empty = empty[words == END]
    return contexts, tokens, reached
