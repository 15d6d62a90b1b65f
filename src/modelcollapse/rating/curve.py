"""Reading the one value per generation off a result."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.errors import InputError
from modelcollapse.result import Result

Floats = NDArray[np.float64]


def curve_of(result: Result) -> Floats:
    """Return the values along the generations."""
    return _flat(result, result.value)


def interval_of(result: Result) -> tuple[Floats, Floats]:
    """Return the interval of a simulated curve along the generations."""
    assert result.low is not None
    assert result.high is not None
    return _flat(result, result.low), _flat(result, result.high)


def _flat(result: Result, values: Floats) -> Floats:
    generations = len(result.coordinates["generation"])
    if values.size != generations:
        raise InputError(
            f"`statistic` {result.statistic} has {values.size // generations} values per generation, but must have "
            "one; ask about one symbol or one set of symbols."
        )
    return values.reshape(generations)
