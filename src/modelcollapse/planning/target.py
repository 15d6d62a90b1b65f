"""What must be kept: words, the text made of them, or a Gaussian's scale; and how well a setting keeps it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.door import solve
from modelcollapse.families.categorical import Categorical
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.planning.setting import Setting
from modelcollapse.recursion import Recursion
from modelcollapse.start import Corpus, Parameters
from modelcollapse.statistics import ChosenVocabulary, LostMass, ScaleTail, Vocabulary
from modelcollapse.workflows import FreshMix, Replace

LONGEST_ROUGH = 10_000
_NOTHING = 1e20  # one over a number of symbols, or of their pairs, that no digit shows
_STEPS = 8_000  # generations that take less time than to leap over any number of them


@dataclass(frozen=True)
class Kept:
    """How well a setting keeps what must be kept.

    Parameters
    ----------
    mean : float
        Expected share; for a scale, the chance to keep it.
    low : float
        Share that is kept with the confidence asked for; the mean where none was.
    """

    mean: float
    low: float


class Target(ABC):
    """Something to keep for a number of generations; `required` is the share, or chance, that is enough."""

    name: ClassVar[str]
    required: float
    generations: int

    @abstractmethod
    def kept(self, setting: Setting) -> Kept:
        """Return how well a setting keeps it, by exact laws."""

    @abstractmethod
    def roughly(self, setting: Setting) -> float:
        """Return about what `kept(setting).low` is, cheaply: where to begin to search."""

    @abstractmethod
    def why_impossible(self, setting: Setting, best: Kept) -> str:
        """Say why even the best setting falls short."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""


class CorpusTarget(Target):
    """Something to keep of a corpus of symbols."""

    counts: NDArray[np.int64]
    relative: bool

    @cached_property
    def start(self) -> Corpus:
        """Generation 0."""
        return Corpus(self.counts)

    @property
    @abstractmethod
    def what(self) -> str:
        """What a share of is kept, in words."""

    @property
    def mattering(self) -> NDArray[np.int64]:
        """Counts of the symbols that matter: of all."""
        return self.counts

    @abstractmethod
    def share(self, recursion: Recursion, generation: int) -> Kept:
        """Return the share kept at a generation."""

    def kept(self, setting: Setting) -> Kept:
        """Return the share kept at the last generation, of all or of what one sample of n_1 real tokens keeps."""
        kept = self._absolute(setting)
        if not self.relative:
            return kept
        whole = self.resampled(setting.sample_size).mean
        return Kept(kept.mean / whole, kept.low / whole)

    def resampled(self, size: int) -> Kept:
        """Return the share that one sample of so many real tokens keeps."""
        return self.share(Recursion(Categorical(), self.start, size), 1)

    def _absolute(self, setting: Setting) -> Kept:
        if setting.fresh == 1.0:  # no recursion at all: one real sample, as at generation 1
            return self.resampled(setting.last_size(self.generations))
        workflow = FreshMix(setting.fresh) if setting.fresh else Replace()
        recursion = Recursion(Categorical(), self.start, setting.sizes(self.generations), workflow)
        return self.share(recursion, int(min(self.generations, _settled(setting))))

    def roughly(self, setting: Setting) -> float:
        """Return the expected share in the limit of rare symbols, where counts are a branching process."""
        share = self.rough_share(_effective_draws(setting, self.generations))
        return share / self.rough_share(setting.sample_size) if self.relative else share

    @abstractmethod
    def rough_share(self, draws: float) -> float:
        """Return the share that so many real draws keep, if their number is Poisson."""

    def why_impossible(self, setting: Setting, best: Kept) -> str:
        """Say what a sample of real data alone would keep."""
        size = setting.last_size(self.generations)
        matter = self.mattering
        once = int((matter == 1).sum())
        real = self.resampled(size)
        rare = f"; {once:,} of the {len(matter):,} words occur once" if once else ""
        if not self.relative and real.low < self.required:
            return (
                f"even {size:,} fresh tokens in every generation, and no synthetic ones, keep only "
                f"{100 * max(real.low, 0.0):.4g} % of {self.what}{rare}: a sample of that size misses rare words by "
                "chance. Ask for less, for a larger sample, or for what is kept relative to one faithful resample "
                "(--relative)"
            )
        first = self.resampled(setting.sample_size)
        if not self.relative and setting.fresh == 0.0 and setting.growth > 1.0 and first.low < self.required:
            return (
                f"the first generation alone, of {setting.sample_size:,} tokens, keeps only "
                f"{100 * max(first.low, 0.0):.4g} % of {self.what}{rare}, and longer texts bring nothing back. "
                "Ask for less, for a larger first sample (--sample-size), or for what is kept relative to one faithful "
                "resample (--relative)"
            )
        most = 100 * max(best.low, 0.0)
        more = f"{100 * (setting.growth - 1.0):.4g} % more tokens in each generation than in the one before"
        tried = more if setting.growth > 1.0 else f"{size:,} tokens in each generation"
        return (
            f"at the most that is tried, {tried}, {most:.4g} % is kept, and "
            f"{100 * self.required:.4g} % is asked for. Ask for less, or for a larger first sample (--sample-size)"
        )


