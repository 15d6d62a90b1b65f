"""The variance of the surviving vocabulary: sums over all pairs of symbols.

Two symbols of probabilities x and y are both lost exactly if the symbol that merges them is, so all covariances
follow from the survival of sums x + y, and sum over pairs i != j of s_k(x_i + x_j) is one linear functional of s_k.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.function_space import FunctionSpace

Floats = NDArray[np.float64]

# Up to this many distinct probabilities every pair is summed; beyond it, all but the most frequent are first
# condensed to weights on the nodes of the spline, which integrates the smooth s_k(x + y) to 1e-12.
DISTINCT_SUMMED = 1000
_FREQUENT = 200


def pair_functional(spline: FunctionSpace, distinct: Floats, symbols: NDArray[np.int64]) -> Floats:
    """Return the row for the sum over ordered pairs of different symbols of d_k(x_i + x_j), shape (node,).

    Parameters
    ----------
    distinct : array, shape (value,)
        Distinct probabilities, ascending.
    symbols : array of int, shape (value,)
        How many symbols have each.
    """
    points, weights = distinct, symbols.astype(np.float64)
    if len(distinct) > DISTINCT_SUMMED:
        rest = spline.condense(distinct[:-_FREQUENT], weights[:-_FREQUENT])
        used = rest != 0.0
        points = np.concatenate([spline.nodes[used], distinct[-_FREQUENT:]])
        weights = np.concatenate([rest[used], weights[-_FREQUENT:]])
    first, second = np.triu_indices(len(points))
    both = np.where(first == second, 1.0, 2.0) * weights[first] * weights[second]
    row = spline.functional(np.minimum(points[first] + points[second], 1.0), both)
    # A symbol makes no pair with itself.
    doubled = 2.0 * distinct
    return row - spline.functional(np.minimum(doubled, 1.0), symbols.astype(np.float64))


def vocabulary_variance(mean: Floats, pairs: Floats, symbols: int, mass: float) -> Floats:
    """Return Var(symbols present) from the mean and the pair functional of d_k.

    With a = E present, Var = sum_i s_i (1 - s_i) + sum_{i != j} (s_i + s_j - s_ij - s_i s_j), which collapses to
    (2 M - 1) a - a^2 - sum_{i != j} s_ij; and sum_{i != j} (x_i + x_j) = 2 (M - 1) mass.
    """
    present_together = 2.0 * (symbols - 1) * mass + pairs
    variance = (2.0 * symbols - 1.0) * mean - mean**2 - present_together
    return np.asarray(np.maximum(variance, 0.0))
