"""The least sample size, fresh share or growth that keeps what must be kept; what two of them can do together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.corpus import CountTable
from modelcollapse.errors import InputError
from modelcollapse.planning.cost import Prices
from modelcollapse.planning.setting import LEVERS, Setting
from modelcollapse.planning.solver import Point, Search
from modelcollapse.planning.target import Scale, Target, Text, Words
from modelcollapse.provenance import plain, versions

SCHEMA_VERSION = 1
LONGEST = 10**6
LONGEST_GROWTH = 1000  # generations of different sizes, each with an operator of its own


@dataclass(frozen=True, eq=False)
class Plan:
    """The answer to an inverse question.

    Parameters
    ----------
    target : Target
        What must be kept, for how long.
    vary : tuple of str
        The levers: one, or two.
    answer : Point or None
        The least that is enough; with two levers the cheapest, where prices are given. None if there is no such.
    reason : str or None
        Why there is no answer.
    curve : tuple of Point
        One lever: how much is kept along it. Two: the frontier, settings that are just enough.
    corpus : CountTable or None
    missing : tuple of str
        Words asked for that the corpus does not contain.
    provenance : mapping
        What is needed to make the plan again.
    """

    target: Target
    vary: tuple[str, ...]
    answer: Point | None
    reason: str | None
    curve: tuple[Point, ...]
    corpus: CountTable | None = None
    missing: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        table, found = self.corpus, self.answer
        whole = None if found is None else found.to_dict()
        levers = [name.replace("-", "_") for name in self.vary]
        corpus = None if table is None else {"name": table.name, "tokens": table.tokens, "types": table.types}
        return {
            "schema_version": SCHEMA_VERSION,
            "corpus": corpus,
            "target": {**self.target.to_dict(), "generations": self.target.generations},
            "vary": list(self.vary),
            "answer": None if whole is None else {name: whole[name] for name in levers},
            "reason": self.reason,
            "achieved": None if found is None else found.kept.low,
            "setting": whole,
            "curve": [plain(point.to_dict()) for point in self.curve],
            "missing_words": list(self.missing),
            "method": "exact",
            "provenance": plain(self.provenance),
        }


def plan(
    corpus: CountTable,
    generations: int,
    *,
    keep: float = 0.95,
    vary: str | Sequence[str] = "sample-size",
    of: str = "words",
    relative: bool = False,
    min_count: int | None = None,
    words: Sequence[str] = (),
    confidence: float | None = None,
    sample_size: int | None = None,
    fresh: float = 0.0,
    growth: float = 1.0,
    prices: Prices | None = None,
) -> Plan:
    """Find the least data that keep a share of a corpus for a number of generations, by bracketing on exact laws.

    Parameters
    ----------
    corpus : CountTable
    generations : int
        For how long, from 1 to 10^6; up to 1,000 where sample sizes grow.
    keep : float
        Share to keep, above 0 and below 1.
    vary : {"sample-size", "fresh", "growth"}, or two of them
        What may be changed; the others stay as given. Two levers give a frontier.
    of : {"words", "text"}
        Share of the different words, or of the text: of tokens whose word is still there.
    relative : bool
        Of what one faithful resample of the same size keeps, rather than of all: any finite sample misses rare words.
    min_count : int, optional
        Only words with at least that count matter.
    words : sequence of str
        Only these words matter.
    confidence : float, optional
        Keep the share with this probability, above 0.5 and below 1, by normal approximation; otherwise on average.
    sample_size, fresh, growth : optional
        What does not vary: tokens of the first generation (the size of the corpus if not given), share of new real
        data in each generation, and factor from each generation's size to the next. Refused for what varies.
    prices : Prices, optional
        Adds costs; with two levers the answer is then the cheapest point of the frontier.

    Raises
    ------
    InputError
        If an argument is out of range or does not go with another.

    Examples
    --------
    >>> from modelcollapse import CountTable
    >>> topics = CountTable.from_counts(["a", "b", "c"], [900, 90, 10])
    >>> found = plan(topics, 20, keep=0.9)
    >>> found.answer.setting.sample_size, round(found.answer.kept.mean, 3)
    (1306, 0.9)
    """
    levers = _vary(vary)
    horizon = _horizon(generations, growing=growth != 1.0 or "growth" in levers)
    chosen, missing = _chosen(corpus, min_count, words)
    share = _share("keep", keep)
    sure = None if confidence is None else _share("confidence", confidence, low=0.5)
    _refuse_twice(levers, sample_size, fresh, growth)
    setting = _setting(corpus, sample_size, fresh, growth)
    _refuse_outgrowing(levers, setting, horizon)
    target: Target
    if of == "text":
        _refuse_for_text(min_count, words, sure)
        target = Text(np.asarray(corpus.counts), share, horizon, relative)
    elif of == "words":
        target = Words(np.asarray(corpus.counts), share, horizon, chosen, sure, relative)
    else:
        raise InputError(arguments.message("of", of, "'words' or 'text'"))
    return _solved(target, levers, setting, prices, corpus, missing)


def plan_scale(
    generations: int,
    *,
    keep: float = 0.5,
    vary: str | Sequence[str] = "sample-size",
    confidence: float = 0.95,
    ddof: float = 1.0,
    sample_size: int | None = None,
    growth: float = 1.0,
) -> Plan:
    """Find the least sample size, or growth, at which a Gaussian's standard deviation stays above a factor.

    Parameters
    ----------
    generations : int
    keep : float
        The factor: the standard deviation stays above so many times the true one.
    vary : {"sample-size", "growth"}
    confidence : float
        With this probability, above 0 and below 1; exact, no approximation.
    ddof : float
        The variance is divided by n - ddof.
    sample_size, growth : optional
        What does not vary.

    Examples
    --------
    >>> plan_scale(100, keep=0.5).answer.setting.sample_size
    416
    """
    levers = _vary(vary)
    if "fresh" in levers:
        remedy = "The scale under fresh data has exact moments, but no exact law; vary the sample size."
        raise InputError(arguments.message("vary", vary, "'sample-size' or 'growth' for a scale", remedy))
    if len(levers) > 1:
        raise InputError(arguments.message("vary", vary, "one of 'sample-size' and 'growth' for a scale"))
    if levers == ("growth",) and sample_size is None:
        raise InputError("`sample_size` is missing: growth starts from the size of the first generation; give it.")
    horizon = _horizon(generations, growing=growth != 1.0 or "growth" in levers)
    sure, factor = _share("confidence", confidence), _share("keep", keep)
    least_size = max(2, int(np.floor(ddof)) + 1)
    size = 100 if sample_size is None else arguments.integer("sample_size", sample_size, least=least_size)
    _refuse_twice(levers, sample_size, 0.0, growth)
    setting = Setting(size, growth=_growth(growth))
    _refuse_outgrowing(levers, setting, horizon, least_size)
    return _solved(Scale(factor, horizon, sure, ddof), levers, setting, None, None, (), least_size)


def _solved(
    target: Target,
    names: tuple[str, ...],
    setting: Setting,
    prices: Prices | None,
    corpus: CountTable | None,
    missing: tuple[str, ...],
    least_size: int = 1,
) -> Plan:
    search = Search(target, prices, least_size)
    if len(names) == 1:
        lever = search.lever(names[0], setting)
        answer = search.least(lever, setting)
        curve = search.curve(lever, setting, answer)
    else:
        curve = search.frontier(names, setting)
        priced = [point for point in curve if point.cost is not None]
        answer = min(priced, key=lambda point: point.cost or 0.0) if priced else None
    reason = None if answer is not None else search.reason(names, setting, curve)
    record = {"setting": vars(setting), "law": "exact", "versions": versions()}
    return Plan(target, names, answer, reason, curve, corpus, missing, record)


def _vary(vary: str | Sequence[str]) -> tuple[str, ...]:
    names = tuple(vary.split(",")) if isinstance(vary, str) else tuple(vary)
    sound = 1 <= len(names) <= 2 and len(set(names)) == len(names) and all(name in LEVERS for name in names)
    if not sound:
        allowed = "one or two of " + ", ".join(map(repr, LEVERS)) + ", separated by a comma"
        raise InputError(arguments.message("vary", vary, allowed))
    if set(names) == {"growth", "sample-size"} or set(names) == {"growth", "fresh"}:
        raise InputError(arguments.message("vary", vary, "'sample-size,fresh' where two levers vary"))
    return tuple(sorted(names, reverse=True))  # sample size first


def _horizon(generations: int, *, growing: bool) -> int:
    if growing:
        remedy = "Every generation of another size needs an operator of its own."
        return arguments.integer("generations", generations, least=2, most=LONGEST_GROWTH, remedy=remedy)
    return arguments.integer("generations", generations, least=1, most=LONGEST)


def _share(name: str, value: float, low: float = 0.0) -> float:
    found = arguments.number(value)
    if not low < found < 1.0:
        remedy = "Nothing random is kept for certain." if found == 1.0 else ""
        raise InputError(arguments.message(name, value, f"a number above {low:g} and below 1", remedy))
    return found


def _refuse_twice(levers: tuple[str, ...], sample_size: int | None, fresh: float, growth: float) -> None:
    """Refuse a value for what varies."""
    given = {"sample-size": sample_size, "fresh": fresh or None, "growth": None if growth == 1.0 else growth}
    for lever in levers:
        if given[lever] is not None:
            name = lever.replace("-", "_")
            remedy = "Leave it out, or vary something else."
            raise InputError(arguments.message(name, given[lever], f"left out where {lever!r} varies", remedy))


def _refuse_outgrowing(levers: tuple[str, ...], setting: Setting, generations: int, least_size: int = 1) -> None:
    """Refuse a growth that leads beyond the largest sample size that the laws allow."""
    first = least_size if "sample-size" in levers else setting.sample_size
    most = (arguments.LARGEST_SAMPLE_SIZE / first) ** (1.0 / max(generations - 1, 1))
    if "growth" not in levers and setting.growth > most:
        allowed = f"at most {math.floor(most * 1e4) / 1e4:g} for {generations:,} generations from {first:,} draws on"
        remedy = f"No generation may have more than {arguments.LARGEST_SAMPLE_SIZE:,}."
        raise InputError(arguments.message("growth", setting.growth, allowed, remedy))


def _growth(growth: float) -> float:
    return arguments.real("growth", growth, low=1.0, high=1000.0, remedy="1 is no growth, 1.05 five percent.")


def _setting(corpus: CountTable, sample_size: int | None, fresh: float, growth: float) -> Setting:
    size = corpus.tokens if sample_size is None else sample_size
    most = arguments.LARGEST_SAMPLE_SIZE
    return Setting(
        arguments.integer("sample_size", size, least=1, most=most),
        arguments.real("fresh", fresh, low=0.0, high=1.0),
        _growth(growth),
    )


def _chosen(
    corpus: CountTable, min_count: int | None, words: Sequence[str]
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Return which words matter, and those asked for that are not there."""
    chosen = np.ones(corpus.types, dtype=bool)
    missing: tuple[str, ...] = ()
    if words:
        index = {word: i for i, word in enumerate(corpus.words)}
        spelled = [word if word in index else word.lower() for word in words]
        missing = tuple(dict.fromkeys(word for word in spelled if word not in index))
        chosen[:] = False
        chosen[[index[word] for word in spelled if word in index]] = True
        if not chosen.any():
            shown = list(missing[:5])
            raise InputError(
                arguments.message("words", shown, "words of which the corpus has one", "Check the spelling.")
            )
    if min_count is not None:
        counts = np.asarray(corpus.counts)
        most = int(counts[chosen].max())
        chosen &= counts >= arguments.integer("min_count", min_count, least=1)
        if not chosen.any():
            remedy = "No word would be left to keep."
            raise InputError(arguments.message("min_count", min_count, f"at most {most:,}, the largest count", remedy))
    return chosen, missing


def _refuse_for_text(min_count: int | None, words: Sequence[str], confidence: float | None) -> None:
    if min_count is not None or words:
        raise InputError("`min_count` and `words` choose words, but `of` is 'text': leave them out, or keep words.")
    if confidence is not None:
        remedy = "The text kept is an exact expectation; its spread is not known exactly."
        raise InputError(arguments.message("confidence", confidence, "left out where `of` is 'text'", remedy))
