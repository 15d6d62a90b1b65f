"""The law of the first loss: with few symbols, inclusion and exclusion over the sets that may be lost.

All symbols of a set are lost exactly if the symbol that merges them is, so Pr(none is lost by k) is the sum over
sets S of (-1)^|S| Pr(absent at k | probability x_S). With s_k = x + d_k the linear parts cancel by themselves, and
what remains is one linear functional of d_k, as for the vocabulary.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.families.categorical import Categorical
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.presence.backward_equation import BackwardEquation
from modelcollapse.recursion import Recursion
from modelcollapse.reference import LITTLER_1975, MODELCOLLAPSE, Reference
from modelcollapse.start import DiscreteStart
from modelcollapse.statistics import FirstLoss, Statistic
from modelcollapse.workflows.replace import Replace

Floats = NDArray[np.float64]

MOST_SYMBOLS = 15  # 2^15 sets
ERROR_PER_SET = 3e-13  # measured; the terms are of either sign and cancel, so the error is absolute


class FirstLossLaw(Law):
    """Pr(every symbol is still present) under replace, for at most 15 symbols."""

    name: ClassVar[str] = "first_loss"
    statement: ClassVar[str] = "Pr(none lost by k) = sum over sets S of (-1)^|S| E (1 - x_S)^{A_k}"
    references: ClassVar[tuple[Reference, ...]] = (MODELCOLLAPSE, LITTLER_1975)

    def answer(self, recursion: Recursion, statistic: Statistic, generations: NDArray[np.int64]) -> Answer | None:
        """Return the exact answer for categorical models of few symbols under replace."""
        covered = isinstance(recursion.family, Categorical) and isinstance(recursion.workflow, Replace)
        if not covered or not isinstance(statistic, FirstLoss):
            return None
        assert isinstance(recursion.start, DiscreteStart)
        probabilities = recursion.start.probabilities
        probabilities = probabilities[probabilities > 0]
        recursion.require(int(generations[-1]))
        if len(probabilities) == 1:
            return Answer(np.ones(len(generations)), 0.0)
        if len(probabilities) > MOST_SYMBOLS:
            return None
        size = recursion.sample_size
        equation = BackwardEquation(size if isinstance(size, int) else tuple(size))
        mass, rest, sign = subset_masses(probabilities)
        row = equation.spline.functional(mass, -sign, rest)
        value = equation.read(row[None, :], generations)[:, 0]
        return Answer(np.clip(value, 0.0, 1.0), ERROR_PER_SET * len(mass), absolute=True)


def subset_masses(probabilities: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for every set of symbols its probability, that of its complement, and (-1)^size.

    Examples
    --------
    >>> subset_masses(np.array([0.25, 0.75]))
    (array([0.  , 0.25, 0.75, 1.  ]), array([1.  , 0.75, 0.25, 0.  ]), array([ 1., -1., -1.,  1.]))
    """
    mass, sign = np.zeros(1), np.ones(1)
    for p in probabilities:
        mass, sign = np.concatenate([mass, mass + p]), np.concatenate([sign, -sign])
    mass = np.minimum(mass, 1.0)
    return mass, mass[::-1].copy(), sign