@dataclass(frozen=True, eq=False)
class Words(CorpusTarget):
    """A share of the words: of all, or of some of them.

    Parameters
    ----------
    counts : array of int, shape (symbol,)
        The corpus.
    required : float
        Share to keep.
    generations : int
    chosen : array of bool, shape (symbol,)
        The words that matter.
    confidence : float or None
        The share must be kept with this probability, by normal approximation; None asks for the expected share.
    relative : bool
        Of what one faithful resample keeps, rather than of all.
    """

    counts: NDArray[np.int64]
    required: float
    generations: int
    chosen: NDArray[np.bool_]
    confidence: float | None = None
    relative: bool = False

    name: ClassVar[str] = "words"

    @property
    def what(self) -> str:
        """The words, or those that matter."""
        if self.number == len(self.counts):
            return "the words"
        return "the word asked for" if self.number == 1 else f"the {self.number:,} words asked for"

    @property
    def mattering(self) -> NDArray[np.int64]:
        """Counts of the words that matter."""
        return self.counts[self.chosen]

    @property
    def number(self) -> int:
        """How many words matter."""
        return int(self.chosen.sum())

    @cached_property
    def _spectrum(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        count, number = np.unique(self.mattering, return_counts=True)
        return count / int(self.counts.sum()), number

    def rough_share(self, draws: float) -> float:
        """Return the share of the words that matter."""
        probability, number = self._spectrum
        return float(number @ -np.expm1(-probability * draws)) / self.number

    def share(self, recursion: Recursion, generation: int) -> Kept:
        """Return the share of the words that matter, its mean, and mean - z sd."""
        from scipy.special import ndtri

        mean, variance = self._present(recursion, generation)
        z = 0.0 if self.confidence is None else float(ndtri(self.confidence))
        return Kept(mean / self.number, (mean - z * math.sqrt(variance)) / self.number)

    def _present(self, recursion: Recursion, generation: int) -> tuple[float, float]:
        """Mean and variance of the words that matter and are present."""
        counted = Vocabulary() if self.number == len(self.counts) else ChosenVocabulary(np.flatnonzero(self.chosen))
        found = solve(recursion, counted, [generation], method="exact")[counted.name]
        assert found.sd is not None
        return float(found.value[0]), float(found.sd[0]) ** 2

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "keep": self.required,
            "of": self.name,
            "number": self.number,
            "relative": self.relative,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, eq=False)
