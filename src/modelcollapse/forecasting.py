"""The main job: from a corpus to which of its words recursive training forgets, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.corpus import CountTable
from modelcollapse.door import solve
from modelcollapse.errors import InputError
from modelcollapse.families.categorical import Categorical
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.result import Results
from modelcollapse.start import Corpus
from modelcollapse.statistics import ForgettingTime, LostMass, Survival, Vocabulary, VocabularyTime
from modelcollapse.statistics.symbols import Symbols

Floats = NDArray[np.float64]

SCHEMA_VERSION = 1
MEDIAN_PER_COUNT = 2.0 / np.log(2.0)  # 2.885: the law of thumb, median generations per occurrence
LEVELS = (0.05, 0.5, 0.95)
_NORMAL_90 = 1.6448536269514722
_ROWS = 1000  # generations tabulated one by one; beyond it rows are spaced logarithmically
_COUNTS = 300


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
        Generations by which it is forgotten with probability 5, 50 and 95 %; infinite if never.
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
            "workflow": "replace",
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
            "method": "exact",
            "error": self.error,
            "provenance": plain(dict(self.provenance)),
        }


def forecast(
    corpus: CountTable,
    generations: int = 100,
    *,
    sample_size: int | None = None,
    words: Sequence[str] | Mapping[str, Sequence[str]] = (),
    top: int = 20,
) -> Forecast:
    """Forecast which words of a corpus recursive training forgets, and when: exactly, without simulation.

    Each generation, a model is fitted to `sample_size` tokens that the model before it generated.

    Parameters
    ----------
    corpus : CountTable
        From `read_corpus`, `embedded()`, or made from words and counts.
    generations : int
        The horizon, 1 to 10^12; beyond 1,000 the rows are spaced logarithmically.
    sample_size : int, optional
        Tokens per generation; the size of the corpus if not given.
    words : sequence of str, or mapping of str to sequence of str
        Words to report on; a mapping names groups, which are forgotten when their last word is.
    top : int
        How many of the words most at risk to list.

    Raises
    ------
    InputError
        If an argument is out of range.

    Examples
    --------
    >>> from modelcollapse import embedded, forecast
    >>> bible = forecast(embedded(), generations=100, words=["jerusalem"])
    >>> bible.half_gone, bible.listed[0].count, bible.listed[0].median
    (11.0, 814, 2348.0)
    """
    horizon, most = check_request(generations, sample_size=sample_size, top=top)
    size = _sample_size(corpus, sample_size)
    listed = _listed(words)
    recursion = Recursion(Categorical(), Corpus(corpus.counts), size)
    rows = _rows(horizon)
    curve = solve(recursion, [Vocabulary(), LostMass(), VocabularyTime(0.5)], rows, method="exact")
    by_count = _by_count(recursion, corpus, horizon, size)
    index = {word: i for i, word in enumerate(corpus.words)} if listed else {}
    found, missing = _find(index, listed)
    return Forecast(
        table=corpus,
        sample_size=size,
        generation=rows,
        **_vocabulary(curve, corpus.types),
        lost_mass=curve["lost_mass"].value,
        half_gone=float(curve["vocabulary_time"].value),
        by_count=by_count,
        words=_at_risk(recursion, corpus, horizon, most),
        listed=_word_forecasts(recursion, corpus, horizon, found, _groups(listed)),
        missing=missing,
        error=curve["vocabulary"].error or 0.0,
        sd_error=curve["vocabulary"].sd_error or 0.0,
        provenance={
            "source": curve["vocabulary"].source,
            **curve["vocabulary"].provenance.to_dict(),
        },
    )


def check_request(generations: int, *, sample_size: int | None, top: int) -> tuple[int, int]:
    """Return horizon and number of words to list, or raise `InputError`: possible before a corpus is read."""
    if sample_size is not None:
        arguments.integer("sample_size", sample_size, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    horizon = arguments.integer("generations", generations, least=1, most=10**12)
    return horizon, arguments.integer("top", top, least=0)


def _sample_size(corpus: CountTable, sample_size: int | None) -> int:
    most = arguments.LARGEST_SAMPLE_SIZE
    if sample_size is None and corpus.tokens > most:
        raise InputError(
            f"The corpus has {corpus.tokens:,} tokens, more than the largest sample size, {most:,}; "
            "say how many each generation writes: `sample_size`, --sample-size"
        )
    given = corpus.tokens if sample_size is None else sample_size
    return arguments.integer("sample_size", given, least=1, most=most)


def _listed(words: Sequence[str] | Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the words asked for as groups by name; a word by itself is the group of that word."""
    allowed = "a list of words, or a mapping from names of groups to lists of words"
    if isinstance(words, str) or not isinstance(words, Mapping | Sequence):
        raise InputError(arguments.message("words", words, allowed))
    groups = words.items() if isinstance(words, Mapping) else ((word, [word]) for word in words)
    listed = {}
    for name, members in groups:
        sound = isinstance(name, str) and isinstance(members, Sequence) and not isinstance(members, str)
        if not sound or not all(isinstance(member, str) for member in members):
            raise InputError(arguments.message("words", words, allowed))
        listed[name] = list(members)
    return listed


