"""Accumulating with fresh data: how fast models come back to the truth.

After k generations of n draws the pool holds N = n k data, of which a part a is real and the rest copies its error.
With f_k the variance of the pool's frequency, in units of p (1 - p), the exact step reads for large k

    f' = -2 a f/k + 1/(n k^2),

so f_k ~ 1/(n (2 a - 1) k) for a above 1/2, ln(k)/(n k) at 1/2, and C k^{-2a} below: there, the errors of the first
generations wash out more slowly than new ones come in. The same holds with a corpus before the first draws.
"""

from __future__ import annotations

from typing import NamedTuple

from modelcollapse import arguments


class Pace(NamedTuple):
    """The squared error falls like k^-exponent, or ln(k) k^-exponent, after k generations.

    Parameters
    ----------
    exponent : float
        0 where the error stays.
    logarithm : bool
        Whether ln(k) stands beside the power.
    """

    exponent: float
    logarithm: bool


def accumulated_pace(fresh: float) -> Pace:
    """Return how the squared error falls where all data are kept and a part of all draws is fresh: k^-min(1, 2a).

    Parameters
    ----------
    fresh : float
        The part of all draws that is fresh, from 0 to 1.

    Raises
    ------
    InputError
        If it is not from 0 to 1.

    References
    ----------
    Derived here from the exact recursion. Wang, Niu, Li (2026), known from its abstract, state the slower of the
    baseline's rate and the fresh share for errors; squared errors fall twice as fast.

    Examples
    --------
    >>> accumulated_pace(0.1), accumulated_pace(0.5)
    (Pace(exponent=0.2, logarithm=False), Pace(exponent=1.0, logarithm=True))
    >>> accumulated_pace(0.0).exponent, accumulated_pace(0.9).exponent
    (0.0, 1.0)
    """
    a = arguments.real("fresh", fresh, low=0.0, high=1.0)
    return Pace(min(1.0, 2.0 * a), a == 0.5)
