"""The first loss: inclusion and exclusion against a sum of positive terms, and the product for many symbols."""

import numpy as np
import pytest
from scipy.integrate import quad

from modelcollapse import Categorical, Known, NoAnswerError, Recursion, solve
from modelcollapse.laws.kimura import mean_time_until_left
from modelcollapse.statistics import FirstLoss
from tests.reference import dense_chain
from tests.reference.first_loss import by_ancestors


def first_loss(n, law, generations, method="exact"):
    return solve(Recursion(Categorical(), Known(law), n), FirstLoss(), generations, method=method)["first_loss"]


@pytest.mark.parametrize(
    ("n", "law"),
    [
        (100, [0.2, 0.3, 0.5]),
        (50, [0.01, 0.04, 0.05, 0.9]),
        (8, [0.5, 0.5]),
        (120, [1 / 10] * 10),
        (100, [1 / 15] * 15),
        (60, [0.002] * 14 + [0.972]),
    ],
)
def test_against_positive_terms(n, law):
    generations = [1, 2, 5, 10, 30, 80]
    mine = first_loss(n, law, generations)
    assert mine.error_is_absolute
    assert np.abs(mine.value - by_ancestors(n, np.array(law), generations)).max() < mine.error


def test_two_symbols_are_both_there_if_neither_is_fixed():
    generations = [1, 10, 100]
    inside = np.ones(51)
    inside[[0, -1]] = 0.0
    exact = dense_chain._propagate(50, [0.3], generations, inside)[:, 0]
    np.testing.assert_allclose(first_loss(50, [0.3, 0.7], generations).value, exact, atol=1e-11)


def test_schedule_of_equal_sizes():
    law = [0.2, 0.3, 0.5]
    np.testing.assert_allclose(first_loss([30] * 9, law, 9).value, first_loss(30, law, 9).value, atol=1e-11)


def test_many_symbols_have_no_exact_law_but_a_limit():
    law = np.full(25, 0.04)
    with pytest.raises(NoAnswerError, match="asymptotic"):
        first_loss(200, law, [5])
    generations = [1, 2, 4, 8, 20]
    limit = first_loss(200, law, generations, method="asymptotic")
    assert limit.kind == "asymptotic"
    assert np.abs(limit.value - by_ancestors(200, law, generations)).max() < 0.02


@pytest.mark.parametrize(("symbols", "off"), [(2, 0.158), (3, 0.096), (10, 0.0298)])
def test_how_far_the_product_is_off_with_few_symbols(symbols, off):
    law = np.full(symbols, 1 / symbols)
    both = (first_loss(1000, law, 1000, method) for method in ("exact", "asymptotic"))
    exact, limit = (result.value for result in both)
    assert np.abs(exact - limit).max() == pytest.approx(off, rel=0.01)


def test_means_agree():
    """Exact sum, sum of the product, and Littler's closed form for the diffusion, which is later by 1 to 2."""
    n, law = 100, np.array([0.2, 0.3, 0.5])
    exact, product = (1 + first_loss(n, law, 30 * n, m).value.sum() for m in ("exact", "asymptotic"))
    assert product == pytest.approx(exact, rel=0.02)
    assert 0.5 < mean_time_until_left(n, law, left=2) - exact < 2.5


def test_the_mean_of_the_product_in_the_limit_is_the_diffusions():
    """The integral of prod (1 - exp(-2 n p_i / t)) is Littler's sum, to 9 digits: independence costs no mean."""
    law, n = np.array([0.1, 0.15, 0.25, 0.5]), 100

    def survival(u):  # t = 1/u - 1
        return np.prod(-np.expm1(-2 * n * law * u / (1 - u))) / u**2

    integral, _ = quad(survival, 0, 1, epsabs=1e-11, epsrel=1e-11, limit=400)
    assert integral == pytest.approx(mean_time_until_left(n, law, left=3), rel=1e-9)


def test_negative_control():
    """One draw too many is far outside of the error."""
    law = [0.2, 0.3, 0.5]
    mine = first_loss(101, law, [20])
    assert abs(mine.value[0] - by_ancestors(100, np.array(law), [20])[0]) > 1e6 * mine.error
