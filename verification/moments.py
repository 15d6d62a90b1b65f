"""Moments, rates and spectra of Gaussian models: 50 digits, fractions, products of simulated covariances."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import mpmath
import numpy as np

from modelcollapse import Gaussian, Parameters, Recursion, solve
from modelcollapse.laws.scale_rates import critical_amplification, lyapunov_spectrum
from modelcollapse.laws.scales.log_scale_walk import tail_of_schedule
from modelcollapse.laws.scales.saddle_contour import saddle_point
from modelcollapse.laws.scales.scale_quantiles import quantile_of_schedule
from modelcollapse.laws.scales.scale_steps import (
    Exponential,
    GaussianDeterminant,
    ShiftedExponential,
    Uniform,
    UniformRange,
)
from modelcollapse.laws.scales.scale_steps import Gaussian as GaussianStep
from modelcollapse.samplers import Amplification
from modelcollapse.statistics import (
    Divergence,
    LyapunovSpectrum,
    MeanScale,
    MeanSquaredDrift,
    MeanVariance,
    ScaleTail,
    Wasserstein,
)
from tests.reference.scale_tail import at_deviations, reference_tail
from verification.table import Check

START = Parameters(mean=0.0, scale=1.0)


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    yield gaussian_moments([4, 10**6] if quick else [2, 3, 4, 10, 1000, 10**6, 10**12])
    yield several_dimensions([2, 5] if quick else [2, 5, 50, 1000])
    yield lyapunov([4, 10**6] if quick else [2, 3, 6, 10, 100, 10**4, 10**6, 10**12])
    yield products(2000 if quick else 40_000)
    yield amplified([10] if quick else [2, 3, 10, 1000, 10**6])
    yield collapse_times(10 if quick else 60)


def gaussian_moments(sizes: list[int]) -> Check:
    """Scale, variance, drift, W2 and both divergences, k to 10^6, in parts of the error that is stated."""
    error, generations = 0.0, [1, 2, 7, 100, 10**4, 10**6]
    asked = [
        MeanScale(),
        MeanVariance(),
        MeanSquaredDrift(),
        Wasserstein(),
        Divergence("to_start"),
        Divergence("from_start"),
    ]
    for n in sizes:
        for ddof in (0.0, 1.0, -3.0):
            asking = Recursion(Gaussian(ddof=ddof), START, n)
            for statistic in asked:
                found = solve(asking, statistic, generations, method="exact")[statistic.name]
                for k, value in zip(generations, found.value, strict=True):
                    exact = in_digits(statistic, n, ddof, k)
                    if exact is None or not np.isfinite(value) or not 1e-290 < exact < 1e290:
                        continue
                    error = max(error, float(abs(mpmath.mpf(float(value)) / exact - 1)) / found.error)
    span = "n = 2 to 10^12, ddof 0, 1, -3, k to 10^6"
    return Check("moments, W2, divergences", span, "closed forms, 60 digits; error / stated", error, 1.0)


def in_digits(statistic: object, n: int, ddof: float, k: int) -> mpmath.mpf | None:
    """A moment from the textbook moments of chi with n - 1 degrees of freedom, geometric sums in 60 digits."""
    with mpmath.workdps(60):
        half, divisor = mpmath.mpf(n - 1) / 2, mpmath.mpf(n) - mpmath.mpf(ddof)
        scale = mpmath.sqrt(2 / divisor) * mpmath.exp(mpmath.loggamma(half + mpmath.mpf("0.5")) - mpmath.loggamma(half))
        variance, log_scale = (n - 1) / divisor, (mpmath.digamma(half) - mpmath.log(divisor / 2)) / 2
        drift = mpmath.fsum([k]) / n if variance == 1 else (variance**k - 1) / (variance - 1) / n
        if isinstance(statistic, MeanScale):
            return scale**k
        if isinstance(statistic, MeanVariance):
            return variance**k
        if isinstance(statistic, MeanSquaredDrift):
            return drift
        if isinstance(statistic, Wasserstein):
            return drift + variance**k - 2 * scale**k + 1
        if isinstance(statistic, Divergence) and statistic.direction == "to_start":
            return (variance**k + drift - 1) / 2 - k * log_scale
        if n <= 3:
            return None
        inverse = divisor / (n - 3)
        squared = mpmath.mpf(k) / n if inverse == 1 else inverse * (inverse**k - 1) / (inverse - 1) / n
        return (inverse**k + squared - 1) / 2 + k * log_scale


def several_dimensions(dimensions: list[int]) -> Check:
    """Drift and divergences in d dimensions by the textbook moments of a Wishart matrix, in parts of what is stated."""
    error, generations = 0.0, [1, 3, 1000, 10**6]
    asked = {"drift": MeanSquaredDrift(), "to": Divergence("to_start"), "from": Divergence("from_start")}
    for d, extra, ddof in product(dimensions, (3, 4, 100, 10**6, 10**12), (0.0, 1.0, -3.0)):
        recursion = Recursion(Gaussian(ddof=ddof, dimension=d), START, d + extra)
        for name, statistic in asked.items():
            found = solve(recursion, statistic, generations, method="exact")[statistic.name]
            for k, value in zip(generations, found.value, strict=True):
                exact = of_wishart(d + extra, ddof, d, k)[name]
                if np.isfinite(value) and exact < 1e290:
                    error = max(error, float(abs(mpmath.mpf(float(value)) / exact - 1)) / found.error)
    span = "d = 2 to 1,000, n = d + 3 to 10^12, ddof 0, 1, -3, k to 10^6"
    return Check("drift, divergences", span, "closed forms, 60 digits; error / stated", error, 1.0)


@lru_cache(maxsize=4096)
def of_wishart(n: int, ddof: float, d: int, k: int) -> dict[str, mpmath.mpf]:
    """E |mu|^2 and both divergences with the mean, the mean inverse and the mean log determinant of one generation."""
    with mpmath.workdps(60):
        divisor = mpmath.mpf(n) - mpmath.mpf(ddof)
        grown, inverse = (n - 1) / divisor, divisor / (n - d - 2)
        logs = k * mpmath.fsum(mpmath.digamma(mpmath.mpf(n - i) / 2) - mpmath.log(divisor / 2) for i in range(1, d + 1))
        drift, spread = (d * _geometric(factor, k) / n for factor in (grown, inverse))
        return {
            "drift": drift,
            "to": (d * grown**k - d + drift - logs) / 2,
            "from": (d * inverse**k - d + inverse * spread + logs) / 2,
        }


def _geometric(factor: mpmath.mpf, k: int) -> mpmath.mpf:
    return mpmath.mpf(k) if factor == 1 else (factor**k - 1) / (factor - 1)


def lyapunov(sizes: list[int]) -> Check:
    """The spectrum and the critical amplification by digamma in 50 digits."""
    error = 0.0
    with mpmath.workdps(50):
        for n in sizes:
            for ddof in (0.0, 1.0, -3.0, 1.5):
                d = min(5, n - 1)
                half = (mpmath.mpf(n) - mpmath.mpf(ddof)) / 2
                exact = [(mpmath.digamma(mpmath.mpf(n - i) / 2) - mpmath.log(half)) / 2 for i in range(1, d + 1)]
                for value, one in zip(lyapunov_spectrum(n, d, ddof), exact, strict=True):
                    error = max(error, float(abs(mpmath.mpf(float(value)) / one - 1)))
                critical = mpmath.mpf(critical_amplification(n, ddof)) / mpmath.exp(-2 * exact[0]) - 1
                error = max(error, float(abs(critical)))
    return Check("Lyapunov spectrum", "n = 2 to 10^12, d to 5, four ddof", "digamma, 50 digits", error, 1e-13)


def products(steps: int) -> Check:
    """QR of a long product of sample covariances' factors; printed: largest z-score, false-alarm rate 1e-6."""
    seed, worst = int(np.random.SeedSequence().entropy), 0.0
    rng = np.random.default_rng(seed)
    for n, d in ((4, 3), (12, 3), (40, 5)):
        basis, logs = np.eye(d), np.zeros((steps, d))
        for step in range(steps):
            data = rng.standard_normal((n, d))
            centred = data - data.mean(axis=0)
            factor = np.linalg.cholesky(centred.T @ centred / (n - 1))
            basis, triangle = np.linalg.qr(factor.T @ basis)
            logs[step] = np.log(np.abs(np.diag(triangle)))
        asked = Recursion(Gaussian(dimension=d), START, n)
        found = solve(asked, LyapunovSpectrum(), [], method="exact")["lyapunov_spectrum"].value
        worst = max(worst, float(np.max(np.abs(logs.mean(axis=0) - found) / logs.std(axis=0)) * np.sqrt(steps)))
    span = f"d = 3 and 5, n = 4 to 40, {steps:,} generations, seed {seed}"
    return Check("Lyapunov spectrum, limit of principal scales", span, "simulation, largest z-score", worst, 5.2)


