"""The count table: what every reader of a corpus ends in, and every forecast begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.errors import InputError

LARGEST_TOTAL = 2**63 - 1


@dataclass(frozen=True, eq=False, repr=False)
class CountTable:
    """How often each word of a corpus occurs.

    A word is whatever was counted: a word of running text, an n-gram, a token, a category.

    Parameters
    ----------
    words : sequence of str
        The distinct words, by count descending, then by code points ascending. `CountTable.from_counts` sorts.
    counts : array of int64, shape (types,)
        Occurrences of each word, aligned with `words`, each at least 1. At most 2^63 - 1 together.
    name : str
        What was read, for reports.
    skipped : mapping of str to int
        What was passed over while reading, and how often: ``{"undecodable bytes": 3}``.

    Raises
    ------
    InputError
        If there is no word, if the lengths differ, or if a count is not a whole number of at least 1.

    Examples
    --------
    >>> table = CountTable.from_counts(["the", "of", "and"], [5, 1, 5], name="a note")
    >>> table.words
    ('and', 'the', 'of')
    >>> table.tokens, table.types, table.singletons
    (11, 3, 1)
    >>> print(table)
    a note: 11 tokens, 3 types, 1 singleton
    """

    words: Sequence[str]
    counts: NDArray[np.int64]
    name: str = "a corpus"
    skipped: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts = whole_numbers(self.counts)
        _check_aligned(self.words, counts)
        if counts.size and np.any(counts[1:] > counts[:-1]):
            raise InputError("`counts` must be in descending order; CountTable.from_counts(words, counts) sorts them")
        counts.flags.writeable = False
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "skipped", MappingProxyType(dict(self.skipped)))
        total = exact_sum(counts)
        if total > LARGEST_TOTAL:
            raise InputError(f"`counts` add up to {total}, more than the {LARGEST_TOTAL} allowed (2^63 - 1)")

    @classmethod
    def from_counts(
        cls,
        words: Sequence[str],
        counts: ArrayLike,
        *,
        name: str = "a corpus",
        skipped: Mapping[str, int] | None = None,
    ) -> CountTable:
        """Sort `words` and their `counts` into the order of a table; the words must be distinct."""
        values = whole_numbers(counts)
        _check_aligned(words, values)
        order = np.argsort(-values, kind="stable")
        values = values[order]
        ordered = list(map(words.__getitem__, order.tolist()))
        edges = np.flatnonzero(np.diff(values, prepend=0, append=0))
        tied = np.flatnonzero(np.diff(edges) > 1)
        for start, end in zip(edges[tied].tolist(), edges[tied + 1].tolist(), strict=True):
            ordered[start:end] = sorted(ordered[start:end])
        return cls(tuple(ordered), values, name, skipped or {})

    @cached_property
    def tokens(self) -> int:
        """Length of the corpus: the sum of all counts."""
        return exact_sum(self.counts)

    @property
    def types(self) -> int:
        """Number of distinct words."""
        return len(self.words)

    @cached_property
    def singletons(self) -> int:
        """Number of words that occur exactly once."""
        return int(np.count_nonzero(self.counts == 1))

    @property
    def unseen_mass(self) -> float:
        """Probability that the next word is one the corpus has not seen: Good and Turing's singletons / tokens."""
        return self.singletons / self.tokens

    def distinct(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Group the words by their count.

        Returns
        -------
        counts : array of int64, shape (distinct counts,)
            The distinct counts, ascending.
        types_with_count : array of int64, shape (distinct counts,)
            How many words have each of them.

        Examples
        --------
        >>> CountTable.from_counts(["the", "of", "and"], [5, 1, 5]).distinct()
        (array([1, 5]), array([1, 2]))
        """
        values, types_with_count = np.unique(self.counts, return_counts=True)
        return values, types_with_count.astype(np.int64, copy=False)

    def __str__(self) -> str:
        noun = "singleton" if self.singletons == 1 else "singletons"
        return f"{self.name}: {self.tokens:,} tokens, {self.types:,} types, {self.singletons:,} {noun}"

    def __repr__(self) -> str:
        most_frequent = ", ".join(
            f"{word!r}: {count}" for word, count in zip(self.words[:3], self.counts[:3].tolist(), strict=True)
        )
        rest = ", ..." if self.types > 3 else ""
        skipped = f", skipped={dict(self.skipped)}" if self.skipped else ""
        return (
            f"<CountTable {self.name!r}: tokens={self.tokens}, types={self.types}, {{{most_frequent}{rest}}}{skipped}>"
        )


def exact_sum(counts: NDArray[np.int64]) -> int:
    """Sum of counts as a Python integer, so that it cannot wrap around (up to 2^31 rows)."""
    high = int(np.sum(counts >> 32, dtype=np.int64))
    low = int(np.sum(counts & 0xFFFFFFFF, dtype=np.int64))
    return (high << 32) + low


def whole_numbers(counts: ArrayLike) -> NDArray[np.int64]:
    """Copy `counts` to int64, or say why they are no counts."""
    try:
        values = np.asarray(counts)
    except (ValueError, OverflowError) as error:
        raise InputError(f"`counts` must be whole numbers of at least 1 ({error})") from None
    if values.dtype.kind == "f" and values.size and np.all(np.isfinite(values) & (values == np.floor(values))):
        in_range = bool(np.all(np.abs(values) < 2.0**63))
    else:
        in_range = values.size == 0 or values.dtype.kind in "iu"
    if not in_range or (values.dtype.kind == "u" and values.size and values.max() > LARGEST_TOTAL):
        raise InputError(
            f"`counts` must be whole numbers from 1 to 2^63 - 1, received values of type {values.dtype} "
            "some of which are fractional, not finite, no numbers or too large; round or remove them"
        )
    whole = values.astype(np.int64)
    if np.any(whole < 1):
        raise InputError(f"`counts` must be at least 1, received {int(whole.min())}; drop words that do not occur")
    return whole


def _check_aligned(words: Sequence[str], counts: NDArray[np.int64]) -> None:
    if counts.ndim != 1 or len(words) != counts.size:
        raise InputError(
            f"`words` and `counts` must be aligned, received {len(words)} words and counts of shape {counts.shape}"
        )
    if counts.size == 0:
        raise InputError("a count table needs at least one word, received none")
