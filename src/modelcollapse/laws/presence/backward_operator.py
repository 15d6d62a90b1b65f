"""The backward equation of resampling: one linear operator that carries survival from generation to generation.

Let s_k(x) be the probability that a symbol of probability x is present at generation k. Given that Y of the n draws
of generation 1 show it, the recursion starts afresh from Y/n, so

    s_{k+1}(x) = E s_k(Y/n),   Y ~ Binomial(n, x),   s_1(x) = 1 - (1 - x)^n.

Kept is the excess d_k(x) = s_k(x) - x over the probability x of never being forgotten: it vanishes at 0 and 1, obeys
the same equation (E Y/n = x), and is positive, so s_k = x + d_k loses no digits. On the splines of `collocation` the
equation becomes d_{k+1} = d_k + E d_k with one small matrix E, computed as an expectation of *differences* so that it
stays accurate when a generation changes next to nothing; k generations at once are the power, by squaring,
(I + E)^2 = I + (2 E + E^2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import NODES_PER_PANEL, PanelSpline
from modelcollapse.laws.presence.doubling import Doubling

Floats = NDArray[np.float64]

# Relative error of every survival probability, measured in the tests against dense chains (n <= 2000), the
# forward window and the cumulants of A_k (n to 10^12), and between resolutions everywhere.
RELATIVE_ERROR = 1e-10

# Above this variance of the count, expectations are taken by moments inside the panel: the binomial law is then
# narrow against the panel, and the largest eigenvalue of E stays near -1 (it must stay above -2).
DIRECT_VARIANCE = 65536.0

# Up to this variance the counts are few: all panels are done at once, as they see the same ones.
_FEW_VARIANCE = 35.0

# Windows of counts that span no more are read off one set of points.
_MOST_SHARED = 1024
FEW = 64  # draws are few beside so many times as many


class BackwardOperator:
    """One generation of resampling with n draws, acting on excess survival at the nodes of a spline.

    Parameters
    ----------
    sample_size : int
        Draws per generation, n.
    spline : PanelSpline
        The space of functions; its first panel must be no wider than 1/n.

    Attributes
    ----------
    by_basis : array, shape (node, basis)
        E before the map from nodal values to coefficients.
    change : array, shape (node, node)
        E: one generation turns nodal values d into d + E d.
    """

    def __init__(self, sample_size: int, spline: PanelSpline) -> None:
        self.sample_size = sample_size
        self._drawn: list[tuple[list[int], Floats]] = []  # panels, and what the draws make of the basis at their nodes
        self.spline = spline
        by_basis = np.zeros((len(spline.nodes), int(spline.offset[-1])))
        variance = (sample_size * spline.nodes * (1.0 - spline.nodes)).reshape(spline.panels, -1).max(axis=1)
        wide = np.flatnonzero(variance > DIRECT_VARIANCE)
        for panel, change in zip(wide.tolist(), self._by_moments(wide), strict=True):
            by_basis[spline.own_nodes(panel), spline.columns(panel)] = change
        few = np.flatnonzero(variance <= _FEW_VARIANCE)
        others = np.flatnonzero((variance > _FEW_VARIANCE) & (variance <= DIRECT_VARIANCE))
        for panels in (few, *others[:, None]):
            nodes = (panels[:, None] * spline.nodes_per_panel + np.arange(spline.nodes_per_panel)).ravel()
            if nodes.size:
                by_basis[nodes] = self._by_summation(panels.tolist(), spline.nodes[nodes])
        self.by_basis = by_basis

    @cached_property
    def change(self) -> Floats:
        """The matrix E."""
        return np.asarray(self.by_basis @ self.spline.coefficients)

    @cached_property
    def _powers(self) -> list[Floats]:
        return [self.change]

    def carried(self, functionals: Floats, few: bool) -> Floats:
        """Return the rows times I + E, taken in one where the draws are few beside those that follow."""
        if few:
            return np.asarray(functionals @ self.whole_by_basis @ self.spline.coefficients)
        return np.asarray(functionals + functionals @ self.change)

    @property
    def whole_by_basis(self) -> Floats:
        """I + E before the map to coefficients, with no difference taken where the draws are few."""
        whole = self.by_basis + self.spline.at_nodes
        for panels, drawn in self._drawn:
            for own, panel in zip(np.split(np.arange(len(drawn)), len(panels)), panels, strict=True):
                whole[self.spline.own_nodes(panel)] = drawn[own]
        return np.asarray(whole)

    @cached_property
    def first_excess(self) -> Floats:
        """d_1 at the nodes: 1 - (1 - x)^n - x."""
        x = self.spline.nodes
        return np.asarray(-np.expm1(self.sample_size * np.log1p(-x)) - x)

    def power(self, exponent: int) -> Floats:
        """Return (I + E)^(2^exponent) - I; powers are kept."""
        while len(self._powers) <= exponent:
            last = self._powers[-1]
            self._powers.append(2.0 * last + last @ last)
        return self._powers[exponent]

    def advance(self, values: Floats, generations: int) -> Floats:
        """Carry nodal values over a number of generations, by powers of two."""
        for exponent in range(generations.bit_length()):
            if generations >> exponent & 1:
                values = values + self.power(exponent) @ values
        return values

    @cached_property
    def doubling(self) -> Doubling:
        """Excess survival after 1, 2, 4, ... generations, and what leads on from there."""
        return Doubling(self.spline, self.sample_size, self.first_excess, self.change)

    def excess(self, generations: NDArray[np.int64]) -> Iterator[Floats]:
        """Yield d_k at the nodes for each generation asked for, ascending."""
        return self.doubling.at(generations)

    @cached_property
    def excess_summed(self) -> Floats:
        """Sum of d_k over all k >= 1 at the nodes: 2^j terms at a time until nothing is left."""
        total = self.first_excess
        for exponent in range((64 * self.sample_size).bit_length()):
            total = 2.0 * total + self.power(exponent) @ total
        return total

    def _by_summation(self, panels: list[int], x: Floats) -> Floats:
        """Expected change of the basis at the nodes x of panels by summing over the binomial law."""
        spline = self.spline
        change = self._basis_of_draws(x)
        self._drawn.append((panels, change.copy()))
        for own, panel in zip(np.split(np.arange(len(x)), len(panels)), panels, strict=True):
            change[own, spline.columns(panel)] -= spline.basis(panel, x[own])
        return change

    def _basis_of_draws(self, x: Floats) -> Floats:
        """Expected basis after n draws, shape (x, basis)."""
        counts, weights = binomial_window(self.sample_size, x)
        weights = np.where(counts > 0, weights, 0.0)
        if counts.max() - counts.min() < _MOST_SHARED:
            return self._over_shared_counts(counts, weights)
        return self._over_own_counts(counts / self.sample_size, weights)

    def _over_shared_counts(self, counts: Floats, weights: Floats) -> Floats:
        """The nodes' windows overlap: the basis is taken once at each count, and weighed for all nodes."""
        spline, least = self.spline, int(counts.min())
        column = counts.astype(np.int64) - least
        span = int(column.max()) + 1
        place = np.arange(len(counts))[:, None] * span + column
        shared = np.bincount(place.ravel(), weights.ravel(), len(counts) * span).reshape(len(counts), span)
        points = np.arange(least, least + span) / self.sample_size
        change = np.zeros((len(counts), int(spline.offset[-1])))
        found = spline.panel_of(points)
        values = spline.legendre_values(found, points)
        # Counts ascend, and so do their panels.
        ends = np.searchsorted(found, np.arange(found[0], found[-1] + 2))
        for p, (first, end) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True), start=int(found[0])):
            here = slice(first, end)
            change[:, spline.columns(p)] = shared[:, here] @ spline.with_ends(p, values[here], points[here])
        return change

    def _over_own_counts(self, points: Floats, weights: Floats) -> Floats:
        """The nodes' windows are thinned, or lie apart: the basis is taken at the counts of each."""
        spline = self.spline
        change = np.zeros((len(points), int(spline.offset[-1])))
        found = spline.panel_of(points)
        values = spline.legendre_values(found, points)
        for p in np.unique(found):
            inside = np.where(found == p, weights, 0.0)  # points of other panels have weight 0 here
            used = np.flatnonzero(inside.any(axis=0))
            basis = spline.with_ends(int(p), values[:, used], points[:, used])
            change[:, spline.columns(int(p))] = np.einsum("ij,ijb->ib", inside[:, used], basis)
        return change

    def _by_moments(self, panels: NDArray[np.intp]) -> Iterator[Floats]:
        """Expected change of each panel's basis by its Taylor series, which ends: the panel holds a polynomial."""
        spline, degree = self.spline, self.spline.degree
        x = spline.nodes.reshape(spline.panels, -1)[panels]
        scale = self.sample_size * spline.half_width[panels][:, None]
        moments = np.array(central_moments(self.sample_size, x, scale, degree)[2:])
        factorials = np.array([float(math.factorial(j)) for j in range(2, degree + 1)])
        taylor = moments / factorials[:, None, None]
        for place, panel in enumerate(panels.tolist()):
            yield np.einsum("jx,jxb->xb", taylor[:, place], spline.derivatives(panel))


