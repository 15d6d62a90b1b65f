"""What bounds on symbols under replace share: where they apply, and the chances that they are asked about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.recursion import Recursion
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import Survival
from modelcollapse.workflows.replace import Replace


def is_replaced(recursion: Recursion) -> bool:
    """Whether symbols are drawn anew in each generation and nothing else is kept."""
    return isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)


def replaced_size(recursion: Recursion, least: int = 1) -> int | None:
    """Return the sample size of such a recursion, where it is constant and at least so large."""
    n = recursion.constant_size if is_replaced(recursion) else None
    return n if n is not None and n >= least else None


def masses(recursion: Recursion, statistic: Survival) -> NDArray[np.float64]:
    """Return the probability that each symbol, or set of symbols, has at the start."""
    assert isinstance(recursion.start, DiscreteStart)
    return np.minimum(statistic.sets(recursion).total(recursion.start.probabilities), 1.0)
