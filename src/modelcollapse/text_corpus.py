"""A corpus as running text: sentences of words, and the contexts in which they stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.start import DiscreteStart

Tokens = NDArray[np.int32]

END = -1  # closes a sentence
LARGEST_ORDER = 16
LARGEST_TEXT = 10**9  # words
_LARGEST_WORD = 2**31 - 3  # words and the beginning of a sentence have numbers of 32 bits


@dataclass(frozen=True, eq=False)
class Contexts:
    """The contexts of an n-gram model in a text: the order - 1 tokens before a place, within its sentence.

    Places before the first word of a sentence are filled up with a mark of their own: so the first word has a context,
    and a sentence may be shorter than the order.

    Parameters
    ----------
    ids : array of int32, shape (place,)
        Number of the context of each place; the end of a sentence is a place too.
    number : int
        How many numbers there are.
    root : int
        The context of the first word of every sentence.
    """

    ids: Tokens
    number: int
    root: int


@dataclass(frozen=True, eq=False)
class TextCorpus(DiscreteStart):
    """A corpus given by its text: P_0 is what a model learns from it, and batch 0 is the text itself.

    Parameters
    ----------
    words : array_like of int, shape (word,)
        The words of all sentences, one after the other, by their numbers in the vocabulary.
    ends : array_like of int, shape (sentence,)
        Where each sentence ends: the number of words up to and including its last.
    vocabulary : sequence of str, optional
        What the numbers stand for. Without it there are as many symbols as the largest number says.
    name : str
        What was read, for reports.

    Raises
    ------
    InputError
        If there is no word, a number is negative or not in the vocabulary, a sentence is empty, or the last sentence
        does not end with the last word.

    Examples
    --------
    >>> text = TextCorpus.from_sentences(["the cat sat".split(), "the dog sat".split()])
    >>> text
    TextCorpus(6 words in 2 sentences, 4 symbols)
    >>> text.vocabulary, text.counts
    (('the', 'cat', 'sat', 'dog'), array([2, 1, 2, 1]))
    """

    words: Tokens
    ends: NDArray[np.int64]
    vocabulary: Sequence[str] | None = None
    name: str = "a text"
    _contexts: dict[int, Contexts] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        words, ends = _whole("words", self.words, _LARGEST_WORD), _whole("ends", self.ends, 2**62)
        if not len(words):
            raise InputError("`words` is empty, but a text must have at least one word.")
        if len(words) > LARGEST_TEXT:
            raise InputError(f"`words` are {len(words):,}, but at most {LARGEST_TEXT:,} can be told apart.")
        if not len(ends) or ends[-1] != len(words) or np.any(np.diff(ends, prepend=0) < 1):
            allowed = "the ascending ends of sentences of at least one word, the last one the number of words"
            remedy = "`TextCorpus.from_sentences` passes empty sentences over."
            raise InputError(arguments.message("ends", self.ends, allowed, remedy))
        if self.vocabulary is not None and int(words.max()) >= len(self.vocabulary):
            raise InputError(
                f"`words` has the number {int(words.max())}, but `vocabulary` ends at {len(self.vocabulary) - 1}."
            )
        object.__setattr__(self, "words", _read_only(words.astype(np.int32)))
        object.__setattr__(self, "ends", _read_only(ends.astype(np.int64)))

    @classmethod
    def from_sentences(cls, sentences: Iterable[Sequence[str] | Sequence[int]], name: str = "a text") -> TextCorpus:
        """Return the text of these sentences, of words or of numbers; empty sentences are passed over.

        Raises
        ------
        InputError
            If no sentence has a word.
        """
        numbers: dict[Any, int] = {}
        words: list[Any] = []
        ends: list[int] = []
        for sentence in sentences:
            if isinstance(sentence, str):
                remedy = "Split it, as `sentence.split()`."
                raise InputError(arguments.message("sentences", sentence, "sequences of words, not strings", remedy))
            if len(sentence):
                words.extend(sentence)
                ends.append(len(words))
        if words and isinstance(words[0], str):
            words = [numbers.setdefault(word, len(numbers)) for word in words]
        return cls(np.array(words), np.array(ends), tuple(numbers) or None, name)

    @property
    def tokens(self) -> int:
        """How many words there are; ends of sentences are not counted."""
        return len(self.words)

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return len(self.ends)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How often each word of the vocabulary occurs, shape (symbol,)."""
        symbols = 0 if self.vocabulary is None else len(self.vocabulary)
        return np.bincount(self.words, minlength=symbols).astype(np.int64)

    @property
    def symbols(self) -> int:
        """How many words the vocabulary has."""
        return len(self.counts)

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """The share of each word in the text, shape (symbol,)."""
        return np.asarray(self.counts / self.tokens)

    @cached_property
    def running(self) -> Tokens:
        """The text with `END` after each sentence, shape (place,)."""
        places = np.full(self.tokens + self.sentences, END, dtype=np.int32)
        is_word = np.ones(len(places), dtype=bool)
        is_word[self.ends + np.arange(self.sentences)] = False
        places[is_word] = self.words
        return _read_only(places)

    def contexts(self, order: int) -> Contexts:
        """Return the contexts of a model of this order; made once, as they serve every generation.

        Examples
        --------
        >>> text = TextCorpus.from_sentences([[0, 1, 0], [0]])
        >>> text.running, text.contexts(2).ids
        (array([ 0,  1,  0, -1,  0, -1], dtype=int32), array([2, 0, 1, 0, 2, 0], dtype=int32))
        """
        if order not in self._contexts:
            self._contexts[order] = numbered(self.running, self.symbols, order - 1)
        return self._contexts[order]

    def to_dict(self) -> dict[str, Any]:
        """Return the size of the text and a hash of it."""
        digest = hashlib.sha256(self.running.tobytes()).hexdigest()
        sizes = {"tokens": self.tokens, "sentences": self.sentences, "symbols": self.symbols}
        return {"kind": "text", "name": self.name, **sizes, "sha256": digest}

    def __str__(self) -> str:
        return f"{self.tokens:,} words in {self.sentences:,} sentences, {self.symbols:,} symbols"

    def __repr__(self) -> str:
        return f"TextCorpus({self})"


