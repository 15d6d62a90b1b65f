"""Excess survival after 1, 2, 4, ... generations, and powers of one generation that act on what has come that far.

After k generations a function of survival no longer changes on the scale of 1/n next to 0, but on that of k/n. So the
operator of 2^j generations, if it is applied to what 2^j generations or more have smoothed, needs no panels of a width
far below 2^j/n: the first ones are merged. Products of ever smaller matrices lead to 10^12 generations.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.presence.collocation import PanelSpline

Floats = NDArray[np.float64]

_MERGED = 6  # panels are merged so many at a time, as a spline of its own takes some work too
_FINER = 3  # doublings: a first panel is at most an eighth as wide as the scale on which functions change
_FEWEST = 14  # panels; fewer cost next to nothing
_TOGETHER = 256  # generations carried together


class Doubling:
    """Powers of two of one generation.

    Parameters
    ----------
    spline : PanelSpline
    finest : int
        That of the spline.
    first_excess : array, shape (node,)
        d_1 at the nodes.
    change : array, shape (node, node)
        E: one generation turns nodal values d into d + E d.
    """

    def __init__(self, spline: PanelSpline, finest: int, first_excess: Floats, change: Floats) -> None:
        self._spline, self._finest = spline, finest
        self._excess = [first_excess]
        self._levels = [(PanelMerge(spline, spline), change)]

    def at(self, generations: NDArray[np.int64]) -> Iterator[Floats]:
        """Yield d_k at the nodes for each generation, ascending.

        From the largest power of two below, the rest is made of smaller ones; each multiplies all generations that it
        is a part of in one product.
        """
        for first in range(0, len(generations), _TOGETHER):
            part = generations[first : first + _TOGETHER]
            highest = np.array([int(k).bit_length() - 1 for k in part])
            together = np.array([self.excess(int(exponent)) for exponent in highest]).T
            for exponent in range(int(highest[-1])):
                taken = np.flatnonzero((part >> exponent & 1) * (exponent < highest))
                if taken.size:
                    together[:, taken] = self.after(exponent, together[:, taken])
            yield from together.T

    def excess(self, exponent: int) -> Floats:
        """Return d_k at the nodes for k = 2^exponent."""
        while len(self._excess) <= exponent:
            self._excess.append(self.after(len(self._excess) - 1, self._excess[-1]))
        return self._excess[exponent]

    def after(self, exponent: int, values: Floats) -> Floats:
        """Return nodal values, shape (node, ...), 2^exponent generations on, if as many have smoothed them already."""
        merge, matrix = self._level(exponent)
        held = merge.restrict(values)
        # What the coarser spline does not hold is rounding, and must not stay.
        return merge.prolong(held + matrix @ held)

    def before(self, functionals: Floats, exponent: int) -> Floats:
        """Return the functionals of such values, shape (functional, node), that are those given 2^exponent later."""
        merge, matrix = self._level(exponent)
        held = merge.prolong_functionals(functionals)
        return merge.restrict_functionals(held + held @ matrix)

    def _level(self, exponent: int) -> tuple[PanelMerge, Floats]:
        """How panels are merged, and (I + E)^(2^exponent) - I on what is left of them; all are kept."""
        while len(self._levels) <= exponent:
            merge, last = self._levels[-1]
            matrix = 2.0 * last + last @ last
            merged = min(_MERGED * ((len(self._levels) - _FINER) // _MERGED), self._spline.panels - _FEWEST)
            if merged > merge.merged:
                coarser = PanelSpline(self._finest, self._spline.nodes_per_panel, merged)
                between = PanelMerge(merge.coarse, coarser)
                matrix = between.restrict(between.prolong_functionals(matrix))
                merge = PanelMerge(self._spline, coarser)
            self._levels.append((merge, matrix))
        return self._levels[exponent]


class PanelMerge:
    """Functions on a spline held by one whose first panel stands for several: all other panels are the same.

    Parameters
    ----------
    fine, coarse : PanelSpline
    """

    def __init__(self, fine: PanelSpline, coarse: PanelSpline) -> None:
        self.fine, self.coarse = fine, coarse
        self.merged = fine.panels - coarse.panels
        self._of = coarse.nodes_per_panel
        self._cut = (self.merged + 1) * self._of

    @cached_property
    def _down(self) -> Floats:
        """From values on the fine nodes to those on the coarse nodes of the first panel."""
        return self.fine.rows(self.coarse.nodes[: self._of])

    @cached_property
    def _up(self) -> Floats:
        """From values on the coarse nodes to those on the fine nodes of the panels that are merged."""
        return self.coarse.rows(self.fine.nodes[: self._cut])

    def restrict(self, values: Floats) -> Floats:
        """Return values at the coarse nodes of a function given at the fine ones, shape (node, ...)."""
        return np.concatenate([self._down @ values, values[self._cut :]]) if self.merged else values

    def prolong(self, values: Floats) -> Floats:
        """Return values at the fine nodes of a function given at the coarse ones."""
        return np.concatenate([self._up @ values, values[self._of :]]) if self.merged else values

    def prolong_functionals(self, functionals: Floats) -> Floats:
        """Return functionals of coarse values that are those of the prolonged ones, shape (functional, coarse node)."""
        if not self.merged:
            return functionals
        found = functionals[:, : self._cut] @ self._up
        found[:, self._of :] += functionals[:, self._cut :]
        return np.asarray(found)

    def restrict_functionals(self, functionals: Floats) -> Floats:
        """Return functionals of fine values that are those of the restricted ones, shape (functional, fine node)."""
        if not self.merged:
            return functionals
        found = functionals[:, : self._of] @ self._down
        found[:, self._cut :] += functionals[:, self._of :]
        return np.asarray(found)
