"""Reading a corpus as running text: from what the user names to sentences of numbered words."""

from __future__ import annotations

import os
from collections.abc import Iterable

from modelcollapse.corpus.counters import split_words
from modelcollapse.corpus.encoding import UNDECODABLE_BYTES
from modelcollapse.corpus.numbered import WordNumbers
from modelcollapse.corpus.options import ReadOptions, Tokenizer
from modelcollapse.corpus.progress import progress_bar
from modelcollapse.corpus.read import name_of, no_words, warn_of_skipped
from modelcollapse.corpus.source import find_sources
from modelcollapse.corpus.tally import Tally
from modelcollapse.corpus.tokenizer import splitter_of
from modelcollapse.corpus.unit import Unit, count_unit, format_of
from modelcollapse.errors import InputError
from modelcollapse.text_corpus import TextCorpus


def read_text(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    input_format: str = "auto",
    text_field: str = "text",
    encoding: str = "utf-8",
    tokenizer: str | os.PathLike[str] | Tokenizer | None = None,
    progress: bool = False,
) -> TextCorpus:
    r"""Read a corpus as sentences of words; a line is a sentence, and lines without words are passed over.

    Parameters
    ----------
    sources, input_format, text_field, encoding, tokenizer, progress
        As for `read_corpus`: the same files, and the same words. A table of counts is refused: it has no sentences.

    Returns
    -------
    TextCorpus
        Words are numbered by their first occurrence.

    Raises
    ------
    InputError
        As `read_corpus` does, and if a source is a table of counts.

    Warns
    -----
    InputWarning
        If something was passed over.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "note.txt")
    >>> _ = file.write_text("To be, or not to be:\n\nthat is the question.")
    >>> text = read_text(file)
    >>> text.words.tolist(), text.ends.tolist(), text.vocabulary[:3]
    ([0, 1, 2, 3, 0, 1, 4, 5, 6, 7], [6, 10], ('to', 'be', 'or'))
    """
    options = ReadOptions(input_format, text_field, encoding, tokenizer)
    found = find_sources(sources)
    for source in found:
        if format_of(source, options) == "counts":
            raise InputError(
                f"{source.label}: a table of counts has no running text, which a model of sentences learns from; "
                "name a text"
            )
    numbers, tally = WordNumbers(split_words if tokenizer is None else splitter_of(tokenizer)), Tally()
    sizes = [source.size for source in found]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with progress_bar(total, wanted=progress) as on_bytes:
        for source in found:
            count_unit(Unit(source), options, numbers, tally, on_bytes)
    tally.skip(UNDECODABLE_BYTES, numbers.undecodable)
    name = name_of(found, options)
    words = numbers.words()
    if not len(words):
        raise InputError(no_words(name, tally, options))
    warn_of_skipped(name, dict(sorted(tally.skipped.items())))
    return TextCorpus(words, numbers.ends(), numbers.vocabulary(), name)
