"""The grid on which bounds are held against exact laws: sizes, probabilities next to 0 and 1, generations."""

import numpy as np

from modelcollapse import Categorical, Known, Recursion

SIZES = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 50, 70, 100, 140, 200, 300, 400, 10_000, 10**6, 10**9]
GENERATIONS = np.arange(1, 401)

_ATOMS = [1e-12, 1e-9, 1e-6, 1e-5, 1e-4, 3e-4, 5e-4, *np.diff(np.linspace(0.001, 0.98, 60)), 1e-2, 1e-3, 1e-6]
LAW = np.append(_ATOMS, 1.0 - sum(_ATOMS))
# Sets of the first symbols: their probabilities rise from 1e-12 to 1, and include most of [0, 1] at steps of 1/60.
PREFIXES = [tuple(range(last)) for last in range(1, len(LAW) + 1)]


def recursion(n):
    """Return the recursion of the grid with n draws."""
    return Recursion(Categorical(), Known(LAW), n)


def violation(bound, exact):
    """How far the curve is on the wrong side, less rounding: positive if the bound is violated."""
    wrong = bound.value - exact.value if bound.kind == "lower" else exact.value - bound.value
    return float(np.max(wrong - 1e-10 * np.abs(exact.value) - 2e-14))
