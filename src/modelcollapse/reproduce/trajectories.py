"""What figures of single runs share: the runs as curves, an exact band, and runs counted against a law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from modelcollapse.reproduce import agreement
from modelcollapse.reproduce.data import EXACT, SIMULATED, Curve, Floats, Verdict
from modelcollapse.simulate.intervals import clopper_pearson
from modelcollapse.statistics.base import Sums

SPREAD = "one standard deviation (exact)"


def drawn(panel: str, found: Floats, *, most: int, start: float, every: int = 1) -> list[Curve]:
    """Return the first runs, shape (generation, replicate), as curves from generation 0 on, each so many-th point."""
    generations = np.arange(0, len(found) + 1, every)
    return [
        Curve.of(panel, f"run {run + 1}", "path", generations, np.r_[start, found[:, run]][generations])
        for run in range(min(most, found.shape[1]))
    ]


def band(panel: str, generations: NDArray[np.int64], mean: float, spread: Floats) -> list[Curve]:
    """Return an exact mean, and one exact standard deviation to either side."""
    flat = np.full(len(generations), mean)
    return [
        Curve.of(panel, EXACT, "exact", generations, flat),
        Curve.of(panel, SPREAD, "spread", generations, flat + spread),
        Curve.of(panel, SPREAD, "spread", generations, flat - spread),
    ]


def share(panel: str, generations: Sequence[int], seen: NDArray[np.bool_]) -> Curve:
    """Return the share of the runs to which something has happened, shape (generation, replicate), with intervals."""
    rows = np.asarray(generations) - 1
    hits = seen[rows].sum(axis=1).astype(np.float64)
    low, high = clopper_pearson(Sums.of_block(seen.shape[1], hits, hits))
    return Curve.of(panel, SIMULATED, "estimate", generations, hits / seen.shape[1], low=low, high=high)


def counted(
    panel: str, generations: Sequence[int], events: Mapping[str, tuple[NDArray[np.bool_], Floats]]
) -> tuple[Verdict, ...]:
    """Return one verdict per event: which runs it happened to, shape (generation, replicate), and its chance."""
    rows, comparisons = np.asarray(generations) - 1, len(generations) * len(events)
    verdicts = []
    for name, (seen, law) in events.items():
        runs = seen.shape[1]
        chances = agreement.probability_tails(seen[rows].mean(axis=1), runs, law[rows])
        detail = f"least chance {chances.min():.2g}, false alarm {agreement.FALSE_ALARM:.0e}"
        statement = f"{name}: {runs:,} runs agree with the exact law at {len(rows)} generations"
        verdicts.append(Verdict(panel, statement, agreement.agrees(chances, comparisons), detail))
    return tuple(verdicts)
