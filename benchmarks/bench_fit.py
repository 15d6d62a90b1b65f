"""CPU seconds of `fit` on 20,000 types and 10 generations, bootstrap included, against drawing its histories alone.

    python benchmarks/bench_fit.py [--limit 10]

The baseline draws the histories of one bootstrap, 199 times 9 generations, with NumPy's multinomial numbers, and does
nothing with them. The last row reads a million tokens of each generation as a sample. Leaves with status 1 if a fit
takes more than the limit.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from modelcollapse import CountTable, fit
from modelcollapse.fitting import REPLICATES

TYPES, TOKENS, STEPS = 20_000, 400_000, 9
SAMPLE = 10**6


def generations(fresh: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Counts of ten generations of a Zipf corpus."""
    share = 1 / (np.arange(1, TYPES + 1) + 2.7)
    counts = [np.maximum(1, np.round(TOKENS * share / share.sum())).astype(np.int64)]
    size = int(counts[0].sum())
    origin = counts[0] / size
    for _ in range(STEPS):
        counts.append(rng.multinomial(size, fresh * origin + (1 - fresh) * counts[-1] / size))
    return counts


def tables(counts: list[np.ndarray]) -> list[CountTable]:
    """The generations as a reader would return them."""
    found = []
    for row in counts:
        present = np.flatnonzero(row)
        found.append(CountTable.from_counts([f"w{i}" for i in present], row[present]))
    return found


def histories(origin: np.ndarray) -> None:
    """Draw as many histories as one bootstrap does."""
    rng, size = np.random.default_rng(1), int(origin.sum())
    for _ in range(REPLICATES):
        counts = origin
        for _ in range(STEPS):
            counts = rng.multinomial(size, counts / size)


def main() -> int:
    """Measure fresh shares from none to many and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=10.0, help="CPU seconds that a fit may take")
    options = parser.parse_args()
    print("| counts are | fresh share | estimate | CPU seconds | over drawing alone |\n|---|---|---|---|---|")
    slowest, rng = 0.0, np.random.default_rng(2)
    for counts_are, fresh in (("training-set", 0.0), ("training-set", 1e-4), ("training-set", 0.1), ("sample", 0.1)):
        counts = generations(fresh, np.random.default_rng(1))
        data = tables(counts)
        if counts_are == "sample":
            data[1:] = tables([rng.multinomial(SAMPLE, row / row.sum()) for row in counts[1:]])
        start = time.process_time()
        found = fit(data, counts_are=counts_are, rng=1)
        spent = time.process_time() - start
        start = time.process_time()
        histories(counts[0])
        drawing = time.process_time() - start
        slowest = max(slowest, spent)
        value = found.fresh.value if found.fresh else float("nan")
        print(f"| {counts_are} | {fresh:g} | {value:.3g} | {spent:.1f} | {spent / drawing:.1f} |", flush=True)
    return 0 if slowest <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