def binomial_window(n: int, x: Floats) -> tuple[Floats, Floats]:
    """Return counts and weights, shape (point, count), that integrate against Binomial(n, x).

    The law is built by ratios from its mode, out to where it is below 1e-25, and for a rare symbol below 1e-25 of its
    chance to be drawn at all. A wide law is thinned to steps of
    a third of its standard deviation: for smooth functions the trapezoid rule on a bell curve is exact to 1e-19.
    """
    deviation = np.sqrt(n * x * (1.0 - x))
    reach = int(min(n, 11.0 * deviation.max() + 45.0))
    mode = np.minimum(np.floor((n + 1) * x), n)[:, None]
    steps = np.arange(reach)
    odds = (x / (1.0 - x))[:, None]
    upward = np.cumprod(odds * np.maximum(n - mode - steps, 0.0) / (mode + steps + 1.0), axis=1)
    downward = np.cumprod(np.maximum(mode - steps, 0.0) / (odds * (n - mode + steps + 1.0)), axis=1)
    weights = np.concatenate([downward[:, ::-1], np.ones_like(mode), upward], axis=1)
    counts = mode + np.arange(-reach, reach + 1)
    stride = max(1, int(deviation.min() / 3.0))
    weights, counts = weights[:, ::stride], counts[:, ::stride]
    weights = weights / weights.sum(axis=1, keepdims=True)
    kept = (weights > 1e-25 * np.minimum(n * x, 1.0)[:, None]).any(axis=0)
    return np.clip(counts[:, kept], 0, n), weights[:, kept]


