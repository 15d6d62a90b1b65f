"""How many types there are if every fresh draw is of a type never seen before: exactly, and by Ewens' formula.

Go back from the n draws of generation k. A draw is fresh with chance a: its line ends there, with a type of its own.
The others copy uniformly chosen draws of the generation before, so that b of them fall into n boxes. At generation 1
all draws are from P_0, which here has a new type for each. So the number of types D is that of lines ended plus lines
left at generation 1: the F_k + A_k of Pr(absent at k) = E (1 - x)^{F_k + A_k}, which is why

    E D = lim Pr(a symbol of probability x is present at k)/x   as x -> 0.

In the limit of n, with n a fixed, the lines of m << n draws end or meet one by one, and Ewens' sampling formula holds.
Two draws are of one type with probability G = (1 - a)^2 (1/n + (1 - 1/n) G) in the limit of k; Ewens' formula has
G = 1/(1 + c). Both agree for c = n a (2 - a)/(1 - a)^2, which is 2 n a for small a, the same c as that of the chance of
a draw in `fresh_stationary`. The lines of all n draws of a generation at first meet in threes and more: about n g_k of
them are left after k generations, g_1 = 1, g_{k+1} = 1 - exp(-g_k), where Ewens' formula has a sum of 1/j. In the limit
they hold 0.10032 c more types than the formula says, the limit of (g_1 + ... + g_k)/2 + ln g_k.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse import arguments
from modelcollapse.errors import InputError, NoAnswerError
from modelcollapse.laws.presence.fresh_equation import FreshEquation
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule

Floats = NDArray[np.float64]

LARGEST_FOR_SPREAD = 500  # draws up to which lines of descent are followed in full
_LARGEST_SUM = 10**7
_LARGEST_GENERATION = 10**15


class TypeCount(NamedTuple):
    """The number of different types among the draws of a generation.

    Parameters
    ----------
    mean : float
    sd : float or None
        Standard deviation over realisations; None where it is not known.
    """

    mean: float
    sd: float | None


def number_of_types(sample_size: int, fresh: float, generation: int | None = None) -> TypeCount:
    """Return how many types generation k holds if every fresh draw, and every draw of generation 1, is a new type.

    The mean is exact to 1e-10 at any sample size. The standard deviation is exact too, up to 500 draws, and None above.

    Parameters
    ----------
    sample_size : int
        n.
    fresh : float
        a, the chance of a draw to be fresh, from 0 to 1.
    generation : int, optional
        k; the limit if not given.

    Raises
    ------
    InputError
        If an argument is outside of its domain.
    NoAnswerError
        If n is above 500 and a below 1e-8, and the generation so late that rounding leaves too few digits.

    References
    ----------
    Model of Ewens (1972); exact numbers by lines of descent, derived here.

    Examples
    --------
    >>> number_of_types(200, 0.05)
    TypeCount(mean=52.06..., sd=5.66...)
    >>> number_of_types(10**6, 0.05, generation=10)
    TypeCount(mean=304283.66..., sd=None)
    """
    n = arguments.integer("sample_size", sample_size, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    a = arguments.real("fresh", fresh, low=0.0, high=1.0)
    k = None if generation is None else arguments.integer("generation", generation, least=1, most=_LARGEST_GENERATION)
    if n == 1 or a == 1.0 or k == 1:
        return TypeCount(float(n), 0.0)
    if a == 0.0 and k is None:
        return TypeCount(1.0, 0.0)
    if n > LARGEST_FOR_SPREAD:
        return TypeCount(_slope_of_presence(n, a, k), None)
    mean, square = (float(moment[n]) for moment in (_limit_of_moments(n, a) if k is None else _moments_at(n, a, k)))
    return TypeCount(mean, math.sqrt(max(square - mean * mean, 0.0)))


def ewens_types(sample_size: int, fresh: float, drawn: int | None = None) -> TypeCount:
    """Return Ewens' mean and standard deviation of the number of types in the limit of generations; asymptotic.

    Of m draws the mean is the sum of c/(c + j) over j < m and the variance that of c j/(c + j)^2, with
    c = n a (2 - a)/(1 - a)^2. True as n -> infinity with m and n a fixed, and of two draws always; of all n draws the
    mean is 0.10032 c too low in that limit, 3 % of it at most for n from 200 on.

    Parameters
    ----------
    sample_size : int
        n.
    fresh : float
        a, the chance of a draw to be fresh, from 0 to 1.
    drawn : int, optional
        m, of the n draws of a generation, up to 10^7; all of them if not given.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Ewens (1972); c is matched to the exact chance that two draws are of one type, which is derived here.

    Examples
    --------
    >>> ewens_types(200, 0.05)
    TypeCount(mean=50.75..., sd=5.54...)
    >>> ewens_types(10**6, 1e-6, drawn=100)
    TypeCount(mean=8.39..., sd=2.41...)
    """
    n = arguments.integer("sample_size", sample_size, least=1, most=arguments.LARGEST_SAMPLE_SIZE)
    a = arguments.real("fresh", fresh, low=0.0, high=1.0)
    remedy = "Look at fewer of the draws; `number_of_types` knows the mean of all."
    m = arguments.integer("drawn", n if drawn is None else drawn, least=1, most=min(n, _LARGEST_SUM), remedy=remedy)
    if m == 1 or a == 1.0:
        return TypeCount(float(m), 0.0)
    if a == 0.0:
        return TypeCount(1.0, 0.0)
    c = _concentration(n, a)
    new = c / (c + np.arange(m))  # draw after draw, the chance of a type not seen among those before
    return TypeCount(float(new.sum()), math.sqrt(float((new * (1.0 - new)).sum())))


def ewens_partition(counts: Sequence[int], sample_size: int, fresh: float) -> float:
    """Return Ewens' probability that some draws fall into types with these counts, in any order; asymptotic.

    With a_j types seen j times among m draws it is m!/(c (c + 1) ... (c + m - 1)) times the product of
    (c/j)^{a_j}/a_j!, where c = n a (2 - a)/(1 - a)^2. True as n -> infinity with m and n a fixed, and of two draws
    always. Among all n draws of a generation types seen once are a little more frequent.

    Parameters
    ----------
    counts : list of int
        How often each type is seen, each at least 1; their sum is m, up to 10^7.
    sample_size : int
        n, at least m.
    fresh : float
        a, the chance of a draw to be fresh; strictly between 0 and 1.

    Raises
    ------
    InputError
        If an argument is outside of its domain.

    References
    ----------
    Ewens (1972), from memory; c is matched to the exact chance that two draws are of one type, which is derived here.

    Examples
    --------
    >>> [round(ewens_partition(counts, 1000, 0.001), 4) for counts in ([3], [2, 1], [1, 1, 1])]
    [0.1664, 0.4999, 0.3338]
    """
    from scipy.special import gammaln

    seen = arguments.counts("counts", counts)
    m = int(seen.sum())
    if not np.all(seen > 0) or m > _LARGEST_SUM:
        allowed = f"whole numbers of at least 1, together at most {_LARGEST_SUM:,}"
        raise InputError(arguments.message("counts", counts, allowed, "Leave out types that are not there."))
    n = arguments.integer("sample_size", sample_size, least=m, most=arguments.LARGEST_SAMPLE_SIZE)
    c = _concentration(n, arguments.real("fresh", fresh, low=1e-300, high=1.0 - 1e-6))
    logarithm = gammaln(m + 1.0) - float(np.log(c + np.arange(m)).sum())
    for size, types in Counter(seen.tolist()).items():
        logarithm += types * math.log(c / size) - gammaln(types + 1.0)
    return math.exp(logarithm)


def _concentration(n: int, a: float) -> float:
    return n * a * (2.0 - a) / (1.0 - a) ** 2


def _slope_of_presence(n: int, a: float, generation: int | None) -> float:
    """E D as the chance, over x, that a symbol of vanishing probability x is present."""
    settled = max(1, math.ceil(math.log(1e-16 / n) / math.log1p(-a))) if a > 0 else _LARGEST_GENERATION
    at = np.array([settled if generation is None else min(generation, settled)])
    equation = FreshEquation(FreshSchedule((n,), (a,)))
    if equation.error(at) is None:
        why = f"at a fresh share of {a:g} the number of types in generation {at[0]:,} is lost in rounding"
        raise NoAnswerError(why + "; ask about an earlier generation")
    x = 1e-13 / n  # E D x - E D (D - 1) x^2 / 2 + ...
    return float(equation.survival(np.array([x]), at)[0, 0]) / x


@lru_cache(maxsize=4)
def _one_generation(n: int, a: float) -> tuple[Floats, Floats, Floats, Floats]:
    """What one generation back does to u(l) = E [D | l lines] and s(l) = E [D^2 | l lines].

    Returned are T, C, r and q with u' = r + T u and s' = q + C u + T s. If b of l lines go on and l - b end,
    E D' = (l - b) + u and E D'^2 = (l - b)^2 + 2 (l - b) u + s.
    """
    occupied, kept = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
    occupied[0, 0] = kept[0, 0] = 1.0
    hit = np.arange(n + 1) / n
    for lines in range(n):
        occupied[lines + 1] = occupied[lines] * hit
        occupied[lines + 1, 1:] += (occupied[lines] * (1.0 - hit))[:-1]
        kept[lines + 1] = kept[lines] * a
        kept[lines + 1, 1:] += kept[lines, :-1] * (1.0 - a)
    ended = np.arange(n + 1.0)[:, None] - np.arange(n + 1.0)
    first = kept * ended
    return kept @ occupied, 2.0 * first @ occupied, first.sum(axis=1), (first * ended).sum(axis=1)


def _limit_of_moments(n: int, a: float) -> tuple[Floats, Floats]:
    """Solve u = r + T u and s = q + C u + T s; lines never grow in number, so T is triangular."""
    from scipy.linalg import solve_triangular

    transition, cross, r, q = _one_generation(n, a)
    system = np.eye(n) - transition[1:, 1:]
    u, s = np.zeros(n + 1), np.zeros(n + 1)
    u[1:] = solve_triangular(system, r[1:], lower=True)
    s[1:] = solve_triangular(system, (q + cross @ u)[1:], lower=True)
    return u, s


def _moments_at(n: int, a: float, generation: int) -> tuple[Floats, Floats]:
    """Apply the map of one generation k - 1 times, by powers of two, to D = l at generation 1."""
    transition, cross, r, q = _one_generation(n, a)
    u = np.arange(n + 1.0)
    s = u * u
    left = generation - 1
    while left:
        if left & 1:
            u, s = r + transition @ u, q + cross @ u + transition @ s
        left >>= 1
        if left:
            r, q = r + transition @ r, q + cross @ r + transition @ q
            transition, cross = transition @ transition, cross @ transition + transition @ cross
    return u, s
