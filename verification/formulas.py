"""Formulas that answer no question of `solve`: each against another route to the same number."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import comb

import mpmath
import numpy as np
from scipy import stats

from modelcollapse import Gaussian, Parameters, Recursion, solve
from modelcollapse.laws.accumulated import accumulated_diversity, accumulated_efficiency
from modelcollapse.laws.fresh_loop import fresh_loop_limit, optimal_weight, weighted_variance
from modelcollapse.laws.fresh_stationary import stationary_frequency, variance_left
from modelcollapse.laws.growing_sizes import growing_for_ever
from modelcollapse.laws.linear_estimate import effective_size, linear_estimate
from modelcollapse.laws.new_types import _slope_of_presence, ewens_partition, ewens_types, number_of_types
from modelcollapse.statistics import MeanSquaredDrift, MeanVariance
from modelcollapse.workflows import Accumulate, FreshCount
from tests.reference.line_types import law_of_types
from tests.reference.workflow_chain import follow
from verification.table import Check

SHARES = (0.01, 0.1, 0.6)


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    yield stationary_variance([5, 40] if quick else [2, 5, 40, 200])
    yield stationary_counts([50] if quick else [50, 200, 500])
    yield types_enumerated([2, 4] if quick else [2, 3, 6, 9])
    yield types_by_presence([20] if quick else [2, 20, 200, 500])
    yield ewens(5 if quick else 7)
    yield estimate()
    yield accumulated_products(1000 if quick else 20_000)
    yield accumulated_enumerated()
    yield fresh_loops()
    yield weights()
    yield growth(300_000 if quick else 3_000_000)


def chain(n: int, share: float, p: float) -> np.ndarray:
    """Chances to go from one count of a symbol to another in one generation."""
    counts = np.arange(n + 1)
    return np.array([stats.binom.pmf(counts, n, share * p + (1 - share) * y / n) for y in counts])


def settled(matrix: np.ndarray) -> np.ndarray:
    """The law that stays the same: one linear system."""
    size = len(matrix)
    system = matrix.T - np.eye(size)
    system[-1] = 1.0
    return np.linalg.solve(system, np.eye(size)[-1])


def stationary_variance(sizes: list[int]) -> Check:
    """Variance in the limit and on the way there."""
    error, p = 0.0, 0.07
    for n in sizes:
        y = np.arange(n + 1) / n
        for share in SHARES:
            matrix = chain(n, share, p)
            limit = settled(matrix) @ (y - p) ** 2
            error = max(error, abs(stationary_frequency(n, share, p).variance / limit - 1))
            law = stats.binom.pmf(np.arange(n + 1), n, p)
            for k in range(1, 21):
                expected = limit * (1 - variance_left(n, share, k))
                error = max(error, abs(float(law @ (y - p) ** 2) / expected - 1))
                law = law @ matrix
    return Check("stationary_frequency, variance_left", "n = 2 to 200, k to 20", "chain of counts in full", error, 1e-9)


def stationary_counts(sizes: list[int]) -> Check:
    """Polya's law of the count, which holds in the limit of n: largest distance of distribution functions."""
    error = 0.0
    for n in sizes:
        for share, p in ((0.002, 0.3), (0.02, 0.02), (0.1, 0.05), (0.5, 0.3)):
            found = np.cumsum(stationary_frequency(n, share, p).counts(n))
            error = max(error, float(np.abs(found - np.cumsum(settled(chain(n, share, p)))).max()))
    return Check(
        "stationary_frequency, counts", "n = 50 to 500", "chain of counts in full; absolute distance", error, 0.01
    )


def types_enumerated(sizes: list[int]) -> Check:
    """Mean and standard deviation by every history of the lines of descent."""
    error = 0.0
    for n in sizes:
        for share in (Fraction(1, 100), Fraction(1, 10), Fraction(3, 5)):
            for k in (2, 4, 7):
                law = law_of_types(n, share, k)
                mean = sum(types * chance for types, chance in law.items())
                variance = sum(types**2 * chance for types, chance in law.items()) - mean**2
                found = number_of_types(n, float(share), k)
                error = max(error, abs(found.mean / float(mean) - 1), abs(found.sd / float(variance) ** 0.5 - 1))
    return Check("number_of_types", "n = 2 to 9, k to 7", "lines of descent, fractions", error, 1e-10)


