"""Reading text, words, counting: from files to a count table, or to running text."""

from modelcollapse.corpus.count_table import CountTable
from modelcollapse.corpus.embedded import embedded
from modelcollapse.corpus.read import read_corpus
from modelcollapse.corpus.read_text import read_text

__all__ = ["CountTable", "embedded", "read_corpus", "read_text"]