def _groups(listed: Mapping[str, list[str]]) -> frozenset[str]:
    """Names that stand for more than the word that they spell."""
    return frozenset(name for name, members in listed.items() if members != [name])


def whole(generation: float) -> int | None:
    """Return a generation as a whole number, or None if it is never reached."""
    return int(generation) if np.isfinite(generation) else None


def _rows(horizon: int) -> NDArray[np.int64]:
    """Every generation up to `_ROWS`, then 40 in each decade, and the horizon."""
    if horizon <= _ROWS:
        return np.arange(1, horizon + 1)
    decades = np.log10(horizon / _ROWS)
    beyond = np.geomspace(_ROWS, horizon, int(np.ceil(40 * decades)) + 1).round()
    beyond[-1] = horizon
    return np.unique(np.concatenate([np.arange(1, _ROWS + 1), beyond.astype(np.int64)]))


def _vocabulary(curve: Results, types: int) -> dict[str, Floats]:
    mean, sd = curve["vocabulary"].value, curve["vocabulary"].sd
    assert sd is not None
    low, high = mean - _NORMAL_90 * sd, mean + _NORMAL_90 * sd
    return {
        "mean": mean,
        "sd": sd,
        "low": np.clip(low, 1.0, types),
        "high": np.clip(high, 1.0, types),
    }


def _by_count(recursion: Recursion, corpus: CountTable, horizon: int, size: int) -> CountForecast:
    """Answers for one word of each count; for a choice of counts if there are many."""
    count, words = corpus.distinct()
    if len(count) > _COUNTS:
        half = _COUNTS // 2
        spread = np.searchsorted(count, np.geomspace(count[half], count[-1], half))
        chosen = np.unique(np.concatenate([np.arange(half), np.minimum(spread, len(count) - 1)]))
        count, words = count[chosen], words[chosen]
    ascending = np.asarray(corpus.counts)[::-1]
    representative = corpus.types - 1 - np.searchsorted(ascending, count)
    forgotten, survival = _quantiles(recursion, representative, horizon)
    thumb = MEDIAN_PER_COUNT * size * (count / corpus.tokens)
    return CountForecast(count, words, forgotten, survival, thumb)


def _at_risk(recursion: Recursion, corpus: CountTable, horizon: int, most: int) -> tuple[WordForecast, ...]:
    """The rarest words, in alphabetical order within a count."""
    last = np.asarray(corpus.counts)[::-1][:most]
    if not len(last):
        return ()
    limit = int(last[-1])
    first = int(np.searchsorted(-np.asarray(corpus.counts), -limit, side="left"))
    rarest = sorted(range(first, corpus.types), key=lambda i: (corpus.counts[i], corpus.words[i]))
    chosen = {corpus.words[i]: [i] for i in rarest[:most]}
    return _word_forecasts(recursion, corpus, horizon, chosen)


def _find(
    index: Mapping[str, int], listed: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[int]], tuple[str, ...]]:
    """Positions of the words asked for, by name of word or group, and the words that are not there."""
    found: dict[str, list[int]] = {}
    missing: list[str] = []
    for name, members in listed.items():
        spelled = [member if member in index else member.lower() for member in members]
        missing += [member for member in spelled if member not in index]
        places = list(dict.fromkeys(index[member] for member in spelled if member in index))
        if places:
            found[name] = places
    return found, tuple(dict.fromkeys(missing))


def _word_forecasts(
    recursion: Recursion,
    corpus: CountTable,
    horizon: int,
    chosen: Mapping[str, list[int]],
    groups: frozenset[str] = frozenset(),
) -> tuple[WordForecast, ...]:
    if not chosen:
        return ()
    forgotten, survival = _quantiles(recursion, list(chosen.values()), horizon)
    return tuple(
        WordForecast(
            word=name,
            count=int(sum(int(corpus.counts[place]) for place in places)),
            early=float(forgotten[0, i]),
            median=float(forgotten[1, i]),
            late=float(forgotten[2, i]),
            survival=float(survival[i]),
            members=tuple(corpus.words[place] for place in places) if name in groups else (),
        )
        for i, (name, places) in enumerate(chosen.items())
    )


def _quantiles(recursion: Recursion, symbols: Symbols, horizon: int) -> tuple[Floats, Floats]:
    answers = solve(
        recursion,
        [ForgettingTime(symbols, levels=LEVELS), Survival(symbols)],
        [horizon],
        method="exact",
    )
    return answers["forgetting_time"].value, answers["survival"].value[0]
