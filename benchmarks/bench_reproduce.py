"""Speed of the figures: computing them, drawing them, and all of it in a fresh process without compiled kernels.

    python benchmarks/bench_reproduce.py [TEXT]

All figures with the published numbers of replicates and n-gram orders 1, 2, 8 and 16; of TEXT where one is given, else
of the text that every Python carries, too small for kernels to be compiled. Times are CPU seconds. The baseline
is the loop of the original program for one of them, a Bernoulli path drawn datum by datum, run on a part and multiplied
up.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from modelcollapse.corpus import read_text
from modelcollapse.laws.presence.backward_operator import backward_operator
from modelcollapse.reproduce import FIGURES
from modelcollapse.reproduce.bernoulli_survival import SETTINGS, BernoulliSurvival
from modelcollapse.reproduce.errata import errata_of
from modelcollapse.reproduce.ngram import NGramText
from modelcollapse.reproduce.unigram import Unigram
from modelcollapse.text_corpus import TextCorpus

COMPUTING, WARM, COLD = 10.0, 60.0, 120.0  # seconds
LEAST_RATIO = 100
_PART = 50  # paths of the baseline


def cpu() -> float:
    """CPU seconds of this process so far."""
    return time.process_time()


def computing(corpus: TextCorpus | None) -> dict[str, float]:
    """CPU seconds of each figure, everything that was kept of an earlier run left out but compiled kernels."""
    found = {}
    for kind in FIGURES:
        backward_operator.cache_clear()
        figure: Any = kind(corpus=corpus) if kind in (Unigram, NGramText) else kind()  # type: ignore[call-arg]
        started = cpu()
        figure.compute(figure.runs, np.random.SeedSequence(1))
        found[kind.name] = cpu() - started
    return found


def original_loop() -> float:
    """CPU seconds of 5,000 Bernoulli paths of 50 generations at both settings, as the original draws them."""
    rng, started = np.random.default_rng(1), cpu()
    for p, n in SETTINGS:
        for _ in range(_PART):
            current = p
            for _ in range(50):
                current = rng.binomial(1, current, n).mean()
    return (cpu() - started) * BernoulliSurvival.runs / _PART


def whole(cache: str, texts: list[str]) -> float:
    """CPU seconds of the program with everything drawn; compiled kernels are taken from the cache folder."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "NUMBA_CACHE_DIR": cache}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "modelcollapse", "reproduce", "--quiet", "--output", str(Path(folder) / "out")]
        command += [part for text in texts for part in ("--corpus", text)]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(texts: list[str]) -> int:
    """Run everything, print the figures, and return 1 if one is missed."""
    corpus = read_text(texts) if texts else None
    computing(corpus)
    each = computing(corpus)
    for name, seconds in each.items():
        print(f"{name:25s} {seconds:7.3f} s")
    started = cpu()
    errata = [erratum for kind in FIGURES for erratum in errata_of(kind.name)]
    print(f"{len(errata)} errata{'':15s} {cpu() - started:7.3f} s\n")
    original, ours = original_loop(), each["bernoulli-survival"]
    ratio = original / ours
    print(f"bernoulli-survival: the original's loop {original:.1f} s, here {ours:.3f} s: {ratio:.0f} times faster")
    with tempfile.TemporaryDirectory() as empty:
        cold = whole(empty, texts)
        results = {
            "all figures, computing, warm kernels": (sum(each.values()), COMPUTING),
            "the whole program, drawing included, warm": (whole(empty, texts), WARM),
            "the whole program, kernels compiled anew": (cold, COLD),
        }
    for name, (seconds, limit) in results.items():
        print(f"{name:45s} {seconds:6.1f} s of {limit:.0f} s")
    return int(original < LEAST_RATIO * ours or any(seconds > limit for seconds, limit in results.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
