"""Scales and Poisson rates: the log-scale walk against mpmath on another contour, Galton-Watson in 40 digits."""

from __future__ import annotations

from collections.abc import Iterator

import mpmath
import numpy as np

from modelcollapse import Parameters, Poisson, Recursion, solve
from modelcollapse.bounds.scale_tail import first_moment, optimal_moment, theorem_3
from modelcollapse.families import Laplace, Logistic, Student
from modelcollapse.laws.scales.log_scale_walk import (
    ERROR_GROWTH,
    RELATIVE_ERROR,
    combined_step,
    tail,
    tail_of_schedule,
)
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_step import ScaleStep
from modelcollapse.laws.scales.scale_steps import (
    Exponential,
    Gaussian,
    GaussianDeterminant,
    ShiftedExponential,
    Uniform,
    UniformRange,
)
from modelcollapse.statistics import NonZero, ScaleTail
from tests.reference.scale_tail import at_deviations, cumulant_function, reference_tail
from verification.table import Check

DEVIATIONS = [-36, -9, -4, -1, 0.02, 3, 7, 33]


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    generations = [3, 200, 10**4] if quick else [2, 3, 10, 200, 10**4, 10**6, 10**9]
    for n in [2, 10, 10**6] if quick else [2, 3, 10, 100, 1000, 10**6, 10**12]:
        yield walk(f"gaussian, n = {n:,}", [Gaussian(n), Gaussian(n, 0.0)], generations)
    others = [
        Exponential(1),
        Exponential(50),
        ShiftedExponential(2),
        ShiftedExponential(10**6),
        Uniform(3),
        UniformRange(10**4),
        GaussianDeterminant(6, 1.0, 3),
        GaussianDeterminant(200, 0.0, 5),
    ]
    yield walk("exponential, uniform and d-dimensional scales", others, [50, 10**4] if quick else [50, 10**4, 10**6])
    yield one_generation()
    yield mixed_schedules(quick)
    yield bounds()
    yield extinction()
    yield sampled(2000 if quick else 4000)


def walk(what: str, steps: list[ScaleStep], generations: list[int]) -> Check:
    """Either tail, down to 1e-300, against a sum on another line with 40 digits or more, in units of what is stated."""
    worst = 0.0
    for step in steps:
        for k in generations:
            for x in at_deviations(step, k, DEVIATIONS):
                if x < step.log_supremum:
                    stated = RELATIVE_ERROR + ERROR_GROWTH * np.sqrt(k)
                    worst = max(worst, _tail_error(step, k, x) / stated)
    span = f"{what}, k to {generations[-1]:,}, tails to 1e-300"
    return Check("scale tail", span, "mpmath, another contour; error / stated", worst, 1.0)


def one_generation() -> Check:
    """The first generation in closed form, with 50 digits: chi and gamma laws, a power, and a beta law."""
    worst = 0.0
    with mpmath.workdps(50):
        for n in (2, 3, 10, 1000, 10**6):
            for eps in (1e-9, 1e-3, 0.1, 0.5, 0.999, 1.0, 1.001, 1.5, 5.0):
                e, half = mpmath.mpf(eps), mpmath.mpf(n - 1) / 2
                tails = [
                    (Gaussian(n), mpmath.gammainc(half, half * e**2, regularized=True)),
                    (Gaussian(n, 0.0), mpmath.gammainc(half, e**2 * n / 2, regularized=True)),
                    (Exponential(n), mpmath.gammainc(n, n * e, regularized=True)),
                    (ShiftedExponential(n), mpmath.gammainc(n - 1, n * e, regularized=True)),
                    (Uniform(n), 1 - min(e, 1) ** n),
                    (UniformRange(n), 1 - min(e, 1) ** (n - 1) * (n - (n - 1) * min(e, 1))),
                ]
                for step, exact in tails:
                    if exact > 1e-300:
                        found = mpmath.mpf(float(tail(step, 1, np.log(eps)).above))
                        worst = max(worst, float(abs(found / exact - 1)))
    span = "six steps, k = 1, n = 2 to 10^6, eps from 1e-9 to 5"
    return Check("scale tail", span, "closed forms, 50 digits", worst, 2e-12)


