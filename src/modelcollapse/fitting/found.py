"""What an estimation finds, however the counts came about, and what its bootstrap is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelcollapse.fitting.goodness import Check
from modelcollapse.fitting.observed import Observed
from modelcollapse.fitting.result import FittedVocabulary, Interval

OUTER = 0.025  # on either side of a 95 % interval


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """How histories are simulated.

    Parameters
    ----------
    replicates : int
    ours, nears : SeedSequence
        For histories of the fit itself, and for those at the ends of intervals.
    progress : bool
    """

    replicates: int
    ours: np.random.SeedSequence
    nears: np.random.SeedSequence
    progress: bool


@dataclass(frozen=True, eq=False)
class Found:
    """Estimates, checks and simulated vocabularies; see `Fit`.

    Parameters
    ----------
    fresh, dispersion : Interval or None
    fresh_used : float
    fresh_reason, sample_size_reason : str
        Why there is no estimate, or no upper end; empty where there is.
    sample_size : Interval
    sizes : tuple of int
        Effective sample size of each step, or of all of them; empty if none is known.
    checks : tuple of Check
    vocabulary : FittedVocabulary
    """

    fresh: Interval | None
    fresh_used: float
    fresh_reason: str
    dispersion: Interval | None
    sample_size: Interval
    sample_size_reason: str
    sizes: tuple[int, ...]
    checks: tuple[Check, ...]
    vocabulary: FittedVocabulary


def outer(values: ArrayLike, *, upper: bool) -> Any:
    """Return the end of the middle 95 % of simulated values, along the first axis."""
    return np.quantile(np.asarray(values), 1.0 - OUTER if upper else OUTER, axis=0, method="weibull")


def simulated_vocabulary(observed: Observed, types: list[NDArray[np.int64]]) -> FittedVocabulary:
    """Return words present in simulated histories; a generation that they begin with is as it was observed."""
    paths = np.array(types, dtype=np.float64)
    known = observed.types[: len(observed.types) - paths.shape[1]].astype(np.float64)
    curves = (paths.mean(axis=0), outer(paths, upper=False), outer(paths, upper=True))
    mean, low, high = (np.concatenate([known, curve]) for curve in curves)
    return FittedVocabulary(observed.generation, observed.types, mean, low, high)
