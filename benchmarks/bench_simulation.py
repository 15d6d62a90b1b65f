"""Speed of the simulation's kernels, as ratios against NumPy in the same run, on one thread; two threads at the end.

    python benchmarks/bench_simulation.py [--markdown FILE]

Candidates take turns in random order; times are CPU seconds, the median of several rounds, after one that compiles.
Baselines are what one would write with NumPy: vectorised over replicates, and leaving out what has died.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from modelcollapse import Categorical, Gaussian, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.route import Route
from modelcollapse.simulate.shortcuts.gaussian import GaussianKernel, TriangularKernel
from modelcollapse.simulate.shortcuts.presence import PresenceKernel
from modelcollapse.simulate.shortcuts.survivors import SurvivorsKernel
from modelcollapse.statistics import MeanVariance, NonZero, Statistic, Survival, Vocabulary

ROUNDS = 7
START = Parameters(mean=0.0, scale=1.0)
Call = Callable[[], object]


def live_binomial(n: int, p: float, replicates: int, generations: int) -> Call:
    """Survival with `Generator.binomial` on the trajectories that are alive."""

    def call() -> list[int]:
        rng, found = np.random.default_rng(1), []
        live = rng.binomial(n, p, size=replicates)
        for _ in range(generations):
            live = live[live > 0]
            found.append(len(live))
            live = rng.binomial(n, live / n)
        return found

    return call


def vectorised_poisson(mean: float, replicates: int, generations: int) -> Call:
    """All sums by `Generator.poisson`, dead or alive."""

    def call() -> list[int]:
        rng, found = np.random.default_rng(1), []
        total = rng.poisson(mean, size=replicates)
        for _ in range(generations):
            found.append(np.count_nonzero(total))
            total = rng.poisson(total)
        return found

    return call


def normal_and_chisquare(n: int, replicates: int, generations: int) -> Call:
    """Mean and variance from their own laws, the cost of a generation independent of n."""

    def call() -> np.ndarray:
        rng, mean, variance = np.random.default_rng(1), np.zeros(replicates), np.ones(replicates)
        for _ in range(generations):
            mean += np.sqrt(variance / n) * rng.standard_normal(replicates)
            variance *= rng.chisquare(n - 1, replicates) / (n - 1)
        return variance

    return call


def batched_bartlett(d: int, n: int, replicates: int, generations: int) -> Call:
    """Products of triangular factors by NumPy, a block of replicates at once."""
    block = max(1, 2**15 // d**2)
    freedom, below = n - 1.0 - np.arange(d), np.tril_indices(d, -1)

    def call() -> np.ndarray:
        rng = np.random.default_rng(1)
        for _ in range(-(-replicates // block)):
            factor, mean = np.broadcast_to(np.eye(d), (block, d, d)), np.zeros((block, d))
            for _ in range(generations):
                wishart = np.zeros((block, d, d))
                wishart[:, below[0], below[1]] = rng.standard_normal((block, len(below[0])))
                wishart[:, np.arange(d), np.arange(d)] = np.sqrt(rng.chisquare(freedom, (block, d)))
                mean = mean + (factor @ (rng.standard_normal((block, d, 1)) / np.sqrt(n)))[:, :, 0]
                factor = factor @ wishart / np.sqrt(n - 1.0)
        return factor

    return call


def surviving_multinomial(law: np.ndarray, n: int, generations: int) -> Call:
    """`Generator.multinomial` on the symbols that are alive."""

    def call() -> int:
        rng = np.random.default_rng(1)
        counts = rng.multinomial(n, law)
        for _ in range(generations - 1):
            counts = counts[counts > 0]
            counts = rng.multinomial(n, counts / n)
        return np.count_nonzero(counts)

    return call


def blocks_of(
    route: Route, recursion: Recursion, statistic: Statistic, replicates: int, horizon: int, threads: int = 1
) -> Call:
    """The kernel on as many blocks as hold the replicates."""
    generations = np.array([horizon])
    size = min(route.block_size(Experiment(recursion, [statistic], generations, replicates)), replicates)

    def block(number: int) -> object:
        seed = np.random.SeedSequence(1, spawn_key=(number,))
        return route.run_block(Experiment(recursion, [statistic], generations, size), seed)

    def call() -> object:
        numbers = range(-(-replicates // size))
        if threads == 1:
            return [block(number) for number in numbers]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(block, numbers))

    return call


def two(n: int, p: float) -> Recursion:
    """One symbol and the rest."""
    return Recursion(Categorical(), Known([p, 1 - p]), n)


def zipf(symbols: int) -> np.ndarray:
    """A law of many symbols."""
    law = 1 / (np.arange(1, symbols + 1) + 10.0) ** 1.05
    return law / law.sum()


def questions() -> list[tuple[str, Call, Call, float]]:
    """Name, baseline, kernel, and the ratio that must be reached."""
    found = []
    for n, p, replicates, least in ((100, 0.01, 2**19, 15), (10**4, 1e-3, 2**17, 15), (10**9, 1e-6, 2**14, 5)):
        kernel = blocks_of(PresenceKernel(), two(n, p), Survival([0]), replicates, 50)
        found.append((f"survival, n = {n:,}, p = {p:g}", live_binomial(n, p, replicates, 50), kernel, least))
    poisson = Recursion(Poisson(), Parameters(rate=1.0), 10)
    kernel = blocks_of(PresenceKernel(), poisson, NonZero(), 2**16, 500)
    found.append(("Poisson, n lambda = 10, 500 generations", vectorised_poisson(10.0, 2**16, 500), kernel, 15))
    for n in (10, 100):
        kernel = blocks_of(GaussianKernel(), Recursion(Gaussian(), START, n), MeanVariance(), 2**15, 50)
        found.append((f"Gaussian, mean and scale, n = {n}", normal_and_chisquare(n, 2**15, 50), kernel, 3))
    for d, n, replicates, least in ((2, 50, 2**14, 2), (50, 200, 52, 1)):
        recursion = Recursion(Gaussian(dimension=d), START, n)
        kernel = blocks_of(TriangularKernel(), recursion, MeanVariance(), replicates, 20)
        found.append((f"Gaussian, {d} dimensions, n = {n}", batched_bartlett(d, n, replicates, 20), kernel, least))
    return found


def cpu(call: Call) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def wall(call: Call) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def paired(first: Call, second: Call, clock: Callable[[Call], float], rounds: int) -> tuple[float, float]:
    """Median times of two calls that take turns in random order, after one round that compiles."""
    first(), second()
    rng, times = np.random.default_rng(), ([], [])
    for _ in range(rounds):
        for which in rng.permutation(2):
            times[which].append(clock((first, second)[which]))
    return median(times[0]), median(times[1])


def rows() -> list[tuple[str, float, float, float]]:
    """Measure everything: name, seconds of the baseline, of ours, and the ratio that must be reached."""
    found = [(name, *paired(base, kernel, cpu, ROUNDS), least) for name, base, kernel, least in questions()]
    law = zipf(10**6)
    kernel = blocks_of(SurvivorsKernel(), Recursion(Categorical(), Known(law), 10**8), Vocabulary(), 1, 300)
    base = surviving_multinomial(law, 10**8, 300)
    found.append(("10^6 symbols, n = 10^8, 300 generations", *paired(base, kernel, cpu, 3), 10.0))
    question = (PresenceKernel(), two(10**4, 1e-3), Survival([0]), 2**22, 50)
    threads = paired(blocks_of(*question), blocks_of(*question, threads=2), wall, 5)
    found.append(("two threads against one, seconds by the clock", *threads, 1.6))
    return found


def histogram() -> tuple[float, float]:
    """Seconds for 10^12 replicates of 50 generations, n = 100, and the largest |z| against the law."""
    exact = solve(two(100, 0.01), Survival([0]), 50)["survival"].value
    question = {"method": "simulate", "replicates": 10**12, "rng": 1}
    solve(two(100, 0.01), Survival([0]), 50, **question)
    seconds = median(cpu(lambda: solve(two(100, 0.01), Survival([0]), 50, **question)) for _ in range(ROUNDS))
    found = solve(two(100, 0.01), Survival([0]), 50, **question)["survival"].value
    return seconds, float((np.abs(found - exact) / np.sqrt(exact * (1 - exact) / 1e12)).max())


def report(measured: list[tuple[str, float, float, float]], seconds: float, worst: float) -> str:
    """Return a table in Markdown."""
    lines = ["| question | NumPy, s | kernel, s | ratio | must reach |", "|---|---|---|---|---|"]
    for name, base, ours, least in measured:
        lines.append(f"| {name} | {base:.3f} | {ours:.3f} | {base / ours:.1f} | {least:g} |")
    lines.append("")
    lines.append(
        f"10^12 replicates as a histogram (n = 100, 50 generations): {seconds:.3f} s, largest |z| {worst:.1f}."
    )
    return "\n".join(lines)


def main() -> int:
    """Print the figures, and return 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, help="also write the table there")
    arguments = parser.parse_args()
    measured, (seconds, worst) = rows(), histogram()
    text = report(measured, seconds, worst)
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text + "\n", encoding="utf-8")
    missed = [name for name, base, ours, least in measured if base < least * ours]
    if seconds > 0.1:
        missed.append("histogram in 0.1 s")
    print("missed: " + "; ".join(missed) if missed else "all reached")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
