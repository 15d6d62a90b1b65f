"""Does the model fit samples of its generations? Numbers that it predicts, as it would from training sets."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.drift_likelihood import DriftLikelihood
from modelcollapse.fitting.goodness import RARE
from modelcollapse.fitting.samples import Deviations, Samples

Floats = NDArray[np.float64]


def sample_measures(
    samples: Samples, deviations: Deviations, likelihood: DriftLikelihood, fresh: float, rate: float
) -> dict[str, float]:
    """Return the numbers that are checked, by name; all are 0 on average, or nearly so, if the model is true.

    The likelihood is that of these samples alone.
    """
    point = np.array([[fresh, rate]])
    matrix = likelihood.covariance.matrices(*point.T)[0][0]
    whitening = np.linalg.inv(np.linalg.cholesky(matrix))
    innovations = whitening @ deviations.difference
    found = {
        "rare words": _rare(deviations, innovations, matrix),
        "common words": _sharpening(deviations, innovations),
    }
    if len(matrix) > 1:
        own = np.diag(whitening @ deviations.moments @ whitening.T)
        found["steps"] = float(np.mean((own - 1.0) ** 2))
        found["sampling noise"] = float(likelihood.sampling_excess(point)[0])
    if samples.origin is None:
        return found
    return {"losses": _seen(samples, samples.origin, fresh, rate), **found}


def expected_types(origin: Floats, samples: Samples, fresh: float, rate: float) -> Floats:
    """Return the words expected in each sample, by the branching process that words are while they are rare.

    Going back from a sample of S tokens, a word is absent with probability exp(-s P) given its share P, with s = S;
    over one step of n draws exp(-s P) becomes exp(-s' L), s' = n (1 - exp(-s / n)), where L is the law drawn from.
    """
    value, number = np.unique(origin, return_counts=True)
    found = np.empty(len(samples.sizes))
    for row, (generation, size) in enumerate(zip(samples.generation, samples.sizes, strict=True)):
        exponent, fixed = float(size), 0.0
        for _ in range(int(generation)):
            exponent = -math.expm1(-exponent * rate) / rate if rate > 0.0 else exponent
            fixed += fresh * exponent
            exponent *= 1.0 - fresh
        found[row] = number @ -np.expm1(-(fixed + exponent) * value)
    return found


def _seen(samples: Samples, origin: Floats, fresh: float, rate: float) -> float:
    """Words in the samples beyond those expected, relative to them."""
    expected = expected_types(origin, samples, fresh, rate).sum()
    return float((samples.counts > 0).sum() / expected - 1.0)


def _rare(deviations: Deviations, innovations: Floats, matrix: Floats) -> float:
    """Logarithm of how much more rare words vary, of what they should, than common ones."""
    law = deviations.law
    rare = law < RARE * float(np.mean(np.diag(matrix)))
    squares = deviations.weight * (innovations * innovations).sum(axis=0)
    expected = deviations.weight * law * (1.0 - law)
    parts = [float(part[side].sum()) for part in (squares, expected) for side in (rare, ~rare)]
    if min(parts) <= 1e-12 * max(parts):
        return 0.0
    return math.log(parts[0] / parts[2]) - math.log(parts[1] / parts[3])


def _sharpening(deviations: Deviations, innovations: Floats) -> float:
    """Innovations along the logarithm of the frequency, in standard deviations."""
    law = deviations.law
    level = np.log(law, out=np.zeros_like(law), where=law > 0)
    centred = level - law @ level
    variance = float(law @ (centred * centred)) * len(innovations)
    return float((innovations @ centred).sum()) / math.sqrt(variance) if variance > 0 else 0.0
