"""Speed of the exact laws, as ratios against baselines measured in the same run.

    python benchmarks/bench_laws.py

Times are CPU seconds, the median of several rounds in which the candidates take turns. The baseline is the
Wright-Fisher recursion as one would write it with SciPy: a sparse matrix of the binomial laws, cut where they are
below 1e-16, applied to the survival of all counts.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median

# Before NumPy is first imported: with several threads, CPU seconds count waiting on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import binom

from modelcollapse import Categorical, Corpus, Known, Recursion, embedded, forecast, solve
from modelcollapse.laws.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.collocation import PanelSpline
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
        backward_operator.cache_clear()
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
        "30,000 types, 60 generations, all data kept": (lambda: vocabulary(ordinary, Accumulate(), 60), 4.0),
        "30,000 types, 60 generations, parts of all data": (
            lambda: vocabulary(ordinary, AccumulateSubsample(), 60),
            5.0,
        ),
        "30,000 types, 60 generations, all data kept, a tenth fresh": (
            lambda: vocabulary(ordinary, Accumulate(fresh=0.1), 60),
            6.0,
        ),
        f"{len(many.spectrum[0]):,} distinct counts, a hundredth fresh, 50 generations": (
            lambda: vocabulary(many, FreshMix(0.01), 50),
            2.0,
        ),
    }


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
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
