"""One generation of resampling for a few functionals, without forming its operator.

A functional is weights on the nodes of a spline. After n draws it is weights on the shares that the draws show: numbers
of draws where they are few, nodes of quadrature where they are many; and where a panel is wide against the law, the
moments of the draws times the derivatives of the polynomial that the panel holds. All cost next to nothing beside the
operator, so that a schedule may have a sample size of its own in every generation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.backward_operator import DIRECT_VARIANCE
from modelcollapse.laws.presence.binomial_measures import RareDraws, SpreadDraws
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.count_moments import moment_polynomials

Floats = NDArray[np.float64]

# Panels that hold less of a functional, beside the rest of it, are left out. Measured twice: by what one draw of the
# largest size shows, and by what stays for long.
_NEGLIGIBLE = 1e-19


class FunctionalStep:
    """What n draws make of functionals of excess survival, for any n.

    Parameters
    ----------
    spline : PanelSpline
        The space of functions; its first panel must be no wider than 1/n for any n that is asked about.
    """

    def __init__(self, spline: PanelSpline) -> None:
        self._spline, x = spline, spline.nodes
        self._last = (spline.panels - 1) * spline.nodes_per_panel  # where the nodes of the last panel begin
        self._rare = RareDraws(x[: self._last])
        self._rarely_others = RareDraws((1.0 - x[self._last :])[::-1])
        self._spread = SpreadDraws(x)
        self._within = _WithinPanels(spline)
        largest = (x * (1.0 - x)).reshape(spline.panels, -1).max(axis=1)
        self._variance = np.maximum.accumulate(largest)  # of one draw, in every panel
        self._importance = np.array([np.minimum(x / x[0], 1.0), x]) * (1.0 - x)

    def carried(self, functionals: Floats, n: int) -> Floats:
        """Return the functionals that are taken before n draws, of those after them, shape (functional, node)."""
        if n == 1 or not functionals.any():
            return np.zeros_like(functionals)  # one draw decides everything
        # Those of a rare symbol are small: beside factors of e^-150 and less they would be lost below 1e-308.
        exponent = np.frexp(np.abs(functionals).max(axis=1, keepdims=True))[1]
        return np.asarray(np.ldexp(self._carried(np.ldexp(functionals, -exponent), n), exponent))

    def _carried(self, functionals: Floats, n: int) -> Floats:
        spline = self._spline
        first, end = self._active(functionals)
        wide = int(np.clip(np.searchsorted(self._variance * n, DIRECT_VARIANCE, side="right"), first, end))
        in_basis = self._within.changed(functionals, n, wide, end)
        of = spline.nodes_per_panel
        measures = list(self._drawn(functionals, n, first * of, wide * of))
        if measures:
            in_basis += spline.in_basis(*(np.concatenate(parts, axis=-1) for parts in zip(*measures, strict=True)))
        used = np.flatnonzero(in_basis.any(axis=0))
        some = slice(int(used[0]), int(used[-1]) + 1)
        result = in_basis[:, some] @ spline.coefficients[some]
        unmoved = slice(wide * of, end * of)
        result[:, unmoved] += functionals[:, unmoved]
        return np.asarray(result)

    def _active(self, functionals: Floats) -> tuple[int, int]:
        """The first panel that matters, and where they end."""
        held = np.abs(functionals)[:, None, :] * self._importance
        shares = held.reshape(len(functionals), 2, self._spline.panels, -1).sum(axis=-1)
        matters = (shares > _NEGLIGIBLE * shares.sum(axis=-1, keepdims=True)).any(axis=(0, 1))
        found = np.flatnonzero(matters)
        return int(found[0]), int(found[-1]) + 1

    def _drawn(self, functionals: Floats, n: int, first: int, end: int) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Yield shares of the draws, their weights, and 1 less the shares, for the nodes from `first` up to `end`."""
        rare = min(self._rare.number(n), end)
        others = self._rarely_others.number(n) if end > self._last else 0
        spread = slice(max(first, rare), end - others)
        if rare > first:
            weights = self._rare.drawn(functionals[:, :rare], n)
            shares = np.arange(1, weights.shape[1] + 1) / n
            yield shares, weights, 1.0 - shares
        if others:
            weights = self._rarely_others.drawn(functionals[:, end - others : end][:, ::-1], n)
            missing = np.arange(1, weights.shape[1] + 1) / n
            yield 1.0 - missing, weights, missing
        if spread.stop > spread.start:
            yield self._spread.drawn(functionals[:, spread], spread, n)


class _WithinPanels:
    """The change of polynomials by draws whose law is narrow against the panel: Taylor's series, which ends."""

    def __init__(self, spline: PanelSpline) -> None:
        self._spline, orders = spline, np.arange(2, spline.degree + 1)
        x = spline.nodes.reshape(spline.panels, -1)
        scale = np.array([math.factorial(int(j)) for j in orders])[:, None] * spline.half_width ** orders[:, None]
        moments = moment_polynomials(x, spline.degree)[2:]
        self._moments = moments / scale[:, None, :, None]  # (order - 2, power of n, panel, node)
        self._powers = np.arange(moments.shape[1]) - orders[:, None]

    def changed(self, functionals: Floats, n: int, first: int, end: int) -> Floats:
        """Return what functionals make of the change of every basis function of the panels, shape (row, basis)."""
        spline, rows = self._spline, len(functionals)
        found = np.zeros((rows, int(spline.offset[-1])))
        inner_end = min(end, spline.panels - 1)
        for start, stop in ((first, inner_end), (max(first, inner_end), end)):
            if stop <= start:
                continue
            taylor = np.einsum("jl,jlpx->pjx", float(n) ** self._powers, self._moments[:, :, start:stop])
            own = functionals.reshape(rows, spline.panels, 1, -1)[:, start:stop] * taylor
            derivatives = spline.derivatives(start)
            change = own.reshape(rows, stop - start, -1) @ derivatives.reshape(-1, derivatives.shape[-1])
            found[:, spline.offset[start] : spline.offset[stop]] = change.reshape(rows, -1)
        return found
