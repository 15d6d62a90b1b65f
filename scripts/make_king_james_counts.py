r"""Make the embedded count table from Debian's text of the King James Bible.

Needs the Debian packages ``bible-kjv`` and ``bible-kjv-text``; the table in the repository was made from version
4.38 of both, with

    bible -f gen1:1-rev22:21 </dev/null | python scripts/make_king_james_counts.py

``-f`` prints one verse per line, each after its reference ("Ge1:1 In the beginning ..."), which is taken away.
What is left is counted by the word rule: the maximal runs of ``\w`` in lower-cased text. The same input gives the
same bytes; the script prints their SHA-256, which ``src/modelcollapse/corpus/embedded.py`` repeats and a test checks.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from pathlib import Path

VERSES = 31_102
REFERENCE = re.compile(r"[1-3]?[A-Z][A-Za-z]+\d+:\d+ ")
TARGET = Path(__file__).parent.parent / "src/modelcollapse/corpus/data/king_james_counts.tsv"


def verse_text(line: str) -> str:
    """Return a printed verse without its reference."""
    reference = REFERENCE.match(line)
    if reference is None:
        raise SystemExit(f"no verse reference at the start of this line: {line!r}; was `bible -f` used?")
    return line[reference.end() :]


def main() -> None:
    """Read the verses from standard input and write the table."""
    verses = [verse_text(line) for line in sys.stdin.read().splitlines()]
    if len(verses) != VERSES:
        raise SystemExit(f"expected {VERSES} verses on standard input, received {len(verses)}")
    counter = Counter(re.findall(r"\w+", "\n".join(verses).lower()))
    rows = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    table = "word\tcount\n" + "".join(f"{word}\t{count}\n" for word, count in rows)
    TARGET.write_bytes(table.encode())
    sys.stdout.write(f"{TARGET.name}: {counter.total()} tokens, {len(rows)} types, ")
    sys.stdout.write(f"sha256 {hashlib.sha256(table.encode()).hexdigest()}\n")


if __name__ == "__main__":
    main()
