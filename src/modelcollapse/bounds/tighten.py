"""Tightening: what a bound implies besides what it states, from what the answer can be and how it can move.

A curve is clipped to the possible values. Where the answer can only fall from generation to generation, an upper
bound at an earlier generation is one at every later generation, and a lower bound at a later generation is one at
every earlier; so a curve keeps the best it says at any generation up to the last asked for. Of very many generations
only a selection is tried, denser at the start: all results remain bounds.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.recursion import Recursion
from modelcollapse.statistics import Statistic
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

_MOST_TRIED = 4096
_MOST_VALUES = 4_000_000


def tightened(bound: Bound, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
    """Return the bound's curves, clipped to the possible and made monotone where the answer is, or None."""
    moves = isinstance(recursion.workflow, Replace) and "generation" in statistic.dimensions
    trend = statistic.trend if moves else None
    tried = generations if trend is None else _tried(recursion, statistic, generations)
    bracket = bound.bracket(recursion, statistic, tried)
    if bracket is None:
        return None
    low, high = statistic.possible(recursion)
    at = np.searchsorted(tried, generations) if "generation" in statistic.dimensions else slice(None)

    def curve(values: Floats | None, best: np.ufunc, from_the_end: bool) -> Floats | None:
        if values is None:
            return None
        kept = np.clip(values, low, high)
        if trend is None:
            return kept
        kept = kept[::-1] if from_the_end else kept
        kept = best.accumulate(kept, axis=0)
        return np.asarray((kept[::-1] if from_the_end else kept)[at])

    falls = trend == "falls"
    lower = curve(bracket.lower, np.maximum, from_the_end=falls)
    upper = curve(bracket.upper, np.minimum, from_the_end=not falls)
    return Bracket(lower, upper)


def _tried(recursion: Recursion, statistic: Statistic, generations: Generations) -> Generations:
    """Generations 1..K, or a selection of them, with those asked for."""
    horizon = int(generations[-1])
    columns = math.prod(len(labels) for labels in statistic.coordinates(recursion).values())
    most = max(16, min(_MOST_TRIED, _MOST_VALUES // max(columns, 1)))
    if horizon <= most:
        return np.arange(1, horizon + 1)
    spread = np.geomspace(1, horizon, most).astype(np.int64)
    return np.union1d(np.minimum(spread, horizon), generations)
