"""What a corpus never saw: how much of its language, by Good and Turing, and at least how many words, by Chao."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from modelcollapse.corpus import CountTable

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Unseen:
    """Words of the language that a corpus lacks, estimated from those that it holds once and twice.

    Tokens are taken as drawn independently from the language.

    Parameters
    ----------
    words, sd, low, high : float
        Chao's lower bound on the number of unseen words, its standard deviation, and the 95 % interval of what it
        estimates, lognormal, after Chao (1987).
    mass, mass_low, mass_high : float
        Probability that the next token is an unseen word, after Good and Turing, and its 95 % interval, after Esty.
    """

    words: float
    sd: float
    low: float
    high: float
    mass: float
    mass_low: float
    mass_high: float

    @property
    def coverage(self) -> float:
        """Share of the language's tokens whose word the corpus holds."""
        return 1.0 - self.mass

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "words": self.words,
            "sd": self.sd,
            "low_95": self.low,
            "high_95": self.high,
            "mass": self.mass,
            "mass_low_95": self.mass_low,
            "mass_high_95": self.mass_high,
            "coverage": self.coverage,
        }


def unseen(table: CountTable) -> Unseen:
    """Estimate what a corpus lacks of the language that it was drawn from.

    Parameters
    ----------
    table : CountTable

    Examples
    --------
    >>> from modelcollapse import CountTable
    >>> found = unseen(CountTable.from_counts(["a", "b", "c", "d", "e"], [1, 1, 2, 6, 10]))
    >>> found.words, round(found.sd, 2), found.mass
    (1.9, 3.57, 0.1)
    """
    tokens, once = table.tokens, table.singletons
    twice = int((table.counts == 2).sum())
    words, variance = _chao(tokens, table.types, once, twice)
    low, high = _lognormal(words, variance)
    mass = once / tokens
    spread = _NORMAL_95 * math.sqrt(once * (1.0 - mass) + 2.0 * twice) / tokens
    return Unseen(
        words=words,
        sd=math.sqrt(variance),
        low=low,
        high=high,
        mass=mass,
        mass_low=max(0.0, mass - spread),
        mass_high=min(1.0, mass + spread),
    )


def _chao(tokens: int, types: int, once: int, twice: int) -> tuple[float, float]:
    """Chao's number of unseen words and its variance, from the numbers of words seen once and twice."""
    shrink = (tokens - 1) / tokens
    if twice:
        ratio = once / twice
        words = shrink * once * ratio / 2.0
        return words, twice * shrink * ratio**2 * (0.5 + shrink * ratio + shrink * ratio**2 / 4.0)
    words = shrink * once * (once - 1) / 2.0
    variance = words + shrink**2 * (once * (2 * once - 1) ** 2 - once**4 / (types + words)) / 4.0
    return words, max(variance, 0.0)


def _lognormal(words: float, variance: float) -> tuple[float, float]:
    """The 95 % interval whose logarithm is symmetric, so that it never reaches below nothing unseen."""
    if words <= 0.0:
        return 0.0, _NORMAL_95 * math.sqrt(variance)
    factor = math.exp(_NORMAL_95 * math.sqrt(math.log1p(variance / words**2)))
    return words / factor, words * factor
