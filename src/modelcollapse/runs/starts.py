"""Where the recursion of a spec may start, by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError
from modelcollapse.learners import KnownDistribution
from modelcollapse.start import Corpus, Empirical, Known, Parameters, Sample


def zipf(symbols: int, exponent: float = 1.0) -> Known:
    """Return the law that gives the symbol of rank i a probability in proportion to i^-exponent.

    Parameters
    ----------
    symbols : int
        How many there are, up to 10^7.
    exponent : float
        From 0 (uniform) to 100.

    Raises
    ------
    InputError
        If one is out of range.

    Examples
    --------
    >>> zipf(2).probabilities.round(4)
    array([0.6667, 0.3333])
    """
    ranks = np.arange(1, arguments.integer("symbols", symbols, least=1, most=10**7) + 1, dtype=np.float64)
    weights = ranks ** -arguments.real("exponent", exponent, low=0.0, high=100.0)
    return Known(weights / weights.sum())


def king_james() -> Corpus:
    """Return the corpus that comes with the package.

    Examples
    --------
    >>> king_james().tokens
    791450
    """
    from modelcollapse.corpus import embedded

    return Corpus(embedded().counts)


def sample(path: str, columns: list[str] | None = None, sha256: str | None = None) -> Sample:
    """Return the real data of a file, which must still have the hash, if one is given.

    Raises
    ------
    InputError
        If they cannot be read, or are other data.
    """
    from modelcollapse.learners import read_sample

    found = read_sample(path, columns)
    if sha256 not in (None, hash_of(path)):
        raise InputError(f"`path` is {path!r}, but that file holds other data than when the sweep was begun.")
    return found


def hash_of(path: str) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def with_hashes(value: Any) -> Any:
    """Return plain values with the hash of its file beside the path of every sample: data are part of a sweep.

    A file that cannot be read is left for the spec's own check to refuse.

    Examples
    --------
    >>> with_hashes({"start": {"name": "sample", "path": "none.csv"}})
    {'start': {'name': 'sample', 'path': 'none.csv'}}
    """
    if isinstance(value, list):
        return [with_hashes(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    found = {key: with_hashes(each) for key, each in value.items()}
    if found.get("name") == "sample" and isinstance(found.get("path"), str) and "sha256" not in found:
        with suppress(OSError):
            found["sha256"] = hash_of(found["path"])
    return found


STARTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "parameters": Parameters,
        "known": Known,
        "corpus": Corpus,
        "zipf": zipf,
        "king-james": king_james,
        "empirical": Empirical,
        "sample": sample,
        "distribution": KnownDistribution,
    }
)
