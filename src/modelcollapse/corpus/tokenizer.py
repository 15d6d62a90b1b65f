"""The user's own rule: a Hugging Face tokenizer file, or any callable."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from modelcollapse.corpus.options import Tokenizer
from modelcollapse.errors import InputError

Splitter = Callable[[list[str]], Iterable[Sequence[str]]]  # from lines to the words of each

BATCH = 1024  # lines given to a Hugging Face tokenizer at once


def splitter_of(tokenizer: str | os.PathLike[str] | Tokenizer) -> Splitter:
    """Return a function from lines to their words."""
    if isinstance(tokenizer, str | os.PathLike):
        return _file_splitter(Path(tokenizer))
    return _callable_splitter(tokenizer)


def _callable_splitter(tokenizer: Tokenizer) -> Splitter:
    def words(line: str) -> Sequence[str]:
        if not line:
            return ()
        found = tokenizer(line)
        listed = list(found) if isinstance(found, Iterable) else [found]
        if isinstance(found, str) or not all(isinstance(word, str) for word in listed):
            raise InputError(
                "`tokenizer` must return an iterable of str for each line, "
                f"received {found!r:.60} for the line {line!r:.60}"
            )
        return listed

    return lambda lines: map(words, lines)


def _file_splitter(path: Path) -> Splitter:
    try:
        from tokenizers import Tokenizer as HuggingFaceTokenizer
    except ImportError:
        raise InputError(
            "`tokenizer` is a file, which needs the package `tokenizers`; "
            "install it with: pip install 'modelcollapse[tokenizers]'"
        ) from None
    if not path.is_file():
        raise InputError(f"`tokenizer`: {path}: no such file; give a tokenizer.json")
    try:
        loaded = HuggingFaceTokenizer.from_file(str(path))
    except Exception as error:  # noqa: BLE001 - the library raises nothing narrower
        raise InputError(f"`tokenizer`: {path} is no tokenizer.json of Hugging Face ({error})") from None
    loaded.no_truncation()
    loaded.no_padding()

    def split(lines: list[str]) -> Iterable[Sequence[str]]:
        for start in range(0, len(lines), BATCH):
            encodings = loaded.encode_batch(lines[start : start + BATCH], add_special_tokens=False)
            yield from (encoding.tokens for encoding in encodings)

    return split
