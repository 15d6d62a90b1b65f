"""Parametric bootstrap of samples: the hidden recursion is run again, sampled and fitted as the data were."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.bootstrap import drawn, watched
from modelcollapse.fitting.drift_likelihood import FRESH, RATE, DriftLikelihood
from modelcollapse.fitting.sample_checks import sample_measures
from modelcollapse.fitting.samples import Deviations, Samples

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_BLOCK_CELLS = 4_000_000  # counts that are held at a time


@dataclass(frozen=True, eq=False)
class SampleRefit:
    """What a fit says of one simulated history.

    Parameters
    ----------
    roots : tuple of float
        Of the fresh share and of the rate: signed root of twice the drop in likelihood from the best to the truth.
    measures : dict of str to float
        For the checks of the fit.
    types : array of int, shape (sample,)
        Words in each sample.
    """

    roots: tuple[float, float]
    measures: dict[str, float]
    types: Counts


@dataclass(frozen=True, eq=False)
class SampleHistories:
    """Histories like the one that was observed, and fits of them.

    Parameters
    ----------
    samples : Samples
        What was observed.
    scale : float
        For the weights of words, as in the fit of the data.
    held : float or None
        The fresh share, where it is not estimated.
    """

    samples: Samples
    scale: float
    held: float | None

    def run(self, fresh: float, rate: float, rng: np.random.Generator) -> Samples:
        """Return the samples of one history; a rate of 0 is no drift at all."""
        law = origin = self.samples.law
        draws = max(1, round(1.0 / rate)) if rate > 0.0 else 0
        counts = np.empty_like(self.samples.counts)
        done = 0
        for row, (generation, size) in enumerate(zip(self.samples.generation, self.samples.sizes, strict=True)):
            for _ in range(int(generation) - done if draws else 0):
                law = drawn(draws, law + fresh * (origin - law), rng) / draws
            done = int(generation)
            counts[row] = drawn(int(size), law, rng)
        return Samples(counts, self.samples.generation, self.samples.origin)

    def refits(
        self, truth: tuple[float, float], seeds: list[np.random.SeedSequence], *, checked: bool, progress: bool
    ) -> list[SampleRefit]:
        """Simulate a history of the given fresh share and rate for each seed, and fit it; some at a time."""
        block = max(1, _BLOCK_CELLS // self.samples.counts.size)
        shown = watched(seeds, show=progress)
        found: list[SampleRefit] = []
        while drawn_now := list(islice(shown, block)):
            histories = [self.run(*truth, np.random.default_rng(seed)) for seed in drawn_now]
            found += self._refits(histories, truth, checked)
        return found

    def likelihood(self, deviations: list[Deviations]) -> DriftLikelihood:
        """Return the likelihood of samples, a case for each."""
        return DriftLikelihood(self.samples.covariance, np.array([one.moments for one in deviations]), self.held)

    def _refits(self, histories: list[Samples], truth: tuple[float, float], checked: bool) -> list[SampleRefit]:
        deviations = [one.deviations(self.scale) for one in histories]
        likelihood = self.likelihood(deviations)
        best = likelihood.maximum(np.tile(truth, (len(histories), 1)))
        roots = [_roots(likelihood, best, parameter, truth[parameter]) for parameter in (FRESH, RATE)]
        return [
            SampleRefit(
                (float(roots[FRESH][i]), float(roots[RATE][i])),
                sample_measures(one, deviations[i], self.likelihood([deviations[i]]), *best[i]) if checked else {},
                (one.counts > 0).sum(axis=1),
            )
            for i, one in enumerate(histories)
        ]


def _roots(likelihood: DriftLikelihood, best: Floats, parameter: int, truth: float) -> Floats:
    gap = best[:, parameter] - truth
    drop = np.where(gap == 0.0, 0.0, np.maximum(likelihood.drop(best, parameter, truth), 0.0))
    return np.copysign(np.sqrt(2.0 * drop), gap)
