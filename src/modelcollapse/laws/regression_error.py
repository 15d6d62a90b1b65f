"""The expected squared error of linear regression: what noise adds in one generation, and what is left of the old.

Let generation k be fitted to n rows, S = X'X being their Gram matrix. S^{-1} X' noise is independent of all before, and
adds sigma^2 E tr S^{-1} = sigma^2 d / (n - d - 1) to D_k = E |w_k - w_0|^2.

Replace: w_k = w_{k-1} + S^{-1} X' noise. Nothing of the old error is lost.

Fresh data: if m of the rows are fresh and G is the Gram matrix of the p = n - m others, then
w_k - w_0 = S^{-1} G (w_{k-1} - w_0) + S^{-1} X' noise. The law of w_{k-1} - w_0 is invariant under rotations, so
D_{k-1} is multiplied by c = E tr (G S^{-2} G) / d. Here G = S^{1/2} B S^{1/2}, and B, a matrix beta variable, is
independent of S and invariant, so E B M B = a M + b tr(M) I for symmetric M and

    d c = E tr (B S^{-1} B S) = a d + b E tr(S) tr(S^{-1}) = a d + b d (n d - 2) / (n - d - 1),

as tr S is independent of S / tr S. Traces give a + b d = t / d and a (d + 1) + 2 b = (t + u) / d with t = E tr B^2 and
u = E (tr B)^2. B has the traces of a block of p rows and columns of a random projection P of rank d in n dimensions:
E P_ii^2 = d (d + 2) / (n (n + 2)), and P^2 = P, tr P = d give E P_ij^2 and E P_ii P_jj. Put together,

    c = (1 - m/n) (1 - m h / ((n - 1) (n + 2))),   h = n - d - x,   x = (d + 2) (d - 1) / (n - d - 1).

If m is binomial with mean a n, the mean of c is (1 - a) (1 - a h / (n + 2)).

Accumulate: with S the Gram matrix of all N rows so far, X that of the n new ones, w_k = w_{k-1} + S^{-1} X' noise. Rows
are exchangeable, so E tr (S^{-1} X'X S^{-1}) = (n / N) E tr S^{-1}, and the noise adds sigma^2 (n / N) d / (N - d - 1).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import LinearRegression
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import DOHMATOB_2024, GERSTGRASSER_2024, MODELCOLLAPSE, Reference
from modelcollapse.samplers import Plain
from modelcollapse.start import Empirical
from modelcollapse.statistics import SquaredError, Statistic
from modelcollapse.workflows import Accumulate, FreshCount, FreshMix, Replace, Workflow

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

_ADDED = 1000  # generations of a pool that are added up one by one; Euler and Maclaurin's formula does the rest
_EPS = 2.0**-52


class RegressionErrorLaw(Law):
    """Expected squared error of the weights under replace, accumulate, and where fresh data flow.

    It also holds from an `Empirical` start, whose model 0 is fitted to real rows.
    """

    name: ClassVar[str] = "regression_error"
    statement: ClassVar[str] = (
        "E |w_k - w_0|^2 = c E |w_{k-1} - w_0|^2 + sigma^2 (n/N) d / (N - d - 1), n of N rows being new; c = 1 unless "
        "some are fresh"
    )
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, DOHMATOB_2024, GERSTGRASSER_2024)

    def speaks(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the answer, also from a sample."""
        return self.answer(recursion, statistic, generations) if isinstance(recursion.sampler, Plain) else None

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for linear regression; so few rows that it is infinite are refused."""
        family, workflow = recursion.family, recursion.workflow
        if not isinstance(family, LinearRegression) or not isinstance(statistic, SquaredError):
            return None
        statistic.coordinates(recursion)
        pooled = workflow == Accumulate()  # without fresh data: theirs would be fitted together with old ones
        if not pooled and not isinstance(workflow, Replace | FreshMix | FreshCount):
            return None
        recursion.require(int(generations[-1]))
        d = family.dimension
        real = recursion.start.size if isinstance(recursion.start, Empirical) else 0
        first = noise_error(real, real, d) if real else 0.0
        if pooled:
            value, error = first + _pooled(recursion, real, d, generations), 1e-13
        else:
            value, error = _renewed(recursion, first, d, generations)
        return Answer(family.noise**2 * value, error)


def noise_error(new: float, held: float, dimension: int) -> float:
    """Return what the noise of `new` rows adds to the squared error of a fit to `held` rows, in units of its variance.

    Examples
    --------
    >>> noise_error(61, 61, 20), noise_error(61, 122, 20)
    (0.5, 0.09900990099009901)
    """
    return dimension * (new / held) / (held - dimension - 1.0)


def carried(size: int, dimension: int, workflow: Workflow) -> float:
    """Return c, by which one generation multiplies the squared error that there was.

    Examples
    --------
    >>> round(carried(1000, 1, FreshMix(0.1)), 6), round(carried(22, 20, FreshMix(0.1)), 6)
    (0.810269, 2.46)
    """
    replaced, pairs, n, d = *_flow(size, workflow), float(size), float(dimension)
    return (1.0 - replaced) * ((1.0 - pairs) * (n - d) + d + 2.0 + pairs * _extra(n, d)) / (n + 2.0)


def _extra(n: float, d: float) -> float:
    """Return x, by which few rows let the fresh ones disturb more than they mend."""
    return (d + 2.0) * (d - 1.0) / (n - d - 1.0)


def _flow(size: int, workflow: Workflow) -> tuple[float, float]:
    """Return m/n and m/(n - 1), or in their place the chance that a row is fresh."""
    if isinstance(workflow, FreshMix):
        return workflow.fresh, workflow.fresh
    if isinstance(workflow, FreshCount):
        return workflow.count / size, workflow.count / (size - 1.0)
    return 0.0, 0.0


def _renewed(recursion: Recursion, first: float, d: int, generations: Generations) -> tuple[Floats, float]:
    """Errors in units of the noise's variance, and how wrong they may be, where no data are kept."""
    workflow, n = recursion.workflow, recursion.constant_size
    if n is None:
        values = [first]
        for size in recursion.sizes(int(generations[-1])).tolist():
            values.append(carried(size, d, workflow) * values[-1] + noise_error(size, size, d))
        return np.array(values)[generations], 1e-14 + 10.0 * _EPS * len(values)
    replaced, pairs = _flow(n, workflow)
    gain, loss = (1.0 - replaced) * pairs * (n - d) / (n + 2.0), (1.0 - replaced) * pairs * _extra(n, d) / (n + 2.0)
    lost = replaced + gain - loss  # 1 - c
    k, each = generations.astype(np.float64), noise_error(n, n, d)
    with np.errstate(divide="ignore", over="ignore"):
        power = k * (np.log1p(-lost) if lost < 0.5 else np.log(carried(n, d, workflow)))
        value = each * (k if lost == 0.0 else np.expm1(power) / -lost)
        value = value + first * np.exp(power) if first else value
    # Where the terms of 1 - c nearly cancel it has lost digits; they count for as long as an error lasts or grows.
    lasts = min(float(k[-1]), 1000.0 / abs(lost) if lost else np.inf)
    return value, 1e-14 + 8.0 * _EPS * lasts * (replaced + gain + loss)


