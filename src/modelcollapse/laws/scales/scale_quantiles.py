"""When a scale has collapsed: the smallest generation with Pr(scale_k <= eps) at least q."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.arguments import message
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.log_scale_walk import checked_thresholds, tail, tail_of_schedule
from modelcollapse.laws.scales.scale_step import Floats, ScaleStep

Generations = NDArray[np.int64]
Curve = Callable[[Generations], Floats]

# Every generation up to here is looked at; beyond, four for each doubling, up to 2^62.
_CHUNK = 16  # generations of a schedule that are looked at together
_BERRY_ESSEEN = 0.4748
_DENSE = 128
_TIE = 1e-14  # relative: a level that is met exactly would else be missed by the rounding of the threshold's logarithm


def quantile_generation(step: ScaleStep, log_threshold: float, levels: ArrayLike) -> Floats:
    """Return the smallest k with Pr(ln(scale_k / scale_0) <= x) >= q.

    Parameters
    ----------
    step : ScaleStep
        A single step.
    log_threshold : float
        x, in nats.
    levels : float or array
        q, strictly between 0 and 1.

    Returns
    -------
    array, the shape of levels
        Generations; infinite where the level is not reached before 2^62. Of the result k it is sure that the
        probability is at least q at k and below q at k - 1 (to the error of `tail`), and that no generation up to 128
        comes before.
        Beyond, it is the smallest if the probability, as a function of k, has at most one extremum, as it has for a
        Gaussian walk: scales are not monotone, and for eps above scale_0 the probability falls before it rises.

    Raises
    ------
    InputError
        If the step is an array, the threshold is not finite, or a level is outside of (0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.laws.scales.scale_steps import Gaussian
    >>> quantile_generation(Gaussian(10), np.log(0.1), [0.1, 0.5, 0.9])
    array([17., 41., 94.])
    """
    if step.shape:
        raise InputError(message("step", step, "a single step", "Ask for one sample size at a time."))
    threshold, q = float(checked_thresholds(log_threshold)), _checked_levels(levels)

    def curve(generations: Generations) -> Floats:
        return tail(step, generations, threshold).at_most

    grid = np.unique(np.r_[1 : _DENSE + 1, np.exp2(np.arange(28, 4 * 62 + 1) / 4.0)].astype(np.int64))
    return first_reached(curve, *_with_peak(curve, grid), q.ravel()).reshape(q.shape)


def quantile_of_schedule(step: ScaleStep, log_threshold: float, levels: ArrayLike) -> Floats:
    """Return the same where every generation has its own sample size.

    Parameters
    ----------
    step : ScaleStep
        Its sample sizes are the vector n_1, ..., n_K.
    log_threshold : float
        x, in nats.
    levels : float or array
        q, strictly between 0 and 1.

    Returns
    -------
    array, the shape of levels
        Generations, exact; infinite where the level is not reached by K. The generations that come before are ruled
        out by their tail, or by inequalities (`enclosed`).

    Raises
    ------
    InputError
        As `quantile_generation`.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.laws.scales.scale_steps import Gaussian
    >>> quantile_of_schedule(Gaussian(np.full(50, 10)), np.log(0.1), [0.5, 0.9])
    array([41., inf])
    """
    q = _checked_levels(levels)
    if len(step.shape) != 1:
        raise InputError(message("step", step, "a step with a vector of sample sizes, one for each generation"))
    enclosure = enclosed(step, log_threshold)
    found = [_first_of_schedule(step, log_threshold, level, *enclosure) for level in q.ravel().tolist()]
    return np.array(found).reshape(q.shape)


def enclosed(step: ScaleStep, log_threshold: float) -> tuple[Floats, Floats]:
    """Return what Pr(ln(scale_k / scale_0) <= x) is at least and at most, for each k of a schedule, at little cost.

    Every step is infinitely divisible, and all its jumps go one way: cut into ever finer equal parts, their absolute
    third moments add up to |kappa_3|. So the inequality of Berry and Esseen reads |F - Phi| <= 0.4748 |kappa_3| /
    kappa_2^{3/2}. That of Cantelli helps where skewness is large.

    References
    ----------
    I. Shevtsova (2011), for the constant.
    """
    mean, variance, third = (np.cumsum(step.cumulant(order)) for order in (1, 2, 3))
    z = (log_threshold - mean) / np.sqrt(variance)
    normal, off = _normal_law(z), _BERRY_ESSEEN * np.abs(third) / variance**1.5
    cantelli = 1.0 / (1.0 + z * z)
    low = np.where(z > 0, np.maximum(normal - off, 1.0 - cantelli), normal - off)
    high = np.where(z < 0, np.minimum(normal + off, cantelli), normal + off)
    return low, high


def _normal_law(z: Floats) -> Floats:
    """Phi, by the standard library: importing SciPy's takes longer than all that is asked of it here."""
    return np.array([0.5 * math.erfc(value) for value in (z / -math.sqrt(2.0)).tolist()])


def _first_of_schedule(step: ScaleStep, log_threshold: float, level: float, low: Floats, high: Floats) -> float:
    """Look at the generations, in ascending order, at which the level may be reached by its enclosure."""
    candidates = np.flatnonzero(high >= level) + 1
    if (sure := np.flatnonzero(low > level)).size:
        candidates = candidates[candidates <= sure[0] + 1]
    for first in range(0, candidates.size, _CHUNK):
        generations = candidates[first : first + _CHUNK]
        reached = tail_of_schedule(step, generations, log_threshold).at_most >= level
        if reached.any():
            return float(generations[reached.argmax()])
    return np.inf


def _with_peak(curve: Curve, grid: Generations) -> tuple[Generations, Floats]:
    """The curve on the grid, and at its largest value between two points of the grid, found by ternary search."""
    values = curve(grid)
    top = int(values.argmax())
    low, high = int(grid[max(top - 1, 0)]), int(grid[min(top + 1, len(grid) - 1)])
    while high - low > 2:
        third = (high - low) // 3
        inner = np.array([low + third, high - third])
        left, right = curve(inner)
        low, high = (int(inner[0]), high) if left < right else (low, int(inner[1]))
    candidates = np.arange(low, high + 1)
    grid = np.union1d(grid, candidates)
    return grid, curve(grid)


def first_reached(curve: Curve, grid: Generations, values: Floats, q: Floats) -> Floats:
    """Bisect between the first point of the grid at which a level is reached and the one before."""
    reached = values >= q[:, None]
    ever = reached.any(axis=1)
    first = reached.argmax(axis=1)
    high = grid[first]
    low = np.where(first > 0, grid[first - 1], high - 1)
    while np.any(high - low > 1):
        middle = low + (high - low) // 2
        enough = curve(np.maximum(middle, 1)) >= q
        high = np.where(enough & (middle > low), middle, high)
        low = np.where(enough, low, middle)
    return np.where(ever, high.astype(np.float64), np.inf)


def _checked_levels(levels: ArrayLike) -> Floats:
    """The levels, lowered by next to nothing: see `_TIE`."""
    q = np.asarray(levels)
    if q.dtype.kind not in "iuf" or not q.size or not np.all((q > 0) & (q < 1)):
        raise InputError(message("levels", levels, "probabilities strictly between 0 and 1"))
    return q.astype(np.float64) * (1.0 - _TIE)
