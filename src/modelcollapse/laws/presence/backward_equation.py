"""Reading answers off the backward equation: survival of points, of sums over points, and first passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.schedule_operator import ScheduleOperator

Floats = NDArray[np.float64]

_ROUNDING = 1e-15

# Levels closer than this to the probability of fixing count as never reached.
_UNREACHABLE = 1e-12

# Values of a schedule's last functionals are kept for the next question, the time after the curve, if no more.
_MOST_KEPT = 1_000_000


class BackwardEquation:
    """The excess survival d_k(x) = Pr(present at k) - x of a recursion with given sample sizes.

    A *functional* is a row of weights on the nodes of the spline: one for a point x, or one for a whole corpus.

    Parameters
    ----------
    sizes : int or sequence of int
        The sample size of every generation, or n_1, n_2, ...
    """

    def __init__(self, sizes: int | tuple[int, ...]) -> None:
        self._sizes = sizes
        self._followed: tuple[Floats, Floats] | None = None

    @property
    def is_schedule(self) -> bool:
        """Whether every generation has its own sample size."""
        return not isinstance(self._sizes, int)

    @property
    def horizon(self) -> int:
        """How many generations a schedule has."""
        if isinstance(self._sizes, int):
            raise TypeError("a recursion of one sample size goes on for ever")
        return len(self._sizes)

    @cached_property
    def spline(self) -> PanelSpline:
        """The splines that resolve the largest sample size."""
        if isinstance(self._sizes, int):
            return self.operator.spline
        return self._schedule.spline

    @cached_property
    def operator(self) -> BackwardOperator:
        """The operator of one generation, where all have the same size."""
        if not isinstance(self._sizes, int):
            raise TypeError("a schedule of sample sizes has one operator per generation")
        return backward_operator(self._sizes)

    def read(self, functionals: Floats, generations: NDArray[np.int64]) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""
        if isinstance(self._sizes, int):
            return np.array([functionals @ d for d in self.operator.excess(generations)])
        return self._read_schedule(functionals, generations)

    def first_at_most(self, functionals: Floats, thresholds: Floats) -> Floats:
        """Return the smallest k at which each functional of d_k is at most its threshold; infinite if never.

        The first power of two that is enough is found; from the one before, each functional is carried by smaller ones
        as far as it stays above its threshold. The next generation is the answer, exact at any distance. Thresholds of
        `_UNREACHABLE` or less are reached only by sample size 1.
        """
        doubling = self.operator.doubling
        found = np.where(functionals @ doubling.excess(0) <= thresholds + _ROUNDING, 1.0, np.inf)
        open_ = np.flatnonzero(np.isinf(found) & (thresholds > _UNREACHABLE))
        if not len(open_):
            return found
        rows, limits = functionals[open_], thresholds[open_]
        highest = self._highest(rows, limits)
        start = np.array([doubling.excess(exponent) for exponent in highest.tolist()])
        generation = 2**highest
        for exponent in reversed(range(int(highest.max()))):
            active = np.flatnonzero(highest > exponent)
            further = doubling.before(rows[active], exponent)
            above = (further * start[active]).sum(axis=1) > limits[active]
            rows[active[above]] = further[above]
            generation[active[above]] += 2**exponent
        found[open_] = generation + 1
        return found

    def _highest(self, functionals: Floats, thresholds: Floats) -> NDArray[np.int64]:
        """The largest j such that each functional is above its threshold after 2^j generations; it is after one."""
        doubling, highest = self.operator.doubling, np.zeros(len(thresholds), dtype=np.int64)
        for exponent in range(1, (64 * self.operator.sample_size).bit_length() + 1):
            above = functionals @ doubling.excess(exponent) > thresholds
            if not above.any():
                break
            highest[above] = exponent
        return highest

    def first_of_schedule(self, functionals: Floats, thresholds: Floats) -> Floats:
        """Return the same where sizes vary, for thresholds of shape (..., functional).

        Every generation is looked at; infinite where the threshold is not reached by the last of them.
        """
        assert not isinstance(self._sizes, int)
        found = np.full(thresholds.shape, np.inf)
        within_reach, one = thresholds > _UNREACHABLE, False
        values = self._values(functionals, len(self._sizes))
        for generation, (size, value) in enumerate(zip(self._sizes, values, strict=False), start=1):
            one = one or size == 1  # after a single draw nothing is left to be decided
            reached = ((value <= thresholds + _ROUNDING) & within_reach) | ((thresholds >= -_ROUNDING) & one)
            found = np.where(reached & np.isinf(found), float(generation), found)
            if np.isfinite(found).all():
                break
        return found

    def summed_over_schedule(self, functionals: Floats) -> tuple[Floats, Floats]:
        """Return the sum of each functional of d_k over all generations of a schedule, and the last term."""
        assert not isinstance(self._sizes, int)
        total = last = np.zeros(len(functionals))
        for value in self._values(functionals, len(self._sizes)):
            total, last = total + value, value
        return total, last

    def _read_schedule(self, functionals: Floats, generations: NDArray[np.int64]) -> Floats:
        wanted = set(generations.tolist())
        values = enumerate(self._values(functionals, int(generations[-1])), start=1)
        return np.array([value for k, value in values if k in wanted])

    @cached_property
    def _schedule(self) -> ScheduleOperator:
        assert not isinstance(self._sizes, int)
        return ScheduleOperator(self._sizes)

    def _values(self, functionals: Floats, horizon: int) -> Iterable[Floats]:
        """Give each functional of d_1, ..., d_horizon; those of the last functionals are kept, if they are few."""
        if len(functionals) * horizon > _MOST_KEPT:
            return self._carried(functionals, horizon)
        if self._followed is not None:
            same, values = self._followed
            if len(values) >= horizon and np.array_equal(same, functionals):
                return values
        values = np.array(list(self._carried(functionals, horizon)))
        self._followed = functionals, values
        return values

    def _carried(self, functionals: Floats, horizon: int) -> Iterator[Floats]:
        """Yield each functional of d_1, d_2, ...: generation after generation, it becomes one of the next."""
        assert not isinstance(self._sizes, int)
        for generation, size in enumerate(self._sizes[:horizon], start=1):
            yield functionals @ self._schedule.first_excess(size)
            if generation < horizon:
                functionals = self._schedule.carried(size, functionals)


@lru_cache(maxsize=1)
def backward_equation(sizes: int | tuple[int, ...]) -> BackwardEquation:
    """Return the equation of a sample size or a schedule; the last one is kept."""
    return BackwardEquation(sizes)
