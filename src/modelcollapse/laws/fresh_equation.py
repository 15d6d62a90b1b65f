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

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from modelcollapse.laws.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.collocation import PanelSpline
from modelcollapse.laws.fresh_schedule import FreshSchedule
from modelcollapse.laws.immigration import effective_sizes

Floats = NDArray[np.float64]
Generations = NDArray[np.int64]

# Relative error of every survival probability, measured in the tests against dense chains, the law of frozen and
# active lines and the forward window (n to 10^12), and between resolutions.
RELATIVE_ERROR = 1e-10

_CERTAIN = 50.0  # a symbol that is absent with a chance below e^-50 counts as present
_CARRIED = 1024  # symbols carried at a time, which bounds memory


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
            value[:, part] = np.array(list(self._carry(x[part], generations)))
        return np.clip(value, 0.0, 1.0)

    def _carry(self, x: Floats, generations: Generations) -> Iterator[Floats]:
        """Yield the survival of every x at each generation asked for."""
        points = np.concatenate([[0.0], self.spline.nodes, [1.0]])
        wanted = set(generations.tolist())
        weights, chances, share = np.ones((len(x), 1)), x[:, None], -1.0
        shift = _Shift(self.spline, chances)
        for generation in range(1, int(generations[-1]) + 1):
            n = self._schedule.size(generation)
            if generation > 1 and self._schedule.share(generation) != share:
                share = self._schedule.share(generation)
                chances = np.minimum(share * x[:, None] + (1.0 - share) * points, 1.0)
                shift = _Shift(self.spline, chances)
            if generation in wanted:
                yield (weights * _present(n, chances)).sum(axis=1)
            excess = shift.transposed(weights) @ self._step(n)
            ends = 1.0 - x - excess @ (1.0 - points[1:-1]), x - excess @ points[1:-1]
            weights = np.column_stack([ends[0], excess, ends[1]])

    def _step(self, n: int) -> Floats:
        """From coefficients of the excess before a generation to nodal values after it, shape (basis, node)."""
        if n not in self._steps:
            if n not in self._operators:
                self._operators[n] = BackwardOperator(n, self.spline)
            coefficients = self.spline.coefficients
            self._steps[n] = coefficients + coefficients @ self._operators[n].change
        return self._steps[n]


class _Shift:
    """Where every symbol's functions are looked at: the basis at its points, as one sparse matrix.

    Parameters
    ----------
    spline : PanelSpline
    points : array, shape (symbol, point)
    """

    def __init__(self, spline: PanelSpline, points: Floats) -> None:
        self._symbols, self._size = len(points), int(spline.offset[-1])
        flat, width = points.ravel(), spline.degree + 1
        basis = np.zeros((len(flat), width))
        panel = spline.panel_of(flat)
        for p in np.unique(panel):
            here = np.flatnonzero(panel == p)
            values = spline.basis(int(p), flat[here])
            basis[here, : values.shape[1]] = values
        own = np.repeat(np.arange(self._symbols) * self._size, points.shape[1])
        # The panels at the ends have fewer basis functions: what is beyond is 0, wherever it points.
        column = np.minimum(spline.offset[panel][:, None] + np.arange(width), self._size - 1) + own[:, None]
        starts = np.arange(len(flat) + 1) * width
        shape = (len(flat), self._symbols * self._size)
        self._rows = csr_array((basis.ravel(), column.ravel(), starts), shape=shape)

    def transposed(self, weights: Floats) -> Floats:
        """Return what weights on the points, shape (symbol, point), make of every basis function."""
        return np.asarray(weights.ravel() @ self._rows).reshape(self._symbols, self._size)


def _present(n: int, chance: Floats) -> Floats:
    """1 - (1 - chance)^n."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(n * np.log1p(-chance)))
