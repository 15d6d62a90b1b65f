"""The main job: from a corpus to which of its words recursive training forgets, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.comparing import compare as compared
from modelcollapse.corpus import CountTable
from modelcollapse.door import solve
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.categorical import Categorical
from modelcollapse.forecasting.result import CountForecast, Forecast, WordForecast
from modelcollapse.forecasting.unseen_words import UnseenForecast, with_unseen
from modelcollapse.planning import Prices
from modelcollapse.recursion import Recursion
from modelcollapse.result import Result, Results
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Corpus
from modelcollapse.statistics import ForgettingTime, LostMass, Survival, Vocabulary, VocabularyTime
from modelcollapse.statistics.symbols import Symbols
from modelcollapse.workflows import Replace, Workflow

Floats = NDArray[np.float64]

MEDIAN_PER_COUNT = 2.0 / np.log(2.0)  # 2.885: the law of thumb, median generations per occurrence
LEVELS = (0.05, 0.5, 0.95)
_NORMAL_90 = 1.6448536269514722
_ROWS = 1000  # generations tabulated one by one; beyond it rows are spaced logarithmically
_COUNTS = 300


def forecast(
    corpus: CountTable,
    generations: int = 100,
    *,
    sample_size: int | None = None,
    workflow: Workflow | None = None,
    words: Sequence[str] | Mapping[str, Sequence[str]] = (),
    top: int = 20,
    compare: Sequence[Workflow] = (),
    prices: Prices | None = None,
    unseen: bool = False,
    rng: Rng = None,
) -> Forecast:
    """Forecast which words of a corpus recursive training forgets, and when: exactly, without simulation.

    Each generation, a model is fitted to `sample_size` tokens that the model before it generated. Under another
    workflow than replace, what is absent may come back: then no word has a time, and presence is reported.

    Parameters
    ----------
    corpus : CountTable
        From `read_corpus`, `embedded()`, or made from words and counts.
    generations : int
        The horizon, 1 to 10^12; beyond 1,000 the rows are spaced logarithmically.
    sample_size : int, optional
        Tokens per generation; the size of the corpus if not given.
    workflow : Workflow, optional
        Which data each generation is trained on; `Replace()` unless told otherwise. It must have an exact law.
    words : sequence of str, or mapping of str to sequence of str
        Words to report on; a mapping names groups, which are forgotten when their last word is.
    top : int
        How many of the words most at risk to list.
    compare : sequence of Workflow
        Workflows to set beside; those without an exact law are simulated.
    prices : Prices, optional
        Of fresh and synthetic tokens, for the costs of the workflows that are compared.
    unseen : bool
        Estimate what the corpus never saw, and what is left of all words.
    rng : int, Generator or SeedSequence, optional
        Seeds the simulations of what is compared; the forecast itself draws nothing.

    Raises
    ------
    InputError
        If an argument is out of range.
    NoAnswerError
        If no exact law covers the workflow.

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
    recursion = Recursion(Categorical(), Corpus(corpus.counts), size, workflow or Replace())
    rows = _rows(horizon)
    curve = _curve(recursion, rows)
    if compare:
        others = [w for w in compare if w != recursion.workflow]
        comparison = compared(corpus, horizon, [recursion.workflow, *others], sample_size=size, prices=prices, rng=rng)
    by_count = _by_count(recursion, corpus, horizon, size)
    index = {word: i for i, word in enumerate(corpus.words)} if listed else {}
    found, missing = _find(index, listed)
    return Forecast(
        table=corpus,
        sample_size=size,
        generation=rows,
        **_vocabulary(curve, corpus.types),
        lost_mass=curve["lost_mass"].value,
        half_gone=_half_gone(recursion, curve["vocabulary"]),
        by_count=by_count,
        words=_at_risk(recursion, corpus, horizon, most),
        listed=_word_forecasts(recursion, corpus, horizon, found, _groups(listed)),
        missing=missing,
        error=curve["vocabulary"].error or 0.0,
        sd_error=curve["vocabulary"].sd_error or 0.0,
        workflow=recursion.workflow,
        comparison=comparison if compare else None,
        unseen=_unseen(recursion, corpus, rows, curve) if unseen else None,
        provenance={
            "source": curve["vocabulary"].source,
            **curve["vocabulary"].provenance.to_dict(),
        },
    )


def _unseen(recursion: Recursion, corpus: CountTable, rows: NDArray[np.int64], curve: Results) -> UnseenForecast:
    return with_unseen(recursion, corpus, rows, curve["vocabulary"].value, curve["lost_mass"].value)


def _curve(recursion: Recursion, rows: NDArray[np.int64]) -> Results:
    try:
        return solve(recursion, [Vocabulary(), LostMass()], rows, method="exact")
    except NoAnswerError as error:
        name = recursion.workflow.name
        raise NoAnswerError(
            f"`workflow` is {name!r}, for which no exact law of the vocabulary is known up to generation {rows[-1]:,}, "
            "and a forecast is exact; ask for fewer generations, or set it beside another one by simulation: "
            f"`compare`, --compare {name}"
        ) from error


def _half_gone(recursion: Recursion, vocabulary: Result) -> float:
    """The first generation at which half of the vocabulary is expected to be gone; off replace, as far as rows go."""
    if isinstance(recursion.workflow, Replace):
        return float(solve(recursion, VocabularyTime(0.5), [], method="exact")["vocabulary_time"].value)
    below = vocabulary.value <= 0.5 * Vocabulary().possible(recursion)[1]
    return float(np.asarray(vocabulary.coordinates["generation"])[below][0]) if below.any() else np.inf


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
    """Times by which symbols are forgotten, not a number where absence is not for ever, and survival."""
    if not isinstance(recursion.workflow, Replace):
        survival = solve(recursion, Survival(symbols), [horizon], method="exact")["survival"].value[0]
        return np.full((len(LEVELS), len(survival)), np.nan), survival
    answers = solve(
        recursion,
        [ForgettingTime(symbols, levels=LEVELS), Survival(symbols)],
        [horizon],
        method="exact",
    )
    return answers["forgetting_time"].value, answers["survival"].value[0]
