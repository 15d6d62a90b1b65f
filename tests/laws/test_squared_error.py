"""The squared error against the enumeration of a coin's counts."""

import numpy as np
import pytest

from modelcollapse import Categorical, Known, Recursion, solve
from modelcollapse.statistics import Diversity, SquaredError
from tests.reference import dense_chain


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_against_the_dense_matrix(n):
    generations, p = [1, 2, 9, 60], 0.3
    frequency = np.arange(n + 1) / n
    distance = 2 * (frequency - p) ** 2
    exact = dense_chain._propagate(n, [p], generations, distance)[:, 0]
    mine = solve(Recursion(Categorical(), Known([p, 1 - p]), n), SquaredError(), generations)["squared_error"]
    np.testing.assert_allclose(mine.value, exact, rtol=1e-12)


def test_error_and_diversity_share_what_there_is():
    """E sum (P_k - P_0)^2 + E (1 - sum P_k^2) = 1 - sum P_0^2, also where sizes vary."""
    law = np.array([0.1, 0.2, 0.7])
    both = solve(Recursion(Categorical(), Known(law), [3, 50, 1, 8]), [SquaredError(), Diversity()], 4)
    np.testing.assert_allclose(both["squared_error"].value + both["diversity"].value, 1 - law @ law, rtol=1e-14)
    assert both["diversity"].value[-1] == 0


def test_small_errors_keep_their_digits():
    mine = solve(Recursion(Categorical(), Known([0.5, 0.5]), 10**13), SquaredError(), 2)["squared_error"]
    np.testing.assert_allclose(mine.value, [0.5e-13, 1e-13], rtol=1e-12)
