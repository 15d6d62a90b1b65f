"""N-gram language models that learn from their own text: how much of the vocabulary is left, by their order?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from modelcollapse import arguments
from modelcollapse.door import solve
from modelcollapse.errors import InputError
from modelcollapse.families import Categorical, NGram
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.base import Figure, spawned
from modelcollapse.reproduce.data import EXACT, Curve, FigureData, Verdict
from modelcollapse.reproduce.documentation_text import documentation_text
from modelcollapse.reproduce.drawing import View
from modelcollapse.reproduce.unigram import short_name
from modelcollapse.result import Result
from modelcollapse.simulate.effort import Rng
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary
from modelcollapse.text_corpus import TextCorpus

ORDERS, GENERATIONS, LONGEST = (1, 2, 8, 16), 10, 50
BOUNDS = ("suresh_2024.corollary_1", "modelcollapse.ancestry_bracket")
LAW = f"{EXACT} of order 1"
_SIMULATED = "order {}, simulated"


@dataclass(frozen=True, eq=False)
class NGramText(Figure):
    """Expected share of the vocabulary present, for orders 1, 2, 8 and 16.

    Parameters
    ----------
    corpus : TextCorpus or None
        The text; the documentation that every Python installation carries, if not given.
    """

    corpus: TextCorpus | None = None

    name: ClassVar[str] = "ngram"
    title: ClassVar[str] = "N-gram text: share of the vocabulary still present"
    recursion: ClassVar[str] = (
        "model k is the n-gram model of maximum likelihood of a text of n words written by model k - 1, text 0 the "
        "corpus; the statistic is the expected number of words that occur in text k, divided by that of the corpus"
    )
    published: ClassVar[str] = (
        "a bigram model on WikiText-2 (orders 8 and 16 are mentioned); sentences of at most 50 words; 10 generations; "
        "one path"
    )
    caption: ClassVar[str] = (
        "For order 1 the exact law is that of words drawn one by one; order 2 stays close to it. Orders 8 and 16 copy "
        "long pieces of the text, and all words of a piece that is not copied are lost together: they lose more at "
        "once, most of all in the first generation, and the law of order 1 comes nearer with time."
    )
    runs: ClassVar[int] = 5

    def __post_init__(self) -> None:
        """Refuse a text that the highest order cannot be learnt from, before anything else is computed."""
        if self.corpus is not None and self.corpus.tokens < max(ORDERS):
            said = f"{short_name(self.corpus.name)}, with a length of {self.corpus.tokens:,}"
            least = f"a text of at least {max(ORDERS)} words, the highest order shown"
            raise InputError(arguments.message("corpus", said, least, "Give a longer one, or leave out `ngram`."))

    def text(self) -> TextCorpus:
        """Return the text that is learnt from."""
        return documentation_text() if self.corpus is None else self.corpus

    def compute(self, replicates: int, rng: Rng) -> FigureData:
        """Simulate every order; hold the first against the law of words drawn one by one."""
        text = self.text()
        panel = f"{short_name(text.name)}: {text.tokens:,} words, {int((text.counts > 0).sum()):,} different"
        words = Recursion(Categorical(), Corpus(text.counts), text.tokens)
        law = solve(words, Vocabulary(), GENERATIONS, method="exact")["vocabulary"]
        bounds = solve(words, Vocabulary(), GENERATIONS, method="bounds").of("vocabulary")
        unit, every = float((text.counts > 0).sum()), np.arange(1, GENERATIONS + 1)
        curves = [Curve.of(panel, LAW, "exact", every, law.value / unit)]
        curves += [Curve.of(panel, b.source, b.kind, every, b.value / unit) for b in bounds if b.source in BOUNDS]
        verdicts = [_bracketed(panel, law, b) for b in bounds if b.source in BOUNDS]
        for order, seed in zip(ORDERS, spawned(rng, len(ORDERS)), strict=True):
            recursion = Recursion(NGram(order, longest=LONGEST), text, text.tokens)
            seen = solve(recursion, Vocabulary(), every, method="simulate", replicates=replicates, rng=seed)[
                "vocabulary"
            ]
            assert seen.low is not None
            assert seen.high is not None
            ends = {"low": seen.low / unit, "high": seen.high / unit}
            curves.append(Curve.of(panel, _SIMULATED.format(order), "estimate", every, seen.value / unit, **ends))
            verdicts.append(_first_order(panel, law, seen) if order == 1 else _near(panel, order, law, seen))
        references = dict.fromkeys([*law.references, *(r for b in bounds if b.source in BOUNDS for r in b.references)])
        return FigureData(tuple(curves), tuple(verdicts), tuple(references), {"replicates": replicates, **_said(text)})

    def chart(self, data: FigureData) -> Any:
        """Draw all orders into one panel."""
        from modelcollapse.reproduce.drawing import panels_chart

        view = View(y="Share of the vocabulary", low=0.0, high=1.0)
        return panels_chart(self.title, {data.curves[0].panel: view}, data.curves)

    def to_dict(self) -> dict[str, Any]:
        """Return the name, and what identifies the text."""
        return {"name": self.name, "corpus": self.text().to_dict()}


def _said(text: TextCorpus) -> dict[str, Any]:
    identity = text.to_dict()
    return {"text": f"{text.name}, {text}", "sha256 of the text": identity["sha256"]}


def _bracketed(panel: str, law: Result, bound: Result) -> Verdict:
    sign = 1.0 if bound.kind == "lower" else -1.0
    room = sign * (law.value - bound.value)
    statement = f"the exact law of order 1 is {'above' if sign > 0 else 'below'} {bound.source}"
    detail = f"loose by at most {np.abs(room).max():.2g} words of {law.value[0]:,.0f}"
    return Verdict(panel, statement, bool(room.min() >= -1e-8 * law.value.max()), detail)


def _first_order(panel: str, law: Result, seen: Result) -> Verdict:
    chances = agreement.tails(seen, law, is_probability=False)
    statement = f"order 1: {seen.replicates:,} replicates agree with the exact law at {GENERATIONS} generations"
    detail = f"least chance {chances.min():.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
    return Verdict(panel, statement, agreement.agrees(chances), detail)


def _near(panel: str, order: int, law: Result, seen: Result) -> Verdict:
    """What holds of every order: a word of generation k was one of generation k - 1."""
    falls = np.diff(np.r_[np.inf, seen.value]) <= 0
    apart = seen.value / law.value - 1.0
    said = f"beside the law of order 1: {apart[0]:+.1%} at generation 1, {apart[-1]:+.1%} at generation {GENERATIONS}"
    statement = f"order {order}: no generation has more words than the one before"
    return Verdict(panel, statement, bool(falls.all()), said)
