"""The embedded corpus is what it was on the first day."""

import hashlib
import subprocess
import sys
from importlib.resources import files

from modelcollapse.corpus import CountTable, embedded
from modelcollapse.corpus.embedded import FILE, SHA256


def test_the_table_is_unchanged():
    content = files("modelcollapse.corpus").joinpath("data", FILE).read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256


def test_its_words_are_in_the_order_of_a_table():
    table = embedded()
    assert (table.tokens, table.types, table.singletons) == (791_450, 12_544, 3_937)
    again = CountTable.from_counts(table.words, table.counts)
    assert again.words == table.words
    assert again.counts.tolist() == table.counts.tolist()


def test_importing_the_corpus_imports_nothing_heavy():
    heavy = ["scipy", "numba", "pyarrow", "fsspec", "tqdm", "tokenizers", "backports.zstd", "pandas"]
    program = f"import sys, modelcollapse.corpus as c; c.embedded(); print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
