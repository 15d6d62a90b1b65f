"""How many replicates a requested precision takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modelcollapse.errors import NoAnswerError
from modelcollapse.recursion import Recursion
from modelcollapse.simulate.engine import Simulation, run
from modelcollapse.simulate.experiment import Generations
from modelcollapse.simulate.intervals import clopper_pearson, mean_of, standard_deviation
from modelcollapse.statistics.base import Statistic, Sums

MOST = 10**9
_PILOT = 1000
_MARGIN = 1.2  # the pilot's standard deviations are estimates themselves
_QUANTILE = 2.1  # of Student's t with the 19 or more degrees of freedom that intervals have


def replicates_for(
    precision: float, recursion: Recursion, statistics: Sequence[Statistic], generations: Generations, entropy: int
) -> int:
    """Return how many replicates make all 95 % intervals about as narrow as asked.

    `precision` is half the width of an interval: absolute for a probability, and then kept for certain; for any
    other statistic relative to its largest value along the generations, and aimed at, from the variance of a pilot
    of 1,000 replicates that is no part of the answer, so that looking does not bias it.

    Raises
    ------
    NoAnswerError
        If it would take more than 10^9 replicates.
    """
    needed = max(_for_probability(precision) if s.is_probability else 0 for s in statistics)
    others = [s for s in statistics if not s.is_probability]
    if others:
        pilot = Simulation(recursion, others, generations, _PILOT, _other_entropy(entropy))
        *_, last = run(pilot)
        needed = max(needed, *(_for_mean(precision, sums) for sums in last.sums))
    if needed > MOST:
        raise NoAnswerError(
            f"`precision` is {precision:g}, which would take {needed:.2g} replicates, more than {MOST:.0g}; "
            "ask for less."
        )
    return max(needed, 100)


def _for_probability(precision: float) -> int:
    """Replicates that are enough for the widest interval, that of a probability of 1/2."""
    if precision >= 0.5:
        return 1
    low, high = 1, 2 * MOST
    while low < high:
        middle = (low + high) // 2
        if _half_width(middle) <= precision:
            high = middle
        else:
            low = middle + 1
    return low


def _half_width(replicates: int) -> float:
    hits: Any = np.array([replicates // 2], dtype=np.float64)
    bottom, top = clopper_pearson(Sums.of_block(replicates, hits, hits))
    return float((top - bottom)[0] / 2.0)


def _for_mean(precision: float, sums: Sums) -> int:
    largest = np.abs(mean_of(sums)).max(axis=0)
    half = precision * np.where(largest > 0, largest, 1.0)
    needed = (_MARGIN * _QUANTILE * standard_deviation(sums) / half) ** 2
    return int(np.ceil(np.minimum(needed.max(initial=1.0), 1e18)))


def _other_entropy(entropy: int) -> int:
    return int(np.random.SeedSequence(entropy, spawn_key=(2**31,)).generate_state(2, np.uint64)[0])
