"""The spectrum of resampling: how fast, in the end, diversity goes.

One generation of n draws acts on functions of a symbol's frequency as a linear operator. It maps polynomials to
polynomials of the same degree, so its eigenvalues can be read off: 1, 1, and lambda_j = (1 - 1/n) ... (1 - (j - 1)/n).
The slowest, 1 - 1/n, belongs to p (1 - p): the gap to 1 is 1/n, and Pr(not fixed at k) ~ C_n p (1 - p) (1 - 1/n)^k.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.laws.presence.backward_operator import backward_operator

_LISTED = 10**7  # eigenvalues that are listed at once


def eigenvalues(n: int) -> NDArray[np.float64]:
    """Return all eigenvalues below 1 of one generation of n draws, descending.

    Parameters
    ----------
    n : int
        Draws, up to 10^7.

    Raises
    ------
    InputError
        If `n` is outside of its domain.

    References
    ----------
    Ewens (2004), chapter 3.

    Examples
    --------
    >>> eigenvalues(4)
    array([0.75   , 0.375  , 0.09375])
    """
    draws = arguments.integer("n", n, least=1, most=_LISTED)
    return np.asarray(np.cumprod(1.0 - np.arange(1, draws) / draws), dtype=np.float64)


def spectral_gap(n: int) -> float:
    """Return 1/n: each generation takes this share of what diversity is left.

    Parameters
    ----------
    n : int
        Draws.

    Raises
    ------
    InputError
        If `n` is outside of its domain.

    References
    ----------
    Ewens (2004), chapter 3.

    Examples
    --------
    >>> spectral_gap(4)
    0.25
    """
    return 1.0 / arguments.integer("n", n, least=1, most=arguments.LARGEST_SAMPLE_SIZE)


def leading_constant(n: int) -> float:
    """Return C_n in Pr(not fixed at k) ~ C_n p (1 - p) (1 - 1/n)^k, k -> infinity; it rises to 6.

    The slowest mode is all that is left after 8 n generations: the next one that p = 1/2 excites has e^-40 of it.

    Parameters
    ----------
    n : int
        Draws, at least 2.

    Raises
    ------
    InputError
        If `n` is outside of its domain.

    References
    ----------
    Kimura (1955) for the limit 6; C_n is derived here.

    Examples
    --------
    >>> [round(leading_constant(n), 4) for n in (20, 100, 1000)]
    [5.6033, 5.8884, 5.9842]
    """
    operator = backward_operator(arguments.integer("n", n, least=2, most=arguments.LARGEST_SAMPLE_SIZE))
    generation = 8 * n
    excess = operator.advance(operator.first_excess, generation - 1)
    half = float(operator.spline.rows(np.array([0.5]))[0] @ excess)
    return 8.0 * half * float(np.exp(-generation * np.log1p(-1.0 / n)))
