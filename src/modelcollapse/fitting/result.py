"""What a fit finds: the fresh share, the dispersion, the effective sample size, and whether the model fits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelcollapse.fitting.chance import Coverage
from modelcollapse.fitting.goodness import Check, passes
from modelcollapse.fitting.observed import Observed
from modelcollapse.provenance import plain
from modelcollapse.result import Result

Floats = NDArray[np.float64]

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Interval:
    """An estimate and its 95 % interval.

    Parameters
    ----------
    value, low, high : float
        Infinite where nothing is too large.
    """

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; None for infinity."""
        ends = {"value": self.value, "low_95": self.low, "high_95": self.high}
        return {name: end if math.isfinite(end) else None for name, end in ends.items()}


@dataclass(frozen=True, eq=False)
class FittedVocabulary:
    """Words present in the generations that were observed, and in simulations of the fit.

    Parameters
    ----------
    generation : array of int, shape (generation,)
    observed : array of int, shape (generation,)
    mean, low, high : array, shape (generation,)
        Mean and 95 % interval over histories that the fitted model simulates.
    """

    generation: NDArray[np.int64]
    observed: NDArray[np.int64]
    mean: Floats
    low: Floats
    high: Floats

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "generation": plain(self.generation),
            "observed": plain(self.observed),
            "mean": plain(self.mean),
            "low_95": plain(self.low),
            "high_95": plain(self.high),
        }


@dataclass(frozen=True, eq=False)
class Fit:
    """The recursion that explains successive generations best.

    Parameters
    ----------
    observed : Observed
        The generations, aligned by word.
    counts_are : str
        'training-set', what each generation was trained on, or 'sample', what was drawn from it.
    fresh : Interval or None
        Share of each generation's data that are new real data; None if it cannot be estimated or was given.
    fresh_used : float
        The share that the other numbers assume: the estimate, or what was given.
    fresh_reason : str
        How the share was found, or why not.
    dispersion : Interval or None
        Variance of the counts over that of as many independent draws; None if they are samples.
    sample_size : Interval
        Effective sample size of a generation: of training sets, their mean size over the dispersion; infinite where no
        drift is seen.
    sample_size_reason : str
        Why the interval of the sample size has no upper end; empty where it has.
    checks : tuple of Check
        Whether the model fits.
    vocabulary : FittedVocabulary
    coverage : Coverage
        Chance baseline of the words covered.
    forecast : Result or None
        Expected words present in the training sets of later generations if all goes on so; None if no drift is seen.
    replicates : int
        Histories simulated by the bootstrap.
    warnings : tuple of str
        What is odd about the input.
    provenance : mapping
        What is needed to make the fit again.
    """

    observed: Observed
    counts_are: str
    fresh: Interval | None
    fresh_used: float
    fresh_reason: str
    dispersion: Interval | None
    sample_size: Interval
    sample_size_reason: str
    checks: tuple[Check, ...]
    vocabulary: FittedVocabulary
    coverage: Coverage
    forecast: Result | None
    replicates: int
    warnings: tuple[str, ...]
    provenance: Mapping[str, Any]

    @property
    def fits(self) -> bool:
        """Whether none of the checks speaks against the model."""
        return passes(self.checks)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: the command line's contract."""
        observed = self.observed
        rows = zip(
            observed.names,
            plain(observed.generation),
            plain(observed.tokens),
            plain(observed.types),
            plain(observed.outside),
            strict=True,
        )
        keys = ("name", "generation", "tokens", "types", "outside")
        fresh = None if self.fresh is None else self.fresh.to_dict()
        return {
            "schema_version": SCHEMA_VERSION,
            "counts_are": self.counts_are,
            "observed": [dict(zip(keys, row, strict=True)) for row in rows],
            "fresh": fresh,
            "fresh_used": self.fresh_used,
            "fresh_reason": self.fresh_reason,
            "dispersion": None if self.dispersion is None else self.dispersion.to_dict(),
            "sample_size": self.sample_size.to_dict(),
            "sample_size_reason": self.sample_size_reason or None,
            "fits": self.fits,
            "checks": [check.to_dict() for check in self.checks],
            "vocabulary": self.vocabulary.to_dict(),
            "coverage": self.coverage.to_dict(),
            "forecast": self._forecast(),
            "replicates": self.replicates,
            "warnings": list(self.warnings),
            "provenance": plain(dict(self.provenance)),
        }

    def _forecast(self) -> dict[str, Any] | None:
        result = self.forecast
        if result is None:
            return None
        low, high = (None if column is None else plain(column) for column in (result.low, result.high))
        return {
            "generation": list(result.coordinates["generation"]),
            "mean": plain(result.value),
            "sd": None if result.sd is None else plain(result.sd),
            "mean_low_95": low,
            "mean_high_95": high,
            "method": result.kind,
            "source": result.source,
        }
