"""Survival where fresh data flow: the law of a symbol's frequency, carried forward for many symbols at once.

A draw of generation k shows a symbol of probability x with chance t = a x + (1 - a) y: a is the fresh share and y the
symbol's frequency among the draws of generation k - 1. So the law of y, as a functional on functions f(y), moves by

    rho_k f = rho_{k-1} (S B f),   (B f)(t) = E f(Y/n), Y ~ Binomial(n, t),   (S f)(y) = f(a x + (1 - a) y),

from rho_0 f = f(x), and Pr(present at k) = rho_{k-1} applied to 1 - (1 - t(y))^n. A function is written as the line
through its ends plus an excess that vanishes at 0 and 1. Of the line the functional knows everything, since the mean of
y stays x; on the excess, B is the operator of resampling without fresh data, the same for all x. What differs from
symbol to symbol is only where S looks: one generation of all symbols is one sparse product and one dense one.

Dually, Pr(absent) = E (1 - x)^{frozen + active}: going back, lines of descent that meet a fresh draw freeze, and those
that do not fall together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.collocation import PanelSpline
from modelcollapse.laws.fresh_leap import FreshLeap
from modelcollapse.laws.fresh_schedule import FreshSchedule
from modelcollapse.laws.fresh_shift import Shift, present, with_ends
from modelcollapse.laws.immigration import effective_sizes

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

# Relative error of every survival probability, measured in the tests against dense chains, the law of frozen and
# active lines and the forward window (n to 10^12), and between resolutions.
RELATIVE_ERROR = 1e-10

_CERTAIN = 50.0  # a symbol that is absent with a chance below e^-50 counts as present
_CARRIED = 1024  # symbols carried at a time, which bounds memory
_STEPPED = 8192  # generations taken one by one before leaps pay, if many symbols are asked about
_FEW, _STEPPED_BY_FEW = 4, 64
_LARGEST_ERROR = 1e-6


class FreshEquation:
    """The excess survival d_k(x) = Pr(present at k) - x of a recursion that fresh data flow into.

    Parameters
    ----------
    schedule : FreshSchedule
        Sample sizes and fresh shares.

    Attributes
    ----------
    spline : PanelSpline
        The space in which functions of the frequency, and of x, are held.
    """

    def __init__(self, schedule: FreshSchedule) -> None:
        self._schedule = schedule
        different = sorted(set(schedule.sizes))
        self._operators: dict[int, BackwardOperator] = {}
        self._steps: dict[int, Floats] = {}
        if len(different) == 1:
            self._operators[different[0]] = backward_operator(different[0])
            self.spline = self._operators[different[0]].spline
        else:
            self.spline = PanelSpline(different[-1])

    def weakest(self, generations: Generations) -> float:
        """Return a number w such that Pr(absent) <= exp(-x w) at each of the generations, for every x."""
        return float(effective_sizes(self._schedule, generations).min())

    def read(self, functionals: Floats, generations: Generations) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""
        nodes = self.spline.nodes
        return (self.survival(nodes, generations) - nodes) @ functionals.T

    def survival(self, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) of symbols of probabilities x, shape (generation, symbol)."""
        value = np.ones((len(generations), len(x)))
        uncertain = np.flatnonzero((x * self.weakest(generations) < _CERTAIN) & (x < 1.0))
        for first in range(0, len(uncertain), _CARRIED):
            part = uncertain[first : first + _CARRIED]
            value[:, part] = self._carry(x[part], generations)
        return np.clip(value, 0.0, 1.0)

    def error(self, generations: Generations) -> float | None:
        """Return the relative error of survival; None if rounding leaves too few digits.

        Roundings add up until fresh data make the law forget them, 1/a generations later.
        """
        memory = float(generations[-1])
        if self._schedule.constant and self._schedule.shares[0] > 0:
            memory = min(memory, 1.0 / self._schedule.shares[0])
        error = RELATIVE_ERROR + 1e-14 * memory
        return error if error < _LARGEST_ERROR else None

    def _carry(self, x: Floats, generations: Generations) -> Floats:
        """Carry all x together generation by generation, then one by one over any distance."""
        points = np.concatenate([[0.0], self.spline.nodes, [1.0]])
        value = np.empty((len(generations), len(x)))
        weights, chances, share = np.ones((len(x), 1)), x[:, None], -1.0
        shift = Shift(self.spline, chances)
        stepped = _STEPPED if len(x) > _FEW else _STEPPED_BY_FEW
        wanted = {generation: row for row, generation in enumerate(generations.tolist())}
        for generation in range(1, int(generations[-1]) + 1):
            n = self._schedule.size(generation)
            if generation > 1 and self._schedule.share(generation) != share:
                share = self._schedule.share(generation)
                chances = np.minimum(share * x[:, None] + (1.0 - share) * points, 1.0)
                shift = Shift(self.spline, chances)
            if generation in wanted:
                value[wanted[generation]] = (weights * present(n, chances)).sum(axis=1)
            if generation == stepped and self._schedule.constant:
                later = generations > generation
                value[later] = self._leap(x, weights, generations[later] - generation)
                break
            weights = with_ends(x, shift.transposed(weights) @ self._step(n), points)
        return value

    def _leap(self, x: Floats, weights: Floats, distances: Generations) -> Floats:
        """Survival so many generations later, for one size and share."""
        n, share = self._schedule.sizes[0], self._schedule.shares[0]
        value = np.empty((len(distances), len(x)))
        for column, own in enumerate(x.tolist()):
            leap = FreshLeap(self.spline, self._step(n), n, share, own)
            value[:, column] = leap.survival(weights[column], distances)
        return value

    def _step(self, n: int) -> Floats:
        """From coefficients of the excess before a generation to nodal values after it, shape (basis, node)."""
        if n not in self._steps:
            if n not in self._operators:
                self._operators[n] = BackwardOperator(n, self.spline)
            coefficients = self.spline.coefficients
            self._steps[n] = coefficients + coefficients @ self._operators[n].change
        return self._steps[n]
