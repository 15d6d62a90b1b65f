"""Speed and memory of n-gram models that learn from their own text, against plain Python and NLTK in the same run.

    python benchmarks/bench_ngram.py TEXT [--words 20000000] [--markdown FILE]

Times are CPU seconds on one thread, the median of several rounds, after one that compiles. The plain baseline draws a
random occurrence of the context from lists in dictionaries: the best that one writes without libraries. NLTK
(`pip install modelcollapse[benchmark]`) fits once and writes some sentences, as a generation would take about an hour.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from modelcollapse import Recursion
from modelcollapse.corpus import read_text
from modelcollapse.families import NGram
from modelcollapse.simulate.shortcuts.text import TextKernel, compiled
from modelcollapse.text_corpus import TextCorpus

ROUNDS, GENERATIONS = 5, 10
LARGEST_NANOSECONDS, LARGEST_WITH_VOCABULARY = 60.0, 0.1
LARGEST_LONG, LARGEST_BYTES = 2.0, 100.0
NLTK_WORDS = 300


def cpu(call: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def generations(recursion: Recursion, horizon: int, vocabulary: bool, key: int = 1) -> list[int]:
    """Write and fit, generation after generation; count the words left if asked for."""
    wanted = set(range(1, horizon + 1)) if vocabulary else set()
    seen = TextKernel().snapshots(recursion, horizon, wanted, np.uint64(key))
    return [0 if each is None else int(np.count_nonzero(each.drawn.counts())) for each in seen]


def per_generation(recursion: Recursion, vocabulary: bool) -> float:
    """CPU seconds of a generation: the difference between many and one, so that preparing the corpus is left out."""
    many, one = (cpu(lambda h=horizon: generations(recursion, h, vocabulary)) for horizon in (GENERATIONS + 1, 1))
    return (many - one) / GENERATIONS


def plain_generation(text: TextCorpus, order: int) -> float:
    """CPU seconds of fitting and writing as much by lists of what followed each context."""
    sentences = [part.tolist() for part in np.split(text.words, text.ends)[:-1]]
    rng, begin, end = random.Random(1), -2, -1

    def call() -> int:
        followers = defaultdict(list)
        for sentence in sentences:
            padded = [begin] * (order - 1) + sentence + [end]
            for place in range(order - 1, len(padded)):
                followers[tuple(padded[place - order + 1 : place])].append(padded[place])
        written = 0
        while written < text.tokens:
            context = (begin,) * (order - 1)
            while True:
                options = followers[context]
                token = options[int(rng.random() * len(options))]
                if token == end:
                    break
                written += 1
                context = (*context, token)[1:]
        return written

    return cpu(call)


def nltk_generation(text: TextCorpus, order: int) -> float | None:
    """CPU seconds of a generation by NLTK, from a part of one; None without NLTK."""
    try:
        from nltk.lm import MLE
        from nltk.lm.preprocessing import padded_everygram_pipeline
    except ImportError:
        return None
    names = [list(map(str, part.tolist())) for part in np.split(text.words, text.ends)[:-1]]
    model = MLE(order)
    grams, vocabulary = padded_everygram_pipeline(order, names)
    fitting = cpu(lambda: model.fit(grams, vocabulary))
    writing = cpu(lambda: model.generate(NLTK_WORDS, text_seed=["<s>"] * (order - 1), random_seed=1))
    return fitting + writing / NLTK_WORDS * text.tokens


def repeated(text: TextCorpus, words: int) -> TextCorpus:
    """A longer text: the corpus again and again, some words of each copy exchanged, so that contexts differ."""
    rng, copies = np.random.default_rng(1), -(-words // text.tokens)
    parts = []
    for _ in range(copies):
        part = text.words.copy()
        places = rng.integers(len(part), size=len(part) // 50)
        part[places] = rng.permutation(part)[: len(places)]
        parts.append(part)
    ends = np.concatenate([text.ends + copy * text.tokens for copy in range(copies)])
    return TextCorpus(np.concatenate(parts), ends)


def long_text(path: str, order: int, words: int) -> tuple[float, float, int]:
    """CPU seconds of a generation of a long text, and the peak of memory per word, in a process of its own."""
    command = [sys.executable, __file__, path, "--long", str(order), "--words", str(words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak, tokens = done.stdout.split()
    return float(seconds), float(peak), int(tokens)


def peak_kilobytes() -> int:
    """The most memory that this process has held; `ru_maxrss` would be that of its parent, if that held more."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def measure_long(path: str, order: int, words: int) -> None:
    """Print seconds per generation, bytes per word above what the corpus alone took before it was longer, and words."""
    short = read_text(path)
    generations(Recursion(NGram(order), short, short.tokens), 1, vocabulary=True)
    before = peak_kilobytes()
    text = repeated(short, words)
    recursion = Recursion(NGram(order), text, text.tokens)
    text.contexts(order)
    times = []
    for horizon in (1, 4):
        times.append(cpu(lambda h=horizon: generations(recursion, h, vocabulary=True)))
    peak = (peak_kilobytes() - before) * 1024 / text.tokens
    print((times[1] - times[0]) / 3, peak, text.tokens)


def main() -> int:
    """Print the figures, and return 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", help="a file of text, such as the first 500,000 words of WikiText-2")
    parser.add_argument("--words", type=int, default=20_000_000, help="length of the long text; 0 leaves it out")
    parser.add_argument("--markdown", type=Path, help="also write the table there")
    parser.add_argument("--long", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.long:
        measure_long(arguments.text, arguments.long, arguments.words)
        return 0
    text, missed = read_text(arguments.text), []
    compiled()
    lines = [
        "| order | ours, ns per word | with vocabulary, s | plain Python, s | NLTK, s | ratios |",
        "|---|---|---|---|---|---|",
    ]
    for order in (2, 8):
        recursion = Recursion(NGram(order), text, text.tokens)
        generations(recursion, 1, vocabulary=True)
        bare = median(per_generation(recursion, vocabulary=False) for _ in range(ROUNDS))
        counted = median(per_generation(recursion, vocabulary=True) for _ in range(ROUNDS))
        plain, nltk = plain_generation(text, order), nltk_generation(text, order)
        nanoseconds = bare / text.tokens * 1e9
        shown = "not installed" if nltk is None else f"{nltk:.0f}"
        ratios = f"{plain / bare:.0f}" + ("" if nltk is None else f", {nltk / bare:,.0f}")
        lines.append(f"| {order} | {nanoseconds:.1f} | {counted:.4f} | {plain:.2f} | {shown} | {ratios} |")
        missed += [f"order {order}: 60 ns per word"] if nanoseconds > LARGEST_NANOSECONDS else []
        missed += [f"order {order}: 0.1 s with vocabulary"] if counted > LARGEST_WITH_VOCABULARY else []
    for order in (2, 8) if arguments.words else ():
        seconds, peak, tokens = long_text(arguments.text, order, arguments.words)
        lines += [
            "",
            f"{tokens:,} words, order {order}: {seconds:.2f} s per generation, {peak:.0f} bytes per word at most.",
        ]
        missed += [f"order {order}: long text in 2 s"] if seconds * 2e7 / tokens > LARGEST_LONG else []
        missed += [f"order {order}: 100 bytes per word"] if peak > LARGEST_BYTES else []
    print("\n".join(lines))
    if arguments.markdown:
        arguments.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("missed: " + "; ".join(missed) if missed else "all reached")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
