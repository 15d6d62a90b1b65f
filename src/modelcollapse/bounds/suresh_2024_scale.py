"""Bounds of Suresh, Thangaraj and Khandavally for the Gaussian scale, as in their notebooks."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from modelcollapse.bounds import scale_tail
from modelcollapse.bounds.base import Bound, Bracket
from modelcollapse.families.gaussian import Gaussian
from modelcollapse.laws.scales import scale_steps
from modelcollapse.recursion import Recursion
from modelcollapse.reference import SURESH_2024, Basis, Reference
from modelcollapse.statistics import ScaleTail, Statistic
from modelcollapse.workflows.replace import Replace

Generations = NDArray[np.int64]


class Theorem3(Bound):
    """Pr(scale_k > eps) <= (scale_0 / eps) e^{-k / (4n - 1)}."""

    name: ClassVar[str] = "suresh_2024.theorem_3"
    statement: ClassVar[str] = "Theorem 3: (scale_0 / eps) e^{-k / (4n - 1)}"
    validity: ClassVar[str] = "ddof = 1, one dimension, every n of at least 2 and every k; exceeds 1 at first"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        n = gaussian_size(recursion, statistic, ddof=1.0)
        if n is None:
            return None
        return Bracket(upper=scale_tail.theorem_3(n, generations, log_threshold(statistic)))


class FractionalMoment(Bound):
    """Pr(scale_k > eps) <= (scale_0 / eps)^s (E R^s)^k with s = 0.7, which the notebook plots."""

    name: ClassVar[str] = "suresh_2024.fractional_moment"
    statement: ClassVar[str] = "Theorem 3 by a fractional moment: (scale_0 / eps)^0.7 (E R^0.7)^k"
    validity: ClassVar[str] = Theorem3.validity
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`."""
        n = gaussian_size(recursion, statistic, ddof=1.0)
        if n is None:
            return None
        step = scale_steps.Gaussian(n)
        return Bracket(upper=scale_tail.fractional_moment(step, generations, log_threshold(statistic)))


class October2024(Bound):
    """The form of the first version: (scale_0^2 / eps^2)^{(n-1)/(2(n+3))} e^{-k/(4(n+3))}."""

    name: ClassVar[str] = "suresh_2024.october_2024"
    statement: ClassVar[str] = "first version: (scale_0 / eps)^{(n - 1)/(n + 3)} e^{-k / (4 (n + 3))}"
    validity: ClassVar[str] = "ddof = 1, one dimension, n above 7 and every k; exceeds 1 at first"
    basis: ClassVar[Basis] = "authors' notebook"
    reference: ClassVar[Reference] = SURESH_2024

    def bracket(self, recursion: Recursion, statistic: Statistic, generations: Generations) -> Bracket | None:
        """Return the upper curve for `ScaleTail`; None for n up to 7."""
        n = gaussian_size(recursion, statistic, ddof=1.0)
        if n is None or n <= 7:
            return None
        return Bracket(upper=scale_tail.october_2024(n, generations, log_threshold(statistic)))


def gaussian_size(recursion: Recursion, statistic: Statistic, *, ddof: float) -> int | None:
    """Return the sample size where it is constant and the model Gaussian, in one dimension, with this `ddof`."""
    if not isinstance(statistic, ScaleTail) or not isinstance(recursion.workflow, Replace):
        return None
    return recursion.constant_size if recursion.family == Gaussian(ddof=ddof) else None


def log_threshold(statistic: Statistic) -> float:
    """Return ln(eps / scale_0)."""
    assert isinstance(statistic, ScaleTail)
    return float(np.log(statistic.threshold))
