"""Workflows other than replace: presence, variances and moments, each against another route."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import mpmath
import numpy as np

from modelcollapse import Categorical, Corpus, Gaussian, Known, Parameters, Poisson, Recursion, solve
from modelcollapse.families import Additive, LinearRegression, Smoothed
from modelcollapse.laws.presence.accumulated_equation import AccumulatedEquation
from modelcollapse.laws.presence.fresh_equation import FreshEquation
from modelcollapse.laws.presence.fresh_schedule import FreshSchedule
from modelcollapse.laws.presence.subsampled_equation import SubsampledEquation
from modelcollapse.samplers import Amplification
from modelcollapse.start import Empirical
from modelcollapse.statistics import (
    Diversity,
    MeanSquaredDrift,
    MeanVariance,
    NonZero,
    SquaredError,
    Survival,
    Vocabulary,
)
from modelcollapse.workflows import (
    Accumulate,
    AccumulateSubsample,
    FixedReal,
    FreshCount,
    FreshMix,
    Replace,
    WeightedMix,
)
from tests.reference import fresh_chain, pool_lines, pool_operators, workflow_chain
from tests.reference.dense_chain import binomial_law
from tests.reference.pool_spline import PooledEquation
from verification.survival import worst
from verification.table import Check

ASKED = 1e-10
COUNTS = np.array([0.1, 1.0, 5.0, 20.0, 60.0])


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    yield full(range(1, 13) if quick else [*range(1, 31), 60, 200])
    for n in [10**6] if quick else [10**4, 10**6, 10**9, 10**12]:
        yield window(n, [0.1] if quick else [0.001, 0.01, 0.1, 0.5], "fresh share")
        yield window(n, [n // 50] if quick else [1, n // 1000, n // 50, n // 2], "fresh number")
    yield resolutions([1, 10**4] if quick else [1, 2, 30, 10**4, 10**6, 10**9, 10**13])
    yield leaps([300, 10**6] if quick else [3, 300, 10**6, 10**9, 10**12])
    yield pool([100, 10**6] if quick else [100, 10**4, 10**6, 10**12])
    yield parts_of_the_pool([100, 10**6] if quick else [100, 10**4, 10**6, 10**12])
    yield far_pool([100] if quick else [100, 10**6, 10**13], 60 if quick else 1000)
    yield far_parts([100] if quick else [100, 10**6, 10**13], 20 if quick else 1000)
    yield fresh_pool([100, 10**6] if quick else [100, 10**4, 10**6, 10**12])
    yield smoothing()
    yield enumerated()
    yield immigration()
    yield vocabulary(200 if quick else 4000)
    yield gaussians(20_000 if quick else 400_000)
    yield regression(4000 if quick else 20_000)
    yield regression_digits()


def carried(n: int, flow: float | int, x: np.ndarray, generations: object) -> np.ndarray:
    """Presence by the package's law, (generation, symbol)."""
    return FreshEquation(FreshSchedule((n,), (flow,))).survival(x, np.asarray(generations))


def full(sizes: object) -> Check:
    """Against the chain of counts, every transition."""
    error = 0.0
    for n in sizes:
        x = np.unique(np.array([0.3, 1, 2, n / 3, n - 0.5])) / n
        x = x[x < 1]
        for share in (0.0, 0.003, 0.1, 0.6, 1.0):
            expected = [fresh_chain.survival([n] * 50, [share] * 50, own) for own in x]
            error = max(error, worst(carried(n, share, x, np.arange(1, 51)), np.array(expected).T))
    return Check("presence, fresh share", "n = 1 to 200, k to 50", "chain of counts in full", error, ASKED)


def window(n: int, flows: list[float | int], what: str) -> Check:
    """Against the chain of counts up to a cap; the bracket's width counts as error."""
    error = 0.0
    for flow in flows:
        found = carried(n, flow, COUNTS / n, np.arange(1, 31))
        for column, count in enumerate(COUNTS):
            low, high = fresh_chain.window_bracket(n, flow, count / n, 30, 1200)
            error = max(error, worst(found[:, column], low), worst(found[:, column], high))
    return Check(f"presence, {what}", f"n = {n:,}, k to 30", "forward window", error, ASKED)


def resolutions(sizes: list[int]) -> Check:
    """14 against 18 nodes in a panel, as a part of the stated error."""
    error, generations = 0.0, np.array([1, 2, 10, 1000, 10**5])
    for n in sizes:
        x = np.array([1e-6, 0.3, 1.0, 30.0, 1e4]) / n
        x = np.append(x[x < 0.05], [0.1, 0.9])
        for share in (1e-4, 0.01, 0.3):
            finer = FreshEquation(FreshSchedule((n,), (share,)), nodes_per_panel=18)
            stated = finer.error(generations)
            apart = worst(carried(n, share, x, generations), finer.survival(x, generations))
            error = max(error, apart / stated)
    return Check("presence, fresh share", "n = 1 to 10^13, k to 100,000", "finer splines; error / stated", error, 1.0)


