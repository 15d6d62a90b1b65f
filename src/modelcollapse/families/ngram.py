"""N-gram language models by maximum likelihood: what follows the last tokens is what followed them in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families import text as texts
from modelcollapse.families.base import Sizes
from modelcollapse.families.text import Places, Text, Tokens
from modelcollapse.families.text_family import TextFamily
from modelcollapse.families.transitions import Transitions, learnt
from modelcollapse.families.writing import NO_LIMIT, written
from modelcollapse.samplers.base import Sampler, SymbolSampler
from modelcollapse.start import Start
from modelcollapse.text_corpus import LARGEST_ORDER, LARGEST_TEXT, TextCorpus

VALUES_PER_DATUM = 8  # a token, its context, an entry of the model, and the working space of sorting them


@dataclass(frozen=True)
class NGram(TextFamily[Transitions]):
    """Language models that know the last order - 1 tokens; maximum likelihood, starting from a `TextCorpus`.

    The data are words; `sample_size` counts them. What is forgotten are words: `Vocabulary`, `Survival` and the like
    are about them. Draws can be shaped by `Temperature`, `TopK` and `TopP`, what follows each context by itself.

    - *Boundaries.* A context never reaches back beyond the beginning of its sentence; the end of a sentence is drawn
      like a word.
    - *Start.* A sentence begins as the sentences of the training text begin, and has at least one word: a model of
      order 1, which knows no beginnings, draws the first word again where it would be the end.
    - *Size.* Sentences are written until there are exactly `sample_size` words. The last one is cut there.
    - *Length.* A sentence of `longest` words is cut. What reads the text takes a cut for the end of a sentence.
    - *Unseen contexts* cannot occur: each token drawn, and with it the next context, stands in the training text, and
      every context there is followed by something.
    - *A part of a pool* is made of whole sentences drawn without replacement; again the last one is cut.

    Parameters
    ----------
    order : int
        1 to 16: a model of order 1 knows how often each word occurs, a bigram model has order 2.
    longest : int, optional
        Words after which a sentence is cut; only the size cuts if not given.

    Raises
    ------
    InputError
        If the order or `longest` is out of range; by `initial`, if the start is no text, or shorter than the order.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.text_corpus import TextCorpus
    >>> family = NGram(order=2)
    >>> text = TextCorpus.from_sentences(["the cat sat".split(), "the dog sat down".split()])
    >>> batch = family.sample(family.initial(text, replicates=1), 8, np.random.default_rng(1))
    >>> " ".join("." if token < 0 else text.vocabulary[token] for token in batch.tokens)
    'the dog sat . the cat sat down . the .'
    """

    order: int = 2
    longest: int | None = None

    name: ClassVar[str] = "ngram"

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", arguments.integer("order", self.order, least=1, most=LARGEST_ORDER))
        if self.longest is not None:
            object.__setattr__(self, "longest", arguments.integer("longest", self.longest, least=1, most=NO_LIMIT))

    @property
    def values_per_datum(self) -> int:
        """A token, its context, an entry of the model, and working space."""
        return VALUES_PER_DATUM

    def initial(self, start: Start, replicates: int) -> Transitions:
        """Return what is learnt from the corpus."""
        return learnt(texts.text_of(require_text(start, self.name, self.order), self.order, replicates))

    def corpus(self, start: Start, replicates: int) -> Text | None:
        """Return the corpus."""
        return texts.text_of(require_text(start, self.name, self.order), self.order, replicates)

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the words would be too many to be kept."""
        require_text_size(size)

    def sample(self, model: Transitions, size: Sizes, rng: np.random.Generator) -> Text:
        """Write `size` words."""
        return written(_Writer(model), np.broadcast_to(size, model.replicates), self.longest, rng)

    def merge(self, batches: Sequence[Text], weights: Sequence[float]) -> Text:
        """Put texts one behind the other."""
        return texts.pooled(batches, weights)

    def subsample(self, batch: Text, size: int, rng: np.random.Generator) -> Text:
        """Draw sentences without replacement until there are `size` words; the last one is cut."""
        return texts.part(batch, size, rng)

    def fit(self, batch: Text) -> Transitions:
        """Return what followed each context."""
        return learnt(batch)

    def counts(self, batch: Text) -> NDArray[np.int64]:
        """Return how often each word occurs; fractions that come from weights are rounded up."""
        return batch.counts()

    def chances(self, model: Transitions, corpus: TextCorpus) -> NDArray[np.float64]:
        """Return the probability of each token of a text; 0 where it did not follow its context."""
        return model.chances(corpus.contexts(self.order).ids, corpus.running)

    def entropy_rate(self, model: Transitions) -> NDArray[np.float64]:
        """Return the mean entropy of what follows a context, each as often as it occurred in the training text."""
        return model.entropy_rate()

    def frequencies(self, model: Transitions) -> NDArray[np.float64]:
        """Return the share of each word in the text that was learnt from."""
        return model.frequencies()

    def shaped(self, model: Transitions, sampler: Sampler) -> Transitions:
        """Return the law that draws follow: temperature, top-k and top-p are known."""
        return model.shaped(sampler) if isinstance(sampler, SymbolSampler) else super().shaped(model, sampler)

    def values_per_replicate(self, start: Start) -> int:
        """Return the number of places of the text, twice, and of contexts."""
        text = require_text(start, self.name, self.order)
        return 2 * len(text.running) + text.contexts(self.order).number + 1


@dataclass(frozen=True, eq=False)
class _Writer:
    """Writes by drawing entries; a state is a context, with its replicate."""

    model: Transitions

    @property
    def frame(self) -> texts.Frame:
        return self.model.frame

    def begin(self, owners: Places) -> Places:
        return owners * self.frame.contexts + self.frame.root

    def step(self, states: Places, rng: np.random.Generator) -> tuple[Tokens, Tokens, Places]:
        contexts = states % self.frame.contexts
        entries = self.model.entries(states, rng)
        following = states - contexts + self.model.following[entries]
        return contexts.astype(np.int32), self.model.tokens[entries], following


def require_text(start: Start, family: str, order: int) -> TextCorpus:
    """Return the start if it is a text from which a model of this order can be learnt, or raise `InputError`."""
    if not isinstance(start, TextCorpus):
        raise InputError(
            f"`start` is {start!r}, but the {family} family starts from a text: `TextCorpus.from_sentences(...)`, or "
            "`read_text(...)` of `modelcollapse.corpus`."
        )
    if start.tokens < order:
        length = "1 word" if start.tokens == 1 else f"{start.tokens} words"
        raise InputError(
            f"`start`, {start.name}, has {length}, fewer than the order of the model, {order}; give a longer text, or "
            "lower `order`."
        )
    return start


def require_text_size(size: int) -> None:
    """Raise `InputError` if so many words cannot be kept."""
    if size > LARGEST_TEXT:
        raise InputError(
            f"`sample_size` is {size:,}, but models of text keep their words and take at most {LARGEST_TEXT:,}."
        )
