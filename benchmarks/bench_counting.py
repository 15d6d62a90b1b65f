"""Counting words: `read_corpus` against ``re.findall`` and ``Counter``, as a ratio in one run.

    python benchmarks/bench_counting.py                     # 500 MB of made-up text, one process
    python benchmarks/bench_counting.py --processes 2
    python benchmarks/bench_counting.py --path books.txt    # a text of your own

The text is made by drawing words of the embedded corpus as often as they occur there, with capitals,
punctuation, numbers and words beyond ASCII strewn in. The baseline reads its first `--baseline-size`
bytes at once, as one writes it by hand: ``Counter(re.findall(r"\\w+", text.lower()))``; both tables
must agree there. Exit status 1 if the ratio is below `--at-least` or the peak memory above
`--most-memory`.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from modelcollapse.corpus import embedded, read_corpus

MB = 1_000_000
PARAGRAPHS = 2000
STREWN = ["—", "1611", "naïve", "Ἀρχῇ", "don't", "well-known", "incomprehensibilities", "Größe", "東京"]


def make_text(path: Path, size: int, seed: int) -> None:
    """Write `size` bytes of made-up text: freshly drawn paragraphs, in ever new order."""
    rng = np.random.default_rng(seed)
    table = embedded()
    lines = [_paragraph(table.words, table.counts / table.tokens, rng).encode() for _ in range(PARAGRAPHS)]
    written = 0
    with path.open("wb") as file:
        while written < size:
            written += file.write(b"\n".join(lines[i] for i in rng.permutation(PARAGRAPHS)) + b"\n")


def _paragraph(words: tuple[str, ...], probabilities: np.ndarray, rng: np.random.Generator) -> str:
    drawn = [words[i] for i in rng.choice(len(words), 200, p=probabilities)]
    drawn[0] = drawn[0].capitalize()
    for place in rng.integers(1, 200, 12):
        drawn[place] = f"{drawn[place - 1]}, {drawn[place].capitalize()}."
    for place in rng.integers(1, 200, 4):
        drawn[place] = STREWN[rng.integers(len(STREWN))]
    return " ".join(drawn)


def best_of(repeats: int, function, *arguments, **keywords):
    """Return the result, and the least of `repeats` times in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = function(*arguments, **keywords)
        times.append(time.perf_counter() - start)
    return result, min(times)


def baseline(path: Path, size: int) -> Counter:
    """Count the first `size` bytes as one does by hand."""
    with path.open("rb") as file:
        text = file.read(size).decode("utf-8", "replace")
    return Counter(re.findall(r"\w+", text.lower()))


def check_agreement(path: Path, size: int) -> None:
    """Both must give the same table for the beginning of the text."""
    with tempfile.TemporaryDirectory() as folder:
        beginning = Path(folder, "beginning.txt")
        with path.open("rb") as file:
            beginning.write_bytes(file.read(size))
        table = read_corpus(beginning, n_jobs=1)
        assert dict(zip(table.words, table.counts.tolist(), strict=True)) == baseline(beginning, size)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--path", type=Path, help="a UTF-8 text; without it one is made")
    parser.add_argument("--size", type=float, default=500, help="MB of text to make")
    parser.add_argument("--baseline-size", type=float, default=70, help="MB that the baseline counts")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--at-least", type=float, default=10, help="the ratio to reach")
    parser.add_argument("--most-memory", type=float, default=1000, help="MB of peak memory allowed")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.path or Path(folder, "text.txt")
        if arguments.path is None:
            make_text(path, int(arguments.size * MB), arguments.seed)
        return report(path, arguments)


def report(path: Path, arguments: argparse.Namespace) -> int:
    """Measure and print; return the exit status."""
    size = path.stat().st_size
    warm_up = {"n_jobs": arguments.processes}
    start = time.perf_counter()
    table = read_corpus(path, **warm_up)
    first = time.perf_counter() - start
    _, ours = best_of(arguments.repeats, read_corpus, path, **warm_up)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    part = min(size, int(arguments.baseline_size * MB))
    check_agreement(path, part)
    _, theirs = best_of(arguments.repeats, baseline, path, part)
    ratio = (size / ours) / (part / theirs)
    memory = peak * (1 if sys.platform == "darwin" else 1024) / MB  # the one counts bytes, the other kB
    print(table)
    print(f"read_corpus, {arguments.processes} process(es): {size / MB / ours:8.1f} MB/s  (first call {first:.1f} s)")
    print(f"re.findall + Counter:        {part / MB / theirs:8.1f} MB/s  (on {part / MB:.0f} MB)")
    print(
        f"ratio {ratio:.1f}, to reach {arguments.at_least:g}; peak memory {memory:.0f} MB of {arguments.most_memory:g}"
    )
    return 0 if ratio >= arguments.at_least and memory <= arguments.most_memory else 1


if __name__ == "__main__":
    sys.exit(main())
