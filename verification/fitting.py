"""What `fit` reads off observed generations: covariances of samples, moments without bias, intervals that cover."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from scipy.stats import binom

from modelcollapse.fitting.covariance import DriftCovariance
from modelcollapse.fitting.samples import Samples
from verification.fit_coverage import Setting, fits, shortfall, tally
from verification.table import Check

SEED = 1
ALLOWED = 6.2  # of 100 sets fewer than 82 covered: by chance, once in a million


def checks(quick: bool) -> Iterator[Check]:
    """Yield the checks, each computed when asked for."""
    yield covariances()
    yield moments(500 if quick else 4000)
    sets = 20 if quick else 100  # with fewer, the allowance is wider than chance alone would need
    yield intervals("fit, training sets", Setting(200, 4000, 4, 0.1), sets)
    yield intervals("fit, samples", Setting(200, 4000, 4, 0.1, sample=20_000), sets)
    yield intervals("fit, samples", Setting(200, 4000, 4, 0.1, sample=2000), sets)


def covariances() -> Check:
    """Every path of a count of 5 draws over four generations."""
    error, generation, sizes = 0.0, np.array([1, 3, 4]), np.array([7.0, 100.0, 2.0])
    for fresh, p in itertools.product((0.0, 0.25, 1.0), (0.05, 0.3, 0.5)):
        model = DriftCovariance(generation, 1 / sizes).matrices(np.array([fresh]), np.array([1 / 5]))[0][0]
        exact = _enumerated(generation, sizes, fresh, p)
        error = max(error, float(np.abs(model - exact).max() / exact.max()))
    return Check(
        "covariance of samples", "n = 5, three samples, p = .05 to .5", "every path of the count", error, 1e-11
    )


def _enumerated(generation: np.ndarray, sizes: np.ndarray, fresh: float, p: float, draws: int = 5) -> np.ndarray:
    states = np.arange(draws + 1)
    step = binom.pmf(states[None, :], draws, (1 - fresh) * states[:, None] / draws + fresh * p)
    start, found = binom.pmf(states, draws, p), np.zeros((len(sizes), len(sizes)))
    for path in itertools.product(range(draws + 1), repeat=int(generation[-1])):
        chance = start[path[0]] * math.prod(step[i, j] for i, j in itertools.pairwise(path))
        share = np.array([path[k - 1] / draws for k in generation])
        found += chance * (np.outer(share - p, share - p) + np.diag(share * (1 - share) / sizes))
    return found / (p * (1 - p))


def moments(runs: int) -> Check:
    """Weighted moments with and without generation 0, against their expectation."""
    rng, origin, sizes = np.random.default_rng(SEED), 1 / np.arange(1.0, 201), (3000, 1000, 2000, 500)
    origin /= origin.sum()
    gaps = np.empty((2, runs))
    for run in range(runs):
        law, counts = origin, np.empty((4, 200), dtype=np.int64)
        for row, size in enumerate(sizes):
            law = rng.multinomial(1000, law) / 1000
            counts[row] = rng.multinomial(size, law)
        for known in (0, 1):
            samples = Samples(counts, np.arange(known, 4 + known), origin if known else None)
            found = samples.deviations(300.0)
            model = samples.covariance.matrices(np.zeros(1), np.full(1, 1e-3))[0][0]
            gaps[known, run] = found.whole * np.mean(found.moments - model)
    scores = np.abs(gaps.mean(axis=1)) / gaps.std(axis=1) * np.sqrt(runs)
    span = f"n = 1,000, 200 words, {runs:,} histories, seed {SEED}"
    return Check("moments of samples", span, "simulation, largest z-score", float(scores.max()), 5.6)


def intervals(law: str, setting: Setting, sets: int) -> Check:
    """Sets that the worse of two 95 % intervals covers, below 95 % of them in standard deviations."""
    score = max(0.0, shortfall(setting, tally(setting, fits(setting, sets, SEED, replicates=99))))
    what = f"samples of {setting.sample:,}" if setting.sample else "training sets"
    span = f"{setting.steps} generations, n = {setting.tokens:,}, {what}, fresh {setting.fresh:g}, {sets} data sets"
    return Check(law, span, "coverage of 95 %, z-score below it", score, ALLOWED)
