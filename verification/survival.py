"""Survival under replace, far beyond what the tests have time for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.laws.presence.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.statistics import MeanForgettingTime, Survival, Vocabulary
from tests.reference import ancestral_chain, ancestral_cumulants, dense_chain, few_ancestors
from tests.reference.make_golden import read_golden
from verification.table import Check

ASKED = 1e-10


def law(n: int, x: np.ndarray, generations: list[int], nodes: int | None = None) -> np.ndarray:
    """Survival by the package's law, (generation, point)."""
    operator = backward_operator(n) if nodes is None else BackwardOperator(n, PanelSpline(n, nodes))
    rows = operator.spline.rows(x)
    return x + np.array([rows @ d for d in operator.excess(np.array(generations))])


def worst(one: np.ndarray, other: np.ndarray) -> float:
    """Largest relative difference."""
    return float(np.max(np.abs(one / other - 1)))


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    yield dense(range(1, 61), "every n from 1 to 60, every count, k to 10 n")
    yield dense(
        [200, 500, 1000] if quick else [200, 500, 1000, 1999, 2000], "large dense matrices, every count, k to 10 n"
    )
    yield stored()
    for n in [10_000] if quick else [10_000, 436_577, 10**6]:
        yield chain(n)
    for n in [436_577, 10**9] if quick else [10**5, 436_577, 10**7, 10**9, 10**12, 10**13]:
        yield cumulants(n)
    yield resolutions(quick)
    yield mixed_sizes()
    yield schedules_in_full(3 if quick else 30)
    yield wide_schedules(quick)
    yield absorption()
    yield simulation(100 if quick else 2000)


def dense(sizes: object, what: str) -> Check:
    """Against powers of the Wright-Fisher matrix."""
    error = 0.0
    for n in sizes:
        x = np.arange(1, n + 1) / n
        generations = sorted({1, 2, 3, 5, 10, 30, n, 10 * n})
        error = max(error, worst(law(n, x, generations), dense_chain.survival(n, x, generations)))
    return Check("survival", what, "dense Wright-Fisher matrix", error, ASKED)


def stored() -> Check:
    """Against the stored values of three routes, n to 10^12 and k to 10^6."""
    errors = [worst(law(n, np.array([c / n]), [k]), np.array([[s]])) for n, c, k, s in read_golden()]
    return Check(
        "survival", "n = 436,577 to 10^12, counts 1 to 1,000, k to 10^6", "stored, three routes", max(errors), 1e-10
    )


