"""What families of independent symbols share: all but the estimator. A batch is the count of each symbol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.base import Sizes, SymbolFamily
from modelcollapse.families.data import require_held, require_whole
from modelcollapse.samplers.base import Sampler, SymbolSampler
from modelcollapse.start import Corpus, DiscreteStart, Start

Frequencies = NDArray[np.float64]  # (replicate, symbol)
Counts = NDArray[np.int64]  # (replicate, symbol)

_LARGEST_POOL = 10**9 - 1  # numpy draws without replacement from no more


class SymbolCounts(SymbolFamily[Frequencies, Counts]):
    """Symbols drawn independently; a subclass says how their probabilities are estimated from their counts.

    Their draws can be shaped by `Temperature`, `TopK` and `TopP`.
    """

    def initial(self, start: Start, replicates: int) -> Frequencies:
        """Return P_0 for each replicate, shape (replicate, symbol)."""
        if not isinstance(start, DiscreteStart):
            raise InputError(
                f"`start` is {start!r}, but the {self.name} family starts from a discrete law: "
                "`Known(probabilities)` or `Corpus(counts)`."
            )
        return np.broadcast_to(start.probabilities, (replicates, len(start.probabilities)))

    def corpus(self, start: Start, replicates: int) -> Counts | None:
        """Return the counts of the corpus."""
        if not isinstance(start, Corpus):
            return None
        return np.broadcast_to(np.asarray(start.counts), (replicates, len(start.probabilities)))

    def sample(self, model: Frequencies, size: Sizes, rng: np.random.Generator) -> Counts:
        """Draw multinomial counts."""
        return multinomial_counts(size, model, rng)

    def merge(self, batches: Sequence[Counts], weights: Sequence[float]) -> Counts:
        """Add up counts, each times its weight; they stay whole where the weights are."""
        whole = all(weight == int(weight) for weight in weights)
        total: Any = np.zeros_like(batches[0], dtype=None if whole else np.float64)
        for batch, weight in zip(batches, weights, strict=True):
            total = total + (int(weight) if whole else weight) * batch
        return total

    def subsample(self, batch: Counts, size: int, rng: np.random.Generator) -> Counts:
        """Draw without replacement: multivariate hypergeometric counts.

        Raises
        ------
        InputError
            If there are fewer data, or weights are no whole numbers.
        NoAnswerError
            If there are a billion data or more to draw from.
        """
        held = batch.sum(axis=1)
        require_held(held, size)
        require_whole(batch)
        if np.all(held == size):
            return batch
        if held.max() > _LARGEST_POOL:
            raise NoAnswerError(
                f"A part of {int(held.max()):,} counted data is to be drawn without replacement, but at most "
                f"{_LARGEST_POOL:,} can be drawn from; lower `sample_size`, the corpus or `generations`, or choose a "
                "workflow that does not subsample."
            )
        if len(batch) > batch.shape[1]:
            return _part_by_symbol(batch, held, size, rng)
        rows = [rng.multivariate_hypergeometric(row, size, method="marginals") for row in batch]
        return np.array(rows, dtype=np.int64)

    def counts(self, batch: Counts) -> Counts:
        """Return the batch, which is counts; fractions that come from weights are rounded up."""
        return batch if np.issubdtype(batch.dtype, np.integer) else np.ceil(batch).astype(np.int64)

    def frequencies(self, model: Frequencies) -> Frequencies:
        """Return the model, which is probabilities."""
        return model

    def shaped(self, model: Frequencies, sampler: Sampler) -> Frequencies:
        """Return the probabilities that draws follow: temperature, top-k and top-p are known."""
        return sampler.adjust(model) if isinstance(sampler, SymbolSampler) else super().shaped(model, sampler)

    def values_per_replicate(self, start: Start) -> int:
        """Return the number of symbols."""
        return self.initial(start, 1).shape[1]


def multinomial_counts(size: Sizes, model: Frequencies, rng: np.random.Generator) -> Counts:
    """Draw multinomial counts, shape (replicate, symbol), in which no symbol of probability 0 appears.

    NumPy leaves to the last symbol what rounding has left over, from about 10^12 draws on even where its probability
    is 0: the largest symbol, which does not feel it, gets that instead.
    """
    counts = rng.multinomial(size, model)
    rows = np.flatnonzero((model[:, -1] == 0) & (counts[:, -1] > 0))
    counts[rows, model[rows].argmax(axis=1)] += counts[rows, -1]
    counts[rows, -1] = 0
    return counts


def _part_by_symbol(batch: Counts, held: NDArray[np.int64], size: int, rng: np.random.Generator) -> Counts:
    """Draw one symbol after the other, all replicates at once: each count given those drawn before it."""
    part, left, rest = np.empty_like(batch), np.full(len(batch), size), held.copy()
    for symbol, counts in enumerate(batch.T):
        rest -= counts
        part[:, symbol] = rng.hypergeometric(counts, rest, left)
        left -= part[:, symbol]
    return part
