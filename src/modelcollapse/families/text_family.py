"""Families of language models: their data are words, which they write in sentences."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import NoAnswerError
from modelcollapse.families.base import SymbolFamily
from modelcollapse.families.text import Text
from modelcollapse.text_corpus import TextCorpus

Model = TypeVar("Model")


class TextFamily(SymbolFamily[Model, Text]):
    """A family whose batches are texts: statistics of text can be asked of it."""

    @abstractmethod
    def chances(self, model: Model, corpus: TextCorpus) -> NDArray[np.float64]:
        """Return the probability of each token of the start given what is before it, shape (replicate, place)."""

    def entropy_rate(self, model: Model) -> NDArray[np.float64]:  # noqa: ARG002
        """Return the entropy of a token given what is before it, in nats, shape (replicate,); not all models have it.

        Raises
        ------
        NoAnswerError
            If it is not known how often a model is in each of its contexts.
        """
        raise NoAnswerError(
            f"The statistic entropy_rate is not known of the {self.name} family, as nothing says how often a model "
            "is in each of its contexts; ask for the perplexity, or for the entropy rate of the family ngram."
        )
