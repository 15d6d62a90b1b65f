"""Symbols and rates beyond survival: first loss, fixation, ancestors, times, limits with their stated errors."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import pairwise, product

import mpmath
import numpy as np

from modelcollapse import Categorical, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.laws.kimura import excess_survival
from modelcollapse.laws.second_order import coefficients
from modelcollapse.laws.spectrum import eigenvalues, leading_constant
from modelcollapse.statistics import (
    Ancestors,
    Diversity,
    ExtinctionTime,
    FirstLoss,
    ForgettingTime,
    LostMass,
    MeanForgettingTime,
    NonZero,
    NotFixed,
    SquaredError,
    Survival,
    TotalCollapse,
    Vocabulary,
)
from modelcollapse.workflows import FreshMix
from tests.bounds.grid import PREFIXES, recursion, violation
from tests.reference import dense_chain
from tests.reference.first_loss import by_ancestors
from verification.table import Check

LEVELS = (0.001, 0.05, 0.3, 0.5, 0.9, 0.999)
PROBABILITIES = np.array([1e-9, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.99, 1 - 1e-6])


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    yield first_loss([2, 3, 60] if quick else [2, 3, 10, 60, 150, 400])
    yield first_loss_product()
    yield not_fixed([2, 3, 50] if quick else [2, 3, 5, 17, 50, 200, 700])
    yield total_collapse([1, 2, 3, 50] if quick else [1, 2, 3, 5, 17, 50, 200, 700])
    yield variance([1, 2, 30] if quick else [1, 2, 3, 30, 300, 1500])
    yield ancestors([2, 20] if quick else [2, 3, 10, 50])
    yield mean_times([2, 3, 100] if quick else [2, 3, 10, 100, 500, 1500])
    yield spectrum([2, 3, 20])
    yield forgetting_of_schedules(20 if quick else 300)
    yield extinction_of_schedules(20 if quick else 300)
    yield kimura([100, 10**6] if quick else [100, 1000, 10**4, 10**6, 10**9, 10**12])
    yield second_order([1000] if quick else [1000, 10**4, 10**6, 10**9])
    yield zipf([10**4] if quick else [10**4, 10**5, 10**6])
    yield bounds([1, 2, 3, 100] if quick else [1, 2, 3, 5, 30, 1000, 10**4, 10**6, 10**9, 10**12])
    yield immigration_limit([50] if quick else [25, 50, 100, 200])


def bounds(sizes: list[int]) -> Check:
    """Every bound on presence, as stated and tightened; printed: how far the worst is on the wrong side."""
    worst = 0.0
    asked = [Survival(PREFIXES), NotFixed(PREFIXES), Vocabulary()]
    # Two horizons: the bounds whose coefficients are iterated say nothing of the second.
    for n, statistic, generations in product(sizes, asked, ([1, 2, 3, 10, 100, 1000, 10**5], [10**6])):
        exact = solve(recursion(n), statistic, generations)[statistic.name]
        for tighten in (False, True):
            found = solve(recursion(n), statistic, generations, method="bounds", tighten=tighten)
            worst = max(worst, *(violation(bound, exact) for bound in found.of(statistic.name)))
    span = "symbols, n = 1 to 10^12, p from 1e-12 to 1, k to 10^6"
    return Check("bounds", span, "the exact law; how far violated", worst, 0.0)


def known(p: float, n: object) -> Recursion:
    """One symbol of probability p and another."""
    return Recursion(Categorical(), Known([p, 1 - p]), n)


def first_loss(sizes: list[int]) -> Check:
    """2 to 15 symbols, against ancestors; the error is absolute."""
    laws = [[0.5, 0.5], [1e-6, 1 - 1e-6], [0.2, 0.3, 0.5], [0.01, 0.04, 0.05, 0.9], [0.1] * 10, [0.002] * 14 + [0.972]]
    error = 0.0
    for n in sizes:
        generations = [1, 2, 5, 10, 30, 80, 10 * n]
        for law in laws:
            found = solve(Recursion(Categorical(), Known(law), n), FirstLoss(), sorted(set(generations)))["first_loss"]
            exact = by_ancestors(n, np.array(law), sorted(set(generations)))
            error = max(error, float(np.abs(found.value - exact).max() / found.error))
    span = "n = 2 to 400, 2 to 15 symbols, k to 10 n"
    return Check("first loss", span, "ancestral chain, positive terms; error / stated", error, 1.0)


def first_loss_product() -> Check:
    """Equal symbols, n = 1,000, against the exact law, in parts of what the limit states."""
    error, k = 0.0, np.unique(np.geomspace(1, 10_000, 80).astype(int))
    for symbols, stated in ((2, 0.16), (3, 0.1), (10, 0.03)):
        asked = Recursion(Categorical(), Known(np.full(symbols, 1 / symbols)), 1000)
        exact, limit = (solve(asked, FirstLoss(), k, method=m)["first_loss"].value for m in ("exact", "asymptotic"))
        error = max(error, float(np.abs(exact - limit).max() / stated))
    return Check("first loss, product", "2, 3 and 10 symbols, n = 1,000", "the exact law; error / stated", error, 1.0)


def not_fixed(sizes: list[int]) -> Check:
    """Against powers of the Wright-Fisher matrix, relative."""
    error = 0.0
    for n in sizes:
        k, inside = sorted({1, 2, 3, 10, n, 10 * n}), np.ones(n + 1)
        inside[[0, -1]] = 0.0
        for p in (1e-9, 0.01, 0.3, 0.5, 1 - 1e-6):
            found = solve(known(p, n), NotFixed([0]), k, method="exact")["not_fixed"].value[:, 0]
            exact = dense_chain._propagate(n, [p], k, inside)[:, 0]
            shown = exact > 1e-280
            error = max(error, float(np.abs(found[shown] / exact[shown] - 1).max()))
    return Check("not fixed", "n = 2 to 700, p from 1e-9 to 1 - 1e-6, k to 10 n", "dense matrix", error, 1e-10)


def total_collapse(sizes: list[int]) -> Check:
    """Against powers of the Wright-Fisher matrix, absolute."""
    error = 0.0
    for n in sizes:
        k = sorted({1, 2, 3, 10, n, 10 * n})
        for law in ([0.5, 0.5], [1e-6, 1 - 1e-6], [0.05, 0.2, 0.25, 0.5], [0.01] * 100):
            found = solve(Recursion(Categorical(), Known(law), n), TotalCollapse(), k)["total_collapse"].value
            error = max(error, float(np.abs(found - dense_chain.total_collapse(n, law, k)).max()))
    return Check("total collapse", "n = 1 to 700, 2 to 100 symbols, k to 10 n", "dense matrix, absolute", error, 1e-10)


def variance(sizes: list[int]) -> Check:
    """Squared error and diversity of two symbols, against matrix powers; each p and 1 - p is a double."""
    error = 0.0
    for n in sizes:
        k, share = sorted({1, 2, 3, 10, n}), np.arange(n + 1) / n
        for p in (2**-20, 2**-7, 0.3125, 0.5):
            found = solve(known(p, n), [SquaredError(), Diversity()], k, method="exact")
            for name, vector in (("squared_error", 2 * (share - p) ** 2), ("diversity", 2 * share * (1 - share))):
                exact = dense_chain._propagate(n, [p], k, vector)[:, 0]
                shown = exact > 1e-280
                error = max(error, float(np.abs(found[name].value[shown] / exact[shown] - 1).max(initial=0.0)))
    return Check("squared error, diversity", "n = 1 to 1,500, p from 2^-20, k to n", "dense matrix", error, 1e-12)


def ancestors(sizes: list[int]) -> Check:
    """Law of A_k: balls in boxes with 40 digits, of every probability above 1e-20."""
    error, horizon = 0.0, 60
    with mpmath.workdps(40):
        for n in sizes:
            thrown = occupied(n)
            law, laws = [mpmath.mpf(a == n) for a in range(n + 1)], {}
            for k in range(1, horizon + 1):
                laws[k] = np.array([float(chance) for chance in law[1:]])
                law = [mpmath.fsum(law[a] * thrown[a][b] for a in range(b, n + 1)) for b in range(n + 1)]
            k = [1, 2, 5, 20, horizon]
            for row, at in zip(solve(known(0.5, n), Ancestors(), k, method="exact")["ancestors"].value, k, strict=True):
                shown = laws[at] > 1e-20
                error = max(error, float(np.abs(row[shown] / laws[at][shown] - 1).max()))
    return Check("ancestors", "n = 2 to 50, k to 60, above 1e-20", "balls in boxes, 40 digits", error, 1e-11)


def occupied(n: int) -> list[list[mpmath.mpf]]:
    """Pr(a balls occupy b of n boxes), a and b from 0."""
    laws = [[mpmath.mpf(b == 0) for b in range(n + 1)]]
    for _ in range(n):
        last = laws[-1]
        laws.append([last[b] * b / n + (last[b - 1] * (n - b + 1) / n if b else 0) for b in range(n + 1)])
    return laws


def mean_times(sizes: list[int]) -> Check:
    """Given loss, against a linear system: a start at p is one draw from it, and one generation."""
    error = 0.0
    for n in sizes:
        for p in (1e-6, 1 / n, 0.3, 0.9):
            counts = dense_chain.binomial_law(n, p)[:-1] * (1.0 - np.arange(n) / n)
            exact = 1.0 + float(counts @ dense_chain.mean_time_given_loss(n, np.arange(n)) / counts.sum())
            found = solve(known(p, n), MeanForgettingTime([0]), [], method="exact")["mean_forgetting_time"].value[0]
            error = max(error, abs(float(found) / exact - 1))
    return Check("mean forgetting time", "n = 2 to 1,500, p from 1e-6 to 0.9", "linear system", error, 1e-9)


def spectrum(sizes: list[int]) -> Check:
    """Eigenvalues against the dense matrix, absolute; the constant of the slowest mode against a late generation."""
    error = 0.0
    for n in sizes:
        values = np.sort(np.linalg.eigvals(dense_chain.transition_matrix(n)).real)[::-1]
        error = max(error, float(np.abs(values[2:] - eigenvalues(n)).max(initial=0.0)))
        late, inside = 20 * n, np.ones(n + 1)
        inside[[0, -1]] = 0.0
        exact = dense_chain._propagate(n, [0.5], [late], inside)[0, 0] * 4 / (1 - 1 / n) ** late
        error = max(error, abs(leading_constant(n) / exact - 1))
    return Check("spectrum", "n = 2, 3, 20: eigenvalues, constant", "dense matrix", error, 1e-10)


def forgetting_of_schedules(lists: int) -> Check:
    """Quantiles where sizes vary: the law of the count, size after size; printed: how many differ."""
    rng, wrong = np.random.default_rng(7), 0
    for _ in range(lists):
        sizes = rng.integers(1, int(rng.choice([4, 30, 150])), size=int(rng.integers(1, 60))).tolist()
        for p in (1.3e-3, 0.021, 0.31, 0.973):
            law = dense_chain.binomial_law(sizes[0], p)
            absent = [law[0]]
            for before, n in pairwise(sizes):
                law = law @ np.array(
                    [dense_chain.binomial_law(n, np.longdouble(c) / before) for c in range(before + 1)]
                )
                absent.append(law[0])
            found = solve(known(p, sizes), ForgettingTime([0], LEVELS), [], method="exact")["forgetting_time"].value
            wrong += sum(a != b for a, b in zip(found[:, 0], firsts(absent), strict=True))
    return Check("forgetting time", f"{lists} lists of sizes, 1 to 150", "law of the count; how many differ", wrong, 0)


def extinction_of_schedules(lists: int) -> Check:
    """Quantiles of Poisson rates where sizes vary, 1 to 10^12: generating functions of 40 digits; how many differ."""
    rng, wrong = np.random.default_rng(8), 0
    with localcontext() as context:
        context.prec = 40
        for _ in range(lists):
            sizes = (10 ** rng.uniform(0, rng.choice([1, 12]), size=int(rng.integers(1, 30)))).astype(np.int64).tolist()
            rate, gone = 10 ** rng.uniform(-6, 0.5), []
            for horizon in range(1, len(sizes) + 1):
                s = Decimal(0)
                for j in range(horizon - 1, 0, -1):
                    s = ((s - 1) * Decimal(sizes[j]) / Decimal(sizes[j - 1])).exp()
                gone.append(float((Decimal(rate) * sizes[0] * (s - 1)).exp()))
            asked = Recursion(Poisson(), Parameters(rate=rate), sizes)
            found = solve(asked, ExtinctionTime(LEVELS), [], method="exact")["extinction_time"].value
            wrong += sum(a != b for a, b in zip(found, firsts(gone), strict=True))
    what = f"{lists} lists of sizes, 1 to 10^12"
    return Check("extinction time", what, "generating functions, 40 digits; how many differ", wrong, 0)


def firsts(curve: list[float]) -> list[float]:
    """The first generation at which each level is reached."""
    return [next((k for k, value in enumerate(curve, 1) if value >= q), np.inf) for q in LEVELS]


def kimura(sizes: list[int]) -> Check:
    """The diffusion limit against the exact law, in parts of ln(n)/(6 n)."""
    error = 0.0
    for n in sizes:
        for k in (n, 2 * n, 10 * n):
            for p in PROBABILITIES:
                exact = solve(known(p, n), Survival([0]), [k], method="exact")["survival"].value[0, 0]
                limit = p + excess_survival(np.array([p]), np.array([k / n]))[0, 0]
                error = max(error, abs(limit - exact) * 6 * n / np.log(n))
    span = "n = 100 to 10^12, k from n to 10 n, p from 1e-9 to 1 - 1e-6"
    return Check("diffusion limit", span, "the exact law; error / stated", float(error), 1.0)


def second_order(sizes: list[int]) -> Check:
    """The second-order Poisson limit against the exact law: n p to 10, k to 100, in units of 1/n."""
    error, k = 0.0, np.array([1, 2, 5, 20, 100])
    g, a, b = (series[k - 1] for series in coefficients(100))
    for n in sizes:
        for count in (1e-3, 0.5, 1.0, 3.0, 10.0):
            p = count / n
            exact = solve(known(p, n), Survival([0]), k, method="exact")["survival"].value[:, 0]
            limit = 1 - np.exp(-n * p * g) * (1 - n * a * p**2 - b * p)
            error = max(error, float(np.abs(limit - exact).max() * n))
    return Check("Poisson limit", "n = 1,000 to 10^9, n p to 10, k to 100", "the exact law; error x n", error, 0.05)


def zipf(sizes: list[int]) -> Check:
    """Closed forms of Zipf's law against the exact law of the list."""
    error = 0.0
    for b in (1.1, 1.5, 2.0, 3.0):
        law = np.arange(1, 100_001.0) ** -b
        for n in sizes:
            asked = Recursion(Categorical(), Known(law / law.sum()), n)
            for statistic in (Vocabulary(), LostMass()):
                exact = solve(asked, statistic, [1, 10, 100], method="exact")[statistic.name].value
                limit = solve(asked, statistic, [1, 10, 100], method="asymptotic")[statistic.name].value
                error = max(error, float(np.abs(limit / exact - 1).max()))
    return Check("Zipf's law", "b = 1.1 to 3, n = 10^4 to 10^6, k to 100", "the exact law of the list", error, 4e-3)


def immigration_limit(sizes: list[int]) -> Check:
    """Poisson rates, each datum fresh with a chance: the chain of sums, cut off at 400; error in units of 1/n."""
    error, states, share = 0.0, np.arange(400), 0.1
    unit = np.exp(-2j * np.pi * np.arange(1024) / 1024) - 1.0
    for n in sizes:
        rate = 2.0 / n
        mixed = share * np.exp(rate * unit) + (1 - share) * np.exp(np.outer(states / n, unit))
        moves = np.maximum(np.fft.ifft(mixed**n, axis=1).real, 0.0)[:, : len(states)]
        law = np.maximum(np.fft.ifft(np.exp(n * rate * unit)).real, 0.0)[: len(states)]
        alive = []
        for _ in range(30):
            alive.append(1 - law[0])
            law = law @ moves
        asked = Recursion(Poisson(), Parameters(rate=rate), n, FreshMix(share))
        limit = solve(asked, NonZero(), 30, method="asymptotic")["nonzero"].value
        error = max(error, float(np.abs(limit - alive).max() * n))
    span = "n = 25 to 200, a tenth fresh, k to 30"
    return Check("rate not 0, fresh mix", span, "chain of sums; error x n", error, 0.5)
