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

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.immigration import effective_sizes
from modelcollapse.laws.presence.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.presence.collocation import NODES_PER_PANEL, PanelSpline
from modelcollapse.laws.presence.fresh_draws import Draws, OperatorDraws, StepDraws
from modelcollapse.laws.presence.fresh_leap import FreshLeap
from modelcollapse.laws.presence.fresh_schedule import Flow, FreshSchedule, Weighted
from modelcollapse.laws.presence.fresh_step import CountStep, FirstCountStep, FreshStep, Look, MixStep
from modelcollapse.laws.presence.functional_step import FunctionalStep
from modelcollapse.laws.presence.reading import carried_where_uncertain

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

# Relative error of every survival probability, measured in the tests against dense chains, the law of frozen and
# active lines and the forward window (n to 10^12), and between resolutions.
RELATIVE_ERROR = 1e-10

_CARRIED = 1024  # symbols carried at a time, which bounds memory
_STEPPED = 8192  # generations taken one by one before leaps pay, if many symbols are asked about
_FEW, _STEPPED_BY_FEW = 4, 64
_LARGEST_ERROR = 1e-6
_KEPT = 16  # operators of different sample sizes
_STEPS_PAY = 64  # up to so many symbols, where a generation does not come again


class FreshEquation:
    """The excess survival d_k(x) = Pr(present at k) - x of a recursion that fresh data flow into.

    Parameters
    ----------
    schedule : FreshSchedule
        Sample sizes and fresh shares.
    nodes_per_panel : int
        Of the spline; more are a check.

    Attributes
    ----------
    spline : PanelSpline
        The space in which functions of the frequency, and of x, are held.
    """

    def __init__(self, schedule: FreshSchedule, nodes_per_panel: int = NODES_PER_PANEL) -> None:
        self._schedule, self._nodes_per_panel = schedule, nodes_per_panel
        self._operators: dict[int, OperatorDraws] = {}
        self._looked: tuple[float, Floats, Look] | None = None
        largest = max(schedule.sizes)
        self._only = largest if min(schedule.sizes) == largest else None
        spline = backward_operator(largest, nodes_per_panel).spline if self._only else None
        self.spline = spline or PanelSpline(largest, nodes_per_panel)

    def weakest(self, generations: Generations) -> float:
        """Return a number w such that Pr(absent) <= exp(-x w) at each of the generations, for every x."""
        return float(effective_sizes(self._schedule, generations).min())

    def read(self, functionals: Floats, generations: Generations) -> Floats:
        """Return each functional of d_k at each generation, shape (generation, functional)."""
        nodes = self.spline.nodes
        return (self.survival(nodes, generations) - nodes) @ functionals.T

    def survival(self, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) of symbols of probabilities x, shape (generation, symbol)."""
        weakest, rows = self.weakest(generations), len(generations)
        return carried_where_uncertain(x, weakest, lambda part: self._carry(part, generations), rows, _CARRIED)

    def survival_towards(self, fresh: float, x: Floats, generations: Generations) -> Floats:
        """Return Pr(present at k) where a fresh draw shows the symbol with the chance `fresh` instead of x.

        All generations are taken one by one, as the mean of the frequency moves.
        """
        value = np.empty((len(generations), len(x)))
        for first in range(0, len(x), _CARRIED):
            part = slice(first, first + _CARRIED)
            value[:, part] = self._carry(x[part], generations, np.full(len(x[part]), fresh))
        return np.clip(value, 0.0, 1.0)

    def error(self, generations: Generations) -> float | None:
        """Return the relative error of survival; None if rounding leaves too few digits.

        Roundings add up until fresh data make the law forget them, 1/a generations later.
        """
        memory = float(generations[-1])
        if self._schedule.constant and self._schedule.share(2) > 0:
            memory = min(memory, 1.0 / self._schedule.share(2))
        error = RELATIVE_ERROR + 1e-14 * memory
        return error if error < _LARGEST_ERROR else None

    def _carry(self, x: Floats, generations: Generations, fresh: Floats | None = None) -> Floats:
        """Carry all x together generation by generation, then one by one over any distance."""
        schedule, value = self._schedule, np.empty((len(generations), len(x)))
        weights, mean, parameters = np.ones((len(x), 1)), x, None
        stepped = _STEPPED if len(x) > _FEW else _STEPPED_BY_FEW
        wanted = {generation: row for row, generation in enumerate(generations.tolist())}
        for generation in range(1, int(generations[-1]) + 1):
            if generation == 1:  # model 0 is P_0 itself, all of whose draws are fresh
                step = self._first(x)
            elif parameters != (following := (schedule.size(generation), schedule.flow(generation))):
                parameters = following
                step = self._step(*parameters, x if fresh is None else fresh)
            if generation in wanted:
                value[wanted[generation]] = step.seen(weights)
            if generation == stepped and schedule.constant and fresh is None:
                later = generations > generation
                value[later] = self._leap(x, weights, generations[later] - generation)
                break
            weights, mean = step.after(weights, mean)
        return value

    def _leap(self, x: Floats, weights: Floats, distances: Generations) -> Floats:
        """Survival so many generations later, where all are alike."""
        parameters = self._schedule.size(2), self._schedule.flow(2)
        value = np.empty((len(distances), len(x)))
        for column in range(len(x)):
            own = x[column : column + 1]
            leap = FreshLeap(self.spline, self._step(*parameters, own), float(own[0]))
            value[:, column] = leap.survival(weights[column], distances)
        return value

    def _first(self, x: Floats) -> FreshStep:
        n, flow = self._schedule.size(1), self._schedule.flow(1)
        look = Look(self.spline, 0.0, x, x[:, None], once=len(x) <= _STEPS_PAY)
        if isinstance(flow, Weighted):
            drawn = MixStep(self.spline, self._draws(n - flow.draws, len(x)), n - flow.draws, look)
            return FirstCountStep(drawn, self._counted(n, *flow, x), n, x)
        return MixStep(self.spline, self._draws(n, len(x)), n, look)

    def _step(self, n: int, flow: Flow, x: Floats) -> FreshStep:
        """One generation: a share of fresh draws, or a number of them, or that with a weight."""
        if isinstance(flow, Weighted):
            return self._counted(n, *flow, x)
        if isinstance(flow, float):
            return MixStep(self.spline, self._draws(n, len(x)), n, self._look(flow, x))
        if flow in (0, n):
            return self._step(n, flow / n, x)
        return self._counted(n, flow, None, x)

    def _counted(self, n: int, count: int, weight: float | None, x: Floats) -> CountStep:
        return CountStep(self.spline, self._draws(n - count, len(x)), n, count, x, weight)

    def _look(self, share: float, x: Floats) -> Look:
        """Where laws are looked at, which does not depend on the sample size; the last one is kept."""
        if self._looked is None or self._looked[0] != share or self._looked[1] is not x:
            self._looked = share, x, Look(self.spline, share, x)
        return self._looked[2]

    def _draws(self, n: int, symbols: int) -> Draws:
        """Draws of a generation that are not fresh: by an operator where that pays."""
        if self._only is None and symbols <= _STEPS_PAY:
            return StepDraws(self._functional_step, self.spline.coefficients, n)
        if n not in self._operators:
            _make_room(self._operators)
            known = backward_operator(n, self._nodes_per_panel) if n == self._only else None
            self._operators[n] = OperatorDraws(known or BackwardOperator(n, self.spline))
        return self._operators[n]

    @cached_property
    def _functional_step(self) -> FunctionalStep:
        return FunctionalStep(self.spline)


def _make_room(kept: dict[int, OperatorDraws]) -> None:
    """Forget the oldest if there are many: a long schedule has a size for each generation."""
    if len(kept) >= _KEPT:
        del kept[next(iter(kept))]
