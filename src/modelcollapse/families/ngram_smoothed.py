"""N-gram language models whose counts are smoothed: back-off, additive, absolute discounting, Kneser-Ney."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.families import text as texts
from modelcollapse.families.base import Sizes
from modelcollapse.families.ngram import require_text, require_text_size
from modelcollapse.families.ngram_shaped import shaped
from modelcollapse.families.ngram_smoothing import KneserNey, NGramSmoothing
from modelcollapse.families.ngram_tables import Tables, tabulated, values_of
from modelcollapse.families.text import Text
from modelcollapse.families.text_family import TextFamily
from modelcollapse.families.writing import NO_LIMIT, written
from modelcollapse.samplers.base import Sampler, SymbolSampler
from modelcollapse.start import Start
from modelcollapse.text_corpus import LARGEST_ORDER, TextCorpus


@dataclass(frozen=True)
class SmoothedNGram(TextFamily[Tables]):
    """Language models that know the last order - 1 tokens and give some probability to what they have not seen.

    The rules of sentences, sizes and cuts are those of `NGram`. A context that was not seen gives all to the shorter
    one, or to the alphabet under `AddToNGrams`. Draws can be shaped by `Temperature`, `TopK` and `TopP`: then all that
    may follow a context is listed, which takes time in proportion to the vocabulary.

    Parameters
    ----------
    order : int
        1 to 16.
    smoothing : NGramSmoothing
        `AddToNGrams`, `AbsoluteDiscounting` (with a discount of 0: pure back-off) or `KneserNey`.
    longest : int, optional
        Words after which a sentence is cut; only the size cuts if not given.

    Raises
    ------
    InputError
        If an argument is out of range; by `initial`, if the start is no text, or shorter than the order.

    Examples
    --------
    >>> import numpy as np
    >>> family = SmoothedNGram(order=2)
    >>> text = TextCorpus.from_sentences(["the cat sat".split(), "the dog sat down".split()])
    >>> batch = family.sample(family.initial(text, replicates=1), 8, np.random.default_rng(1))
    >>> " ".join("." if token < 0 else text.vocabulary[token] for token in batch.tokens)
    'the sat cat sat the down the dog .'
    """

    order: int = 2
    smoothing: NGramSmoothing = field(default_factory=KneserNey)
    longest: int | None = None

    name: ClassVar[str] = "ngram-smoothed"

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", arguments.integer("order", self.order, least=1, most=LARGEST_ORDER))
        if self.longest is not None:
            object.__setattr__(self, "longest", arguments.integer("longest", self.longest, least=1, most=NO_LIMIT))
        if not isinstance(self.smoothing, NGramSmoothing):
            allowed = "`AddToNGrams(...)`, `AbsoluteDiscounting(...)` or `KneserNey(...)`"
            raise InputError(arguments.message("smoothing", self.smoothing, allowed))

    @property
    def values_per_datum(self) -> int:
        """Tables of every length of context, and working space."""
        return 8 * self.order

    @property
    def absorbing(self) -> bool:
        """Whether words that do not occur get nothing."""
        return self.smoothing.alphabet == "unknown" or not self.smoothing.gives

    def initial(self, start: Start, replicates: int) -> Tables:
        """Return what is learnt from the corpus."""
        return self.fit(self.corpus(start, replicates))

    def corpus(self, start: Start, replicates: int) -> Text:
        """Return the corpus."""
        text = require_text(start, self.name, self.order)
        if np.any(text.counts == 0) and not self.absorbing:
            raise InputError(
                "`start` has words in its vocabulary that do not occur, but smoothing would bring them to life; leave "
                "them out, or take `alphabet='unknown'`."
            )
        return texts.text_of(text, 1, replicates)

    def require_size(self, size: int) -> None:
        """Raise `InputError` if the words would be too many to be kept."""
        require_text_size(size)

    def sample(self, model: Tables, size: Sizes, rng: np.random.Generator) -> Text:
        """Write `size` words."""
        return written(model, np.broadcast_to(size, len(model)), self.longest, rng)

    def merge(self, batches: Sequence[Text], weights: Sequence[float]) -> Text:
        """Put texts one behind the other."""
        return texts.pooled(batches, weights)

    def subsample(self, batch: Text, size: int, rng: np.random.Generator) -> Text:
        """Draw sentences without replacement until there are `size` words; the last one is cut."""
        return texts.part(batch, size, rng)

    def fit(self, batch: Text) -> Tables:
        """Return smoothed tables."""
        return tabulated(batch, self.order, self.smoothing)

    def counts(self, batch: Text) -> NDArray[np.int64]:
        """Return how often each word occurs; fractions that come from weights are rounded up."""
        return batch.counts()

    def frequencies(self, model: Tables) -> NDArray[np.float64]:
        """Return the share of each word in the text that was learnt from."""
        return np.asarray(model.counts / model.counts.sum(axis=1, keepdims=True))

    def chances(self, model: Tables, corpus: TextCorpus) -> NDArray[np.float64]:
        """Return the probability of each token of a text."""
        return model.chances(corpus)

    def shaped(self, model: Tables, sampler: Sampler) -> Tables:
        """Return the law that draws follow: temperature, top-k and top-p are known."""
        return shaped(model, sampler) if isinstance(sampler, SymbolSampler) else super().shaped(model, sampler)

    def values_per_replicate(self, start: Start) -> int:
        """Return the number of places of the text, a few times for each length of context."""
        return values_of(self.order, len(require_text(start, self.name, self.order).running))

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters."""
        return {"name": self.name, "order": self.order, "smoothing": self.smoothing.to_dict(), "longest": self.longest}
