"""Where a loop with fresh data ends up: the limits of Gaussian moments, the optimal weight."""

from __future__ import annotations

import math

from modelcollapse import arguments
from modelcollapse.laws.two_moments import Moments
from modelcollapse.workflows.base import optimal_share

_MOST = arguments.LARGEST_SAMPLE_SIZE


def fresh_loop_limit(real: int, synthetic: int, factor: float = 1.0, ddof: float = 1.0) -> Moments | None:
    """Return E (mu - mu_0)^2 and E Sigma^2 in the limit, with so many fresh and synthetic data in every generation.

    The limit does not depend on the start. None if the moments grow for ever, which takes `factor` above 1.

    Parameters
    ----------
    real, synthetic : int
        At least 1 and 0; together at least 2.
    factor : float
        lambda of `Amplification`, for the synthetic data.
    ddof : float
        The variance is divided by real + synthetic - ddof.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Loop by Alemohammad et al. (2024); the exact moments are derived here.

    Examples
    --------
    >>> limit = fresh_loop_limit(20, 80)
    >>> round(limit.drift, 7), round(limit.variance, 7)
    (0.0282857, 1.0228571)
    """
    fresh = arguments.integer("real", real, least=1, most=_MOST)
    old = arguments.integer("synthetic", synthetic, least=0, most=_MOST)
    lam = arguments.real("factor", factor, low=1e-12, high=1e6)
    n = arguments.integer("real + synthetic", fresh + old, least=2, most=2 * _MOST)
    lost = arguments.real("ddof", ddof, low=-1e15, high=n - 1e-9)
    # m = a m + b + c s and s = d m + e + f s, the lines of `two_moments.counted`.
    a, b, c = (old / n) ** 2, fresh / n / n, old * lam / n / n
    d, e, f = fresh * (old / n) / (n - lost), fresh * (1 - 1 / n) / (n - lost), old * lam * (1 - 1 / n) / (n - lost)
    determinant = (1 - a) * (1 - f) - c * d
    if f >= 1 or determinant <= 0:
        return None
    return Moments((b * (1 - f) + c * e) / determinant, (d * b + (1 - a) * e) / determinant)


def fresh_loop_size(real: int, synthetic: int, factor: float = 1.0, ddof: float = 1.0) -> float:
    """Return n_e: so many real data alone leave the mean as near to the truth as the loop does in the limit.

    With faithful draws (`factor` 1) n_e lies between `real` and twice as much: about real x (1 + synthetic/(real +
    synthetic)). A factor below 1 makes synthetic data worth more for the mean, and the spread too small. 0 if the
    moments grow for ever.

    Parameters
    ----------
    real, synthetic : int
        At least 1 and 0; together at least 2.
    factor : float
        lambda of `Amplification`, for the synthetic data.
    ddof : float
        The variance is divided by real + synthetic - ddof.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    The effective size of a loop by Alemohammad et al. (2024), who match distances; of the mean, derived here.

    Examples
    --------
    >>> [round(fresh_loop_size(100, synthetic), 1) for synthetic in (0, 100, 10**6)]
    [100.0, 149.7, 199.0]
    """
    limit = fresh_loop_limit(real, synthetic, factor, ddof)
    return 0.0 if limit is None else 1.0 / limit.drift


def weighted_variance(weight: float, real: int, synthetic: int, generation: int | None = None) -> float:
    """Return the variance of an estimate that is `weight` x mean(real) + (1 - weight) x mean(synthetic), in units.

    The synthetic data are drawn around the estimate before. Any weight above 0 keeps the variance finite for ever; with
    weight 0 it grows by 1/synthetic in every generation.

    Parameters
    ----------
    weight : float
        Of the mean of the fresh real data, from 0 to 1.
    real, synthetic : int
        Data of each kind in every generation, at least 1.
    generation : int, optional
        k; the limit if not given.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Setting by He, Xu, Cheng (2026), known from its abstract; the formula is derived here.

    Examples
    --------
    >>> round(weighted_variance(0.5, 100, 100), 6), weighted_variance(0.0, 100, 100)
    (0.006667, inf)
    """
    w = arguments.real("weight", weight, low=0.0, high=1.0)
    fresh = arguments.integer("real", real, least=1, most=_MOST)
    old = arguments.integer("synthetic", synthetic, least=1, most=_MOST)
    once = w * w / fresh + (1 - w) ** 2 / old
    lost = w * (2 - w)
    if generation is None:
        return once / lost if w > 0 else math.inf
    k = arguments.integer("generation", generation, least=1, most=10**15)
    if w in (0.0, 1.0):
        return once * (k if w == 0 else 1)
    return once * -math.expm1(2 * k * math.log1p(-w)) / lost


def optimal_weight(real: int, synthetic: int) -> float:
    """Return the weight of the fresh real mean that leaves the least variance in the limit: weight / real.

    With c = real/synthetic it is the root of w^2 + c w = c between 0 and 1; for as many of each, the reciprocal of the
    golden ratio. The synthetic data then are worth (1/weight - 1) x real further real data.

    Parameters
    ----------
    real, synthetic : int
        Data of each kind in every generation, at least 1.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    He, Xu, Cheng (2026), known from its abstract; derived here.

    Examples
    --------
    >>> round(optimal_weight(100, 100), 10), round(1 / optimal_weight(100, 100), 3)
    (0.6180339887, 1.618)
    """
    fresh = arguments.integer("real", real, least=1, most=_MOST)
    old = arguments.integer("synthetic", synthetic, least=1, most=_MOST)
    return optimal_share(fresh, old)
