"""Were two texts tokenised alike? What the words that one of them lacks look like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

_MOST = 0.5  # of the strange words: a cause that explains so many is named
_LOOKED_AT = 10_000
_MARKERS = {"Ġ": "byte-pair", "▁": "SentencePiece", "##": "WordPiece"}


def hint(strange: Sequence[str], known: Collection[str]) -> str:
    """Return how the tokenisation seems to differ, or nothing if no cause explains most of the strange words.

    Examples
    --------
    >>> hint(["The", "Of"], ["the", "of", "and"])
    'they seem to be tokenised differently: in lower case, 100 % of these words would be known'
    >>> hint(["zyzzyva"], ["the", "of", "and"])
    ''
    """
    vocabulary, looked_at = set(known), strange[:_LOOKED_AT]
    causes: dict[str, Callable[[str], str]] = {
        "in lower case": str.lower,
        "without the punctuation around them": _bare,
        "in lower case and without punctuation": lambda word: _bare(word).lower(),
    }
    for said, change in causes.items():
        share = sum(change(word) in vocabulary for word in looked_at) / len(looked_at)
        if share >= _MOST:
            return f"they seem to be tokenised differently: {said}, {100 * share:.0f} % of these words would be known"
    for mark, kind in _MARKERS.items():
        if _marked(looked_at, mark) != _marked(known, mark):
            return f"they seem to be tokenised differently: one of them has the mark {mark!r} of {kind} tokens"
    lengths = [{word.count(" ") for word in words} for words in (looked_at, known)]
    if not lengths[0] & lengths[1]:
        return "they seem to be counted differently: one of them counts runs of another number of words"
    return ""


def _bare(word: str) -> str:
    """The word without what is neither letter nor digit at its ends."""
    inside = [i for i, character in enumerate(word) if character.isalnum()]
    return word[inside[0] : inside[-1] + 1] if inside else word


def _marked(words: Collection[str], mark: str) -> bool:
    """Whether more than a tenth of the words begin with a mark."""
    return sum(word.startswith(mark) for word in words) > 0.1 * len(words)
