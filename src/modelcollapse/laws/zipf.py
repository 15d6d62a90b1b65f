"""Zipf's law in closed form: what is left of an unbounded vocabulary after k generations.

The symbol of rank i has probability C i^-b, b > 1. With the Poisson limit exp(-x p), x = n g_k, for the chance that a
symbol is forgotten, the sums over ranks become Gamma functions. So k generations cost as much as a corpus cut down
from n tokens to n g_k, about 2n/k: the vocabulary falls like k^{-1/b}, the lost mass grows like k^{1 - 1/b}.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments, branching
from modelcollapse.errors import InputError

Floats = NDArray[np.float64]
Generations = int | Sequence[int] | NDArray[np.int64]


def expected_vocabulary(exponent: float, sample_size: int, generations: Generations) -> Floats:
    """Return about how many symbols are present, Gamma(1 - 1/b) (C n g_k)^{1/b}; true as n g_k -> infinity.

    The sum over ranks is taken as an integral, which is half a symbol more.

    Parameters
    ----------
    exponent : float
        b, above 1.
    sample_size : int
        n.
    generations : int or array of int
        K for 1, ..., K, or generations in ascending order.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Derived here, in the head of this module.

    Examples
    --------
    >>> expected_vocabulary(1.5, 20_000, np.array([1, 5, 20, 100])).round()
    array([1041.,  479.,  212.,   76.])
    """
    from scipy.special import gamma

    b, x = _exponent(exponent), _effective_size(sample_size, generations)
    return np.asarray(gamma(1.0 - 1.0 / b) * (_constant(b) * x) ** (1.0 / b))


def expected_lost_mass(exponent: float, sample_size: int, generations: Generations) -> Floats:
    """Return about which share of P_0 is lost, C^{1/b} Gamma(1 - 1/b) x^{1/b - 1} / b with x = n g_k.

    Parameters
    ----------
    exponent : float
        b, above 1.
    sample_size : int
        n.
    generations : int or array of int
        K for 1, ..., K, or generations in ascending order.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Derived here, in the head of this module.

    Examples
    --------
    >>> expected_lost_mass(1.5, 20_000, np.array([1, 100])).round(4)
    array([0.0347, 0.1288])
    """
    from scipy.special import gamma

    b, x = _exponent(exponent), _effective_size(sample_size, generations)
    return np.asarray(_constant(b) ** (1.0 / b) * gamma(1.0 - 1.0 / b) * x ** (1.0 / b - 1.0) / b)


def _effective_size(sample_size: int, generations: Generations) -> Floats:
    n = arguments.integer("sample_size", sample_size, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    return np.asarray(n * branching.branching_numbers(arguments.generations(generations)))


def _exponent(exponent: float) -> float:
    if not arguments.number(exponent) > 1 or np.isinf(exponent):
        raise InputError(arguments.message("exponent", exponent, "a finite number above 1"))
    return float(exponent)


def _constant(b: float) -> float:
    """1 / zeta(b): the probability of the first rank."""
    from scipy.special import zeta

    return float(1.0 / zeta(b))