def types_by_presence(sizes: list[int]) -> Check:
    """The mean as the chance that a symbol of vanishing probability is present."""
    pairs = [(n, share, k) for n in sizes for share in SHARES for k in (2, 7, 1000, None)]
    error = max(abs(number_of_types(*each).mean / _slope_of_presence(*each) - 1) for each in pairs)
    return Check("number_of_types", "n = 2 to 500, k to infinity", "slope of the law of presence", error, 1e-10)


def ewens(most: int) -> Check:
    """Draw after draw is of a new type or of one seen before, c by the pair identity; every order, with fractions."""
    error, n = 0.0, 1000
    for share in (Fraction(1, 1000), Fraction(1, 10), Fraction(1, 2)):
        alike = (1 - share) ** 2
        pair = alike * Fraction(1, n) / (1 - alike * (1 - Fraction(1, n)))  # two draws of one type, in the limit
        c = 1 / pair - 1
        law = {(): Fraction(1)}
        for drawn in range(most):
            following: dict[tuple[int, ...], Fraction] = {}
            for seen, weight in law.items():
                ways = [((*seen, 1), c)]
                ways += [((*seen[:i], seen[i] + 1, *seen[i + 1 :]), Fraction(seen[i])) for i in range(len(seen))]
                for counts, rate in ways:
                    key = tuple(sorted(counts))
                    following[key] = following.get(key, Fraction(0)) + weight * rate / (c + drawn)
            law = following
        for counts, chance in law.items():
            error = max(error, abs(ewens_partition(list(counts), n, float(share)) / float(chance) - 1))
        mean = sum(len(counts) * chance for counts, chance in law.items())
        square = sum(len(counts) ** 2 * chance for counts, chance in law.items())
        found = ewens_types(n, float(share), most)
        error = max(error, abs(found.mean / float(mean) - 1), abs(found.sd / float(square - mean**2) ** 0.5 - 1))
    return Check("ewens_types, ewens_partition", f"{most} draws", "urn, fractions", error, 1e-10)


def estimate() -> Check:
    """Every outcome of two batches: mean, squared error and estimated error."""
    truth, models, shares = np.array([0.5, 0.3, 0.2]), np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]), [0.9, 0.4]
    sizes, totals = (4, 5), np.zeros(7)
    outcomes = [[c for c in product(range(n + 1), repeat=3) if sum(c) == n] for n in sizes]
    laws = [a * truth + (1 - a) * m for a, m in zip(shares, models, strict=True)]
    for both in product(*outcomes):
        chance = 1.0
        for counts, n, law in zip(both, sizes, laws, strict=True):
            chance *= comb(n, counts[0]) * comb(n - counts[0], counts[1]) * float(np.prod(law ** np.array(counts)))
        found = linear_estimate(both, models, shares)
        totals += chance * np.r_[found.probabilities, (found.probabilities - truth) ** 2, found.estimated_error]
    said = found.variance(truth)
    error = float(np.abs(totals / np.r_[truth, said, said.sum()] - 1).max())
    worth = sum(n * a**2 for n, a in zip(sizes, shares, strict=True))
    error = max(error, abs(found.effective_size / worth - 1), abs(effective_size(sizes, shares) / worth - 1))
    return Check("linear_estimate, effective_size", "4 and 5 draws of 3 symbols", "every outcome", error, 1e-12)


def accumulated_products(last: int) -> Check:
    """Products and sums term by term, and their limits in closed form, with 40 digits."""
    error = 0.0
    with mpmath.workdps(40):
        squares = mpmath.fsum(mpmath.mpf(1) / j**2 for j in range(1, last + 1))
        error = max(error, float(abs(accumulated_efficiency(last) * squares - 1)))
        error = max(error, float(abs(accumulated_efficiency() * mpmath.pi**2 / 6 - 1)))
        for n in (2, 5, 1000, 10**9):
            u = mpmath.pi / mpmath.sqrt(n)
            whole, first = mpmath.sin(u) / u, 1 - mpmath.mpf(1) / n
            part = mpmath.fprod(1 - mpmath.mpf(1) / (n * j**2) for j in range(1, last + 1))
            ours = [accumulated_diversity(n), accumulated_diversity(n, corpus=True), accumulated_diversity(n, last)]
            expected = [whole, whole / first, part]
            error = max(error, *(float(abs(a / b - 1)) for a, b in zip(ours, expected, strict=True)))
    what = f"n = 2 to 10^9, k = {last:,} and infinity"
    return Check("accumulated_diversity, accumulated_efficiency", what, "products, 40 digits", error, 1e-12)


