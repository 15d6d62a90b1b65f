"""The law of ln R where it has no closed form: sampled once, and weighed so that what is known about it holds exactly.

For Laplace, logistic and Student models R is the estimated scale of n standard data. Its law is sampled from data of
location 0 and scale 1, in batches. To first order ln R is a multiple of the sum of z psi(z) - 1, the score of the scale
(psi = -(ln f)'), and the location that of psi(z). Means and variances of both sums are known; weights that reproduce
them take most of the noise out of the mean and the variance of ln R, on which everything after many generations
depends.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families import Family, Laplace, Logistic, Student
from modelcollapse.families.kept_data import KeptData
from modelcollapse.start import Parameters

Floats = NDArray[np.float64]

SEED = 24121766  # of the one sample that every answer rests on: the same question has the same answer
BATCHES = 20
_MOST, _LEAST = 2000, 25  # replicates in a batch
_BUDGET = 40_000_000  # numbers that sampling may work on, less than a second
_BLOCK = 2_000_000  # numbers at a time


@dataclass(frozen=True, eq=False)
class SampledStep:
    """A sample of ln R in independent batches, with what its weights are made from.

    Parameters
    ----------
    log_ratio : array, shape (batch, replicate)
    controls : array, shape (batch, replicate, control)
        Quantities of known mean 0: the two score sums and their squares, standardised.
    """

    log_ratio: Floats
    controls: Floats

    def weights(self, left_out: int | None = None) -> Floats:
        """Return weights of all replicates, with a sum of 1, whose mean of each control is 0.

        With `left_out` the batch of that number has weight 0. Among all such weights these differ least from equal
        ones, in the sum of squares.
        """
        batches = np.ones(len(self.log_ratio), dtype=bool)
        if left_out is not None:
            batches[left_out] = False
        used = self.controls[batches].reshape(-1, self.controls.shape[-1])
        centre = used.mean(axis=0)
        spread = used - centre
        slope = np.linalg.solve(spread.T @ spread / len(used), -centre)
        found = np.zeros(self.log_ratio.shape)
        found[batches] = ((1.0 + spread @ slope) / len(used)).reshape(-1, self.log_ratio.shape[1])
        return found


@lru_cache(maxsize=4)
def sampled_step(family: Family[Any, Any], sample_size: int) -> SampledStep | None:
    """Return the sample for a family and a sample size; None for other families, or where sampling would take long.

    Examples
    --------
    >>> step = sampled_step(Laplace(), 10)
    >>> step.log_ratio.shape
    (20, 2000)
    >>> print(f"{np.sum(step.weights() * step.log_ratio):.3f}")
    -0.111
    """
    each, score = replicates_per_batch(family, sample_size), _score_of(family)
    if not each or score is None:
        return None
    assert isinstance(family, KeptData)
    streams = np.random.SeedSequence(SEED).spawn(BATCHES)
    batches = [_batch(family, sample_size, each, score, np.random.default_rng(stream)) for stream in streams]
    return SampledStep(np.array([x for x, _ in batches]), np.array([c for _, c in batches]))


def replicates_per_batch(family: Family[Any, Any], sample_size: int) -> int:
    """Return how large the batches are; 0 where nothing is sampled."""
    if not isinstance(family, KeptData) or _score_of(family) is None:
        return 0
    if sample_size < (3 if isinstance(family, Student) else family.least_size):
        return 0
    each = min(_MOST, _BUDGET // (BATCHES * sample_size * family.values_per_datum))
    return each if each >= _LEAST else 0


@dataclass(frozen=True)
class _Score:
    """psi, and the variances of psi(z) and z psi(z)."""

    psi: Callable[[Floats], Floats]
    location: float
    scale: float


def _score_of(family: Family[Any, Any]) -> _Score | None:
    if isinstance(family, Laplace):
        return _Score(np.sign, 1.0, 1.0)
    if isinstance(family, Logistic):
        return _Score(lambda z: np.tanh(0.5 * z), 1.0 / 3.0, (3.0 + math.pi**2) / 9.0)
    if isinstance(family, Student):
        nu = family.shape
        if nu < 1.0:
            return None  # its scale may vanish: the likelihood of a small sample may have no maximum
        return _Score(lambda z: (nu + 1.0) * z / (nu + z * z), (nu + 1.0) / (nu + 3.0), 2.0 * nu / (nu + 3.0))
    return None


def _batch(family: KeptData, n: int, replicates: int, score: _Score, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return ln R and the controls of some replicates, a block at a time."""
    block = max(1, _BLOCK // (n * family.values_per_datum))
    ratios, controls = [], []
    for first in range(0, replicates, block):
        model = family.initial(Parameters(location=0.0, scale=1.0), min(block, replicates - first))
        batch = family.sample(model, n, rng)
        ratios.append(np.log(family.scale(family.fit(batch))))
        z = batch.origin + batch.values
        psi = score.psi(z)
        sums = psi.sum(axis=1) / math.sqrt(n * score.location), (z * psi - 1.0).sum(axis=1) / math.sqrt(n * score.scale)
        controls.append(np.stack([*sums, sums[0] ** 2 - 1.0, sums[1] ** 2 - 1.0], axis=1))
    return np.concatenate(ratios), np.concatenate(controls)
