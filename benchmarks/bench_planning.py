"""Speed of plans, CPU seconds; exit 1 where one takes longer than it may.

Run: python benchmarks/bench_planning.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from modelcollapse import CountTable, embedded
from modelcollapse.planning import Plan, Prices, plan


def web() -> CountTable:
    """Return a corpus of about 10^13 tokens in which a million words have a million different counts."""
    counts = np.arange(1, 10**6 + 1, dtype=np.int64) * 20
    counts[-1] += 10**13 - int(counts.sum())
    return CountTable.from_counts([f"w{i}" for i in range(len(counts))], counts, name="the web")


def main() -> int:
    """Print a line for each plan."""
    small, large = embedded(), web()
    cases: list[tuple[str, float, Callable[[], Plan]]] = [
        ("King James Bible, sample size", 5.0, lambda: plan(small, 50)),
        ("King James Bible, fresh share", 5.0, lambda: plan(small, 50, vary="fresh", relative=True)),
        ("King James Bible, growth", 5.0, lambda: plan(small, 50, vary="growth", relative=True, keep=0.5)),
        ("King James Bible, both, with prices", 5.0, lambda: _frontier(small)),
        ("10^13 tokens, 10^6 counts, sample size", 30.0, lambda: plan(large, 50, keep=0.999)),
        (
            "10^13 tokens, 10^6 counts, fresh share",
            30.0,
            lambda: plan(large, 200, keep=0.999, vary="fresh", relative=True),
        ),
    ]
    missed = False
    for name, allowed, run in cases:
        before = time.process_time()
        found: Any = run()
        seconds = time.process_time() - before
        missed = missed or seconds > allowed
        answer = "none" if found.answer is None else f"{found.answer.setting}"
        print(f"{name}: {seconds:.2f} s CPU, {allowed:g} allowed{'  MISSED' if seconds > allowed else ''}; {answer}")
    return int(missed)


def _frontier(table: CountTable) -> Plan:
    return plan(table, 50, vary="sample-size,fresh", prices=Prices(fresh=10.0, synthetic=1.0))


if __name__ == "__main__":
    sys.exit(main())