def accumulated_enumerated() -> Check:
    """Every state of the pool, from a corpus of n."""
    error, corpus = 0.0, [1, 2]
    for k in range(1, 6):
        facts = [follow(Accumulate(), Fraction(c, 3), (c, 3), [3] * k)[-1] for c in corpus]
        left = (1 - sum(fact.square for fact in facts)) / (1 - sum(Fraction(c, 3) ** 2 for c in corpus))
        error = max(error, abs(accumulated_diversity(3, k, corpus=True) / float(left) - 1))
    return Check("accumulated_diversity", "n = 3, k to 5", "every state, fractions", error, 1e-12)


def fresh_loops() -> Check:
    """The limit of Gaussian moments by following them until they rest."""
    error = 0.0
    for real, synthetic, ddof in ((20, 80, 1.0), (1, 9, 1.0), (500, 500, 0.0), (30, 1000, 0.0)):
        normal = Parameters(mean=0.0, scale=1.0)
        recursion = Recursion(Gaussian(ddof=ddof), normal, real + synthetic, FreshCount(real))
        far = solve(recursion, [MeanSquaredDrift(), MeanVariance()], [100_000], method="exact")
        found = fresh_loop_limit(real, synthetic, ddof=ddof)
        for name, limit in zip(("mean_squared_drift", "mean_variance"), found, strict=True):
            error = max(error, abs(float(far[name].value[0]) / limit - 1))
    return Check("fresh_loop_limit", "n = 10 to 1,030", "100,000 generations followed", error, 1e-8)


def weights() -> Check:
    """The variance of a weighted mean generation by generation with 40 digits; the best weight by search."""
    error = 0.0
    with mpmath.workdps(40):
        for real, synthetic in ((100, 100), (3, 1000), (10**6, 7)):
            for w in (0.01, 0.3, 0.9):
                weight, variance = mpmath.mpf(w), mpmath.mpf(0)
                for k in range(1, 201):
                    variance = weight**2 / real + (1 - weight) ** 2 * (variance + mpmath.mpf(1) / synthetic)
                    error = max(error, float(abs(weighted_variance(w, real, synthetic, k) / variance - 1)))

            def slope(w: mpmath.mpf, n_r: int = real, n_s: int = synthetic) -> mpmath.mpf:
                return mpmath.diff(lambda x: (x**2 / n_r + (1 - x) ** 2 / n_s) / (x * (2 - x)), w)

            best = mpmath.findroot(slope, (mpmath.mpf("1e-4"), 1 - mpmath.mpf("1e-9")), solver="anderson", tol=1e-25)
            error = max(error, float(abs(optimal_weight(real, synthetic) / best - 1)))
    return Check("weighted_variance, optimal_weight", "n = 200 to 10^6, k to 200", "40 digits, search", error, 1e-12)


def growth(last: int) -> Check:
    """What growing samples keep: many more generations back; the diversity in closed form, sin(u)/u for n k^2."""
    error = 0.0
    for n in (10, 1000):
        left = 2.0 * n * (last + 0.5)  # 2 over the sum of all later 1/n_k, to 1/last^2 of itself
        for k in range(last, 0, -1):
            size = float(n) * k * k
            left = size * -np.expm1(-left / size)
        found, u = growing_for_ever(n, 2.0), np.pi / np.sqrt(n)
        error = max(error, abs(found.effective_size / left - 1), abs(found.diversity / (np.sin(u) / u) - 1))
    return Check("growing_for_ever", "n = 10 and 1,000, s = 2", f"{last:,} generations; sin(u)/u", error, 1e-8)
