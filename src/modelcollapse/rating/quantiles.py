"""When a recursion's collapse is over, with chances of 10, 50 and 90 %."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.door import solve
from modelcollapse.errors import NoAnswerError
from modelcollapse.recursion import Recursion
from modelcollapse.result import Kind
from modelcollapse.statistics import Statistic

LEVELS = (0.1, 0.5, 0.9)
NOT_FOR_EVER = "nothing is over for ever"

Curve = tuple[NDArray[np.int64], NDArray[np.float64], Kind]


def quantiles_of(
    recursion: Recursion, time_statistic: Statistic | None, curve: Curve | None
) -> tuple[dict[float, float], str | None, int | None]:
    """Return quantiles, where they are from, and up to which generation was looked (None if without limit).

    By the law of the time, otherwise read off the curve (generations, values, kind), as far as it goes.
    """
    if time_statistic is not None:
        try:
            answer = solve(recursion, time_statistic, [], method="sampled")[time_statistic.name]
        except NoAnswerError:
            pass
        else:
            times = answer.value.reshape(len(answer.coordinates["level"]), -1)[:, 0].tolist()
            return dict(zip(answer.coordinates["level"], times, strict=True)), answer.source, _limit(recursion)
        if not _is_for_ever(recursion, time_statistic):
            return dict.fromkeys(LEVELS, float("inf")), NOT_FOR_EVER, None
    if curve is None:
        return dict.fromkeys(LEVELS, float("inf")), None, None
    generation, values, kind = curve
    over = 1.0 - values
    times = [float(generation[np.argmax(over >= q)]) if np.any(over >= q) else float("inf") for q in LEVELS]
    source = "simulation" if kind == "estimate" else "exact curve"
    return dict(zip(LEVELS, times, strict=True)), source, int(generation[-1])


def _is_for_ever(recursion: Recursion, time_statistic: Statistic) -> bool:
    """Whether what is over stays over: where fresh data flow, a symbol that is absent may come back."""
    try:
        time_statistic.followed(recursion)
    except NoAnswerError:
        return False
    return True


def _limit(recursion: Recursion) -> int | None:
    """A schedule ends with its last sample size."""
    return None if isinstance(recursion.sample_size, int) else len(recursion.sample_size)