class Text(CorpusTarget):
    """A share of the corpus's tokens: of the text that is made of words still present. Expected, without confidence."""

    counts: NDArray[np.int64]
    required: float
    generations: int
    relative: bool = False

    name: ClassVar[str] = "text"

    @property
    def what(self) -> str:
        """The text."""
        return "the text"

    @cached_property
    def _spectrum(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        count, number = np.unique(self.counts, return_counts=True)
        return count / int(self.counts.sum()), number

    def rough_share(self, draws: float) -> float:
        """Return the share of tokens."""
        probability, number = self._spectrum
        return float((number * probability) @ -np.expm1(-probability * draws))

    def share(self, recursion: Recursion, generation: int) -> Kept:
        """Return one less the lost mass."""
        lost = float(solve(recursion, LostMass(), [generation], method="exact")["lost_mass"].value[0])
        return Kept(1.0 - lost, 1.0 - lost)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"keep": self.required, "of": self.name, "relative": self.relative, "confidence": None}


@dataclass(frozen=True, eq=False)
class Scale(Target):
    """A Gaussian's standard deviation within a factor of the true one.

    Parameters
    ----------
    factor : float
        The scale must stay above so many times that of the start.
    generations : int
    required : float
        With this probability.
    ddof : float
        The variance is divided by n - ddof.
    """

    factor: float
    generations: int
    required: float = 0.95
    ddof: float = 1.0

    name: ClassVar[str] = "scale"

    def kept(self, setting: Setting) -> Kept:
        """Return the chance that the scale is above the factor at the last generation."""
        sizes = setting.sizes(self.generations)
        recursion = Recursion(Gaussian(ddof=self.ddof), Parameters(mean=0.0, scale=1.0), sizes)
        found = solve(recursion, ScaleTail(self.factor), [self.generations], method="exact")["scale_tail"]
        chance = float(found.value[0])
        return Kept(chance, chance)

    def roughly(self, setting: Setting) -> float:
        """Return the exact chance: it is cheap."""
        return self.kept(setting).low

    def why_impossible(self, setting: Setting, best: Kept) -> str:  # noqa: ARG002
        """Say how far the best setting is."""
        return (
            f"at the most that is tried, the scale stays above {self.factor:g} times the true one with chance "
            f"{best.low:.4g}, and {self.required:g} is asked for"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {"keep": self.factor, "of": self.name, "relative": False, "confidence": self.required, "ddof": self.ddof}


def _settled(setting: Setting) -> float:
    """Return a generation from which on nothing changes any more, under fresh data and one sample size.

    Of n lines of descent n (1 - a)^k are left after k generations on average, and only those tell generation k + 1 from
    later ones: the expected number of symbols present differs by at most as much.
    """
    if setting.fresh == 0.0 or setting.growth != 1.0:
        return math.inf
    settled = 1.0 + math.ceil(math.log(setting.sample_size * _NOTHING) / -math.log1p(-setting.fresh))
    return settled if settled <= _STEPS else math.inf


def _effective_draws(setting: Setting, generations: int) -> float:
    """Return how many distinct real draws the last generation descends from, in the limit of rare symbols.

    Back from the last generation, u draws have fresh u of new data; the others fall on the n draws of the generation
    before and hit n (1 - exp(-(1 - fresh) u / n)) of them. Without fresh data and growth that is n g_k. For constant
    sizes the map has a limit, at which the loop ends.
    """
    sizes = setting.sizes(min(generations, LONGEST_ROUGH))
    constant = isinstance(sizes, int)
    steps = range(generations - 1) if isinstance(sizes, int) else range(len(sizes) - 2, -1, -1)
    draws, fresh = float(setting.last_size(generations)), 0.0
    for number, step in enumerate(steps):
        size = sizes if isinstance(sizes, int) else sizes[step]
        fresh += setting.fresh * draws
        following = -size * float(np.expm1(-(1.0 - setting.fresh) * draws / size))
        if constant and (number > LONGEST_ROUGH or following > draws * (1.0 - 1e-12)):
            break
        draws = following
    return fresh + draws
