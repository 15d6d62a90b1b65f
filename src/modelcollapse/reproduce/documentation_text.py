"""A text that every Python installation carries: the language reference's topics, as `help()` shows them.

No text comes with the package. The topics differ from one version of Python to the next, and so do all numbers that
rest on them: whoever shows such a number shows the hash of the text too.
"""

from __future__ import annotations

import platform
import re
from functools import lru_cache

from modelcollapse.text_corpus import TextCorpus

_WORD = re.compile(r"\w+")
_PARAGRAPH = re.compile(r"\n\s*\n")


@lru_cache(maxsize=1)
def documentation_text() -> TextCorpus:
    """Return the topics, a sentence for each paragraph, words as the word rule has them.

    Examples
    --------
    >>> text = documentation_text()
    >>> text.tokens > 10_000, "the" in text.vocabulary
    (True, True)
    """
    sentences = [_WORD.findall(paragraph.lower()) for paragraph in documentation_paragraphs()]
    return TextCorpus.from_sentences(sentences, name=f"topics of Python {platform.python_version()}")


def documentation_paragraphs() -> list[str]:
    """Return the paragraphs of all topics, in the order of the topics' names."""
    from pydoc_data.topics import topics

    return [paragraph for name in sorted(topics) for paragraph in _PARAGRAPH.split(topics[name]) if paragraph.strip()]
