"""Eigenvalues and the constant of the slowest mode, against dense matrices and the exact law."""

import numpy as np
import pytest

from modelcollapse import Categorical, InputError, Known, Recursion, solve
from modelcollapse.laws.spectrum import eigenvalues, leading_constant, spectral_gap
from modelcollapse.statistics import NotFixed
from tests.reference import dense_chain


@pytest.mark.parametrize("n", [2, 5, 20])
def test_eigenvalues_of_the_dense_matrix(n):
    found = np.sort(np.linalg.eigvals(dense_chain.transition_matrix(n)).real)[::-1]
    np.testing.assert_allclose(found[:2], 1.0, rtol=1e-12)
    np.testing.assert_allclose(found[2:], eigenvalues(n), atol=1e-13)
    assert spectral_gap(n) == pytest.approx(1 - found[2], rel=1e-10)


def test_slowest_mode_is_p_times_q():
    n = 30
    frequency = np.arange(n + 1) / n
    mode = frequency * (1 - frequency)
    np.testing.assert_allclose(dense_chain.transition_matrix(n) @ mode, (1 - 1 / n) * mode, atol=1e-15)


@pytest.mark.parametrize(("n", "golden"), [(20, 5.6033), (100, 5.8884), (1000, 5.9842), (10**6, 6.0)])
def test_leading_constant(n, golden):
    assert leading_constant(n) == pytest.approx(golden, abs=6e-5)


@pytest.mark.parametrize("n", [2, 3, 50])
def test_what_is_left_in_the_end(n):
    late = 30 * n
    value = solve(Recursion(Categorical(), Known([0.1, 0.9]), n), NotFixed([0]), [late])["not_fixed"].value[0, 0]
    assert value == pytest.approx(leading_constant(n) * 0.09 * (1 - 1 / n) ** late, rel=1e-9)


def test_refused():
    with pytest.raises(InputError, match="`n`"):
        leading_constant(1)
    assert len(eigenvalues(1)) == 0
