"""Speed of the exact laws, as ratios against baselines measured in the same run.

    python benchmarks/bench_laws.py

Times are CPU seconds, the median of several rounds in which the candidates take turns. The baseline is the
Wright-Fisher recursion as one would write it with SciPy: a sparse matrix of the binomial laws, cut where they are
below 1e-16, applied to the survival of all counts.

Answers of `modelcollapse rate` are timed as whole processes, the start of Python included, with compiled modules cached
(in a folder of their own, filled by a first run). Each is held against 1 s and 500 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from statistics import median

# Before NumPy is first imported: with several threads, CPU seconds count waiting on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import binom

from modelcollapse import Categorical, Corpus, Known, Recursion, embedded, forecast, solve
from modelcollapse.laws.presence.accumulated_equation import accumulated_equation
from modelcollapse.laws.presence.backward_equation import backward_equation
from modelcollapse.laws.presence.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.subsampled_equation import subsampled_equation
from modelcollapse.laws.scales.log_scale_walk import tail
from modelcollapse.laws.scales.scale_steps import Gaussian
from modelcollapse.statistics import MeanForgettingTime, Survival, Vocabulary
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FreshCount, FreshMix
from modelcollapse.workflows.base import Workflow


def cpu(function: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


def banded_wright_fisher(n: int, generations: int) -> np.ndarray:
    """Survival of every count, generation after generation, with SciPy's binomial law and sparse matrix."""
    rows, columns, values = [], [], []
    for count in range(n + 1):
        reach = int(9 * np.sqrt(count * (1 - count / n)) + 20)
        low, high = max(0, count - reach), min(n, count + reach)
        rows.append(np.full(high - low + 1, count))
        columns.append(np.arange(low, high + 1))
        values.append(binom.pmf(columns[-1], n, count / n))
    matrix = csr_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))))
    alive = np.ones(n + 1)
    alive[0] = 0.0
    result = np.empty((generations, n + 1))
    for k in range(generations):
        alive = matrix @ alive
        result[k] = alive
    return result


def all_counts(n: int, generations: int) -> np.ndarray:
    """The same from the law."""
    operator = BackwardOperator(n, PanelSpline(n))
    x = np.arange(n + 1) / n
    excess = np.array(list(operator.excess(np.arange(1, generations + 1))))
    return x + excess @ operator.spline.rows(x).T


def fresh(function: Callable[[], object]) -> Callable[[], object]:
    """The call with nothing kept from before."""

    def call() -> object:
        for kept in (backward_operator, backward_equation, subsampled_equation, accumulated_equation):
            kept.cache_clear()
        return function()

    return call


def large_corpus(distinct: int) -> Corpus:
    """A corpus with that many distinct counts, about 10^13 tokens for 10^6."""
    return Corpus(np.unique(np.geomspace(1, 1.5e8, 4 * distinct).astype(np.int64))[:distinct])


def zipf_corpus(types: int, tokens: int) -> Corpus:
    """A corpus drawn from a Zipf law."""
    law = 1 / (np.arange(1, types + 1) + 2.7)
    return Corpus(np.random.default_rng(1).multinomial(tokens, law / law.sum()))


def vocabulary(corpus: Corpus, workflow: Workflow, generations: int) -> object:
    """Mean and variance of the vocabulary, resampling as many words as there are."""
    return solve(Recursion(Categorical(), corpus, corpus.tokens, workflow), Vocabulary(), generations, method="exact")


def gaussian_tails(number: int) -> object:
    """Tails of so many parameter sets at once, spread over sample sizes, generations and thresholds."""
    rng = np.random.default_rng(1)
    sizes = np.exp(rng.uniform(np.log(3), np.log(1e6), number)).astype(np.int64)
    generations = np.exp(rng.uniform(0, np.log(1e4), number)).astype(np.int64)
    return tail(Gaussian(sizes), generations, rng.uniform(-3.0, 0.0, number))