def central_moments(n: int, x: Floats, scale: float | Floats, order: int) -> list[Floats]:
    """Return E((Y - n x)/scale)^j for Y ~ Binomial(n, x), j = 0..order, from the cumulants.

    The mirrored law is used above 1/2, where the cumulants' polynomials would cancel.
    """
    mirrored = x > 0.5
    p = np.where(mirrored, 1.0 - x, x)
    cumulants = [np.zeros_like(x), np.zeros_like(x)]
    for j, polynomial in enumerate(cumulant_polynomials(order)[2:], start=2):
        value = n * np.polynomial.polynomial.polyval(p, polynomial) / scale**j
        cumulants.append(np.where(mirrored & (j % 2 == 1), -value, value))
    moments = [np.ones_like(x), np.zeros_like(x)]
    for j in range(2, order + 1):
        terms = (math.comb(j - 1, i - 1) * cumulants[i] * moments[j - i] for i in range(2, j + 1))
        moments.append(np.asarray(sum(terms)))
    return moments


@lru_cache(maxsize=4)
def cumulant_polynomials(order: int) -> list[list[int]]:
    """Return the cumulants of one draw as polynomials in p: kappa_1 = p, kappa_{j+1} = p (1 - p) d kappa_j / dp."""
    polynomials = [[0], [0, 1]]
    for _ in range(order - 1):
        slope = [power * c for power, c in enumerate(polynomials[-1])][1:]
        following = [0] * (len(slope) + 2)
        for power, c in enumerate(slope):
            following[power + 1] += c
            following[power + 2] -= c
        polynomials.append(following)
    return polynomials


@lru_cache(maxsize=2)
def backward_operator(sample_size: int, nodes_per_panel: int = NODES_PER_PANEL) -> BackwardOperator:
    """Return the operator for a sample size on its own spline; the last two are kept."""
    return BackwardOperator(sample_size, PanelSpline(sample_size, nodes_per_panel))
