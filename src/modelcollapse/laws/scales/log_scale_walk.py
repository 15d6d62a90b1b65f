"""The exact law of a scale after k generations: tails of the random walk ln(scale_k / scale_0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.arguments import message
from modelcollapse.errors import InputError
from modelcollapse.laws.scales.condensed_sizes import condensed
from modelcollapse.laws.scales.gamma_shapes import by_shape
from modelcollapse.laws.scales.saddle_contour import smaller_tail
from modelcollapse.laws.scales.scale_step import Floats, ScaleStep
from modelcollapse.laws.scales.scale_steps import CombinedStep, GaussianDeterminant

# Relative error of either tail where it is above 1e-300: RELATIVE_ERROR plus ERROR_GROWTH times the square root of k,
# measured in the tests against 40-digit quadrature on another contour.
RELATIVE_ERROR = 1e-12
ERROR_GROWTH = 2e-14

# Of a schedule, more dimensions than these are summed by shapes instead of sizes.
_FEW_DIMENSIONS = 4

# Rows that are carried through the quadrature together: few enough for the cache.
_CHUNK = 2048


@dataclass(frozen=True, eq=False)
class Tail:
    """Where the scale is after k generations.

    Parameters
    ----------
    above : array
        Pr(ln(scale_k / scale_0) > threshold).
    at_most : array
        The complement, with its own relative accuracy.
    """

    above: Floats
    at_most: Floats


def tail(step: ScaleStep, generations: ArrayLike, log_threshold: ArrayLike) -> Tail:
    """Return Pr(ln(scale_k / scale_0) > x) and its complement, exactly.

    Parameters
    ----------
    step : ScaleStep
        The law of one generation; its sample sizes broadcast with the other arguments.
    generations : int or array of int
        k, at least 1.
    log_threshold : float or array
        x, in nats: ln(eps / scale_0) for a scale eps.

    Returns
    -------
    Tail
        Each to a relative accuracy of `RELATIVE_ERROR + ERROR_GROWTH * sqrt(k)` above 1e-300; smaller values are
        correct as 0. (A change of x in its last digit has an effect of this order.)

    Raises
    ------
    InputError
        If a generation is not a whole number of at least 1, or a threshold is not finite.

    Examples
    --------
    The paper's setting: ten draws, a tenth of the scale left.

    >>> import numpy as np
    >>> from modelcollapse.laws.scales.scale_steps import Gaussian
    >>> print(tail(Gaussian(10), [10, 100, 200], np.log(0.1)).above.round(8))
    [0.98214196 0.08156203 0.00403833]
    """
    k, x = checked_generations(generations), checked_thresholds(log_threshold)
    shape = np.broadcast_shapes(k.shape, x.shape, step.shape)
    k, x = (np.broadcast_to(array, shape).ravel() for array in (k, x))
    position = np.arange(int(np.prod(step.shape))).reshape(step.shape)
    position = np.broadcast_to(position, shape).ravel()
    above, at_most = np.zeros(k.size), np.ones(k.size)
    inside = np.flatnonzero(x < step.log_supremum)
    # Rows alike in cost and in the branch of the gamma function they need are taken together.
    order = inside[np.lexsort((k[inside], _sizes(step, position)[inside]))]
    for rows in row_blocks(step, position, order):
        found = smaller_tail(step.rows(position[rows]), k[rows], x[rows])
        above[rows] = np.where(found.is_upper, found.probability, 1.0 - found.probability)
        at_most[rows] = np.where(found.is_upper, 1.0 - found.probability, found.probability)
    return Tail(above.reshape(shape), at_most.reshape(shape))


def tail_of_schedule(step: ScaleStep, generations: ArrayLike, log_threshold: float) -> Tail:
    """Return the tails where every generation has its own sample size.

    Parameters
    ----------
    step : ScaleStep
        Its sample sizes are the vector n_1, n_2, ..., n_K.
    generations : int or array of int
        Generations from 1 to K.
    log_threshold : float
        x, in nats.

    Returns
    -------
    Tail
        One value for each generation.

    Raises
    ------
    InputError
        As `tail`; or if a generation has no sample size.

    Examples
    --------
    >>> import numpy as np
    >>> from modelcollapse.laws.scales.scale_steps import Gaussian
    >>> print(tail_of_schedule(Gaussian(np.array([10, 20, 40])), [1, 3], np.log(0.5)).above.round(6))
    [0.986869 0.960915]
    """
    combined = combined_step(step, generations)
    if isinstance(step, GaussianDeterminant) and step.dimension > _FEW_DIMENSIONS:
        combined, constant = by_shape(combined)
        return tail(combined, 1, float(checked_thresholds(log_threshold)) - constant)
    return tail(combined, 1, log_threshold)


def combined_step(step: ScaleStep, generations: ArrayLike) -> CombinedStep:
    """Return the first k generations of a schedule as one step, for each k asked for."""
    k = checked_generations(generations).astype(np.int64)
    if len(step.shape) != 1 or k.max() > step.shape[0]:
        allowed = f"generations within the {step.shape[0] if step.shape else 0} sample sizes of a vector"
        raise InputError(message("generations", generations, allowed))
    last = int(k.max())
    sizes, first, kind = np.unique(np.asarray(step.sample_size)[:last], return_index=True, return_inverse=True)
    # Counted are the generations up to each one asked for, not up to every one: the table stays small.
    until, place = np.unique(k, return_inverse=True)
    row = np.searchsorted(until, np.arange(1, last + 1))
    counted = np.bincount(row * first.size + kind, minlength=until.size * first.size)
    repeats = np.cumsum(counted.reshape(until.size, first.size), axis=0)
    weights = condensed(sizes.astype(np.float64), repeats)
    return CombinedStep(step.rows(first), weights[place.reshape(k.shape)])


def row_blocks(step: ScaleStep, position: NDArray[np.intp], order: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Cut rows into blocks that are carried through a computation together: few enough for the cache.

    `order` says which rows, `position` which step each row takes.
    """
    widths = np.broadcast_to(step.widths(), step.shape).ravel()[position[order]]
    first, widest = 0, 1
    for end, width in enumerate(widths.tolist()):
        widest = max(widest, width)
        if end > first and (end - first + 1) * widest > _CHUNK:
            yield order[first:end]
            first, widest = end, width
    if order.size:
        yield order[first:]


def checked_generations(generations: ArrayLike) -> Floats:
    """Return generations as floats, or refuse what is not a whole number of at least 1."""
    k = np.asarray(generations)
    if k.dtype.kind not in "iuf" or not k.size or not np.all((k >= 1) & (k <= 2.0**62) & (k == np.floor(k))):
        raise InputError(message("generations", generations, "whole numbers of at least 1"))
    return k.astype(np.float64)


def checked_thresholds(log_threshold: ArrayLike) -> Floats:
    """Return thresholds as floats, or refuse what is not finite."""
    x = np.asarray(log_threshold)
    if x.dtype.kind not in "iuf" or not x.size or not np.all(np.isfinite(x)):
        raise InputError(message("log_threshold", log_threshold, "finite: the logarithm of a positive scale"))
    return x.astype(np.float64)


def _sizes(step: ScaleStep, position: NDArray[np.intp]) -> NDArray[np.integer]:
    return np.asarray(step.sample_size).ravel()[position]
