"""Inversion of a Laplace transform on a hyperbola through the saddle point, for tails of a sum of independent steps.

The tail of S = sum of k steps with cumulant function K is the Bromwich integral

    Pr(S > x) = 1/(2 pi i) * integral of e^{k K(z) - x z} / z dz,   upwards, on any line to the right of z = 0,

and minus the complement on a line to the left. Through the saddle point k K'(s) = x the integrand falls from its
largest value without turning, so nothing cancels and the result is accurate relative to itself, however small.

- The line is bent along the path of steepest descent, z = s + i y - beta y^2 at first, and then on towards an angle of
  45 degrees: next to a boundary of the strip, or for a single step, the integrand on the straight line would fall too
  slowly. Bent further, it could rise again where steps of different sizes are mixed. Within 45 degrees every step
  falls by itself: the real part of ln Gamma(a + w) - ln Gamma(a) - w psi(a) is negative there.
- The exponent is summed from differences of K from the saddle, which are small where the integrand is not.
- The trapezoid rule with step h errs by e^{-2 pi u / h} times the growth of the integrand on the contour displaced
  by u: the step follows from the growth at a few displacements to either side.
- The pole at 0 adds exactly 1/(1 + e^{2 pi p / h}), p its distance, if it lies within that displacement: nothing has to
  be moved away from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelcollapse.laws.scales.scale_step import Floats, ScaleStep

# ln of the accuracy aimed at, relative to the integral.
_DIGITS = 35.5
_BLOCK = 6
_MOST_BLOCKS = 400

# Displacements to the right are shorter than what meets this; see `_Contour`.
_FOLD = -1.9

# Values below e^-750 are 0 in double precision.
_UNDERFLOW = -750.0


@dataclass(frozen=True)
class SmallerTail:
    """The tail on the far side of the saddle point from the mean.

    Parameters
    ----------
    probability : array, shape (row,)
    is_upper : array of bool, shape (row,)
        Whether it is Pr(S > x), otherwise Pr(S <= x); it is at most about 0.65.
    """

    probability: Floats
    is_upper: NDArray[np.bool_]


def smaller_tail(step: ScaleStep, steps: Floats, threshold: Floats) -> SmallerTail:
    """Return Pr(S > x) or Pr(S <= x), each x on its better side, for the sum S of a number of independent steps.

    Parameters
    ----------
    step : ScaleStep
        Single, or one for each row.
    steps, threshold : array, shape (row,)
        How many steps, and x: finite and below `steps * step.log_supremum`.
    """
    saddle = saddle_point(step, threshold / steps)
    peak = steps * step.log_moment_change(np.zeros(saddle.shape), saddle) - saddle * threshold
    value = np.zeros(saddle.shape)
    alive = np.flatnonzero(peak > _UNDERFLOW)
    if alive.size:
        contour = _Contour(step.rows(alive), steps[alive], threshold[alive], saddle[alive])
        value[alive] = np.exp(peak[alive]) * contour.integral() + contour.pole_term()
    return SmallerTail(np.clip(value, 0.0, 1.0), saddle >= 0)


def saddle_point(step: ScaleStep, slope: Floats) -> Floats:
    """Solve K'(s) = slope for one step by Newton's method, kept inside the strip.

    K' rises and is concave, so from the left of the root the iteration is monotone; one step from the right leads to
    the left, or to a fraction of the distance from the boundary of the strip.
    """
    lowest = step.lowest_power
    least = lowest * (1.0 - 1e-9)
    slope = np.clip(slope, -1e9, 60.0)  # beyond, every tail is 0 in double precision
    s = np.maximum(step.slope_guess(slope), least)
    for _ in range(200):
        error = step.cumulant(1, s) - slope
        curvature = step.cumulant(2, s)
        following = np.maximum(s - error / curvature, np.maximum(lowest + 0.1 * (s - lowest), least))
        done = np.abs(following - s) <= 1e-9 * (s - lowest) + 1e-300
        s = following
        if done.all():
            break
    return np.asarray(s)


class _Contour:
    """A hyperbola through the saddle point for each row, and the trapezoid rule on it."""

    def __init__(self, step: ScaleStep, steps: Floats, threshold: Floats, saddle: Floats) -> None:
        self.step, self.steps, self.threshold, self.saddle = step, steps, threshold, saddle
        curvature = step.cumulant(2, saddle)
        self.width = 1.0 / np.sqrt(steps * curvature)
        # The third derivative is negative: the path of steepest descent bends to the left. It is followed as far as
        # the boundary of the strip, and with it the pole at 0, stays in front of the fold of a displaced hyperbola.
        self.room = saddle - step.lowest_power
        self.bend = np.minimum(-step.cumulant(3, saddle) / (6.0 * curvature), 0.2 / self.room)
        self.pole = self._distance(saddle)
        self.spacing, self.within = self._trapezoid()

    def integral(self) -> Floats:
        """The integral relative to e^peak, and positive for either tail: blocks of nodes until nothing is added."""
        total, largest = np.zeros(self.saddle.shape), np.zeros(self.saddle.shape)
        active = np.arange(self.saddle.size)
        for block in range(_MOST_BLOCKS):
            step, bend, saddle = self.step.rows(active), self.bend[active], self.saddle[active]
            y = (np.arange(_BLOCK) + (0.5 + _BLOCK * block))[:, None] * self.spacing[active]
            root = np.sqrt(1.0 + (2.0 * bend * y) ** 2)
            away = 1j * y - 2.0 * bend * (y * y) / (1.0 + root)
            exponent = self.steps[active] * step.log_moment_change(saddle, away) - self.threshold[active] * away
            terms = np.exp(exponent) * (1.0 + 2j * bend * y / root) / (saddle + away)
            total[active] += terms.real.sum(axis=0)
            last = np.abs(terms[-1])
            largest[active] = np.maximum(largest[active], np.abs(terms[0]))
            active = active[last > 1e-18 * largest[active]]
            if not active.size:
                break
        return np.where(self.saddle >= 0, total, -total) * self.spacing / np.pi

    def pole_term(self) -> Floats:
        """What the trapezoid rule misses of the pole at 0, where it lies within the displacement counted on."""
        distance = np.minimum(2.0 * np.pi * self.pole / self.spacing, 700.0)  # the exponential stays finite
        return np.where(self.within, 1.0 / (1.0 + np.exp(distance)), 0.0)

    def _distance(self, reach: Floats) -> Floats:
        """How far the contour is displaced (to the left if reach is positive) when it meets saddle - reach."""
        part = 2.0 * self.bend * reach
        met = part > _FOLD  # to the right the hyperbola folds at -2
        part = np.where(met, part, 0.0)
        distance = reach * (2.0 + part) / (1.0 + part + np.sqrt(1.0 - part * (2.0 + part)))
        return np.where(met, np.abs(distance), np.inf)

    def _trapezoid(self) -> tuple[Floats, NDArray[np.bool_]]:
        """The widest spacing that the growth on displaced contours allows, and whether the pole is inside."""
        boundary = self._distance(self.room)
        natural = self.width * np.sqrt(2.0 * _DIGITS)
        left = np.stack([np.minimum(a * natural, b * boundary) for a, b in ((0.5, 0.6), (0.75, 0.8), (1.0, 0.92))])
        fold = 0.5 / np.maximum(self.bend, 1e-300)
        right = np.stack([np.minimum(a * natural, b * fold) for a, b in ((0.5, 0.6), (0.75, 0.75), (1.0, 0.9))])
        spacing_left, spacing_right = self._spacing(left, -1.0), self._spacing(right, 1.0)
        best_left, best_right = spacing_left.argmax(axis=0), spacing_right.argmax(axis=0)
        rows = np.arange(self.saddle.size)
        to_pole = np.where(self.saddle >= 0, left[best_left, rows], right[best_right, rows])
        spacing = np.minimum(spacing_left[best_left, rows], spacing_right[best_right, rows])
        return spacing, self.pole < to_pole

    def _spacing(self, displacement: Floats, side: float) -> Floats:
        """The spacing at which the error from one displaced contour is as small as aimed at."""
        root = np.sqrt(1.0 - (2.0 * self.bend * displacement) ** 2)
        away = side * displacement + 2.0 * self.bend * displacement**2 / (1.0 + root)
        growth = self.steps * self.step.log_moment_change(self.saddle, away) - self.threshold * away
        return np.asarray(2.0 * np.pi * displacement / (_DIGITS + np.maximum(growth, 0.0)))
