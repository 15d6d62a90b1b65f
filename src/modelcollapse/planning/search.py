"""The least value of a lever that is enough: guessed by a rough law, bracketed and pinned down by the exact one."""

from __future__ import annotations

import math
from collections.abc import Callable

from modelcollapse.planning.setting import Lever

Margin = Callable[[float], float]  # of a lever's value: 0 or more is enough

_FIRST_STEP = 0.01  # in the logarithm of a size, or relative to a share or to what a growth adds
_MOST_STEPS = 64


def least(lever: Lever, margin: Margin, rough: Margin) -> float | None:
    """Return the least value, a multiple of the lever's step, whose margin is not negative; None if there is none.

    From the answer on, the margin must not fall where the lever rises. The step below the answer is not enough.

    Parameters
    ----------
    lever : Lever
    margin : callable
        The exact margin of a value.
    rough : callable
        A cheap approximation of it, to begin with.

    Examples
    --------
    >>> from modelcollapse.planning.setting import size_lever
    >>> least(size_lever(), lambda n: n - 12345.6, rough=lambda n: n - 12000.0)
    12346.0
    """
    guess = _guess(lever, rough)
    bracket = _bracket(lever, margin, guess)
    if bracket is None or bracket[0] == bracket[1]:
        return None if bracket is None else bracket[1]
    low, high = bracket
    neighbours = high - low < 1.5 * lever.step(low)
    return _pinned(lever, margin, high if neighbours else _root(lever, margin, low, high))


def _guess(lever: Lever, rough: Margin) -> float:
    from scipy.optimize import brentq

    if rough(lever.high) < 0:
        return lever.high
    if rough(lever.low) >= 0:
        return lever.low
    ends = lever.coordinate(lever.low), lever.coordinate(lever.high)
    found = brentq(lambda t: rough(lever.from_coordinate(t)), *ends, rtol=1e-6)
    return lever.from_coordinate(float(found))


def _bracket(lever: Lever, margin: Margin, guess: float) -> tuple[float, float] | None:
    """Step away from the guess, twice as far each time, until the margin changes its sign.

    Where the guess is good to a step or so, the first step leads to the next answer.
    """
    value = lever.up(guess)
    enough = margin(value) >= 0
    limit = lever.low if enough else lever.high
    far = _FIRST_STEP * (1.0 if lever.logarithmic else max(value - math.floor(lever.low), 1e-3))
    step = 0.0 if lever.guessed_well else far
    while value != limit:
        t = lever.coordinate(value) + (-step if enough else step)
        last, value = value, lever.within(lever.from_coordinate(t), last=value, down=enough)
        step = max(2.0 * step, far)
        if (margin(value) >= 0) != enough:
            return (value, last) if enough else (last, value)
    return (limit, limit) if enough else None


def _root(lever: Lever, margin: Margin, low: float, high: float) -> float:
    """Where the margin crosses 0, to a fraction of a step."""
    from scipy.optimize import brentq

    ends = lever.coordinate(low), lever.coordinate(high)
    tolerance = 0.4 * lever.step(low) / (high if lever.logarithmic else 1.0)

    def crossing(t: float) -> float:
        return margin(lever.from_coordinate(t))

    return lever.from_coordinate(float(brentq(crossing, *ends, xtol=max(tolerance, 1e-14))))


def _pinned(lever: Lever, margin: Margin, root: float) -> float:
    """Walk by steps to the least value that is enough."""
    value = max(lever.low, lever.up(root))
    for _ in range(_MOST_STEPS):
        if margin(value) >= 0:
            break
        value = lever.up(min(lever.high, value + lever.step(value)))
    for _ in range(_MOST_STEPS):
        below = round(value - lever.step(value), 9)
        if below < lever.low or margin(below) < 0:
            break
        value = below
    return value
