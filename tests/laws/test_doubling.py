"""Powers of two on splines whose first panels are merged, against the full operator's own powers."""

import numpy as np
import pytest

from modelcollapse.laws.presence import doubling
from modelcollapse.laws.presence.backward_equation import BackwardEquation
from modelcollapse.laws.presence.backward_operator import BackwardOperator, backward_operator
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.laws.presence.doubling import PanelMerge

GENERATIONS = np.array([1, 2, 3, 8, 9, 1000, 2**14 - 1, 2**14, 2**14 + 1, 10**7, 3 * 10**9 + 1, 10**12])


def survival_by_full_powers(operator, x, generations):
    values, reached, found = operator.first_excess, 1, []
    rows = operator.spline.rows(x)
    for k in generations.tolist():
        values, reached = operator.advance(values, k - reached), k
        found.append(x + rows @ values)
    return np.array(found)


def points(n):
    x = np.array([1e-3, 1.0, 30.0, 1e4, 1e9]) / n
    return np.concatenate([x[x < 0.05], [0.1, 0.5, 0.9, 1 - 1e-6]])


@pytest.mark.parametrize("n", [1, 2, 100, 10**6, 10**9, 10**13])
def test_merged_panels_change_no_answer(n):
    operator = backward_operator(n)
    rows = operator.spline.rows(points(n))
    found = points(n) + np.array(list(operator.excess(GENERATIONS))) @ rows.T
    # Over 10^12 generations the full powers round themselves.
    np.testing.assert_allclose(found, survival_by_full_powers(operator, points(n), GENERATIONS), rtol=2e-11)


def test_panels_are_merged():
    operator = backward_operator(10**13)
    operator.doubling.excess(40)
    sizes = [len(operator.doubling._level(exponent)[1]) for exponent in (0, 8, 9, 20, 39)]
    assert sizes[0] == sizes[1] == len(operator.spline.nodes)
    assert sizes[1:] == sorted(sizes[1:], reverse=True)
    assert sizes[-1] < sizes[0] / 2


def test_merged_too_early_is_noticed(monkeypatch):
    """The negative control: panels twice as wide as the scale on which survival changes."""
    monkeypatch.setattr(doubling, "_FINER", -4)
    operator = BackwardOperator(10**9, PanelSpline(10**9))
    x = points(10**9)
    found = x + np.array(list(operator.excess(GENERATIONS))) @ operator.spline.rows(x).T
    assert np.abs(found / survival_by_full_powers(operator, x, GENERATIONS) - 1).max() > 1e-7


@pytest.mark.parametrize("n", [100, 10**6, 10**13])
def test_the_first_generation_at_a_level(n):
    """From one to next to n generations: at the answer the level is reached, one before it is not."""
    x = np.array([1.0, 20.0, 0.3 * n]) / n
    equation = BackwardEquation(n)
    rows = equation.spline.rows(x)
    for share in (0.9, 0.5, 0.01):
        first = equation.first_at_most(rows, share * (1.0 - x))
        for place, k in enumerate(first.astype(np.int64).tolist()):
            asked = np.array([k - 1, k] if k > 1 else [k])
            excess = survival_by_full_powers(equation.operator, x[[place]], asked)[:, 0] - x[place]
            above = excess > share * (1.0 - x[place])
            assert above.tolist() == ([True, False] if k > 1 else [False])


def test_functionals_and_values_are_dual():
    fine = PanelSpline(10**6)
    merge = PanelMerge(fine, PanelSpline(10**6, merged=6))
    values = fine.nodes * (1.0 - fine.nodes) * np.exp(-3.0 * fine.nodes)
    held = merge.restrict(values)
    assert len(held) == len(values) - 6 * fine.nodes_per_panel
    np.testing.assert_allclose(merge.prolong(held), values, rtol=1e-12)
    rows = fine.rows(np.array([1e-9, 3e-5, 0.2]))
    np.testing.assert_allclose(merge.prolong_functionals(rows) @ held, rows @ merge.prolong(held), rtol=1e-12)
    other = np.random.default_rng(1).normal(size=(3, len(held)))
    np.testing.assert_allclose(merge.restrict_functionals(other) @ values, other @ held, rtol=1e-10)
