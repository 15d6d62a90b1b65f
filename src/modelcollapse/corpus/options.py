"""How a corpus is to be read: the arguments of `read_corpus`, checked once."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from modelcollapse.errors import InputError

FORMATS = ("auto", "text", "jsonl", "parquet", "counts")
LARGEST_NGRAM = 5

Tokenizer = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class ReadOptions:
    """What is read and what is counted; the parameters are those of `read_corpus`."""

    input_format: str = "auto"
    text_field: str = "text"
    encoding: str = "utf-8"
    tokenizer: str | os.PathLike[str] | Tokenizer | None = None
    ngram: int = 1

    def __post_init__(self) -> None:
        if self.input_format not in FORMATS:
            raise InputError(f"`input_format` must be one of {', '.join(FORMATS)}, received {self.input_format!r}")
        if not isinstance(self.ngram, int) or isinstance(self.ngram, bool) or not 1 <= self.ngram <= LARGEST_NGRAM:
            raise InputError(f"`ngram` must be a whole number from 1 to {LARGEST_NGRAM}, received {self.ngram!r}")
        if not isinstance(self.text_field, str) or not self.text_field:
            raise InputError(f"`text_field` must name a field or column, received {self.text_field!r}")
        object.__setattr__(self, "encoding", _text_encoding(self.encoding))
        if self.tokenizer is not None and not (
            callable(self.tokenizer) or isinstance(self.tokenizer, str | os.PathLike)
        ):
            raise InputError(
                "`tokenizer` must be the path of a tokenizer.json or a callable from str to words, "
                f"received {type(self.tokenizer).__name__}"
            )

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes of a text file are UTF-8 already."""
        return self.encoding == "utf-8"

    @property
    def counts_words(self) -> bool:
        """Whether single words by the word rule are counted: what the kernel can do."""
        return self.tokenizer is None and self.ngram == 1


def _text_encoding(encoding: str) -> str:
    try:
        "a".encode(encoding)
        codec = codecs.lookup(encoding)
        codec.incrementaldecoder().decode(b"", final=True)
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise InputError(
            f"`encoding` must be a text encoding that Python knows, such as utf-8, utf-16, latin-1, "
            f"cp1252 or shift_jis; received {encoding!r}"
        ) from None
    return "utf-8" if codec.name == "utf-8-sig" else codec.name
