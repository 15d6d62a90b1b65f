"""How far frequencies drift from the truth under every workflow: variances, which follow from one another exactly.

Every workflow keeps E P_k = P_0, and the variance of each symbol's frequency is the same multiple f_k of p (1 - p). So
E sum (P_k - P_0)^2 = f_k H and E [1 - sum P_k^2] = (1 - f_k) H with H = 1 - sum P_0^2. The frequencies in a batch of n
draws from a model at f stand at 1/n + (1 - 1/n) f. Hence f_k = c + r f_{k-1}, with

- fresh mix: c = 1/n, r = (1 - 1/n) (1 - a)^2; in the limit p (1 - p) / (n - (n - 1) (1 - a)^2), at a pace of r;
- fresh count m: c = 1/n, r = (n - m) (n - m - 1) / n^2;
- weighted mix, m fresh ones of weight w: c = w^2/m + v^2/(n - m), r = v^2 (1 - 1/(n - m)), v = 1 - w;
- fixed real data that weigh R: c = b^2/n, r = b^2 (1 - 1/n), b = n/(R + n);
- accumulate, N draws held by then: c = n/N^2, r = 1 - c: never all is lost, as sum n/N^2 stays finite;
- accumulate, a part a of all draws fresh: c = n/N^2, r = (1 - a n/N)^2 - (1 - a)^2 n/N^2.

The last: q = p + (1 - a) D is drawn from if the pool is off by D, so that D' = (1 - a n/N) D + noise/N with a noise of
variance n q (1 - q). Accumulate-subsample is carried as (pool, model).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.recursion import Recursion
from modelcollapse.reference import (
    EWENS_2004,
    GERSTGRASSER_2024,
    KAZDAN_2024,
    MODELCOLLAPSE,
    SEDDIK_2024,
    Reference,
)
from modelcollapse.start import Corpus, DiscreteStart
from modelcollapse.statistics import Diversity, SquaredError, Statistic
from modelcollapse.workflows import Accumulate, AccumulateSubsample, FixedReal, FreshCount, FreshMix, WeightedMix

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

LONGEST = 10**6  # generations that are followed one by one
_RELATIVE_ERROR = 1e-12
_CONSTANT_STEPS = (FreshMix, FreshCount, WeightedMix, FixedReal)


class Step(NamedTuple):
    """f <- added + kept f, and 1 - f <- renewed + kept (1 - f); the three add up to 1."""

    added: float
    kept: float
    renewed: float


class FrequencyVarianceLaw(Law):
    """Expected diversity and squared error of categorical models under every workflow but replace."""

    name: ClassVar[str] = "frequency_variance"
    statement: ClassVar[str] = "E sum (P_k - P_0)^2 = f_k (1 - sum P_0^2), f_k = c_k + r_k f_{k-1} by workflow"
    references: ClassVar[tuple[Reference, ...]] = (
        MODELCOLLAPSE,
        EWENS_2004,
        SEDDIK_2024,
        GERSTGRASSER_2024,
        KAZDAN_2024,
    )

    def answer(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Answer | None:
        """Return the exact answer for categorical models under a workflow that brings or keeps data."""
        if not isinstance(recursion.family, Categorical) or not isinstance(statistic, Diversity | SquaredError):
            return None
        shares = drift_shares(recursion, generations)
        if shares is None:
            return None
        drifted, kept = shares
        assert isinstance(recursion.start, DiscreteStart)
        p, symbols = recursion.start.spectrum
        diversity = float(symbols @ (p * (1.0 - p)))
        return Answer((kept if isinstance(statistic, Diversity) else drifted) * diversity, _RELATIVE_ERROR)


def drift_shares(recursion: Recursion, generations: Generations) -> tuple[Floats, Floats] | None:
    """Return f_k and 1 - f_k at each generation, each to full accuracy; None if no formula is known."""
    workflow, horizon = recursion.workflow, int(generations[-1])
    recursion.require(horizon)
    n = recursion.constant_size
    if isinstance(workflow, _CONSTANT_STEPS):
        if n is not None:
            step = _step(recursion, n)
            return None if step is None else _power(step, generations)
        return None if horizon > LONGEST else _one_by_one(recursion, generations)
    if isinstance(workflow, Accumulate) and workflow.fresh > 0:
        return None if horizon > LONGEST else _accumulated_fresh(recursion, workflow.fresh, generations)
    if isinstance(workflow, Accumulate):
        kept = np.exp(_accumulated(recursion, generations))
        return 1.0 - kept, kept
    if isinstance(workflow, AccumulateSubsample) and horizon <= LONGEST:
        diversity = _subsampled(recursion, workflow, horizon)
        return None if diversity is None else (1.0 - diversity[generations - 1], diversity[generations - 1])
    return None


def _step(recursion: Recursion, n: int) -> Step | None:
    workflow = recursion.workflow
    once = 1.0 / n
    if isinstance(workflow, FreshMix):
        a = workflow.fresh
        return Step(once, (1.0 - once) * (1.0 - a) ** 2, (1.0 - once) * a * (2.0 - a))
    if isinstance(workflow, FreshCount) and workflow.count <= n:
        m = float(workflow.count)
        return Step(once, (n - m) * (n - m - 1.0) / float(n) ** 2, m * (2.0 * n - m - 1.0) / float(n) ** 2)
    if isinstance(workflow, WeightedMix):
        return _weighted(workflow.recipe(1).weight_of_fresh(n), float(workflow.count), float(n - workflow.count))
    if isinstance(workflow, FixedReal) and isinstance(recursion.start, Corpus):
        real = workflow.weight * recursion.start.tokens
        b = n / (real + n)
        return Step(b * b * once, b * b * (1.0 - once), real * (real + 2.0 * n) / (real + n) ** 2)
    return None


def _weighted(weight: float, fresh: float, old: float) -> Step:
    rest = 1.0 - weight
    return Step(weight**2 / fresh + rest**2 / old, rest**2 * (1.0 - 1.0 / old), weight * (1.0 + rest - weight / fresh))


def _power(step: Step, generations: Generations) -> tuple[Floats, Floats]:
    """So many steps at once: geometric sums."""
    lost = step.added + step.renewed  # 1 - kept
    with np.errstate(divide="ignore"):
        remembered = generations * np.log1p(-lost)
    steps = -np.expm1(remembered) / lost
    return step.added * steps, step.renewed * steps + np.exp(remembered)


def _one_by_one(recursion: Recursion, generations: Generations) -> tuple[Floats, Floats] | None:
    steps = [_step(recursion, n) for n in recursion.sizes(int(generations[-1])).tolist()]
    return None if None in steps else _follow((step for step in steps if step is not None), generations)


def _follow(steps: Iterable[Step], generations: Generations) -> tuple[Floats, Floats]:
    drifted, kept = [0.0], [1.0]
    for step in steps:
        drifted.append(step.added + step.kept * drifted[-1])
        kept.append(step.renewed + step.kept * kept[-1])
    return np.array(drifted)[generations], np.array(kept)[generations]


def _accumulated_fresh(recursion: Recursion, a: float, generations: Generations) -> tuple[Floats, Floats]:
    """All data kept, a part of all draws fresh; what is renewed is a sum of terms that are not negative."""
    sizes = recursion.sizes(int(generations[-1])).astype(np.float64)
    held = corpus_tokens(recursion) + np.cumsum(sizes)
    new = sizes / held
    added = new / held
    kept = (1.0 - a * new) ** 2 - (1.0 - a) ** 2 * added
    renewed = a * ((1.0 - a) * 2.0 * (new - added) + a * (new * (2.0 - new) - added))
    return _follow(map(Step, added.tolist(), kept.tolist(), renewed.tolist()), generations)


def _accumulated(recursion: Recursion, generations: Generations) -> Floats:
    """Logarithm of prod_{j <= k} (1 - n_j/N_j^2); beyond `LONGEST` the sum is an integral to 1e-18."""
    horizon = int(generations[-1])
    near = min(horizon, LONGEST)
    sizes = recursion.sizes(near).astype(np.float64)
    held = corpus_tokens(recursion) + np.cumsum(sizes)
    with np.errstate(divide="ignore"):
        logs = np.cumsum(np.log1p(-sizes / held**2))
    value = logs[np.minimum(generations, near) - 1]
    if horizon > near:
        n = sizes[0]
        later = np.maximum(generations - near, 0)
        value = value - n * later / (held[-1] + n / 2.0) / (held[-1] + n / 2.0 + n * later)
    return np.asarray(value)


def corpus_tokens(recursion: Recursion) -> int:
    """Return how many data there are before the first draw: a known law has none."""
    return recursion.start.tokens if isinstance(recursion.start, Corpus) else 0


def _subsampled(recursion: Recursion, workflow: AccumulateSubsample, horizon: int) -> Floats | None:
    """1 - f_k of models that are fitted to part of the pool; None where the part is larger than the pool."""
    held, pool, model, found = float(corpus_tokens(recursion)), 1.0, 1.0, []
    for n in recursion.sizes(horizon).astype(np.float64).tolist():
        part = float(workflow.size or n)
        # Pairs of the new pool: both old, one of each (a draw is on average an old datum), both new.
        both_new = n * (n - 1.0) * model
        pool = ((held**2 + 2.0 * held * n) * pool + both_new) / (held + n) ** 2
        held += n
        if part > held:
            return None
        model = pool if part == held else pool * (1.0 - 1.0 / part) * held / (held - 1.0)
        found.append(model)
    return np.array(found)