def amplified(sizes: list[int]) -> Check:
    """Scale tails under biased sampling: mpmath on another contour at a shifted threshold, in parts of the stated."""
    error = 0.0
    for n in sizes:
        for factor in (0.5, 0.98, 1.3):
            step, k = GaussianStep(n), 60
            for x in at_deviations(step, k, [-9, -1, 0.02, 7]):
                shifted = x + k / 2 * np.log(factor)
                if abs(shifted) > 300 or saddle_point(step, np.array([x / k]))[0] < 0:
                    continue
                asked = Recursion(Gaussian(), START, n, sampler=Amplification(factor))
                found = solve(asked, ScaleTail(float(np.exp(shifted))), [k], method="exact")["scale_tail"]
                # The threshold as it was asked for, in the digits that it has.
                at = float(np.log(np.exp(shifted)) - k / 2 * np.log(factor))
                exact = reference_tail(step, k, at, upper=True)
                slope = abs(float(saddle_point(step, np.array([at / k]))[0])) * 4e-16 * max(abs(shifted), 1.0)
                apart = float(abs(mpmath.mpf(float(found.value[0])) / exact - 1))
                error = max(error, apart / (found.error + slope))
    span = "n = 2 to 10^6, k = 60, lambda 0.5 to 1.3"
    return Check("scale tail, biased sampling", span, "mpmath, another contour; error / stated", error, 1.0)


def collapse_times(lists: int) -> Check:
    """Quantiles where sizes vary, against looking at every generation; printed: how many differ."""
    rng, wrong = np.random.default_rng(9), 0
    steps = [
        GaussianStep,
        Exponential,
        ShiftedExponential,
        Uniform,
        UniformRange,
        lambda n: GaussianDeterminant(n, 1, 2),
    ]
    for _ in range(lists):
        sizes = (3 + 10 ** rng.uniform(0, rng.choice([1, 3, 9]), size=int(rng.integers(1, 150)))).astype(np.int64)
        levels, x = np.sort(rng.uniform(0.001, 0.999, size=4)), float(rng.uniform(-4, 0))
        for kind in steps:
            step = kind(sizes)
            curve = tail_of_schedule(step, np.arange(1, sizes.size + 1), x).at_most
            expected = [1.0 + np.argmax(curve >= q) if (curve >= q).any() else np.inf for q in levels]
            wrong += sum(a != b for a, b in zip(quantile_of_schedule(step, x, levels), expected, strict=True))
    what = f"six steps, {lists} lists of sizes, 4 to 10^9"
    return Check("collapse time", what, "every generation looked at; how many differ", wrong, 0)