def _pooled(recursion: Recursion, real: int, d: int, generations: Generations) -> Floats:
    """Errors in units of the noise's variance, where all rows are kept."""
    n, last = recursion.constant_size, int(generations[-1])
    if n is not None:
        return pooled_sum(n, real, d, d + 1, generations)
    sizes = recursion.sizes(last).astype(np.float64)
    held = real + np.cumsum(sizes)
    return np.asarray(np.cumsum(d * (sizes / held) / (held - d - 1.0))[generations - 1])


def pooled_sum(n: int, real: int, d: int, less: int, generations: Generations) -> Floats:
    """Return the sum over j = 1, ..., k of d (n / N_j) / (N_j - less), N_j = real + j n, to 1e-13 of itself.

    Examples
    --------
    >>> pooled_sum(10, 0, 10, 0, np.array([1, 2, 10**12])).round(6)
    array([1.      , 1.25    , 1.644934])
    """
    held = real + float(n) * np.arange(1.0, min(_ADDED, int(generations[-1])) + 1.0)
    near = np.cumsum(d * (n / held) / (held - less))[np.minimum(generations, _ADDED) - 1]
    if generations[-1] <= _ADDED:
        return near

    def terms(j: Floats) -> tuple[Floats, Floats, Floats]:
        """Integral of the summand, half of it, and a twelfth of its slope."""
        pool = real + n * j
        one = d * (n / pool) / (pool - less)
        integral = d * np.log1p(-less / pool) / less if less else -d / pool
        return integral, one / 2.0, -one * n * (1.0 / pool + 1.0 / (pool - less)) / 12.0

    until, start = terms(np.maximum(generations, _ADDED).astype(np.float64)), terms(np.array([float(_ADDED)]))
    return np.asarray(near + sum(a - b for a, b in zip(until, start, strict=True)))
