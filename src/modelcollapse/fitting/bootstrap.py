"""Parametric bootstrap: the fitted recursion is run again and again, and fitted every time as the data were."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.fresh_share import FreshLikelihood
from modelcollapse.fitting.goodness import measures
from modelcollapse.fitting.transitions import Residuals, Transitions

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Chain:
    """The recursion of a fit, as it is simulated.

    Parameters
    ----------
    origin : array, shape (symbol,)
        P_0.
    first : array, shape (symbol,)
        Law of the first generation observed.
    sizes : sequence of int, shape (step,)
        Effective sample size of each step.
    """

    origin: Floats
    first: Floats
    sizes: tuple[int, ...]

    def run(self, fresh: float, rng: np.random.Generator) -> Transitions:
        """Return one history."""
        before = np.empty((len(self.sizes), len(self.origin)))
        after = np.empty_like(before)
        law = self.first
        for step, size in enumerate(self.sizes):
            before[step] = law
            after[step] = drawn(size, law + fresh * (self.origin - law), rng)
            law = after[step] / size
        return Transitions(self.origin, before, after)


@dataclass(frozen=True, eq=False)
class Refit:
    """What a fit says of one simulated history.

    Parameters
    ----------
    root : float
        Signed root of twice the drop in log-likelihood from the estimate to the true fresh share, studentised.
    dispersion : float
        Estimated where 1 is true.
    measures : dict of str to float
        For the checks of the fit.
    vocabulary : array, shape (step,)
        Words present after each step.
    """

    root: float
    dispersion: float
    measures: dict[str, float]
    vocabulary: Counts


def drawn(size: int, law: Floats, rng: np.random.Generator) -> Counts:
    """Return multinomial counts, in half the time of a chain of binomials.

    Poisson numbers are multinomial given their sum, which misses `size` by about its root: so many draws are added,
    or taken back, each being as likely as any other.
    """
    counts: Counts = rng.poisson(size * law)
    surplus = int(counts.sum()) - size
    if surplus > 0:
        taken = rng.choice(size + surplus, surplus, replace=False, shuffle=False)
        counts -= np.bincount(np.searchsorted(np.cumsum(counts), taken, side="right"), minlength=len(law))
    elif surplus < 0:
        below = np.cumsum(law)
        places = np.searchsorted(below, below[-1] * rng.random(-surplus), side="right")
        # Rounding could lend the last draw to a symbol beyond the last of positive probability.
        last = int(np.searchsorted(below, below[-1]))
        counts += np.bincount(np.minimum(places, last), minlength=len(law))
    return counts


def refits(
    chain: Chain,
    fresh: float,
    seeds: list[np.random.SeedSequence],
    *,
    estimated: bool,
    checked: bool = True,
    progress: bool = False,
) -> list[Refit]:
    """Simulate a history for each seed and fit it; `estimated` says whether the fresh share is fitted too.

    With `progress`, a terminal shows how far it is, if it takes longer than two seconds.
    """
    return [
        _refit(chain, fresh, np.random.default_rng(seed), estimated, checked) for seed in watched(seeds, show=progress)
    ]


def watched(seeds: list[np.random.SeedSequence], *, show: bool) -> Iterator[np.random.SeedSequence]:
    """Return the seeds one by one; a terminal shows how far they are, if it takes longer than two seconds."""
    if not (show and sys.stderr.isatty()):
        return iter(seeds)
    from tqdm import tqdm

    return iter(tqdm(seeds, desc="bootstrap", unit="history", leave=False, delay=2.0))


def signed_root(likelihood: FreshLikelihood, best: float, other: float, dispersion: float) -> float:
    """Return a number that is nearly standard normal if `other` is the true share: positive if it is below `best`."""
    if best == other or dispersion <= 0.0:
        return 0.0
    drop = max(likelihood.drop(best, other), 0.0)
    return float(np.copysign(np.sqrt(2.0 * drop / dispersion), best - other))


def _refit(chain: Chain, fresh: float, rng: np.random.Generator, estimated: bool, checked: bool) -> Refit:
    steps = chain.run(fresh, rng)
    best, root = fresh, 0.0
    likelihood = FreshLikelihood(steps) if estimated else None
    if likelihood is not None:
        best = likelihood.maximum(fresh)
    residuals = Residuals.of(steps, best, estimated=estimated)
    if likelihood is not None:
        root = signed_root(likelihood, best, fresh, residuals.dispersion)
    found = measures(steps, residuals) if checked else {}
    return Refit(root, residuals.dispersion, found, (steps.after > 0).sum(axis=1))
