"""Resampling where every generation has its own sample size: functionals are carried without an operator of each.

Where hundreds of sample sizes lie within a factor of 2, operators pay all the same: few are built, the others
interpolated. What one generation of n draws makes of a smooth function is itself smooth in n, on the scale of n: on
functions that the spline resolves, it is a power series in 1/n. So the operators of a dozen sizes of such a group are
built, and those of all others are polynomials in 1/n through them. The error of p points over a width
w = ln(largest / smallest) is near (w/8)^p, as measured in the tests.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.leja import LejaPolynomials
from modelcollapse.laws.presence.backward_operator import FEW, BackwardOperator
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.functional_step import FunctionalStep

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_WIDTH = math.log(2.0)
_ACCURACY = 31.5  # e^-31.5 is 2e-14
_MANY = 500  # sample sizes within a factor of 2 for which operators pay
_NEGLIGIBLE = 1e-20  # beside the largest number of a node
_MOST_KEPT = 30_000_000  # numbers that may be held, 240 MB; beyond, functionals are carried without operators


class ScheduleOperator:
    """What each generation of a schedule does to functionals of excess survival.

    Parameters
    ----------
    sizes : tuple of int
        n_1, n_2, ...

    Attributes
    ----------
    held : int
        How many numbers of operators are held in memory.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self._largest = max(sizes)
        self.spline = PanelSpline(self._largest)
        self._log_rest = np.log1p(-self.spline.nodes)
        self._step = FunctionalStep(self.spline)
        self._group: dict[int, Integers] = {}  # of the sizes for which operators pay
        for group in _groups(np.unique(np.array(sizes, dtype=np.int64))):
            if len(group) > _MANY:
                self._group.update(dict.fromkeys(group.tolist(), group))
        self._built: dict[tuple[bool, int], _Interpolant | None] = {}
        self.held = 0

    def first_excess(self, size: int) -> Floats:
        """Return d_1 at the nodes: 1 - (1 - x)^n - x."""
        return np.asarray(-np.expm1(size * self._log_rest) - self.spline.nodes)

    def carried(self, size: int, functionals: Floats) -> Floats:
        """Return the functionals that are taken before `size` draws, of those after them.

        Where many draws follow few, what becomes of a rare symbol is small beside what it would have been without
        the few: I and E would cancel, and I + E is taken in one. Else E keeps the digits of a small change.
        """
        whole = size * FEW < self._largest
        interpolant = self._interpolant(size, whole)
        if interpolant is None:
            return self._step.carried(functionals, size)
        result = functionals @ interpolant.by_basis(size) @ self.spline.coefficients
        return np.asarray(result if whole else functionals + result)

    def _interpolant(self, size: int, whole: bool) -> _Interpolant | None:
        """Operators around a size, E or I + E, if they pay and there is room."""
        group = self._group.get(size)
        if group is None:
            return None
        key = whole, int(group[0])
        if key not in self._built:
            self._built[key] = None
            most = _points(group) * len(self.spline.nodes) * int(self.spline.offset[-1])
            if self.held + most <= _MOST_KEPT:
                found = _Interpolant(group, self.spline, whole)
                self._built[key] = found
                self.held += found.numbers
        return self._built[key]


class _Interpolant:
    """Operators of some sample sizes of a group, where not negligible, and the polynomials in 1/n through them.

    Parameters
    ----------
    group : array of int, shape (size,)
        Sample sizes, ascending.
    spline : PanelSpline
    whole : bool
        Whether of I + E, or of E.
    """

    def __init__(self, group: Integers, spline: PanelSpline, whole: bool) -> None:
        self._shape = len(spline.nodes), int(spline.offset[-1])
        through = LejaPolynomials(1.0 / group, _points(group))
        values = np.array([_by_basis(size, spline, whole) for size in group[through.points].tolist()])
        size = np.abs(values)
        matters = (size > _NEGLIGIBLE * size.max(axis=2, keepdims=True)).any(axis=0)
        self._place = np.flatnonzero(matters)
        self._values = values.reshape(len(values), -1)[:, self._place]
        self._lagrange = dict(zip(group.tolist(), through.at(1.0 / group), strict=True))

    @property
    def numbers(self) -> int:
        """How many numbers are held in memory."""
        return self._values.size + self._place.size

    def by_basis(self, size: int) -> Floats:
        """Return the operator of a sample size of the group, before the map to coefficients."""
        flat = np.zeros(self._shape[0] * self._shape[1])
        flat[self._place] = self._lagrange[size] @ self._values
        return flat.reshape(self._shape)


def _by_basis(size: int, spline: PanelSpline, whole: bool) -> Floats:
    """The operator itself, before the map to coefficients."""
    operator = BackwardOperator(size, spline)
    return operator.whole_by_basis if whole else operator.by_basis


def _groups(distinct: Integers) -> list[Integers]:
    """Cut ascending sample sizes into groups that span a factor of at most 2."""
    groups, first = [], 0
    while first < len(distinct):
        end = int(np.searchsorted(distinct, 2 * distinct[first], side="right"))
        groups.append(distinct[first:end])
        first = end
    return groups


def _points(group: Integers) -> int:
    """How many sizes of a group to interpolate through."""
    return math.ceil(_ACCURACY / math.log(8.0 / math.log(int(group[-1]) / int(group[0]))))
