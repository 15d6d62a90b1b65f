"""Survival under replace against routes that share no method with it (tests/reference).

Every exact survival probability is stated to 1e-10 relative; here that is the tolerance, everywhere.
"""

import numpy as np
import pytest

from modelcollapse import Categorical, Corpus, Known, Recursion, solve
from modelcollapse.laws.presence.backward_operator import RELATIVE_ERROR, BackwardOperator, backward_operator
from modelcollapse.laws.presence.collocation import PanelSpline
from modelcollapse.statistics import Survival
from tests.reference import ancestral_chain, ancestral_cumulants, dense_chain, forward_window
from tests.reference.make_golden import read_golden


def worst(one, other):
    """Largest relative difference."""
    return np.max(np.abs(np.asarray(one) / np.asarray(other) - 1))


def survival(n, x, generations):
    """The law's answer for many probabilities, each as a symbol of its own two-symbol recursion."""
    equation_rows = backward_operator(n).spline.rows(x)
    excess = np.array(list(backward_operator(n).excess(np.asarray(generations))))
    return x + excess @ equation_rows.T


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 10, 33, 100, 171, 300, 513, 1000])
def test_every_count_and_generation_against_the_dense_matrix(n):
    generations = sorted({*range(1, 31), *(int(k) for k in np.geomspace(1, 10 * n, 12))})
    x = np.arange(1, n + 1) / n
    exact = dense_chain.survival(n, x, generations)
    assert worst(survival(n, x, generations), exact) < RELATIVE_ERROR


def test_dense_matrix_of_2000():
    """Longer horizons of this size are in verification/."""
    generations = [1, 2, 3, 5, 10, 20, 50, 100]
    x = np.arange(1, 2001) / 2000
    assert worst(survival(2000, x, generations), dense_chain.survival(2000, x, generations)) < RELATIVE_ERROR


@pytest.mark.parametrize("n", [2, 50, 300])
@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e-3, 0.5, 1.5])
def test_probabilities_that_are_no_counts(n, scale):
    x = np.array([0.3, 1.0, np.pi]) * scale / n
    x = x[x < 1]
    generations = sorted({1, 2, 7, 40, 10 * n})
    assert worst(survival(n, x, generations), dense_chain.survival(n, x, generations)) < RELATIVE_ERROR


def test_probabilities_next_to_one():
    x = 1 - np.array([1e-3, 1e-6])
    generations = [1, 5, 100, 1000]
    lost = dense_chain.loss(100, x, generations)
    assert np.abs(1 - survival(100, x, generations) - lost).max() < 1e-12


@pytest.mark.parametrize("case", read_golden(), ids=lambda case: f"n={case[0]:g},c={case[1]},k={case[2]:g}")
def test_large_corpora_against_stored_values(case):
    """Forward window, ancestral chain and cumulants, to n = 10^12 and k = 10^6: 1e-9 is what is asked."""
    n, c, k, expected = case
    recursion = Recursion(Categorical(), Known([c / n, 1 - c / n]), n)
    assert worst(solve(recursion, Survival([0]), [k])["survival"].value, expected) < 1e-9


@pytest.mark.parametrize("n", [436_577, 10**12])
def test_large_corpora_against_the_window_and_the_cumulants(n):
    """Two live routes: a rigorous bracket for small counts, cumulants of the number of ancestors."""
    x = np.array([1, 20]) / n
    law = survival(n, x, [2, 20, 40])
    for i, p in enumerate(x):
        low, high = forward_window.survival_bracket(n, float(p), [2, 20, 40])
        assert np.all(low * (1 - 1e-11) <= law[:, i])
        assert np.all(law[:, i] <= high * (1 + 1e-11))
    x = np.array([1, 1000, 10**5]) / n
    generations = [1, 3, 60]
    assert worst(survival(n, x, generations), ancestral_cumulants.survival(n, x, generations)) < 1e-10


