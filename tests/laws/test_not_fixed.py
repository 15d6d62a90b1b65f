"""Neither lost nor alone, against the dense matrix."""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.statistics import NotFixed, TotalCollapse
from modelcollapse.workflows import FixedReal, FreshMix, Replace
from tests.reference import dense_chain


def not_fixed(n, law, generations, symbols=None):
    return solve(Recursion(Categorical(), Known(law), n), NotFixed(symbols), generations)["not_fixed"].value


@pytest.mark.parametrize("n", [1, 2, 3, 20, 100, 300])
@pytest.mark.parametrize("p", [1e-9, 0.01, 0.2, 0.5, 0.999])
def test_against_the_dense_matrix(n, p):
    generations = sorted({1, 2, 10, 50, 200, 8 * n, 9 * n + 3})
    inside = np.ones(n + 1)
    inside[[0, -1]] = 0.0
    exact = dense_chain._propagate(n, [p], generations, inside)[:, 0]
    np.testing.assert_allclose(not_fixed(n, [p, 1 - p], generations)[:, 0], exact, rtol=1e-10)


@pytest.mark.parametrize(
    ("p", "n", "golden"),
    [(0.01, 100, [0.161389, 0.041122, 0.023044, 0.014014]), (0.2, 100, [0.977379, 0.594563, 0.395007, 0.264188])],
)
def test_golden_values_less_fixation(p, n, golden):
    """Pr(present) of literature 1.2, less Pr(alone) from the dense matrix."""
    generations = [10, 50, 100, 200]
    alone = dense_chain.loss(n, [1 - p], generations)[:, 0]
    np.testing.assert_allclose(not_fixed(n, [p, 1 - p], generations)[:, 0], np.array(golden) - alone, atol=6e-7)


def test_a_set_and_its_complement_are_the_same():
    value = not_fixed(30, [0.1, 0.2, 0.3, 0.4], 20, [(0, 1), (2, 3)])
    np.testing.assert_allclose(value[:, 0], value[:, 1], rtol=1e-12)


def test_everything_and_nothing_are_fixed():
    value = not_fixed(30, [0.0, 0.4, 0.6], 5, [0, (1, 2)])
    np.testing.assert_allclose(value, 0.0, atol=1e-15)


@pytest.mark.parametrize("workflow", [Replace(), FreshMix(0.1), FixedReal()])
@pytest.mark.parametrize("n", [1000, 10**12])
def test_one_symbol_among_rare_ones(n, workflow):
    """All others are lost at once with the chance (1 - sum of theirs)^n: 1 - p has too few digits of that sum."""
    counts = [1, 1, 10**12 - 2]
    recursion = Recursion(Categorical(), Corpus(counts), n, workflow)
    found = solve(recursion, [NotFixed([0, (0, 1), 2, (0, 2)]), TotalCollapse()], 1, method="exact")
    lost, either = np.exp(n * np.log1p(-2e-12)), np.exp(n * np.log1p(-1e-12))
    np.testing.assert_allclose(found["not_fixed"].value[0], 1 - np.array([either, lost, lost, either]), atol=1e-13)
    assert abs(found["total_collapse"].value[0] - lost) < 1e-13
