"""Speed of the joint likelihood of mixtures, n = 10, as ratios against two baselines in the same run, on one thread.

    python benchmarks/bench_mixture.py [--markdown FILE]

Candidates take turns in random order; times are CPU seconds per fit, the median of several rounds, after one that
compiles. All draw the data and fit, for as many generations. The baselines are

* the authors' way: one replicate after the other, one root by `scipy.optimize.fsolve` from the mean of the start (it
  often is a wrong root);
* the EM algorithm in NumPy, a block of replicates at once, 100 iterations from the mean of the start: a local maximum.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import fsolve

from modelcollapse import Parameters, Recursion
from modelcollapse.families import Mixture
from modelcollapse.simulate.experiment import Experiment
from modelcollapse.simulate.generic import GenericLoop
from modelcollapse.simulate.route import Route
from modelcollapse.simulate.shortcuts.mixture import MixtureKernel
from modelcollapse.statistics import MeanScale

ROUNDS = 5
SIZE, START = 10, Parameters(mean=1.0, scale=1.0)
AGAINST_FSOLVE, AGAINST_EM = 500.0, 5.0
Call = Callable[[], object]


def one_root(generations: int, replicates: int) -> Call:
    """The authors' way."""

    def fitted(y: np.ndarray) -> tuple[float, float]:
        square = float((y * y).mean())
        found = fsolve(lambda t: (y * np.tanh(t * y / (square - t * t))).mean() - t, 1.0)
        mean = float(found[0])
        return mean, max(square - mean * mean, 1e-300) ** 0.5

    def call() -> float:
        rng, scale = np.random.default_rng(1), 0.0
        for _ in range(replicates):
            mean, scale = 1.0, 1.0
            for _ in range(generations):
                y = rng.choice([-1.0, 1.0], SIZE) * mean + scale * rng.standard_normal(SIZE)
                mean, scale = fitted(y)
        return scale

    return call


def batched_em(generations: int, replicates: int, iterations: int = 100) -> Call:
    """EM for all replicates at once."""

    def call() -> np.ndarray:
        rng, mean, scale = np.random.default_rng(1), np.ones(replicates), np.ones(replicates)
        for _ in range(generations):
            y = np.abs(mean[:, None] + scale[:, None] * rng.standard_normal((replicates, SIZE)))
            square = (y * y).mean(axis=1)
            mean = np.sqrt(0.5 * square)
            for _ in range(iterations):
                mean = (y * np.tanh((mean / (square - mean * mean))[:, None] * y)).mean(axis=1)
            scale = np.sqrt(np.maximum(square - mean * mean, 1e-300))
        return scale

    return call


def by_route(route: Route, generations: int, replicates: int) -> Call:
    """One block of ours."""
    recursion, asked = Recursion(Mixture(), START, SIZE), np.array([generations])

    def call() -> object:
        return route.run_block(Experiment(recursion, [MeanScale()], asked, replicates), np.random.SeedSequence(1))

    return call


def cpu(call: Call) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def per_fit(generations: int) -> dict[str, float]:
    """CPU seconds of one fit, by candidate."""
    many = {"fsolve": 20, "EM in NumPy": 1000, "plain route": 1000, "kernel": 20 * 4096}
    calls = {
        "fsolve": one_root(generations, many["fsolve"]),
        "EM in NumPy": batched_em(generations, many["EM in NumPy"]),
        "plain route": by_route(GenericLoop(), generations, many["plain route"]),
        "kernel": by_route(MixtureKernel(), generations, many["kernel"]),
    }
    for call in calls.values():
        call()
    times: dict[str, list[float]] = {name: [] for name in calls}
    names, rng = list(calls), np.random.default_rng()
    for _ in range(ROUNDS):
        for name in rng.permutation(names):
            times[name].append(cpu(calls[name]))
    return {name: median(times[name]) / (many[name] * generations) for name in calls}


def report(measured: dict[int, dict[str, float]]) -> str:
    """Return a table in Markdown."""
    lines = ["| generations | candidate | microseconds per fit | the kernel is faster by |", "|---|---|---|---|"]
    for generations, found in measured.items():
        for name, seconds in found.items():
            lines.append(f"| {generations} | {name} | {1e6 * seconds:.3f} | {seconds / found['kernel']:,.1f} |")
    return "\n".join(lines)


def main() -> int:
    """Print the figures, and return 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, help="also write the table there")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of roots that fsolve does not find
    with np.errstate(all="ignore"):
        measured = {generations: per_fit(generations) for generations in (20, 60)}
    text = report(measured)
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text + "\n", encoding="utf-8")
    missed = []
    for name, least in (("fsolve", AGAINST_FSOLVE), ("EM in NumPy", AGAINST_EM)):
        reached = measured[20][name] / measured[20]["kernel"]
        if reached < least:
            missed.append(f"{name}: {reached:.1f} times, not {least:g}")
    print("missed: " + "; ".join(missed) if missed else "all reached")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
