"""Effects of what the original does differently for n-gram text, on the text that every Python carries."""

from __future__ import annotations

import re

from modelcollapse.door import solve
from modelcollapse.families import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.reproduce.documentation_text import documentation_paragraphs, documentation_text
from modelcollapse.start import Corpus
from modelcollapse.statistics import Vocabulary

_GENERATIONS = 10
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def first_sentences() -> str:
    """Return by how much the samples grow if of each line only the first sentence is counted, and what that hides."""
    lines = documentation_paragraphs()
    words = sum(len(_WORD.findall(line)) for line in lines)
    counted = sum(len(_WORD.findall(_SENTENCE_END.split(line, maxsplit=1)[0])) for line in lines)
    growth, text = words / counted, documentation_text()
    sizes = [int(text.tokens * growth**k) for k in range(1, _GENERATIONS + 1)]
    shares = [_share(size) for size in (text.tokens, sizes)]
    return (
        f"In the topics of this Python a paragraph has {growth:.2f} times the words of its first sentence. Samples "
        f"that grow by that factor keep {shares[1]:.1%} of the words after {_GENERATIONS} generations of order 1, "
        f"constant ones {shares[0]:.1%}."
    )


def other_tokenizer() -> str:
    """Return how many words there are by either rule."""
    text = "\n".join(documentation_paragraphs())
    model, counted = len(set(_TOKEN.findall(text))), len(set(_WORD.findall(text.lower())))
    return f"In the topics of this Python the model knows {model:,} different tokens; {counted:,} words are counted."


def _share(size: int | list[int]) -> float:
    """Expected share of the words left, of words drawn one by one."""
    text = documentation_text()
    recursion = Recursion(Categorical(), Corpus(text.counts), size)
    left = solve(recursion, Vocabulary(), [_GENERATIONS], method="exact")["vocabulary"].value[0]
    return float(left / (text.counts > 0).sum())
