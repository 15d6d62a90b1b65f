"""What is left in the end if all data are kept: sin(u)/u of the diversity, and the part 6/pi^2 of the information.

With batches of n draws, the pool after batch j holds n j. Batch j moves the pool's frequency by 1/j of its own error,
of variance E P (1 - P)/n, so that the mean diversity E P (1 - P) is multiplied by 1 - 1/(n j^2): the product over all j
is sin(u)/u with u = pi/sqrt(n). The variance of the pool's frequency is at most p (1 - p)/n times the sum of 1/j^2, and
equal to it in the limit of n, where diversity is not lost: pi^2/6 times that of n real draws. The same holds for the
parameters of any smooth family, whose estimates are averages in that limit.
"""

from __future__ import annotations

import math

from modelcollapse import arguments

_MOST = arguments.LARGEST_SAMPLE_SIZE


def accumulated_diversity(sample_size: int, generation: int | None = None, corpus: bool = False) -> float:
    """Return which part of the diversity 1 - sum P^2 is left, on average, in a pool of all data.

    The same part of a Gaussian's variance is left with ddof = 0.

    Parameters
    ----------
    sample_size : int
        n in every generation.
    generation : int, optional
        k; the limit if not given.
    corpus : bool
        Whether the pool starts with a corpus of n tokens, as batch 0, instead of a known law; its diversity is then the
        one that is left in part.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Kazdan et al. (2025) for Gaussians; derived here.

    Examples
    --------
    >>> [round(accumulated_diversity(n), 4) for n in (5, 20, 1000)]
    [0.702, 0.9198, 0.9984]
    >>> round(accumulated_diversity(5, generation=2), 4), round(accumulated_diversity(5, corpus=True), 4)
    (0.76, 0.8775)
    """
    n = arguments.integer("sample_size", sample_size, least=1, most=_MOST)
    k = None if generation is None else arguments.integer("generation", generation, least=1, most=10**15)
    first = 2 if arguments.flag("corpus", corpus) else 1
    last = None if k is None else k + first - 1
    if n == 1 and first == 1:
        return 0.0
    # ln of the product of 1 - x/j^2, x = 1/n, is minus the sum of x^m/m times the sum of j^{-2m}.
    total, m, x = 0.0, 1, 1.0 / n
    if n == 1:  # j from 2: the product telescopes
        return 0.5 if last is None else (last + 1.0) / (2.0 * last)
    while True:
        term = x**m / m * _inverse_powers(2 * m, first, last)
        total += term
        if term < 1e-18:
            return math.exp(-total)
        m += 1


def accumulated_efficiency(generation: int | None = None) -> float:
    """Return which part of the information of the first batch an estimate from all accumulated data keeps.

    It is 1 over the sum of 1/j^2 for j = 1, ..., k: k generations are fixed first, then n -> infinity.

    Parameters
    ----------
    generation : int, optional
        k; the limit 6/pi^2 if not given.

    Raises
    ------
    InputError
        If `generation` is outside of its domain.

    References
    ----------
    Dey, Donoho (2024), known from the abstract, for exponential families and asymptotically linear estimates.

    Examples
    --------
    >>> [round(accumulated_efficiency(k), 4) for k in (1, 2, 10)], round(accumulated_efficiency(), 4)
    ([1.0, 0.8, 0.6453], 0.6079)
    """
    k = None if generation is None else arguments.integer("generation", generation, least=1, most=10**15)
    return 1.0 / _inverse_powers(2, 1, k)


def _inverse_powers(power: int, first: int, last: int | None) -> float:
    """The sum of j^-power for j = first, ..., last, or without end."""
    from scipy.special import zeta

    rest = 0.0 if last is None else float(zeta(power, last + 1.0))
    return float(zeta(power, float(first))) - rest
