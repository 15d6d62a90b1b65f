"""The plain route: estimates from the data themselves, and batches of a single datum."""

import numpy as np

from modelcollapse.families import (
    Exponential,
    Gaussian,
    Laplace,
    Logistic,
    ScipyDistribution,
    ShiftedExponential,
    Student,
    Uniform,
    UniformRange,
)
from modelcollapse.families.exponential import ExponentialBatch
from modelcollapse.families.gaussian import GaussianBatch
from modelcollapse.families.kept_data import Data
from modelcollapse.families.shifted_exponential import ShiftedBatch
from modelcollapse.families.uniform import UniformBatch
from modelcollapse.families.uniform_range import RangeBatch
from modelcollapse.start import Parameters

COMPRESSED = [Gaussian(), Gaussian(ddof=0), Exponential(), ShiftedExponential(), Uniform(), UniformRange()]
KEPT = [Laplace(), Logistic(), Student(), Student(shape=1.0), ScipyDistribution("gumbel_r")]


def label(family):
    """Return a name for the test's id."""
    return "-".join(str(value) for value in family.to_dict().values())


def start(family, location=0.0, scale=1.0):
    """Return a start in the family's own words."""
    return Parameters(**dict(zip(family.parameters[::-1], (scale, location), strict=False)))


def draw(family, shape, rng):
    """Draw standard data, shape (replicate, datum)."""
    if isinstance(family, Gaussian):
        return rng.standard_normal(shape)
    if isinstance(family, Exponential | ShiftedExponential):
        return rng.standard_exponential(shape)
    return rng.random(shape)


def estimate(family, data):
    """Return location and scale of each row by the textbook formula."""
    zero = np.zeros(len(data))
    if isinstance(family, Gaussian):
        return np.stack([data.mean(axis=1), data.std(axis=1, ddof=family.ddof)], axis=1)
    if isinstance(family, Exponential):
        return np.stack([zero, data.mean(axis=1)], axis=1)
    if isinstance(family, ShiftedExponential):
        return np.stack([data.min(axis=1), data.mean(axis=1) - data.min(axis=1)], axis=1)
    if isinstance(family, Uniform):
        return np.stack([zero, data.max(axis=1)], axis=1)
    return np.stack([data.min(axis=1), np.ptp(data, axis=1)], axis=1)


def batch_of(family, data):
    """Return the batch of given data, pooled from batches of one datum each."""
    parts = [_single(family, column[:, None]) for column in np.asarray(data, dtype=float).T]
    return family.merge(parts, [1.0] * len(parts))


def _single(family, x):
    one, none = np.ones_like(x), np.zeros_like(x)
    if isinstance(family, Gaussian):
        return GaussianBatch(x, none[:, :, None], one)
    if isinstance(family, Exponential):
        return ExponentialBatch(x, one)
    if isinstance(family, ShiftedExponential):
        return ShiftedBatch(x, none, one)
    if isinstance(family, Uniform):
        return UniformBatch(x, one)
    return RangeBatch(x, none, one) if isinstance(family, UniformRange) else Data(x, none)