def numbered(running: Tokens, symbols: int, length: int) -> Contexts:
    """Number the `length` tokens before each place, by pairs of shorter ones that overlap where they must.

    `running` has `END` behind each sentence. The tokens before place i are those before i - d and those before i, if
    the shorter ones are at least d long. What lies before the beginning of a sentence is that beginning's own context.
    """
    if length == 0:
        return Contexts(np.zeros(len(running), np.int32), 1, 0)
    ids = np.empty_like(running)
    ids[0], ids[1:] = symbols, np.where(running[:-1] == END, symbols, running[:-1])
    number, done = symbols + 1, 1
    if length > 1:
        first = _first_places(running)
        while done < length:
            shift = min(done, length - done)
            earlier = np.maximum(np.arange(len(running), dtype=first.dtype) - shift, first)
            keys = ids[earlier].astype(np.int64)
            keys *= number
            keys += ids
            del earlier
            ids, number = _ranks(keys)
            done += shift
    return Contexts(_read_only(ids), number, int(ids[0]))


def words_before(running: Tokens) -> NDArray[Any]:
    """Return how many words stand before each place in its sentence.

    Examples
    --------
    >>> words_before(np.array([5, 3, END, 4, END], dtype=np.int32))
    array([0, 1, 2, 0, 1])
    """
    return np.asarray(np.arange(len(running)) - _first_places(running))


def _first_places(running: Tokens) -> NDArray[Any]:
    """The place of the first word of the sentence that each place belongs to."""
    kind = np.int32 if len(running) < 2**31 else np.int64
    begins = np.zeros(len(running), dtype=kind)
    starts = np.flatnonzero(running[:-1] == END) + 1
    begins[starts] = starts
    return np.maximum.accumulate(begins, out=begins)


def _ranks(keys: NDArray[np.int64]) -> tuple[Tokens, int]:
    """Number equal keys alike, in ascending order; `keys` is used up."""
    order = np.argsort(keys)
    keys[:] = keys[order]
    rank = np.zeros(len(keys), dtype=np.int32)
    rank[1:] = keys[1:] != keys[:-1]
    np.cumsum(rank, out=rank)
    ids = np.empty_like(rank)
    ids[order] = rank
    return ids, int(rank[-1]) + 1


def _whole(name: str, value: Any, most: int) -> NDArray[Any]:
    """Return whole numbers from 0 on, or raise."""
    allowed = f"a list of whole numbers from 0 to {most:,}"
    try:
        found = np.asarray(value)
    except (ValueError, OverflowError):
        found = np.array("")
    if found.ndim == 1 and not found.size:
        return np.zeros(0, dtype=np.int64)
    if found.ndim != 1 or found.dtype.kind not in "iu" or found.min() < 0 or found.max() > most:
        raise InputError(arguments.message(name, value, allowed))
    return found


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    values.flags.writeable = False
    return values