def leaps(sizes: list[int]) -> Check:
    """Powers of one generation, nothing fresh, against the law of replace."""
    error, generations = 0.0, np.array([65, 1000, 10**4, 10**6])
    for n in sizes:
        x = np.array([1.0, 2.0]) / n
        equation = FreshEquation(FreshSchedule((n,), (0.0,)))
        replaced = [
            solve(Recursion(Categorical(), Known([p, 1 - p]), n), Survival([0]), generations)["survival"].value[:, 0]
            for p in x
        ]
        apart = np.abs(equation.survival(x, generations) / np.array(replaced).T - 1)
        stated = [equation.error(np.array([k])) for k in generations.tolist()]
        error = max(error, float(np.max(apart / np.array(stated)[:, None])))
    return Check("presence, long leaps", "n to 10^12, k to 1,000,000", "replace; error / stated", error, 1.0)


def pool(sizes: list[int]) -> Check:
    """All data kept: the chain of the count in the pool, up to a cap."""
    error = 0.0
    for n in sizes:
        for tokens in (n, 3 * n):
            for count in (1, 12):
                equation = SubsampledEquation(np.full(6, n), tokens + n * np.arange(1, 7), tokens)
                found = equation.survival(np.array([count / tokens]), np.arange(1, 7))
                law, held = np.zeros(501), tokens
                law[count] = 1.0
                for k in range(6):
                    chances = np.minimum(np.arange(501) / held, 0.99)
                    rows = fresh_chain.window_rows(n, chances, 500)
                    error = max(error, abs(float(found[k, 0]) / float(law @ (1 - rows[:, 0])) - 1))
                    law = sum(np.pad(w * rows[y], (y, 0))[:501] for y, w in enumerate(law))
                    held += n
    return Check("presence, accumulate", "n = 100 to 10^12, k to 6", "forward window of the pool", error, ASKED)


