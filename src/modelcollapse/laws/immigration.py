"""Branching with immigration: how many draws' worth of P_0 stand behind a generation when fresh data flow.

Let generation k have n_k draws, each fresh with chance a_k and from model k - 1 otherwise. For Poisson numbers the
chance of 0 at generation k is exactly exp(-lambda_0 w), with the effective size

    w = sum over j <= k of a_j v_j, plus (1 - a_1) v_1,
    v_k = n_k,  v_j = n_j (1 - exp(-(1 - a_{j+1}) v_{j+1} / n_j)),

where v_j is what n_j draws of generation j leave behind at generation k. Where m of them are fresh and weigh b in the
fit, and the other o weigh 1 - b, generation j leaves m (1 - exp(-b u/m)) of P_0 and passes on o (1 - exp(-(1 - b) u/o))
of the u that it was asked for; at generation k itself these are m and o. For symbols exp(-x w) is an upper bound of the
chance of absence, because (1 - q)^n <= exp(-n q) at every generation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.fresh_schedule import FreshSchedule, Weighted

Floats = NDArray[np.float64]

LONGEST = 10**6  # generations that are followed one by one


def effective_sizes(schedule: FreshSchedule, generations: NDArray[np.int64]) -> Floats:
    """Return w for each generation asked for (ascending, at least 1); n g_k where nothing is fresh.

    Examples
    --------
    >>> effective_sizes(FreshSchedule((10,), (0.1,)), np.array([1, 10, 50])).round(6)
    array([10.      ,  4.159645,  3.997476])
    """
    if isinstance(schedule.flows[0], Weighted):
        return _weighted(schedule, generations)
    if schedule.constant:
        return schedule.sizes[0] * _constant(schedule.share(1), generations)
    left, total = np.zeros(len(generations)), np.zeros(len(generations))
    for generation in range(int(generations[-1]), 0, -1):
        size, share = float(schedule.size(generation)), schedule.share(generation)
        left = np.where(generations > generation, size * -np.expm1(-left / size), left)
        left[generations == generation] = size
        total += share * left
        left *= 1.0 - share
    return np.asarray(total + left)


def _weighted(schedule: FreshSchedule, generations: NDArray[np.int64]) -> Floats:
    """Return w where fresh data have their own weight, going back from the last generation."""
    if schedule.constant:
        return _weighted_constant(schedule, generations)
    left, total = np.zeros(len(generations)), np.zeros(len(generations))
    for generation in range(int(generations[-1]), 0, -1):
        fresh, weight = schedule.fresh_size(generation), schedule.share(generation)
        others = schedule.size(generation) - fresh
        total += fresh * -np.expm1(-left * weight / fresh)
        left = others * -np.expm1(-left * (1.0 - weight) / others)
        total[generations == generation], left[generations == generation] = fresh, others
    return np.asarray(total + left)


def _weighted_constant(schedule: FreshSchedule, generations: NDArray[np.int64]) -> Floats:
    """The same for one size: all horizons in one pass, which ends where nothing changes any more."""
    fresh, weight = schedule.fresh_size(1), schedule.share(1)
    others = schedule.size(1) - fresh
    total, left, value, place, asked = fresh, others, np.empty(len(generations)), 0, generations.tolist()
    for generation in range(1, asked[-1] + 1):
        if generation == asked[place]:
            value[place] = total + left
            place += 1
        if left < 1e-18 * total or generation == LONGEST:
            break
        total += fresh * -math.expm1(-left * weight / fresh)
        left = others * -math.expm1(-left * (1.0 - weight) / others)
    value[place:] = total
    return value


def is_settled(share: float) -> bool:
    """Whether w has stopped to change by generation `LONGEST`, so that it is known at any later one."""
    return float((1.0 - share) ** LONGEST) < 1e-17


def _constant(share: float, generations: NDArray[np.int64]) -> Floats:
    """w/n for one size and share: all horizons in one pass, which ends where nothing changes any more."""
    alive, total = 1.0, 0.0
    value = np.empty(len(generations))
    place, asked = 0, generations.tolist()
    for generation in range(1, asked[-1] + 1):  # up to a million: plain numbers are ten times as fast as NumPy's
        total += share * alive
        alive *= 1.0 - share
        if generation == asked[place]:
            value[place] = total + alive
            place += 1
        if alive < 1e-18 * total or generation == LONGEST:
            break
        alive = -math.expm1(-alive)
    # Beyond LONGEST what is certain stays: the fresh part, which only grows.
    value[place:] = total
    return value