def mixed_schedules(quick: bool) -> Check:
    """Steps of very different sizes in one sum, where a contour bent too far would climb again."""
    worst, schedules = (
        0.0,
        [[2, 3, 40, 10**9], list(range(2, 14))]
        + ([] if quick else [[2, 2, 10**6, 10**12], [5] * 9, list(range(160, 40, -1))]),
    )
    for sizes in schedules:
        for ddof in (0.0, 1.9, -20.0):
            step, parts = Gaussian(np.array(sizes), ddof), [cumulant_function(Gaussian(n, ddof)) for n in sizes]
            both = combined_step(step, len(sizes))
            for x in at_deviations(both, 1, [-30.0, -4.0, 0.02, 9.0]):
                upper = bool(saddle_point(both, np.array([x]))[0] >= 0)
                found = tail_of_schedule(step, [len(sizes)], x)
                value = float((found.above if upper else found.at_most)[0])
                exact = reference_tail(
                    both, 1, x, upper=upper, cumulant=lambda s, parts=parts: sum(p(s) for p in parts)
                )
                worst = max(worst, float(abs(mpmath.mpf(value) / exact - 1)))
    return Check("scale tail", "gaussian, sizes that vary, 2 to 10^12", "mpmath, another contour", worst, 2e-12)


def sampled(replicates: int) -> Check:
    """Sampled one-step laws against simulation with a fresh seed; printed: largest z-score, false-alarm rate 1e-6."""
    seed, worst = int(np.random.SeedSequence().entropy), 0.0
    for family, sizes in ((Laplace(), (2, 3, 10, 50)), (Logistic(), (2, 3, 10, 50)), (Student(3.0), (3, 10, 50))):
        for size in sizes:
            recursion = Recursion(family, Parameters(location=0.0, scale=1.0), size)
            law, seen = (
                solve(recursion, ScaleTail(0.5), [1, 2, 5, 20], method=method, replicates=replicates, rng=seed)[
                    "scale_tail"
                ]
                for method in ("sampled", "simulate")
            )
            error = np.hypot(law.high - law.low, np.maximum(seen.high - seen.low, 4e-4)) / 3.92
            worst = max(worst, float(np.max(np.abs(law.value - seen.value) / error)))
    span = f"laplace, logistic and student of shape 3, n = 2 to 50, {replicates:,} simulated runs, seed {seed}"
    return Check("sampled scale tail", span, "simulation, largest z-score", worst, 5.6)


def _tail_error(step: ScaleStep, k: int, x: float) -> float:
    upper = bool(saddle_point(step, np.array([x / k]))[0] >= 0)
    found = tail(step, k, x)
    value = float(found.above if upper else found.at_most)
    return float(abs(mpmath.mpf(value) / reference_tail(step, k, x, upper=upper) - 1))


def bounds() -> Check:
    """The exact tail never exceeds Theorem 3, Bertrand's bound or the optimal moment; printed: worst ratio - 1."""
    worst = -1.0
    for n in (2, 3, 5, 10, 30, 100, 1000, 10**5, 10**9, 10**12):
        step, k = Gaussian(n), np.unique([*np.geomspace(1, 40 * n, 60).astype(np.int64), 10**6])
        for threshold in (1e-6, 0.01, 0.1, 0.5, 0.9, 1.5, 10.0):
            x = np.log(threshold)
            exact = tail(step, k, x).above
            for bound in (theorem_3(n, k, x), first_moment(step, k, x), optimal_moment(step, k, x)):
                shown = bound > 1e-290
                worst = max(worst, float(np.max(exact[shown] / bound[shown])) - 1)
    return Check(
        "scale bounds",
        "n = 2 to 10^12, k to 40 n and 10^6, eps from 1e-6 to 10",
        "the exact law, ratio - 1",
        worst,
        1e-9,
    )


def extinction() -> Check:
    """Pr(rate != 0) against the iterated generating function with 60 digits."""
    worst, horizon = 0.0, 20_000
    with mpmath.workdps(60):
        s, absent = mpmath.mpf(0), {}
        for k in range(1, horizon + 1):
            absent[k] = 1 - s
            s = mpmath.exp(s - 1)
        generations = [1, 2, 3, 10, 100, 1000, horizon]
        for n, rate in [(1, 1e-9), (1, 3.0), (10, 1.0), (1000, 0.5), (10**12, 1e-12), (10**12, 1e-9)]:
            recursion = Recursion(Poisson(), Parameters(rate=rate), n)
            values = solve(recursion, NonZero(), generations, method="exact")["nonzero"].value
            for value, k in zip(values, generations, strict=True):
                exact = 1 - mpmath.exp(-n * mpmath.mpf(rate) * absent[k])
                worst = max(worst, float(abs(mpmath.mpf(float(value)) / exact - 1)))
    return Check("rate not 0", "n = 1 to 10^12, k to 20,000", "generating function, 60 digits", worst, 1e-12)
