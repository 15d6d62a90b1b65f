"""How fast a language model forgets the words of a text, beside the exact law of words drawn one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.door import solve
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.families.categorical import Categorical
from modelcollapse.provenance import plain
from modelcollapse.recursion import Recursion
from modelcollapse.reference import Reference
from modelcollapse.result import Result
from modelcollapse.simulate.effort import Effort, Rng
from modelcollapse.simulate.engine import Simulation
from modelcollapse.simulate.memory import require_memory
from modelcollapse.start import Corpus
from modelcollapse.statistics import Statistic, Survival, SurvivalByCount, Vocabulary
from modelcollapse.statistics.survival_by_count import corpus_counts
from modelcollapse.text_corpus import TextCorpus
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

SCHEMA_VERSION = 1
MEDIAN_PER_COUNT = 2.0 / np.log(2.0)  # the law of thumb of words drawn one by one, where the sample is the corpus
_FARTHEST = 10  # times as slow or as fast as the law is looked for
_FEWEST_LEFT, _MOST_LEFT = 0.02, 0.98  # shares outside of which the moment on the law's curve is hardly determined


@dataclass(frozen=True, eq=False)
class CountPace:
    """How fast the words of a range of counts are forgotten, beside the law of words drawn one by one.

    Parameters
    ----------
    count : str
        The range, as "4-5".
    mean_count : float
        Mean count of its words.
    words : int
        How many they are.
    left, left_low, left_high : array, shape (generation,)
        Share still present, simulated, and its 95 % interval.
    unigram : array or None
        The same share by the exact law of words drawn one by one.
    times_as_long : float or None
        The last generation divided by the one at which the law has come as far; None where that cannot be told.
    """

    count: str
    mean_count: float
    words: int
    left: Floats
    left_low: Floats
    left_high: Floats
    unigram: Floats | None
    times_as_long: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: plain(value) for name, value in vars(self).items()}


@dataclass(frozen=True, eq=False)
class TextRate:
    """How fast a language model forgets the words of a text.

    Parameters
    ----------
    recursion : Recursion
    generation : array of int, shape (generation,)
    vocabulary : Result
        Words present: simulated mean and 95 % interval.
    unigram : Result or None
        Words present by the exact law of words drawn one by one; None where no law covers the workflow.
    by_count : tuple of CountPace
    others : tuple of Result
        What else was asked of the text, simulated.
    """

    recursion: Recursion
    generation: NDArray[np.int64]
    vocabulary: Result
    unigram: Result | None
    by_count: tuple[CountPace, ...]
    others: tuple[Result, ...]

    @property
    def text(self) -> TextCorpus:
        """The corpus."""
        start = self.recursion.start.truth
        assert isinstance(start, TextCorpus)
        return start

    @property
    def types(self) -> int:
        """How many different words the corpus has."""
        return int(np.count_nonzero(self.text.counts))

    @property
    def replicates(self) -> int:
        """Runs of the simulation."""
        return self.vocabulary.replicates or 0

    @property
    def per_count(self) -> float | None:
        """Generations until half of the words of a count are forgotten, per occurrence: 2.885 by the law of thumb.

        The mean over the ranges of counts whose pace can be told, as many words as they have.
        """
        known = [(pace.times_as_long, pace.words) for pace in self.by_count if pace.times_as_long is not None]
        size = self.recursion.constant_size
        if not known or size is None:
            return None
        times, words = np.array(known).T
        return float(MEDIAN_PER_COUNT * size / self.text.tokens * (times * words).sum() / words.sum())

    @property
    def exponent(self) -> float | None:
        """The power of the count that the time to forget grows with, by least squares over those ranges: 1 is linear.

        None where fewer than three ranges have a pace that can be told.
        """
        known = [pace for pace in self.by_count if pace.times_as_long is not None]
        if len(known) < 3:
            return None
        counts = np.log([pace.mean_count for pace in known])
        times = counts + np.log([pace.times_as_long or np.nan for pace in known])
        weights = np.sqrt([pace.words for pace in known])
        return float(np.polyfit(counts, times, 1, w=weights)[0])

    def references(self) -> tuple[Reference, ...]:
        """Return what the law rests on."""
        return () if self.unigram is None else self.unigram.references

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "family": self.recursion.family.name,
            "corpus": {"name": self.text.name, "tokens": self.text.tokens, "types": self.types}
            | {"sentences": self.text.sentences},
            "sample_size": plain(self.recursion.sample_size),
            "workflow": self.recursion.workflow.name,
            "workflow_parameters": self.recursion.workflow.parameters(),
            "sampler": self.recursion.sampler.name,
            "statistic": plain(Vocabulary().to_dict()),
            "generation": plain(self.generation),
            "exact": None,
            "exact_error": None,
            "bounds": {},
            "simulated": _estimate_dict(self.vocabulary),
            "unigram": None if self.unigram is None else _law_dict(self.unigram),
            "by_count": [pace.to_dict() for pace in self.by_count],
            "generations_per_count": self.per_count,
            "exponent_of_count": self.exponent,
            "statistics": {result.statistic: _estimate_dict(result) for result in self.others},
            "quantiles": {},
            "method": "simulate",
            "references": [str(reference) for reference in self.references()],
            "provenance": {
                **{
                    key: plain(self.vocabulary.provenance.to_dict()[key]) for key in ("recursion", "reason", "versions")
                },
                "entropy": self.vocabulary.provenance.entropy,
            },
        }


def rate_text(
    recursion: Recursion,
    generations: int | Sequence[int],
    *,
    replicates: int = 5,
    statistics: Sequence[Statistic] = (),
    rng: Rng = None,
    n_jobs: int = 1,
    progress: bool = False,
) -> TextRate:
    """Simulate a language model that learns from its own text, and set the exact law of its words beside it.

    The law is that of words drawn one by one (a unigram model), exact for order 1. It is about the same corpus, sample
    size and workflow.

    Parameters
    ----------
    recursion : Recursion
        Of `NGram` or the like, from a `TextCorpus`.
    generations : int or sequence of int
    replicates : int
        Simulated runs; with one there are no intervals.
    statistics : sequence of Statistic
        What else to ask of the text.
    rng : int, Generator or SeedSequence, optional
    n_jobs : int
        Threads of the simulation.
    progress : bool

    Raises
    ------
    InputError
        If the recursion does not start from a text, or an argument is out of range.

    Examples
    --------
    >>> from modelcollapse import Recursion
    >>> from modelcollapse.families import NGram
    >>> text = TextCorpus.from_sentences([["a", "rose", "is", "a", "rose"], ["a", "nose"]])
    >>> answer = rate_text(Recursion(NGram(2), text, text.tokens), 3, replicates=200, rng=1)
    >>> answer.vocabulary.value.round(1), answer.unigram.value.round(1)
    (array([3.4, 2.8, 2.6]), array([3.2, 2.7, 2.4]))
    """
    if not isinstance(recursion.start.truth, TextCorpus):
        raise InputError(arguments.message("recursion", recursion, "one that starts from a text, a `TextCorpus`"))
    wanted = arguments.generations(generations)
    vocabulary, by_count, *_ = asked = _asked(statistics)
    assert isinstance(by_count, SurvivalByCount)
    effort: dict[str, Any] = {"replicates": replicates, "rng": rng, "n_jobs": n_jobs, "progress": progress}
    found = solve(recursion, asked, wanted, method="simulate", **effort)
    return TextRate(
        recursion=recursion,
        generation=wanted,
        vocabulary=found[vocabulary.name],
        unigram=_law(unigram_of(recursion), vocabulary, wanted),
        by_count=tuple(_paces(recursion, by_count, found[by_count.name], wanted)),
        others=tuple(found[statistic.name] for statistic in statistics),
    )


def simulation_of(
    recursion: Recursion,
    generations: int | Sequence[int],
    *,
    replicates: int,
    statistics: Sequence[Statistic],
    rng: Rng,
) -> Simulation:
    """Return the simulation that `rate_text` runs with these arguments, after the same checks."""
    wanted, asked = arguments.generations(generations), _asked(statistics)
    for statistic in asked:
        statistic.observer(recursion)
    recursion.family.require_size(int(recursion.sizes(int(wanted[-1])).max()))
    simulation = Effort.of(replicates, None, rng, 1).simulation(recursion, asked, wanted)
    require_memory(simulation, 1)
    return simulation


def _asked(statistics: Sequence[Statistic]) -> list[Statistic]:
    return [Vocabulary(), SurvivalByCount(), *statistics]


def unigram_of(recursion: Recursion) -> Recursion:
    """Return the same recursion of words drawn one by one."""
    start = recursion.start.truth
    assert isinstance(start, TextCorpus)
    return Recursion(Categorical(), Corpus(start.counts), recursion.sample_size, recursion.workflow)


def _law(recursion: Recursion, statistic: Statistic, wanted: NDArray[np.int64]) -> Result | None:
    try:
        return solve(recursion, statistic, wanted, method="exact")[statistic.name]
    except NoAnswerError:
        return None


def _paces(
    recursion: Recursion, by_count: SurvivalByCount, found: Result, wanted: NDArray[np.int64]
) -> list[CountPace]:
    """Set the simulated share of each range beside the law's."""
    ranges, labels = by_count.ranges(recursion), found.coordinates["count"]
    words = unigram_of(recursion)
    last, replaced = int(wanted[-1]), isinstance(recursion.workflow, Replace) and recursion.constant_size is not None
    farthest = _FARTHEST * last + 1 if replaced else last
    every = np.unique(np.concatenate([np.arange(1, min(farthest, 1000) + 1), wanted, [farthest]]))
    counts = corpus_counts(recursion, by_count.name)
    distinct, first, inverse = np.unique(counts, return_index=True, return_inverse=True)
    law = _law(words, Survival(first[distinct > 0]), every)
    low, high = (np.full(found.value.shape, np.nan) if side is None else side for side in (found.low, found.high))
    paces = []
    for number, (_, _, symbols) in enumerate(ranges):
        curve = None
        if law is not None:
            curve = law.value[:, inverse[symbols] - int(distinct[0] == 0)].mean(axis=1)
        left = found.value[:, number]
        pace = CountPace(
            count=labels[number],
            mean_count=float(counts[symbols].mean()),
            words=len(symbols),
            left=left,
            left_low=low[:, number],
            left_high=high[:, number],
            unigram=None if curve is None else curve[np.searchsorted(every, wanted)],
            times_as_long=None if curve is None or not replaced else _times(every, curve, last, float(left[-1])),
        )
        paces.append(pace)
    return paces


def _times(generation: NDArray[np.int64], law: Floats, last: int, left: float) -> float | None:
    """Return `last` divided by the moment at which the law's curve has come down to `left`; generation 0 has all."""
    if not _FEWEST_LEFT <= left <= _MOST_LEFT or left < law[-1]:
        return None
    curve, moments = np.append(1.0, law), np.append(0, generation)
    moment = float(np.interp(-left, -curve, moments))
    return last / moment


def _estimate_dict(result: Result) -> dict[str, Any]:
    known = (result.replicates or 0) > 1  # one run has no interval
    return {
        "mean": plain(result.value),
        "low": plain(result.low) if known else None,
        "high": plain(result.high) if known else None,
        "replicates": result.replicates,
        "undefined": plain(result.undefined),
        "reason": result.provenance.reason,
        **{axis: labels for axis, labels in result.coordinates.items() if axis != "generation"},
    }


def _law_dict(result: Result) -> dict[str, Any]:
    return {"mean": plain(result.value), "sd": plain(result.sd), "error": result.error, "law": result.source}
