"""Functions on [0, 1] that vanish at both ends, as C1 splines on panels graded towards 0.

The survival of a symbol changes on the scale of one token, 1/n, near 0 and on the scale of 1 elsewhere. Panels that
double in width from 1/n on resolve both with a number of nodes that grows like log2(n). Inside a panel the spline is
a polynomial, pinned at Gauss points; at the interfaces value and slope are continuous. Collocation at Gauss points
with this smoothness is stable and superconvergent (de Boor and Swartz 1973); panels without the coupling of slopes
blow up after some 10^4 generations.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NODES_PER_PANEL = 14
_TOGETHER = 65536  # points looked at together, which bounds memory


class PanelSpline:
    """The space of splines: nodes, basis, and the map from nodal values to coefficients.

    Parameters
    ----------
    finest : int
        The first panel is [0, 1/finest], if none are merged.
    nodes_per_panel : int
        Gauss points in each panel; the polynomials have degree up to one more.
    merged : int
        So many panels are merged into the first.

    Attributes
    ----------
    edges : array, shape (panel + 1,)
        Ends of the panels, from 0 to 1.
    nodes : array, shape (node,)
        All Gauss points, ascending.
    """

    def __init__(self, finest: int, nodes_per_panel: int = NODES_PER_PANEL, merged: int = 0) -> None:
        self.nodes_per_panel = nodes_per_panel
        self.edges = np.delete(_edges(finest), np.s_[1 : merged + 1])
        self.panels = len(self.edges) - 1
        self.half_width = np.diff(self.edges) / 2
        self.centre = (self.edges[1:] + self.edges[:-1]) / 2
        self.gauss, _ = legendre.leggauss(nodes_per_panel)
        self.nodes = (self.centre[:, None] + self.half_width[:, None] * self.gauss).ravel()
        self.degree = nodes_per_panel + 1
        sizes = [self.degree + 1 - self._ends(panel) for panel in range(self.panels)]
        self.offset = np.concatenate([[0], np.cumsum(sizes)])
        self._derivatives: dict[tuple[bool, bool], Floats] = {}

    def panel_of(self, x: Floats) -> NDArray[np.int64]:
        """Return the panel that each point lies in; interfaces belong to the panel on their right."""
        found = np.searchsorted(self.edges, x, side="right") - 1
        return np.clip(found, 0, self.panels - 1)

    def columns(self, panel: int) -> slice:
        """Return where a panel's coefficients stand."""
        return slice(int(self.offset[panel]), int(self.offset[panel + 1]))

    def own_nodes(self, panel: int) -> slice:
        """Return where a panel's nodes stand."""
        return slice(panel * self.nodes_per_panel, (panel + 1) * self.nodes_per_panel)

    def basis(self, panel: int, x: Floats, complement: Floats | None = None) -> Floats:
        """Return the panel's basis at points x, shape (*x.shape, basis).

        Legendre polynomials; times x in the first panel and times 1 - x in the last, so that values next to 0 and 1
        keep their relative accuracy. `complement` gives 1 - x where it is known better than by subtraction.
        """
        return self.with_ends(panel, self.legendre_values(np.array(panel), x), x, complement)

    @cached_property
    def at_nodes(self) -> Floats:
        """Every panel's basis at its own nodes, shape (node, basis)."""
        values = np.zeros((len(self.nodes), int(self.offset[-1])))
        for panel in range(self.panels):
            own = self.own_nodes(panel)
            values[own, self.columns(panel)] = self.basis(panel, self.nodes[own])
        return values

    def legendre_values(self, panel: NDArray[np.intp], x: Floats) -> Floats:
        """Return all Legendre polynomials at points x, each in the local coordinate of its panel."""
        local = (x - self.centre[panel]) / self.half_width[panel]
        values = np.empty((self.degree + 1, *x.shape))
        values[0], values[1] = 1.0, local
        for j in range(2, self.degree + 1):  # the three-term recurrence, without a copy
            np.multiply(values[j - 1], local, out=values[j])
            values[j] *= (2 * j - 1) / j
            values[j] -= (j - 1) / j * values[j - 2]
        return np.moveaxis(values, 0, -1)

    def with_ends(self, panel: int, values: Floats, x: Floats, complement: Floats | None = None) -> Floats:
        """Make a panel's basis of the Legendre polynomials at points x: it vanishes at 0 and 1."""
        values = values[..., : self.degree + 1 - self._ends(panel)]
        if panel == 0:
            values = values * (x / self.edges[1])[..., None]
        if panel == self.panels - 1:
            rest = 1.0 - x if complement is None else complement
            values = values * (rest / (1.0 - self.edges[-2]))[..., None]
        return values

    def derivatives(self, panel: int) -> Floats:
        """Return derivatives of the basis at the panel's Gauss points, shape (order - 2, point, basis).

        Of all orders from 2 to the degree, with respect to the local coordinate; inner panels have them in common.
        """
        ends = panel == 0, panel == self.panels - 1
        if ends not in self._derivatives:
            series = legendre.legder(self._legendre(panel), 1)
            tables = []
            for _ in range(2, self.degree + 1):
                series = legendre.legder(series, 1)
                tables.append(np.asarray(legendre.legval(self.gauss, series), dtype=np.float64).T)
            self._derivatives[ends] = np.array(tables)
        return self._derivatives[ends]

    def slopes(self, panel: int, local: float) -> Floats:
        """Return values and slopes (per unit of x) of the basis at one local coordinate, shape (2, basis)."""
        series = self._legendre(panel)
        value = legendre.legval(local, series)
        slope = legendre.legval(local, legendre.legder(series)) / self.half_width[panel]
        return np.array([value, slope])

    @cached_property
    def coefficients(self) -> Floats:
        """The map from nodal values to coefficients, shape (basis, node)."""
        size = int(self.offset[-1])
        conditions = np.zeros((size, size))
        right_side = np.zeros((size, len(self.nodes)))
        row = 0
        for panel in range(self.panels):
            own = self.own_nodes(panel)
            rows = slice(row, row + self.nodes_per_panel)
            conditions[rows, self.columns(panel)] = self.basis(panel, self.nodes[own])
            right_side[rows, own] = np.eye(self.nodes_per_panel)
            row += self.nodes_per_panel
        for panel in range(self.panels - 1):
            scale = np.array([[1.0], [self.half_width[panel]]])
            joint = slice(row, row + 2)
            conditions[joint, self.columns(panel)] = scale * self.slopes(panel, 1.0)
            conditions[joint, self.columns(panel + 1)] = -scale * self.slopes(panel + 1, -1.0)
            row += 2
        return np.asarray(np.linalg.solve(conditions, right_side), dtype=np.float64)

    def rows(self, x: Floats, complement: Floats | None = None) -> Floats:
        """Return the rows that turn nodal values into values at points x, shape (point, node)."""
        rest = 1.0 - x if complement is None else complement
        result = np.empty((len(x), len(self.nodes)))
        panel = self.panel_of(x)
        for p in np.unique(panel):
            here = panel == p
            basis = self.basis(int(p), x[here], rest[here])
            result[here] = basis @ self.coefficients[self.columns(int(p))]
        return result

    def functional(self, x: Floats, weights: Floats, complement: Floats | None = None) -> Floats:
        """Return the row that turns nodal values into sum(weights * values at x), shape (node,)."""
        return np.asarray(self.in_basis(x, weights[None, :], complement)[0] @ self.coefficients)

    def in_basis(self, x: Floats, weights: Floats, complement: Floats | None = None) -> Floats:
        """Return the sums of weights times every basis function at points x, shape (row, basis).

        Parameters
        ----------
        x : array, shape (point,)
        weights : array, shape (row, point)
        complement : array, shape (point,), optional
            1 - x, where it is known better than by subtraction.
        """
        rest = 1.0 - x if complement is None else complement
        panel = self.panel_of(x)
        # What makes the basis vanish at 0 and at 1 is a factor of the weights.
        at_ends = np.where(panel == 0, x / self.edges[1], 1.0)
        at_ends *= np.where(panel == self.panels - 1, rest / (1.0 - self.edges[-2]), 1.0)
        by_panel = np.argsort(panel.astype(np.int16), kind="stable")  # of small integers, in linear time
        sums = np.zeros((len(weights), self.panels, self.degree + 1))
        for part in np.array_split(by_panel, len(x) // _TOGETHER + 1):
            found = panel[part]
            starts = np.flatnonzero(np.diff(found, prepend=-1))
            values = self.legendre_values(found, x[part]).T * at_ends[part]
            for row, own in enumerate(weights[:, part]):
                sums[row, found[starts]] += np.add.reduceat(values * own, starts, axis=1).T
        return sums[:, self._in_basis]

    def condense(self, x: Floats, weights: Floats) -> Floats:
        """Return weights on the nodes that integrate panel-wise polynomials as `weights` on the points x do."""
        result = np.zeros(len(self.nodes))
        panel = self.panel_of(x)
        inverse = np.linalg.inv(legendre.legvander(self.gauss, self.nodes_per_panel - 1))
        for p in np.unique(panel):
            here = np.flatnonzero(panel == p)
            local = (x[here] - self.centre[p]) / self.half_width[p]
            moments = weights[here] @ legendre.legvander(local, self.nodes_per_panel - 1)
            result[self.own_nodes(int(p))] = moments @ inverse
        return result

    @cached_property
    def _in_basis(self) -> NDArray[np.bool_]:
        """Which Legendre polynomials make a panel's basis, shape (panel, degree + 1)."""
        width = self.degree + 1 - np.array([self._ends(panel) for panel in range(self.panels)])
        return np.asarray(np.arange(self.degree + 1) < width[:, None])

    def _ends(self, panel: int) -> int:
        """How many ends of [0, 1] the panel touches; each takes one degree from its basis."""
        return int(panel == 0) + int(panel == self.panels - 1)

    def _legendre(self, panel: int) -> Floats:
        """The basis as Legendre series in the local coordinate, shape (degree + 1, basis)."""
        series = np.eye(self.degree + 1 - self._ends(panel))
        if panel == 0:
            series = _times_linear(series, 0.5, 0.5)
        if panel == self.panels - 1:
            series = _times_linear(series, 0.5, -0.5)
        return series


def _edges(finest: int) -> Floats:
    """0, then 1/finest growing by one ratio of at most 2 up to 1/2, then 1."""
    if finest == 1:
        return np.array([0.0, 1.0])
    doublings = max(1, math.ceil(math.log2(finest / 2)))
    graded = np.geomspace(1.0 / finest, 0.5, doublings + 1) if finest > 2 else np.array([0.5])
    return np.array([0.0, *graded, 1.0])


def _times_linear(series: Floats, constant: float, slope: float) -> Floats:
    """Multiply each column, a Legendre series, by constant + slope * t."""
    longer = np.zeros((len(series) + 1, series.shape[1]))
    longer[:-1] = constant * series
    for column in range(series.shape[1]):
        product = legendre.legmulx(series[:, column])
        longer[: len(product), column] += slope * product
    return longer
