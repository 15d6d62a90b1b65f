"""What the tests of the readers write: compressed files, and the counts to expect."""

import bz2
import gzip
import lzma
import re
from collections import Counter

from backports import zstd

COMPRESSIONS = {
    "plain": lambda data: data,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


def words_of(text):
    return dict(Counter(re.findall(r"\w+", text.lower())))


def as_dict(table):
    return dict(zip(table.words, table.counts.tolist(), strict=True))