@pytest.mark.parametrize("n", [300, 4000])
def test_ancestral_chain(n):
    x = np.array([1, 3, n // 10, n // 2]) / n
    generations = [1, 2, 10, n, 10 * n]
    assert worst(survival(n, x, generations), ancestral_chain.survival(n, x, generations)) < RELATIVE_ERROR


@pytest.mark.parametrize("n", [50, 10**6, 10**9, 10**13])
def test_two_resolutions_agree(n):
    """14 against 18 nodes in a panel, out to 10 n generations."""
    x = np.array([1e-3 / n, 1 / n, 20 / n, 1e-3, 0.1, 0.6, 0.999])
    generations = np.array(sorted({1, 2, 10, 10**4, 10**6, n // 10, n, 10 * n}))
    coarse, fine = backward_operator(n), BackwardOperator(n, PanelSpline(n, 18))

    def read(operator):
        return x + np.array(list(operator.excess(generations))) @ operator.spline.rows(x).T

    assert worst(read(coarse), read(fine)) < RELATIVE_ERROR


@pytest.mark.parametrize("n", [2, 10, 1000, 10**6, 10**12])
def test_one_generation_never_overshoots(n):
    """The eigenvalues of one generation lie in (-1, 1]: powers cannot blow up."""
    eigenvalues = np.linalg.eigvals(backward_operator(n).change)
    assert eigenvalues.real.min() > -1.9
    assert eigenvalues.real.max() < 1e-9
    assert np.abs(1 + eigenvalues).max() < 1 + 1e-9


def test_leading_eigenvalue_is_wright_and_fishers():
    """1 - 1/n, and then (1 - 1/n)(1 - 2/n)."""
    n = 100
    eigenvalues = np.sort(1 + np.linalg.eigvals(backward_operator(n).change).real)[::-1]
    np.testing.assert_allclose(eigenvalues[:2], [1 - 1 / n, (1 - 1 / n) * (1 - 2 / n)], rtol=1e-10)


@pytest.mark.parametrize("shift", ["generation", "draw"])
def test_negative_control(shift):
    """A generation too many, or a draw too many at n = 20, is far outside the tolerance."""
    x = np.arange(1, 20) / 20
    generations = [1, 5, 20]
    exact = dense_chain.survival(20, x, generations)
    wrong = survival(20, x, [2, 6, 21]) if shift == "generation" else survival(21, x, generations)
    assert worst(wrong, exact) > 1e3 * RELATIVE_ERROR


def test_sets_survive_as_their_merged_symbol():
    recursion = Recursion(Categorical(), Known([0.05, 0.1, 0.25, 0.6]), 40)
    sets = solve(recursion, Survival([(0, 1), (3, 2, 0), (0, 1, 2, 3)]), 12)["survival"]
    expected = dense_chain.survival(40, np.array([0.15, 0.9, 1.0]), range(1, 13))
    np.testing.assert_allclose(sets.value, expected, rtol=1e-12)
    assert sets.coordinates["symbol"] == ["0+1", "3+2+0", "0+1+2+3"]


def test_schedule_against_products_of_dense_matrices():
    """Sizes that grow, shrink and repeat: the chain moves from counts of n_j to counts of n_{j+1}."""
    sizes = [7, 30, 30, 4, 12]
    x = np.array([0.02, 0.3, 0.7])
    recursion = Recursion(Categorical(), Corpus([2, 30, 68]), sizes)
    law = solve(recursion, Survival([0, 1]), 5)["survival"].value
    for column, p in enumerate(x[:2]):
        np.testing.assert_allclose(law[:, column], 1 - dense_chain.loss_by_schedule(sizes, p), rtol=1e-11)


def test_constant_schedule_is_the_constant_size():
    start = Corpus([1, 1, 5, 93])
    constant = solve(Recursion(Categorical(), start, 100), Survival(), 20)["survival"].value
    listed = solve(Recursion(Categorical(), start, [100] * 20), Survival(), 20)["survival"].value
    np.testing.assert_allclose(listed, constant, rtol=1e-12)


def test_symbols_of_probability_zero_are_absent():
    result = solve(Recursion(Categorical(), Corpus([0, 4]), 4), Survival(), 3)["survival"]
    np.testing.assert_array_equal(result.value, [[0, 1]] * 3)
