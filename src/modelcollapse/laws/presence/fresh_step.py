"""One generation where fresh data flow, of many symbols at once: who is seen, and the law of the frequency after it.

The law of a frequency y is held as weights on 0, the nodes and 1 that integrate functions of y. Those on the nodes act
on functions that vanish at both ends; the weights on 0 and 1 then follow from the total, 1, and the mean.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.fresh_draws import Draws
from modelcollapse.laws.presence.fresh_shift import PassingShift, Shift

Floats = NDArray[np.float64]

# Nodes of Gauss quadrature for the number of fresh draws that show a symbol: 1e-12, whatever its mean. Where a fresh
# draw weighs more than two others, functions of that number may fall off at once.
_NODES, _NODES_IF_HEAVY = 20, 32
_SELDOM, _FIRST = 0.5, 16  # up to this mean, so many numbers are all there is: the others have a chance of 1e-19


def points_of(spline: PanelSpline) -> Floats:
    """Return 0, the nodes, 1."""
    return np.concatenate([[0.0], spline.nodes, [1.0]])


def present(n: int, chance: Floats) -> Floats:
    """Return 1 - (1 - chance)^n, the chance that at least one of n draws shows the symbol."""
    return np.asarray(-np.expm1(_log_absent(n, chance)))


def with_ends(spline: PanelSpline, excess: Floats, mean: Floats) -> Floats:
    """Return weights on 0, the nodes and 1 from those on the nodes: they add up to 1 and have the mean.

    Parameters
    ----------
    spline : PanelSpline
    excess : array, shape (symbol, node)
    mean : array, shape (symbol,)
    """
    return np.column_stack([1.0 - mean - excess @ (1.0 - spline.nodes), excess, mean - excess @ spline.nodes])


class Look:
    """Where each symbol's law is looked at: at the chances that a draw is fresh and shows it, or copies it.

    Parameters
    ----------
    spline : PanelSpline
    share : float
        The chance that a draw is fresh.
    fresh : array, shape (symbol,)
        The chance that a fresh draw shows the symbol.
    points : array, shape (symbol, point), optional
        Where the law of the generation before is held, if not at 0, the nodes and 1.
    once : bool, optional
        Whether few symbols look, and only once, so that a sparse matrix would not pay.
    """

    def __init__(
        self, spline: PanelSpline, share: float, fresh: Floats, points: Floats | None = None, *, once: bool = False
    ) -> None:
        self._share, self._fresh = share, fresh
        before = points_of(spline)[None, :] if points is None else points
        self.chances = np.minimum(share * fresh[:, None] + (1.0 - share) * before, 1.0)
        certain = np.ones((len(fresh), 1))
        self._shift = PassingShift(spline, self.chances[:, :, None], certain) if once else Shift(spline, self.chances)

    def mean(self, before: Floats) -> Floats:
        """Return the mean of the frequency afterwards."""
        return np.asarray(self._share * self._fresh + (1.0 - self._share) * before)

    def transposed(self, weights: Floats) -> Floats:
        """Return what weights on the points make of every basis function at the chances."""
        return self._shift.transposed(weights)


class FreshStep(ABC):
    """One generation of some symbols."""

    @abstractmethod
    def seen(self, weights: Floats) -> Floats:
        """Return Pr(present) of every symbol, given the law of its frequency in the generation before."""

    @abstractmethod
    def after(self, weights: Floats, mean: Floats) -> tuple[Floats, Floats]:
        """Return the law of the frequency after this generation, and its mean."""


class MixStep(FreshStep):
    """Each of n draws is fresh with a chance.

    Parameters
    ----------
    spline : PanelSpline
    draws : Draws
        n of them.
    n : int
        Draws.
    look : Look
        Where the law of the generation before is looked at: at the chances that a draw shows the symbol.
    """

    def __init__(self, spline: PanelSpline, draws: Draws, n: int, look: Look) -> None:
        self._spline, self._draws, self._look = spline, draws, look
        self._present = present(n, look.chances)

    def seen(self, weights: Floats) -> Floats:
        """Return Pr(present)."""
        return np.asarray((weights * self._present).sum(axis=1))

    def after(self, weights: Floats, mean: Floats) -> tuple[Floats, Floats]:
        """Return the law afterwards, and its mean."""
        following = self._look.mean(mean)
        return with_ends(self._spline, self._draws.from_basis(self._look.transposed(weights)), following), following


class CountStep(FreshStep):
    """So many of n draws are fresh, at least one and not all, and together have a weight in the fit.

    Given t, the symbol's share of the n - m draws that are not fresh, y = w M/m + (1 - w) t with M ~ Binomial(m, x).

    Parameters
    ----------
    spline : PanelSpline
    draws : Draws
        The n - m draws that are not.
    n, m : int
        Draws, and how many of them are fresh.
    fresh : array, shape (symbol,)
        The symbols' probabilities: x.
    weight : float, optional
        w; m/n if not given, so that all draws weigh the same.
    """

    def __init__(
        self, spline: PanelSpline, draws: Draws, n: int, m: int, fresh: Floats, weight: float | None = None
    ) -> None:
        share = m / n if weight is None else weight
        self._spline, self._draws, self._share, self._fresh = spline, draws, share, fresh
        points = points_of(spline)
        logs = _log_absent(m, fresh)[:, None] + _log_absent(n - m, points)[None, :]
        self._present = -np.expm1(logs)
        number, chances = binomial_quadrature(m, fresh, _NODES if share * n <= 2 * m else _NODES_IF_HEAVY)
        looked_at = number[:, None, :] * (share / m) + (1.0 - share) * points[None, :, None]
        shift = PassingShift if draws.passing else Shift
        self._shift = shift(spline, np.clip(looked_at, 0.0, 1.0), chances)

    def seen(self, weights: Floats) -> Floats:
        """Return Pr(present)."""
        return np.asarray((weights * self._present).sum(axis=1))

    def after(self, weights: Floats, mean: Floats) -> tuple[Floats, Floats]:
        """Return the law afterwards, and its mean."""
        return self.mixed(with_ends(self._spline, self._draws.from_nodes(weights[:, 1:-1]), mean), mean)

    def mixed(self, drawn: Floats, mean: Floats) -> tuple[Floats, Floats]:
        """Return the law of y, and its mean, from the law of t and its mean."""
        following = self._share * self._fresh + (1.0 - self._share) * mean
        return with_ends(self._spline, self._shift.transposed(drawn) @ self._spline.coefficients, following), following


class FirstCountStep(FreshStep):
    """The same at generation 1, where all draws come from P_0, and only the weight tells them apart.

    Parameters
    ----------
    drawn : MixStep
        The n - m draws that are not fresh.
    step : CountStep
        A later generation.
    n : int
        Draws.
    fresh : array, shape (symbol,)
        The symbols' probabilities: x.
    """

    def __init__(self, drawn: MixStep, step: CountStep, n: int, fresh: Floats) -> None:
        self._drawn, self._step, self._present = drawn, step, present(n, fresh)

    def seen(self, weights: Floats) -> Floats:  # noqa: ARG002
        """Return Pr(present)."""
        return self._present

    def after(self, weights: Floats, mean: Floats) -> tuple[Floats, Floats]:
        """Return the law afterwards, and its mean."""
        return self._step.mixed(*self._drawn.after(weights, mean))


def binomial_quadrature(n: int, p: Floats, nodes: int = _NODES) -> tuple[Floats, Floats]:
    """Return nodes and weights, shape (p, node), that integrate functions against Binomial(n, p), 0 < p < 1.

    They are those of Gauss: the eigenvalues of the Jacobi matrix of Krawtchouk polynomials, here of (Y - n p)/sd. Where
    next to nothing is drawn they are the first numbers themselves: an eigenvector does not know the digits of a chance.
    """
    nodes = min(nodes, n + 1)
    j = np.arange(nodes)
    number, chances = np.tile(j.astype(np.float64), (len(p), 1)), np.empty((len(p), nodes))
    seldom = (n * p < _SELDOM) & (nodes >= min(_FIRST, n + 1))
    chances[seldom] = _first_numbers(n, p[seldom], nodes)
    q = p[~seldom]
    deviation = np.sqrt(n * q * (1.0 - q))
    jacobi = np.zeros((len(q), nodes, nodes))
    jacobi[:, j, j] = j * ((1.0 - 2.0 * q) / deviation)[:, None]
    jacobi[:, j[1:], j[:-1]] = np.sqrt(j[1:] * ((n - j[1:] + 1.0) / n))
    roots, vectors = np.linalg.eigh(jacobi)
    number[~seldom], chances[~seldom] = n * q[:, None] + deviation[:, None] * roots, vectors[:, 0, :] ** 2
    return number, chances


def _first_numbers(n: int, p: Floats, numbers: int) -> Floats:
    """The chances of 0, 1, ... draws, shape (p, number)."""
    j = np.arange(1.0, numbers)
    ratios = (n - j + 1.0) / j * (p / (1.0 - p))[:, None]
    return np.cumprod(np.column_stack([np.exp(_log_absent(n, p)), ratios]), axis=1)


def _log_absent(n: int, chance: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(n * np.log1p(-chance))
