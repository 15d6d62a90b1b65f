"""What a forecast says: of the vocabulary, of words by their count, and of single words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.comparing import Comparison
from modelcollapse.corpus import CountTable
from modelcollapse.forecasting.unseen_words import UnseenForecast
from modelcollapse.provenance import plain
from modelcollapse.workflows import Replace, Workflow

Floats = NDArray[np.float64]

SCHEMA_VERSION = 1
COMES_BACK = "what is absent at one generation may come back at a later one"


@dataclass(frozen=True, eq=False)
class WordForecast:
    """When one word, or the last of a group of words, is forgotten.

    Parameters
    ----------
    word : str
        The word, or the name of the group.
    count : int
        Occurrences in the corpus; of a group, all together.
    early, median, late : float
        Generations by which it is forgotten with probability 5, 50 and 95 %; infinite if never, not a number where
        it may come back.
    survival : float
        Chance to be present at the last generation of the forecast.
    members : tuple of str
        Words of a group; empty for a single word.
    """

    word: str
    count: int
    early: float
    median: float
    late: float
    survival: float
    members: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; None where a quantile is never reached."""
        members = {"members": list(self.members)} if self.members else {}
        return {
            "word": self.word,
            "count": self.count,
            **members,
            "early_forgotten": whole(self.early),
            "median_forgotten": whole(self.median),
            "late_forgotten": whole(self.late),
            "survival": self.survival,
        }


@dataclass(frozen=True, eq=False)
class CountForecast:
    """The same for every word of a count, for a range of counts.

    Parameters
    ----------
    count : array of int, shape (count,)
        Ascending.
    words : array of int, shape (count,)
        How many words occur that often.
    forgotten : array, shape (level, count)
        Generations by which such a word is forgotten with probability 5, 50 and 95 %.
    survival : array, shape (count,)
        Chance to be present at the last generation.
    thumb : array, shape (count,)
        The law of thumb for the median, 2.885 sample_size count / tokens.
    """

    count: NDArray[np.int64]
    words: NDArray[np.int64]
    forgotten: Floats
    survival: Floats
    thumb: Floats


@dataclass(frozen=True, eq=False)
class Forecast:
    """What becomes of a corpus's vocabulary when models are trained on what earlier models generated.

    Parameters
    ----------
    table : CountTable
        The corpus.
    sample_size : int
        Tokens per generation.
    generation : array of int, shape (generation,)
    mean, sd : array, shape (generation,)
        Words still present: expected number and exact standard deviation.
    low, high : array, shape (generation,)
        90 % interval of the number present, by normal approximation.
    lost_mass : array, shape (generation,)
        Expected share of the corpus's tokens whose word is forgotten.
    half_gone : float
        The first generation at which half of the vocabulary is expected to be gone; infinite if never.
    by_count : CountForecast
    words : tuple of WordForecast
        The words most at risk.
    listed : tuple of WordForecast
        The words and groups asked for.
    missing : tuple of str
        Words asked for that the corpus does not contain.
    error : float
        Largest relative error of `mean` and of the survival chances.
    sd_error : float
        Largest absolute error of `sd`, in words.
    provenance : mapping
        What is needed to make the forecast again.
    workflow : Workflow
        Which data each generation is trained on. Under another one than replace no word is forgotten for ever:
        times are not a number.
    comparison : Comparison or None
        Other workflows, set beside.
    unseen : UnseenForecast or None
        What is left of all words, those included that the corpus never saw.
    """

    table: CountTable
    sample_size: int
    generation: NDArray[np.int64]
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats
    lost_mass: Floats
    half_gone: float
    by_count: CountForecast
    words: tuple[WordForecast, ...]
    listed: tuple[WordForecast, ...]
    missing: tuple[str, ...]
    error: float
    sd_error: float
    provenance: Mapping[str, Any]
    workflow: Workflow = field(default_factory=Replace)
    comparison: Comparison | None = None
    unseen: UnseenForecast | None = None

    @property
    def forgets(self) -> bool:
        """Whether a word that is absent once is absent for ever, so that there is a time by which it is forgotten."""
        return isinstance(self.workflow, Replace)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        table = self.table
        return {
            "schema_version": SCHEMA_VERSION,
            "corpus": {
                "name": table.name,
                "tokens": table.tokens,
                "types": table.types,
                "singletons": table.singletons,
                "unseen_mass": table.unseen_mass,
                "skipped": dict(table.skipped),
            },
            "sample_size": self.sample_size,
            "workflow": self.workflow.name,
            "workflow_parameters": self.workflow.parameters(),
            "times_reason": None if self.forgets else COMES_BACK,
            "generation": plain(self.generation),
            "vocabulary": {
                "mean": plain(self.mean),
                "sd": plain(self.sd),
                "low_90_normal": plain(self.low),
                "high_90_normal": plain(self.high),
                "sd_error": self.sd_error,
                "half_gone": whole(self.half_gone),
            },
            "lost_mass": plain(self.lost_mass),
            "words": [
                {**word.to_dict(), "asked_for": asked_for}
                for words, asked_for in ((self.listed, True), (self.words, False))
                for word in words
            ],
            "missing_words": list(self.missing),
            "comparison": None if self.comparison is None else self.comparison.to_dict(),
            **({} if self.unseen is None else {"unseen": self.unseen.to_dict()}),
            "method": "exact",
            "error": self.error,
            "provenance": plain(dict(self.provenance)),
        }


def whole(generation: float) -> int | None:
    """Return a generation as a whole number, or None if it is never reached."""
    return int(generation) if np.isfinite(generation) else None