def parts_of_the_pool(sizes: list[int]) -> Check:
    """Parts of the pool: the chain of its count, up to a cap."""
    error, at = 0.0, np.arange(1, 6)
    for n in sizes:
        for part, tokens in ((n, n), (n // 5, n), (2 * n, 3 * n)):
            equation = SubsampledEquation(np.full(5, n), np.full(5, part), tokens)
            for count in (1, 8):
                low, _ = pool_lines.window(n, part, tokens, count, 5, 400)
                error = max(error, worst(equation.survival(np.array([count / tokens]), at)[:, 0], low))
    return Check(
        "presence, accumulate-subsample", "n = 100 to 10^12, k to 5", "forward window of the pool", error, ASKED
    )


def far_pool(sizes: list[int], last: int) -> Check:
    """All data kept for many generations: functions of the frequency on splines, which know of no counts."""
    error, at = 0.0, np.array([last // 2, last])
    for n in sizes:
        x = np.array([1, 10, n // 3]) / n
        found = SubsampledEquation(np.full(last, n), n + n * np.arange(1, last + 1), n).survival(x, at)
        error = max(error, worst(found, PooledEquation(np.full(last, n), n).survival(x, at)))
    return Check("presence, accumulate", "n = 100 to 10^13, k to 1000", "functions on splines", error, ASKED)


def far_parts(sizes: list[int], last: int) -> Check:
    """Parts of the pool for many generations: operators on all functions, and lines of descent for five draws."""
    error, at = 0.0, np.array([last // 2, last])
    for n in sizes:
        x = np.array([1, 10, n // 3]) / n
        found = SubsampledEquation(np.full(last, n), np.full(last, n), n).survival(x, at)
        slow = pool_operators.survival([n] * last, [n] * last, n, x, last)
        error = max(error, worst(found, slow[at - 1]))
    few = SubsampledEquation(np.full(last, 5), np.full(last, 5), 5).survival(np.array([0.2]), at)[:, 0]
    lines = [pool_lines.survival([5] * last, [5] * last, 5, 0.2, k) for k in at.tolist()]
    what = "n = 5 and 100 to 10^13, k to 1000"
    error = max(error, worst(few, np.array(lines)))
    return Check("presence, accumulate-subsample", what, "operators, lines of descent", error, ASKED)


def fresh_pool(sizes: list[int]) -> Check:
    """All data kept, some of them fresh: the chain of the count in the pool, up to a cap."""
    error, cap = 0.0, 400
    for n in sizes:
        for fresh, tokens, count in ((0.01, n, 1), (0.3, n, 12), (0.1, 3 * n, 12)):
            equation = AccumulatedEquation(np.full(6, n), fresh, tokens)
            found = equation.survival(np.array([count / tokens]), np.arange(1, 7))[:, 0]
            law, held = np.eye(cap + 1)[count], tokens
            for k in range(6):
                share = fresh if k else 1.0
                chances = share * count / tokens + (1 - share) * np.minimum(np.arange(cap + 1) / held, 0.99)
                rows = fresh_chain.window_rows(n, chances, cap)
                error = max(error, abs(float(found[k]) / float(law @ (1 - rows[:, 0])) - 1))
                law = sum(np.pad(w * rows[y], (y, 0))[: cap + 1] for y, w in enumerate(law))
                held += n
    return Check("presence, accumulate with fresh data", "n = 100 to 10^12, k to 6", "forward window", error, ASKED)


def smoothing() -> Check:
    """Add-a smoothing: the chain of counts in full."""
    p, error = np.array([0.002, 0.098, 0.3, 0.6]), 0.0
    for amount in (0.01, 0.5, 2.0):
        for n in (5, 40, 150):
            recursion = Recursion(Smoothed(Additive(amount)), Known(p), n)
            found = solve(recursion, Survival(), 20, method="exact")["survival"].value
            chances = (np.arange(n + 1, dtype=np.longdouble) + amount) / (n + 4 * amount)
            matrix = np.stack([binomial_law(n, chance) for chance in chances])
            for symbol in range(4):
                law = binomial_law(n, np.longdouble(p[symbol]))
                for k in range(20):
                    error = max(error, abs(float(found[k, symbol]) / float(law[1:].sum()) - 1))
                    law = law @ matrix
    return Check("presence, add-a smoothing", "n = 5 to 150, k to 20", "chain of counts in full", error, ASKED)


def enumerated() -> Check:
    """Presence and variance under every workflow, all states with fractions; printed: absolute error."""
    kept = [Accumulate(), Accumulate(0.25), AccumulateSubsample(2)]
    workflows = [FreshMix(0.25), FreshCount(1), WeightedMix(1, 0.7), FixedReal(2), *kept]
    counts, error = [1, 2, 4], 0.0
    for sizes in ([3, 3, 3, 3], [2, 5, 2, 4]):
        for workflow in workflows:
            recursion = Recursion(Categorical(), Corpus(counts), sizes, workflow)
            each = [workflow_chain.follow(workflow, Fraction(c, 7), (c, 7), sizes) for c in counts]
            squares = [float(sum(facts.square for facts in now)) for now in zip(*each, strict=True)]
            found = solve(recursion, Diversity(), 4, method="exact")["diversity"].value
            error = max(error, float(np.abs(1 - found - squares).max()))
            seen = solve(recursion, Survival(), 4, method="exact")["survival"].value
            expected = np.array([[float(facts.present) for facts in one] for one in each]).T
            error = max(error, float(np.abs(seen - expected).max()))
    return Check(
        "presence and diversity", "seven workflows, n = 2 to 5, k to 4", "every state, fractions", error, 1e-12
    )


def immigration() -> Check:
    """Poisson rates with fresh data: the recursion with 60 digits."""
    error = 0.0
    with mpmath.workdps(60):
        for n, m, rate in ((10, 1, 0.3), (1000, 10, 1e-3), (10**9, 10**6, 1e-9)):
            recursion = Recursion(Poisson(), Parameters(rate=rate), n, FreshCount(m))
            found = solve(recursion, NonZero(), 5000, method="exact")["nonzero"].value
            share, alive, fresh = mpmath.mpf(m) / n, mpmath.mpf(1), mpmath.mpf(0)
            for k in range(5000):
                fresh += share * alive
                alive *= 1 - share
                exact = -mpmath.expm1(-mpmath.mpf(rate) * n * (fresh + alive))
                error = max(error, float(abs(mpmath.mpf(float(found[k])) / exact - 1)))
                alive = -mpmath.expm1(-alive)
    return Check("rate not 0, fresh number", "n = 10 to 10^9, k to 5,000", "recursion, 60 digits", error, 1e-12)


def vocabulary(replicates: int) -> Check:
    """Mean of the vocabulary under six workflows, a Zipf corpus; printed as z-score, false-alarm rate 1e-6."""
    frequencies = 1 / (np.arange(1, 501) + 2.7)
    counts = np.random.default_rng(1).multinomial(4000, frequencies / frequencies.sum())
    seed, largest = int(np.random.SeedSequence().entropy), 0.0
    for workflow in (
        FreshMix(0.05),
        FreshCount(200),
        FixedReal(),
        Accumulate(),
        Accumulate(0.1),
        AccumulateSubsample(),
    ):
        recursion = Recursion(Categorical(), Corpus(counts), 4000, workflow)
        exact = solve(recursion, Vocabulary(), 20, method="exact")["vocabulary"]
        run = solve(recursion, Vocabulary(), 20, method="simulate", replicates=replicates, rng=seed)["vocabulary"]
        largest = max(largest, float(np.max(np.abs(run.value - exact.value) / exact.sd) * np.sqrt(replicates)))
    what = f"six workflows, {replicates:,} simulated runs, seed {seed}"
    return Check("vocabulary", what, "simulation, largest z-score", largest, 5.8)


def gaussians(replicates: int) -> Check:
    """Drift and variance under six workflows; printed as z-score, false-alarm rate 1e-6."""
    seed, largest = int(np.random.SeedSequence().entropy), 0.0
    start, asked = Empirical(Parameters(mean=0.0, scale=1.0), 12), [MeanVariance(), MeanSquaredDrift()]
    for workflow in (FreshMix(0.2), FreshCount(3), FixedReal(), Accumulate(), Accumulate(0.2), AccumulateSubsample()):
        recursion = Recursion(Gaussian(), start, 12, workflow, Amplification(0.9))
        exact = solve(recursion, asked, 10, method="exact")
        run = solve(recursion, asked, 10, method="simulate", replicates=replicates, rng=seed)
        for name in ("mean_variance", "mean_squared_drift"):
            z = np.abs(run[name].value - exact[name].value) / run[name].sd * np.sqrt(replicates)
            largest = max(largest, float(z.max()))
    what = f"six workflows, lambda 0.9, {replicates:,} simulated runs, seed {seed}"
    return Check("Gaussian drift and variance", what, "simulation, largest z-score", largest, 5.8)


def regression(replicates: int) -> Check:
    """Squared error of linear regression under four workflows; printed as z-score, false-alarm rate 1e-6."""
    seed, largest = int(np.random.SeedSequence().entropy), 0.0
    options = {"method": "simulate", "replicates": replicates, "rng": seed}
    for n, d, start in ((60, 20, Parameters(weight=0.0)), (30, 10, Empirical(Parameters(weight=2.0), 40))):
        for workflow in (Replace(), Accumulate(), FreshMix(0.1), FreshCount(10)):
            recursion = Recursion(LinearRegression(d, noise=0.5), start, n, workflow)
            exact = solve(recursion, SquaredError(), 8, method="exact")["squared_error"]
            run = solve(recursion, SquaredError(), 8, **options)["squared_error"]
            largest = max(largest, float(np.max(np.abs(run.value - exact.value) / run.sd)) * replicates**0.5)
    what = f"four workflows, n = 30 and 60, {replicates:,} simulated runs, seed {seed}"
    return Check("regression, squared error", what, "simulation, largest z-score", largest, 5.8)


def regression_digits() -> Check:
    """The same where data are fresh or kept: recursion and digamma with 60 digits, in parts of the stated error."""
    error, generations, zero = 0.0, [1, 7, 1000, 1001, 10**6, 10**12], Parameters(weight=0.0)
    with mpmath.workdps(60):
        for n, d in ((4, 1), (28, 20), (60, 20), (10**6, 900), (10**13, 2)):
            each, less = mpmath.mpf(d) / (n - d - 1), mpmath.mpf(d + 1)
            laws = {}
            for share in (1e-9, 0.1, 0.999):
                h = n - d - mpmath.mpf((d + 2) * (d - 1)) / (n - d - 1)
                c = (1 - mpmath.mpf(share)) * (1 - mpmath.mpf(share) * h / (n + 2))
                laws[FreshMix(share)] = [each * (1 - c**k) / (1 - c) for k in generations]
            psi = [mpmath.digamma(k + 1 - less / n) - mpmath.digamma(k + 1) for k in [0, *generations]]
            laws[Accumulate()] = [d / less * (at - psi[0]) for at in psi[1:]]
            for workflow, values in laws.items():
                recursion = Recursion(LinearRegression(d), zero, n, workflow)
                found = solve(recursion, SquaredError(), generations, method="exact")["squared_error"]
                pairs = zip(found.value.tolist(), values, strict=True)
                apart = [float(abs(mpmath.mpf(value) / exact - 1)) for value, exact in pairs if exact < 1e300]
                error = max(error, max(apart) / found.error)
    what = "n = 4 to 10^13, d to 900, k to 10^12"
    return Check("regression, squared error", what, "60 digits; error / stated", error, 1.0)