def chain(n: int) -> Check:
    """Against the exact chain of ancestors, k of the order of n."""
    x = np.array([1, 2, 10, 100, n // 10, n // 2]) / n
    generations = [1, 10, 1000, n // 10, n, 3 * n, 10 * n]
    error = worst(law(n, x, generations), ancestral_chain.survival(n, x, generations))
    return Check("survival", f"n = {n:,}, k to 10 n", "ancestral chain", error, ASKED)


def cumulants(n: int) -> Check:
    """Against the cumulants of the number of ancestors, while there are at least 1,500."""
    reach = min(10**6, n // 900)
    x = np.array([1, 3, 100, 10_000]) / n
    generations = sorted({1, 2, 10, min(100, reach), reach})
    error = worst(law(n, x, generations), ancestral_cumulants.survival(n, x, generations))
    return Check("survival", f"n = {n:,}, k to {reach:,}", "cumulants of A_k", error, ASKED)


def resolutions(quick: bool) -> Check:
    """14 against 18 nodes in a panel: every n, every k, all probabilities."""
    error = 0.0
    for n in [1, 3, 10**4, 10**8] if quick else [1, 2, 3, 17, 10**4, 10**6, 10**8, 10**10, 10**12, 10**13]:
        x = np.array([1e-12, 1e-3, 1.0, 30.0, 1e4]) / n
        x = np.concatenate([x[x < 0.05], [0.1, 0.4, 0.9, 1 - 1e-6]])
        generations = sorted({1, 2, 10, 1000, 10**6, max(1, n // 100), n, 10 * n})
        error = max(error, worst(law(n, x, generations), law(n, x, generations, nodes=18)))
    return Check("survival", "n = 1 to 10^13, k to 10 n, x from 1e-12/n to 1", "finer splines", error, ASKED)


def mixed_sizes() -> Check:
    """Few draws before many, and many before few."""
    error, p = 0.0, np.array([1e-300, 1e-100, 1e-12, 1e-6, 0.01, 0.5, 0.9])
    schedules = [[few, many] for few in (1, 2, 3, 60) for many in (10, 1000, 10**6, 10**13)]
    schedules += [sizes[::-1] for sizes in schedules]
    schedules += [
        [60, 10**13, 3],
        [10**6, 5, 10**9, 7, 10**12],
        [40] * 5 + [10**13],
        [10**12, 30, 31, 32, 10**3, 2, 10**8],
    ]
    for sizes in schedules:
        expected = few_ancestors.survival(sizes, p)
        for chance, value in zip(p, expected, strict=True):
            recursion = Recursion(Categorical(), Known([chance, 1 - chance]), sizes)
            found = solve(recursion, Survival([0]), [len(sizes)], method="exact")["survival"].value[0]
            error = max(error, worst(found, np.array([value])))
    what = "sizes 1 to 60 and 10 to 10^13 in turn, p from 1e-300"
    return Check("survival", what, "lines of descent", error, ASKED)


def schedules_in_full(lists: int) -> Check:
    """Forty sizes from 2 to 1,500, at random on a logarithmic scale: the law of the count, size after size."""
    error, rng = 0.0, np.random.default_rng(5)
    for _ in range(lists):
        sizes = np.exp(rng.uniform(np.log(2), np.log(1500), 40)).astype(np.int64).tolist()
        p = float(10.0 ** rng.uniform(-8, -0.1))
        law, expected = dense_chain.binomial_law(sizes[0], p), []
        for before, n in pairwise([*sizes, sizes[-1]]):
            expected.append(law[1:].sum())
            law = law @ np.array([dense_chain.binomial_law(n, y / before) for y in range(before + 1)])
        recursion = Recursion(Categorical(), Known([p, 1 - p]), sizes)
        found = solve(recursion, Survival([0]), len(sizes), method="exact")["survival"].value[:, 0]
        error = max(error, worst(found, np.array(expected)))
    return Check("survival", f"{lists} lists of forty sizes, 2 to 1,500", "law of the count", error, ASKED)


def wide_schedules(quick: bool) -> Check:
    """Hundreds of sizes up to 10^13: functionals carried without an operator, against operators on finer splines."""
    error, rng = 0.0, np.random.default_rng(6)
    x = np.array([1e-13, 1e-9, 1e-5, 0.01, 0.4, 0.999])
    for least in (2, 100, 10**6):
        sizes = np.exp(rng.uniform(np.log(least), np.log(1e13), 40 if quick else 300)).astype(np.int64)
        recursion = Recursion(Categorical(), Known([*x / x.sum()]), sizes.tolist())
        found = solve(recursion, Survival(), len(sizes), method="exact")["survival"].value
        spline = PanelSpline(int(sizes.max()), 18)
        rows, expected = spline.rows(x / x.sum()), []
        for n in sizes.tolist():
            values = -np.expm1(n * np.log1p(-spline.nodes)) - spline.nodes
            expected.append(x / x.sum() + rows @ values)
            rows = rows @ BackwardOperator(n, spline).whole_by_basis @ spline.coefficients
        error = max(error, worst(found, np.array(expected)))
    what = "hundreds of sizes from 2 to 10^13, p from 1e-13 to 0.7"
    return Check("survival", what, "operators on finer splines", error, ASKED)


def absorption() -> Check:
    """Mean time from one copy to either end: 2 ln n plus a constant that n no longer changes."""
    constants = []
    for n in (10**9, 10**10, 10**11, 10**12, 10**13):
        recursion = Recursion(Categorical(), Corpus([1, n - 1]), n)
        lost, fixed = solve(recursion, MeanForgettingTime(), [])["mean_forgetting_time"].value
        constants.append((1 - 1 / n) * lost + fixed / n - 2 * np.log(n))
    error = float(np.ptp(constants) / 60)
    return Check("mean forgetting time", "n = 10^9 to 10^13, one copy", "growth by 2 ln n", error, 1e-9)


def simulation(replicates: int) -> Check:
    """Mean of the surviving vocabulary, a Zipf corpus of 2,000 types; printed as z-score, false-alarm rate 1e-6."""
    frequencies = 1 / (np.arange(1, 2001) + 2.7)
    counts = np.random.default_rng(1).multinomial(20_000, frequencies / frequencies.sum())
    recursion = Recursion(Categorical(), Corpus(counts), 20_000)
    exact = solve(recursion, Vocabulary(), 50)["vocabulary"]
    seed = int(np.random.SeedSequence().entropy)
    simulated = solve(recursion, Vocabulary(), 50, method="simulate", replicates=replicates, rng=seed)["vocabulary"]
    z = np.abs(simulated.value - exact.value) / (exact.sd / np.sqrt(replicates))
    return Check(
        "vocabulary", f"{replicates:,} simulated runs, seed {seed}", "simulation, largest z-score", float(z.max()), 5.6
    )
