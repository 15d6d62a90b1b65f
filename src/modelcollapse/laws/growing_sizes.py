"""Sample sizes that grow: what is never lost, if the sum of 1/n_k is finite.

With n_k = n k^s the sum is finite for s above 1, and only then can anything survive for ever. For Poisson rates
Pr(rate never 0) = 1 - exp(-lambda_0 w) exactly, where w = u_1 and u_j = n_j (1 - exp(-u_{j+1}/n_j)) from infinity back;
about 2/sum 1/n_k if they grow slowly. For symbols 1 - exp(-x w) is a lower bound, close for rare ones.

With n_k = n g^(k-1) the sum is finite for g above 1. The part v_j = u_j/n_j obeys v_j = 1 - exp(-g v_{j+1}), and is the
same at every j: w = n v with v = 1 - exp(-g v), the chance of a branching process with g children on average never to
die out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from modelcollapse import arguments
from modelcollapse.errors import InputError

_FOLLOWED = 100_000  # generations; of the others the sum alone matters, to 1e-8 of w
_WHOLE = 1e12  # times n_1: sizes from here on are whole to 1e-12 of themselves
_SLOWEST = 1.0001  # so that those not followed are at least e^10 n_1


class ForEver(NamedTuple):
    """What is left after infinitely many generations.

    Parameters
    ----------
    effective_size : float
        w: as many draws of P_0 would hold what is never lost; 0 if all is lost.
    diversity : float
        E [1 - sum P^2] in the limit, as a part of that of P_0: the product of 1 - 1/n_k.
    """

    effective_size: float
    diversity: float


def growing_geometrically(first: int, growth: float) -> ForEver:
    """Return what sample sizes n_k = first x growth^(k - 1), rounded, keep for ever under replace.

    Parameters
    ----------
    first : int
        n_1, from 1.
    growth : float
        g, 1, or from 1.0001 to 1000; at 1 everything is lost in the end.

    Raises
    ------
    InputError
        If an argument is out of range.

    References
    ----------
    Derived here, from the generating function of Poisson counts. Xu, He, Cheng (2025), known from its abstract, ask
    for growth that is superlinear.

    Examples
    --------
    >>> kept = growing_geometrically(1000, 1.1)
    >>> round(kept.effective_size, 2), round(kept.diversity, 6)
    (176.14, 0.989058)
    >>> growing_geometrically(1000, 1.0)
    ForEver(effective_size=0.0, diversity=0.0)
    """
    n = arguments.integer("first", first, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    g = arguments.real("growth", growth, low=1.0, high=1000.0)
    if g == 1:
        return ForEver(0.0, 0.0)
    if g < _SLOWEST:
        remedy = f"At {_SLOWEST} as little as 0.02 % of the first sample is kept for ever; below, less."
        raise InputError(arguments.message("growth", growth, f"1, or a number from {_SLOWEST} to 1000", remedy))
    followed = min(_FOLLOWED, 1 + math.ceil(math.log(_WHOLE) / math.log(g)))  # beyond, rounding no longer matters
    exact = n * g ** np.arange(followed, dtype=np.float64)
    sizes, following = np.round(exact), float(exact[-1]) * g
    left = following * _never_extinct(g)
    for size in sizes[::-1].tolist():
        left = size * -math.expm1(-left / size)
    later = g / (following * (g - 1.0))  # sum of 1/n_k over the others
    diversity = math.exp(float(np.log1p(-1.0 / sizes).sum()) - later) if n > 1 else 0.0
    return ForEver(left, diversity)


def _never_extinct(g: float) -> float:
    """The root above 0 of v = 1 - exp(-g v); it is at least 2 (g - 1)/g^2."""
    from scipy.optimize import brentq

    return float(brentq(lambda v: 1.0 + math.expm1(-g * v) / v, (g - 1.0) / g**2, 1.0, xtol=1e-300, rtol=1e-15))


def growing_for_ever(first: int, exponent: float) -> ForEver:
    """Return what sample sizes n_k = first x k^exponent, rounded up, keep for ever under replace.

    Parameters
    ----------
    first : int
        n_1, from 1.
    exponent : float
        s, from 0 to 10; up to 1 everything is lost in the end.

    Raises
    ------
    InputError
        If an argument is out of range.

    References
    ----------
    Xu, He, Cheng (2025), known from its abstract, for growth that must be superlinear; formulas are derived here.

    Examples
    --------
    >>> kept = growing_for_ever(1000, 2.0)
    >>> round(kept.effective_size, 2), round(kept.diversity, 6)
    (937.6, 0.998356)
    >>> growing_for_ever(1000, 1.0)
    ForEver(effective_size=0.0, diversity=0.0)
    """
    from scipy.special import zeta

    n = arguments.integer("first", first, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    s = arguments.real("exponent", exponent, low=0.0, high=10.0)
    if s <= 1:
        return ForEver(0.0, 0.0)
    sizes = np.ceil(n * np.arange(1.0, _FOLLOWED + 1) ** s)
    later = float(zeta(s, _FOLLOWED + 1.0)) / n  # sum of 1/n_k over the others
    left = 2.0 / later
    for size in sizes[::-1].tolist():
        left = size * -math.expm1(-left / size)
    diversity = math.exp(float(np.log1p(-1.0 / sizes).sum()) - later) if n > 1 else 0.0
    return ForEver(left, diversity)