def questions() -> dict[str, tuple[Callable[[], object], float]]:
    """Name -> call and the CPU seconds it may take."""
    many, ordinary = large_corpus(10**6), zipf_corpus(30_000, 500_000)
    point = Recursion(Categorical(), Known([1e-6, 1 - 1e-6]), 10**9)
    single = Recursion(Categorical(), Corpus([1, 10**12 - 1]), 10**12)
    return {
        "survival, n = 10^9, 50 generations": (lambda: solve(point, Survival([0]), 50), 0.5),
        "absorption time, n = 10^12": (lambda: solve(single, MeanForgettingTime(), []), 1.0),
        f"{len(many.spectrum[0]):,} distinct counts, 1,000 generations, mean and variance": (
            lambda: solve(Recursion(Categorical(), many, 10**13), Vocabulary(), 1000),
            1.0,
        ),
        "mean and variance, 30,000 types, 60 generations": (
            lambda: solve(Recursion(Categorical(), ordinary, ordinary.tokens), Vocabulary(), 60),
            0.5,
        ),
        "forecast of the King James Bible, 100 generations": (lambda: forecast(embedded(), 100), 2.0),
        "30,000 types, 60 generations, a tenth fresh": (lambda: vocabulary(ordinary, FreshMix(0.1), 60), 1.0),
        "30,000 types, 60 generations, a tenth fresh by number": (
            lambda: vocabulary(ordinary, FreshCount(ordinary.tokens // 10), 60),
            4.0,
        ),
        "30,000 types, 60 generations, all data kept": (lambda: vocabulary(ordinary, Accumulate(), 60), 0.5),
        "30,000 types, 60 generations, parts of all data": (
            lambda: vocabulary(ordinary, AccumulateSubsample(), 60),
            0.5,
        ),
        "30,000 types, 60 generations, all data kept, a tenth fresh": (
            lambda: vocabulary(ordinary, Accumulate(fresh=0.1), 60),
            1.0,
        ),
        "100,000 tails of Gaussians": (lambda: gaussian_tails(100_000), 2.0),
        f"{len(many.spectrum[0]):,} distinct counts, a hundredth fresh, 50 generations": (
            lambda: vocabulary(many, FreshMix(0.01), 50),
            2.0,
        ),
    }


SECONDS, MEGABYTES = 1.0, 500.0  # of any answer of `rate` that an exact law gives


def listed(sizes: Iterable[int]) -> list[str]:
    """A schedule as the command line takes it."""
    return ["--sample-sizes", ",".join(str(int(size)) for size in sizes)]


def rates() -> dict[str, tuple[list[str], float]]:
    """Name -> arguments of `modelcollapse rate`, and the CPU seconds that the answer may take."""
    symbol, scale = ["--probability", "0.01"], ["--threshold", "0.1"]
    wild = np.exp(np.random.default_rng(1).uniform(np.log(100), np.log(1e12), 5000))
    mixed = np.exp(np.random.default_rng(2).uniform(np.log(3), np.log(1e6), 8000))
    deep = ["gaussian", "--sample-size", "1001", "--dimension", "1000", *scale, "--generations", "1000"]
    long = ["categorical", "--count", "1", "--generations"]
    kept = {
        f"{workflow}, n = {n:,}, 1,000 generations": (
            [*long, "1000", "--sample-size", str(n), "--workflow", workflow],
            SECONDS,
        )
        for workflow in ("accumulate", "accumulate-subsample")
        for n in (100, 10**6, 10**13)
    }
    part = [*long, "1000", "--sample-size", str(10**6), "--workflow", "accumulate-subsample", "--subsample", "1000"]
    return {
        **kept,
        "accumulate-subsample, parts of 1,000 for n = 10^6, 1,000 generations": (part, SECONDS),
        "categorical": (["categorical", "--sample-size", "100", "--count", "1"], SECONDS),
        "categorical, n = 10^12, 10^6 generations": ([*long, str(10**6), "--sample-size", str(10**12)], SECONDS),
        "categorical, n = 10^13, 10^12 generations": ([*long, str(10**12), "--sample-size", str(10**13)], SECONDS),
        "categorical, 100 sample sizes": (["categorical", *symbol, *listed(range(1000, 1100))], SECONDS),
        "categorical, 1,000 sample sizes": (["categorical", *symbol, *listed(range(1000, 2000))], SECONDS),
        "categorical, 5,000 sample sizes": (["categorical", *symbol, *listed(range(1000, 6000))], SECONDS),
        "categorical, 1,000 sample sizes from 100 to 10^12": (["categorical", *symbol, *listed(wild[:1000])], SECONDS),
        "categorical, 5,000 sample sizes from 100 to 10^12": (["categorical", *symbol, *listed(wild)], 2.5),
        "categorical, 1,000 such sizes, a tenth fresh": (
            ["categorical", *symbol, "--fresh", "0.1", *listed(wild[:1000])],
            SECONDS,
        ),
        "categorical, 5,000 such sizes, a tenth fresh": (
            ["categorical", *symbol, "--fresh", "0.1", *listed(wild)],
            4.0,
        ),
        "categorical, 1,000 sample sizes, ten draws fresh": (
            ["categorical", *symbol, "--fresh-count", "10", *listed(range(1000, 2000))],
            SECONDS,
        ),
        "categorical, n = 10^13, next to nothing fresh, 10^6 generations": (
            [*long, str(10**6), "--sample-size", str(10**13), "--fresh", "1e-9"],
            SECONDS,
        ),
        "poisson, n = 10^13, 10^12 generations": (
            ["poisson", "--sample-size", str(10**13), "--rate", "1", "--generations", str(10**12)],
            SECONDS,
        ),
        "poisson, 10,000 sample sizes": (["poisson", "--rate", "1", *listed(range(10, 10_010))], SECONDS),
        "gaussian, n = 10^13, 10^6 generations": (
            ["gaussian", "--sample-size", str(10**13), *scale, "--generations", str(10**6)],
            SECONDS,
        ),
        "gaussian, 1,000 sample sizes": (["gaussian", *scale, *listed(range(100, 1100))], SECONDS),
        "gaussian, 8,000 sample sizes from 3 to 10^6": (["gaussian", *scale, *listed(mixed)], SECONDS),
        "gaussian in 1,000 dimensions": (deep, SECONDS),
        "gaussian in 1,000 dimensions, 1,000 sample sizes": (
            ["gaussian", "--dimension", "1000", *scale, *listed(range(1001, 2001))],
            SECONDS,
        ),
        "uniform-range, 10^6 generations": (
            ["uniform-range", "--sample-size", str(10**6), *scale, "--generations", str(10**6)],
            SECONDS,
        ),
    }


# A process starts with the peak of the one that forks it: it is started by one that is small.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))
"""


def process(arguments: list[str], cache: str) -> tuple[float, float]:
    """CPU seconds and peak megabytes of a whole process of Python."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache, "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", MEASURED, sys.executable, *arguments]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    seconds, memory = map(float, said.split())
    return seconds, memory


def whole_processes() -> bool:
    """Time every answer of `rates`, print the figures, and return whether one is missed."""
    missed = False
    print(f"\nanswers of `modelcollapse rate` as whole processes, at most {MEGABYTES:.0f} MB each")
    with tempfile.TemporaryDirectory() as cache:
        for name, (question, limit) in rates().items():
            arguments = ["-m", "modelcollapse", "rate", *question, "--format", "json", "--quiet"]
            process(arguments, cache)
            rounds = [process(arguments, cache) for _ in range(1 if limit > 10 else 3)]
            seconds, memory = (median(column) for column in zip(*rounds, strict=True))
            missed |= seconds > limit or memory > MEGABYTES
            print(f"{name:60s} {seconds:6.3f} s of {limit} s   {memory:4.0f} MB")
    return missed


def main() -> int:
    """Run everything, print the figures, and return 1 if one is missed."""
    baseline, law = [], []
    for _ in range(3):
        baseline.append(cpu(lambda: banded_wright_fisher(10_000, 50)))
        law.append(cpu(lambda: all_counts(10_000, 50)))
    error = np.abs(all_counts(10_000, 50)[:, 1:] / banded_wright_fisher(10_000, 50)[:, 1:] - 1).max()
    print("survival of all counts, n = 10,000, 50 generations")
    print(f"  sparse Wright-Fisher with SciPy  {median(baseline):8.3f} s")
    print(
        f"  the law                          {median(law):8.3f} s   {median(baseline) / median(law):.0f} times faster"
    )
    print(f"  largest relative difference      {error:8.1e}   (the baseline's binomial law is good to 1e-11)\n")
    missed = median(baseline) < 20 * median(law)
    for name, (call, limit) in questions().items():
        seconds = median(cpu(fresh(call)) for _ in range(5))
        missed |= seconds > limit
        print(f"{name:60s} {seconds:6.3f} s of {limit} s")
    missed |= whole_processes()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
