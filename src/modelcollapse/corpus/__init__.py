"""Reading text, words, counting: from files to a count table."""

from modelcollapse.corpus.count_table import CountTable
from modelcollapse.corpus.embedded import embedded
from modelcollapse.corpus.read import read_corpus

__all__ = ["CountTable", "embedded", "read_corpus"]
