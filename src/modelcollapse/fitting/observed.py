"""Generations as they were observed: count tables aligned by word, checked for what cannot have followed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.corpus import CountTable
from modelcollapse.errors import InputError, InputWarning
from modelcollapse.fitting.likely_order import likelier_order, warn_of_order
from modelcollapse.fitting.order import check_order
from modelcollapse.fitting.tokenisation import hint
from modelcollapse.fitting.transitions import Transitions

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_RARE_REPEAT = 1e-4  # the chance of the same sample twice below which one is taken to be a copy
_MOST_OUTSIDE = 0.5  # share of a generation's tokens that generation 0 may lack before the two are taken as strangers


@dataclass(frozen=True, eq=False)
class Observed:
    """Successive generations over one vocabulary.

    Parameters
    ----------
    names : tuple of str, shape (row,)
        What was read.
    generation : array of int, shape (row,)
        Consecutive.
    words : tuple of str, shape (symbol,)
        Words of generation 0, or of the first generation observed if there is no generation 0.
    counts : array of int, shape (row, symbol)
    outside : array of int, shape (row,)
        Tokens of each generation that are none of the words; they are left out of `counts`.
    origin : array of int, shape (symbol,), or None
        Counts of generation 0, where it is known.
    """

    names: tuple[str, ...]
    generation: Counts
    words: tuple[str, ...]
    counts: Counts
    outside: Counts
    origin: Counts | None

    @property
    def tokens(self) -> Counts:
        """Tokens of each generation that are counted, shape (row,)."""
        return self.counts.sum(axis=1)

    @property
    def types(self) -> Counts:
        """Words present, shape (row,)."""
        return (self.counts > 0).sum(axis=1)

    def transitions(self) -> Transitions:
        """Return the steps from each generation to the next."""
        shares = self.counts / self.tokens[:, None]
        origin = shares[0] if self.origin is None else self.origin / self.origin.sum()
        return Transitions(origin, shares[:-1], self.counts[1:].astype(np.float64))

    def regrown(self) -> tuple[str, int, int] | None:
        """Return a word that comes back after it was absent, its generation and count: the most frequent such word."""
        back = np.where(self.counts[:-1] == 0, self.counts[1:], 0)
        step, symbol = np.unravel_index(int(back.argmax()), back.shape)
        if back[step, symbol] == 0:
            return None
        return self.words[symbol], int(self.generation[step + 1]), int(back[step, symbol])


def observe(
    tables: Sequence[CountTable], zero: CountTable | None, first: int | None, *, sampled: bool = False
) -> Observed:
    """Align the tables of successive generations, or, if `sampled`, of samples of them, which may lack words they have.

    Raises
    ------
    InputError
        If there are fewer than two, they are out of order, hold the same counts or no common words.
    """
    given = list(tables) if isinstance(tables, Sequence) else []
    kinds_fit = all(isinstance(table, CountTable) for table in given)
    if not given or not kinds_fit or not (zero is None or isinstance(zero, CountTable)):
        what = tables if zero is None or isinstance(zero, CountTable) else zero
        raise InputError(arguments.message("tables", what, "a list of CountTable, as `read_corpus` returns them"))
    start = arguments.integer("first", (0 if zero is None else 1) if first is None else first, least=0, most=10**9)
    if zero is not None and start == 0:
        remedy = "`zero` is generation 0 already; the first of the others is a later one."
        raise InputError(arguments.message("first", start, "at least 1 with `zero`", remedy))
    if zero is not None and start == 1:
        given, start = [zero, *given], 0
    alone = sampled and zero is not None and start > 0  # one sample is one step, or more, from generation 0
    if len(given) < (1 if alone else 2):
        raise InputError(
            "A single generation was given, but a rate is seen from one generation to the next; "
            "give at least two, in order, and three to estimate the fresh share."
        )
    origin = given[0] if start == 0 else zero
    if sampled and origin is None:
        if given[0].types == 1:
            raise InputError(
                f"{given[0].name}, the first sample, holds one word, {given[0].words[0]!r}; it cannot stand for what "
                "was there before the drift: give generation 0 (`zero`, --zero), or a larger sample."
            )
        for row, table in enumerate(given[1:], 1):
            _check_strangers(table, start + row, given[0])
        return _aligned(given, start, _union(given), has_origin=False, sampled=True)
    warned = check_order(given, zero if start > 0 else None, sampled=sampled)
    vocabulary = given[0] if origin is None else origin
    observed = _aligned(given, start, vocabulary, has_origin=origin is not None, sampled=sampled)
    if not (sampled or warned or observed.origin is None):
        warn_of_order(likelier_order(observed.origin / observed.origin.sum(), observed.counts), observed.names)
    return observed


def _union(given: list[CountTable]) -> CountTable:
    """All words of all samples: what the first one lacks may have been there."""
    together: dict[str, int] = {}
    for table in given:
        for word, count in zip(table.words, np.asarray(table.counts).tolist(), strict=True):
            together[word] = together.get(word, 0) + count
    return CountTable.from_counts(list(together), list(together.values()), name="all samples")


def _aligned(
    given: list[CountTable], start: int, vocabulary: CountTable, *, has_origin: bool, sampled: bool
) -> Observed:
    place = {word: i for i, word in enumerate(vocabulary.words)}
    counts = np.zeros((len(given), len(place)), dtype=np.int64)
    outside = np.zeros(len(given), dtype=np.int64)
    for row, table in enumerate(given):
        places = np.fromiter((place.get(word, -1) for word in table.words), np.int64, table.types)
        known = places >= 0
        counts[row, places[known]] = np.asarray(table.counts)[known]
        outside[row] = table.tokens - int(counts[row].sum())
        if outside[row]:
            _report_outside(table, start + row, vocabulary, places, int(outside[row]))
    generation = np.arange(start, start + len(given))
    names = tuple(table.name for table in given)
    origin = np.asarray(vocabulary.counts) if has_origin else None
    observed = Observed(names, generation, tuple(vocabulary.words), counts, outside, origin)
    _check_drift(observed, sampled=sampled)
    return observed


def _check_strangers(table: CountTable, generation: int, first: CountTable) -> None:
    """Of a sample, warn of words that the first lacks if they seem to be tokenised in another way."""
    known = set(first.words)
    places = np.fromiter((0 if word in known else -1 for word in table.words), np.int64, table.types)
    outside = int(np.asarray(table.counts)[places < 0].sum())
    if outside:
        said, why = _strangers(table, generation, first, places, outside)
        if why:
            warnings.warn(f"{said}; {why}", InputWarning, stacklevel=5)


def _report_outside(
    table: CountTable, generation: int, vocabulary: CountTable, places: NDArray[np.int64], outside: int
) -> None:
    """Warn of words that no fresh data could have brought, or refuse if they are the most of it."""
    said, why = _strangers(table, generation, vocabulary, places, outside)
    cause = why or "they cannot come from generation 0 nor from fresh data; were the generations tokenised alike?"
    warnings.warn(f"{said}, and are left out; {cause}", InputWarning, stacklevel=6)


def _strangers(
    table: CountTable, generation: int, vocabulary: CountTable, places: NDArray[np.int64], outside: int
) -> tuple[str, str]:
    """Return what is to be said of words that a vocabulary lacks, and the cause, if it shows."""
    strange = [table.words[i] for i in np.flatnonzero(places < 0).tolist()]
    share, count = outside / table.tokens, int(np.asarray(table.counts)[places < 0][0])
    said = (
        f"{table.name} (generation {generation}): {100 * share:.3g} % of its tokens are words that {vocabulary.name} "
        f"lacks, such as {strange[0]!r} ({count:,} times)"
    )
    why = hint(strange, vocabulary.words)
    if share > _MOST_OUTSIDE:
        cause = why or "the two may be of different languages or tokenised in different ways"
        raise InputError(f"{said}; successive generations share their words: {cause}")
    return said, why


def _check_drift(observed: Observed, *, sampled: bool) -> None:
    shares = observed.counts / observed.tokens[:, None]
    for row in range(1, len(shares)):
        same = np.abs(shares[row] - shares[row - 1]).max() <= 1e-15 and observed.types[row] > 1
        if same and not (sampled and _may_repeat(observed.counts[row])):
            one, other = observed.names[row - 1], observed.names[row]
            raise InputError(
                f"{one} and {other} (generations {observed.generation[row - 1]} and {observed.generation[row]}) hold "
                "the same shares of every word, which no drawing would give; was one file given twice?"
            )
    if observed.types.max() == 1 and np.count_nonzero(observed.counts.sum(axis=0)) == 1:
        raise InputError(
            f"{observed.names[0]} and all that follow hold one word, {observed.words[0]!r}; nothing can drift, so no "
            "sample size can be seen."
        )


def _may_repeat(counts: Counts) -> bool:
    """Whether another sample from the same shares may well have the same counts: by the normal approximation."""
    present = counts[counts > 0]
    chance = 0.5 * (np.log(2.0 * np.pi * present.sum()) - np.log(2.0 * np.pi * present).sum())
    return bool(chance > np.log(_RARE_REPEAT))
